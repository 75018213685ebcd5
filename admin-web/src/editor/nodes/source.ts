// Blocks and chips that show their own source: raw Markdown and HTML, formulas, embeds, footnote marks.
import { Node } from "@tiptap/core";
import { allCarried, element, setAttrs, type View } from "./dom";

/** A block that is edited as text in a field of its own. */
const field = (name: string, label: string) =>
  Node.create({
    name,
    group: "block",
    atom: true,
    selectable: true,
    draggable: true,
    addAttributes: allCarried({ value: "" }),
    parseHTML: () => [{ tag: `div[data-t=${name}]` }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "div",
      { ...HTMLAttributes, "data-t": name, class: "source-block" },
      ["pre", node.attrs.value],
    ],

    addNodeView() {
      return (view) => {
        const dom = element("div", "source-block");
        const caption = element("span", "", { textContent: label });
        const text = element("textarea", "", { spellcheck: false, "aria-label": label });
        const paint = (node: View["node"]) => {
          if (document.activeElement !== text) text.value = node.attrs.value;
          text.rows = text.value.split("\n").length;
        };
        paint(view.node);
        text.addEventListener("input", () => setAttrs(view as View, { value: text.value }));
        dom.append(caption, text);
        return {
          dom,
          stopEvent: () => true,
          ignoreMutation: () => true,
          update: (node) => node.type.name === name && (paint(node), true),
        };
      };
    },
  });

export const RawBlock = field("rawBlock", "Source");
export const MathBlock = field("mathBlock", "Formula");

const chip = (
  name: string,
  attrs: Record<string, unknown>,
  className: string,
  show: (attrs: Record<string, any>) => string,
) =>
  Node.create({
    name,
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: allCarried(attrs),
    parseHTML: () => [{ tag: `span[data-t=${name}]` }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "span",
      { ...HTMLAttributes, "data-t": name, class: className },
      show(node.attrs),
    ],
  });

export const MathInline = chip("mathInline", { value: "" }, "chip math", (attrs) => attrs.value);
export const FootnoteRef = chip("footnoteRef", { label: "" }, "footnote-ref", (attrs) => attrs.label);
export const RawInline = chip("rawInline", { value: "" }, "chip raw", (attrs) => attrs.value);

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: allCarried({ name: "", attributes: {}, label: "" }),
  parseHTML: () => [{ tag: "div[data-t=embed]" }],
  renderHTML: ({ node, HTMLAttributes }) => {
    const values = Object.entries(node.attrs.attributes as Record<string, string>).map(
      ([key, value]) => `${key} ${value}`,
    );
    return [
      "div",
      { ...HTMLAttributes, "data-t": "embed", class: "labelled embed", "data-label": node.attrs.name },
      [node.attrs.label, ...values].filter(Boolean).join(" · "),
    ];
  },
});
