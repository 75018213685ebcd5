// Blocks around other blocks: callouts with their kind, footnotes, and sections of extensions.
import { Node } from "@tiptap/core";
import { allCarried, element, setAttrs, type View } from "./dom";

export const CALLOUTS = ["note", "tip", "important", "warning", "caution"] as const;
const title = (kind: string) => kind.charAt(0).toUpperCase() + kind.slice(1);

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: allCarried({ kind: "note" }),
  parseHTML: () => [{ tag: "div[data-t=callout]" }],
  renderHTML: ({ node, HTMLAttributes }) => [
    "div",
    { ...HTMLAttributes, "data-t": "callout", class: `callout ${node.attrs.kind}` },
    0,
  ],

  addNodeView() {
    return (view) => {
      const dom = element("div");
      const kind = element("select", "", { "aria-label": "Kind of callout" });
      const body = element("div", "callout-body");
      kind.contentEditable = "false";
      kind.append(...CALLOUTS.map((value) => element("option", "", { value, textContent: title(value) })));
      kind.addEventListener("change", () => setAttrs(view as View, { kind: kind.value }));
      dom.append(kind, body);
      const paint = (node: View["node"]) => {
        dom.className = `callout ${node.attrs.kind}`;
        kind.value = node.attrs.kind;
      };
      paint(view.node);
      return {
        dom,
        contentDOM: body,
        stopEvent: (event: Event) => event.target === kind,
        ignoreMutation: (mutation) => !body.contains(mutation.target),
        update: (node) => node.type.name === "callout" && (paint(node), true),
      };
    };
  },
});

const labelled = (name: string, attrs: Record<string, unknown>, label: string) =>
  Node.create({
    name,
    group: "block",
    content: "block+",
    defining: true,
    addAttributes: allCarried(attrs),
    parseHTML: () => [{ tag: `div[data-t=${name}]` }],
    renderHTML: ({ node, HTMLAttributes }) => [
      "div",
      {
        ...HTMLAttributes,
        "data-t": name,
        class: "labelled",
        "data-label": `${label} ${node.attrs.label ?? node.attrs.name}`,
      },
      0,
    ],
  });

export const FootnoteDef = labelled("footnoteDef", { label: "" }, "Footnote");
export const Section = labelled("section", { name: "", attributes: {} }, "Section");
