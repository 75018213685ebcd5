// Markdown ⇄ editor document, without loss. Pure and free of the DOM, so that its tests run in plain Node.
export { parseTree } from "./markdown-dialect";
export { parse } from "./markdown-parse";
export { save, saveChecked, serialize, type Block } from "./markdown-save";
export { canonical, type Doc, type Mark, type Source } from "./markdown-types";
