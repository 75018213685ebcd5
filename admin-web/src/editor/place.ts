// Where the caret stands, in words that still hold when the text around it was replaced.
import type { Editor } from "@tiptap/core";
import type { EditorState } from "@tiptap/pm/state";

export interface Place {
  /** The text of the block, and which of the blocks it is. */
  text: string;
  index: number;
  /** How far the caret is into the block. */
  offset: number;
}

export function placeOf({ selection: { $from } }: EditorState): Place {
  const index = $from.index(0);
  return { text: $from.node(0).child(index).textContent, index, offset: $from.pos - $from.posAtIndex(index, 0) };
}

/** Puts the caret where it was: into the block with the same words that stands nearest to the old one. */
export function restorePlace(editor: Editor, { text, index, offset }: Place): void {
  const { doc } = editor.state;
  let best = -1;
  let position = 0;
  doc.forEach((node, at, i) => {
    if (node.textContent !== text || (best >= 0 && Math.abs(best - index) <= Math.abs(i - index))) return;
    best = i;
    position = at;
  });
  if (best >= 0) editor.commands.setTextSelection(Math.min(position + offset, doc.content.size));
}
