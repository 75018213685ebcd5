// Small tools that the node views share.
import type { Attribute, Editor } from "@tiptap/core";
import type { Node as ProseNode } from "@tiptap/pm/model";

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  properties: Partial<HTMLElementTagNameMap[K]> & { "aria-label"?: string } = {},
): HTMLElementTagNameMap[K] {
  const { "aria-label": label, ...own } = properties;
  const made = Object.assign(document.createElement(tag), own);
  if (className) made.className = className;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

/** What an attribute may hold: pasted HTML may come from anywhere. */
const isPlain = (value: unknown): boolean =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  (typeof value === "object" && !Array.isArray(value) && Object.values(value).every((v) => typeof v === "string"));

/** An attribute that is not part of what the element looks like, and goes with it through the clipboard. */
export const carried = (name: string, value: unknown): Partial<Attribute> => ({
  default: value,
  renderHTML: (attrs) => (attrs[name] === value ? {} : { [`data-md-${name}`]: JSON.stringify(attrs[name]) }),
  parseHTML: (element) => {
    try {
      const found: unknown = JSON.parse(element.getAttribute(`data-md-${name}`) ?? "null");
      return isPlain(found) && (value === null || typeof found === typeof value) ? found : null;
    } catch {
      return null;
    }
  },
});

export const allCarried = (defaults: Record<string, unknown>) => () =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, carried(name, value)]));

export interface View {
  node: ProseNode;
  editor: Editor;
  getPos: () => number | undefined;
}

/** Sets attributes of the node that a view shows, wherever it stands by now. */
export function setAttrs({ editor, getPos }: View, attrs: Record<string, unknown>): void {
  const at = getPos();
  const node = at === undefined ? null : editor.state.doc.nodeAt(at);
  if (at === undefined || !node) return;
  editor.view.dispatch(editor.state.tr.setNodeMarkup(at, undefined, { ...node.attrs, ...attrs }));
}
