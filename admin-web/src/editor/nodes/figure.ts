// Images: a block with its description beside it, and small ones in running text.
import { Node } from "@tiptap/core";
import { uploads } from "../uploads";
import { allCarried, element, setAttrs, type View } from "./dom";

/** An image is never asked from an address that could run a script or leak where the editor is. */
const safe = (src: string) => (/^(https?:|blob:|\/|data:image\/)/i.test(src) || !src.includes(":") ? src : "");

const percent = (share: number) => `${Math.round(share * 100)} %`;

export const Figure = Node.create({
  name: "figure",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({
    ...allCarried({ src: "", alt: "", title: null, ref: null })(),
    uploading: { default: null, rendered: false },
  }),
  parseHTML: () => [
    {
      tag: "img[src]",
      getAttrs: (image) => ({
        src: image.getAttribute("src"),
        alt: image.getAttribute("alt") ?? "",
        title: image.getAttribute("title"),
      }),
    },
  ],
  renderHTML: ({ node, HTMLAttributes }) => [
    "img",
    { ...HTMLAttributes, src: safe(node.attrs.src), alt: node.attrs.alt, title: node.attrs.title },
  ],

  addNodeView() {
    return (view) => {
      const own = view as View;
      const dom = element("figure");
      const image = element("img");
      const alt = element("input", "alt", {
        placeholder: "Describe this image for people who cannot see it",
        "aria-label": "Description of the image",
      });
      const state = element("div", "upload", { hidden: true });
      const words = element("span");
      words.setAttribute("role", "status");
      const bar = element("progress", "", { max: 1, "aria-label": "Upload" });
      const retry = element("button", "btn small", { type: "button", textContent: "Try again" });
      const drop = element("button", "btn small quiet", { type: "button", textContent: "Remove" });
      state.append(words, bar, retry, drop);
      dom.append(image, state, alt);
      let id: string | null = null;
      const progress = () => {
        const upload = id ? uploads.get(id) : undefined;
        state.hidden = !id;
        bar.hidden = !upload || !!upload.problem;
        bar.value = upload?.share ?? 0;
        retry.hidden = !upload?.problem;
        words.textContent =
          upload?.problem ||
          (upload
            ? `Uploading, ${percent(upload.share)}`
            : "The upload was interrupted. Remove it and add the image again.");
      };
      const paint = (node: View["node"]) => {
        image.src = safe(node.attrs.src);
        image.alt = node.attrs.alt;
        id = node.attrs.uploading;
        dom.classList.toggle("no-alt", !node.attrs.alt);
        if (document.activeElement !== alt) alt.value = node.attrs.alt;
        progress();
      };
      paint(view.node);
      const off = uploads.listen(progress);
      alt.addEventListener("input", () => setAttrs(own, { alt: alt.value }));
      alt.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        const at = own.getPos();
        if (at !== undefined)
          own.editor
            .chain()
            .focus()
            .insertContentAt(at + 1, { type: "paragraph" })
            .setTextSelection(at + 2)
            .run();
      });
      retry.addEventListener("click", () => id && uploads.retry(id));
      drop.addEventListener("click", () => {
        const at = own.getPos();
        if (at !== undefined) own.editor.commands.deleteRange({ from: at, to: at + 1 });
      });
      return {
        dom,
        stopEvent: (event: Event) => event.target !== image && event.target !== dom,
        ignoreMutation: () => true,
        update: (node) => node.type.name === "figure" && (paint(node), true),
        destroy: off,
      };
    };
  },
});

export const InlineImage = Node.create({
  name: "inlineImage",
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,
  addAttributes: allCarried({ src: "", alt: "", title: null, ref: null }),
  parseHTML: () => [{ tag: "span[data-t=inlineImage]" }],
  renderHTML: ({ node, HTMLAttributes }) => [
    "span",
    { ...HTMLAttributes, "data-t": "inlineImage", class: "inline-image" },
    ["img", { src: safe(node.attrs.src), alt: node.attrs.alt }],
  ],
});
