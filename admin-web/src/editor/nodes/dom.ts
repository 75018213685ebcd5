// Small tools that the node views share.
import type { Editor } from "@tiptap/core";
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

/** Attributes that live in the document only and never reach its HTML. */
export const hidden = (defaults: Record<string, unknown>) => () =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, { default: value, rendered: false }]));

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
