// Where the caret stands, in words that still hold when the text around it was replaced.
import type { Editor } from "@tiptap/core";
import type { Node as ProseNode } from "@tiptap/pm/model";
import { Selection, type EditorState } from "@tiptap/pm/state";
import { parse } from "./markdown";
import type { Click } from "./preview/address";

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

/** Where the block with these words stands that is nearest to where it was; -1 when there is none. */
function positionOf(doc: ProseNode, text: string, index: number): number {
  let best = -1;
  let position = -1;
  doc.forEach((node, at, i) => {
    if (node.textContent !== text || (best >= 0 && Math.abs(best - index) <= Math.abs(i - index))) return;
    best = i;
    position = at;
  });
  return position;
}

/** Puts the caret where it was: into the block with the same words that stands nearest to the old one. */
export function restorePlace(editor: Editor, { text, index, offset }: Place): void {
  const { doc } = editor.state;
  const position = positionOf(doc, text, index);
  if (position >= 0) editor.commands.setTextSelection(Math.min(position + offset, doc.content.size));
}

const startOf = (doc: ProseNode, index: number): number => doc.resolve(0).posAtIndex(index, 0);

const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();

/** Where in the block at `position` the words begin, or its own beginning. */
function placeInside(doc: ProseNode, position: number, words: string): number {
  const block = doc.nodeAt(position)!;
  let [found, length] = [position, 0];
  block.descendants((node, offset) => {
    const own = node.isTextblock ? squeezed(node.textContent) : "";
    if (own.length > length && words.startsWith(own)) [found, length] = [position + 1 + offset, own.length];
    return !node.isTextblock;
  });
  return doc.nodeAt(found)!.isAtom ? found : found + 1;
}

/** Puts the caret into what was clicked on in a page made of `markdown`, from which the text may differ by now. */
export function goTo(editor: Editor, markdown: string, { line, words }: Click): void {
  const { doc } = editor.state;
  const { doc: shown, source } = parse(markdown);
  const newlines = (text: string) => text.split("\n").length - 1;
  let [ends, index] = [1, 0];
  for (const block of source.blocks) {
    ends += newlines(block.lead + block.source);
    if (line <= ends) break;
    index += block.keys.length;
  }
  const clicked = shown.content?.[index];
  const text = clicked ? editor.schema.nodeFromJSON(clicked).textContent : "";
  const known = positionOf(doc, text, index);
  const position = known >= 0 ? known : startOf(doc, Math.min(index, doc.childCount - 1));
  const selection = Selection.near(doc.resolve(placeInside(doc, position, squeezed(words))));
  editor.view.dispatch(editor.state.tr.setSelection(selection).scrollIntoView());
  editor.view.focus();
}
