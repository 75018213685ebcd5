// Moving blocks by keyboard.
import { Extension } from "@tiptap/core";
import { NodeSelection, TextSelection, type EditorState, type Transaction } from "@tiptap/pm/state";

/** Swaps the top-level block at the caret with its neighbour; null where there is none. */
export function moveBlock(state: EditorState, by: 1 | -1): Transaction | null {
  const { $from, from } = state.selection;
  const index = $from.index(0);
  const other = index + by;
  if (other < 0 || other >= state.doc.childCount) return null;
  const block = state.doc.child(index);
  const neighbour = state.doc.child(other);
  const start = $from.depth ? $from.before(1) : from;
  const target = by < 0 ? start - neighbour.nodeSize : start + neighbour.nodeSize;
  const transaction = state.tr.delete(start, start + block.nodeSize).insert(target, block);
  const selection =
    block.isTextblock || $from.depth
      ? TextSelection.near(transaction.doc.resolve(target + (from - start)))
      : NodeSelection.create(transaction.doc, target);
  return transaction.setSelection(selection).scrollIntoView();
}

export const MoveBlocks = Extension.create({
  name: "moveBlocks",
  addKeyboardShortcuts() {
    const move = (by: 1 | -1) => () => {
      const transaction = moveBlock(this.editor.state, by);
      if (transaction) this.editor.view.dispatch(transaction);
      return true;
    };
    return { "Alt-ArrowUp": move(-1), "Alt-ArrowDown": move(1) };
  },
});
