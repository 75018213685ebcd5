// Tables whose cells hold running text only, as Markdown has it, with an alignment for each column.
import { TableCell, TableHeader, TableKit } from "@tiptap/extension-table";
import type { Editor } from "@tiptap/core";

const ALIGNMENTS = ["left", "center", "right"];

const cell = {
  content: "paragraph+",
  addAttributes(this: any) {
    return {
      ...this.parent?.(),
      align: {
        default: null,
        parseHTML: (cell: HTMLElement) => ALIGNMENTS.find((known) => known === cell.dataset.align) ?? null,
        renderHTML: (attrs: { align: string | null }) => (attrs.align ? { "data-align": attrs.align } : {}),
      },
    };
  },
};

export const tables = [
  TableKit.configure({ tableCell: false, tableHeader: false, table: { resizable: false } }),
  TableCell.extend(cell),
  TableHeader.extend(cell),
];

/** Aligns the whole column in which the caret stands. */
export function alignColumn(editor: Editor, align: string | null): void {
  const { $from } = editor.state.selection;
  let depth = $from.depth;
  while (depth > 0 && $from.node(depth).type.name !== "table") depth--;
  if (!depth) return;
  const column = $from.index(depth + 1);
  const table = $from.node(depth);
  const transaction = editor.state.tr;
  table.forEach((row, offset) => {
    let at = $from.start(depth) + offset + 1;
    row.forEach((child, _, index) => {
      if (index === column) transaction.setNodeAttribute(at, "align", align);
      at += child.nodeSize;
    });
  });
  editor.view.dispatch(transaction);
  editor.commands.focus();
}
