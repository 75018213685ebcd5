// Saving: blocks that still equal what was loaded keep their bytes, all others are written anew.
import { definitionsOf, refersToNone, type Definitions } from "./markdown-definitions";
import type { ListMarkers } from "./markdown-dialect";
import { match } from "./markdown-match";
import { parse } from "./markdown-parse";
import { print } from "./markdown-print";
import { canonical, type Doc, type Source, type SourceBlock } from "./markdown-types";

/** A top-level block of the document with its canonical form; `node` is asked only when it must be written. */
export interface Block {
  type: string;
  key: string;
  node: () => Doc;
}

export const blocksOf = (doc: Doc): Block[] =>
  (doc.content ?? []).map((node) => ({ type: node.type, key: canonical(node), node: () => node }));

/** A part of the saved text: kept blocks know what they mean, `keys` is null for what was written anew. */
interface Piece {
  /** What stands before it; null where it does not follow its old neighbour, so that a blank line parts them. */
  lead: string | null;
  text: string;
  keys: string[] | null;
}

interface Draft {
  pieces: Piece[];
  definitions: Definitions;
  tail: string;
  newline: string;
}

const EMPTY = canonical({ type: "paragraph" });
const NOTHING: Source = { blocks: [], tail: "", newline: "\n" };

const isList = (type: string | undefined) => type === "bulletList" || type === "orderedList";
const swallowsIndented = (type: string | undefined) => isList(type) || type === "footnoteDef";

/** Indented code reaches over blank lines into what follows, so it is kept only between its own neighbours. */
const isIndentedCode = (block: SourceBlock | undefined) =>
  !!block && /^( {4}|\t)/.test(block.source) && !!block.keys[0]?.endsWith('"type":"codeBlock"}');

/** The other list marker than the one with which the text's last block begins. */
function otherMarkers(lastBlock: string): ListMarkers {
  const marker = /^\s{0,3}(?:([-*+])|\d+([.)]))/.exec(lastBlock);
  if (marker?.[1] === "-") return { bullet: "*" };
  if (marker?.[2] === ".") return { bulletOrdered: ")" };
  return {};
}

/** Decides for each block whether its bytes can be kept, and writes the others. */
function draft(all: Block[], source: Source): Draft {
  // Markdown has no empty paragraphs, and editors add one to write on after the last block.
  const blocks = all.filter((block) => block.key !== EMPTY);
  const definitions = definitionsOf(blocks);
  const startsAt = new Map<number, number>();
  match(
    source,
    blocks.map((block) => block.key),
  ).forEach((at, index) => at >= 0 && startsAt.set(at, index));

  const pieces: Piece[] = [];
  let kept = -1;
  let dirty: Block[] = [];
  const flush = () => {
    const doc: Doc = { type: "doc", content: dirty.map((block) => block.node()) };
    const markers = isList(dirty[0]?.type) ? otherMarkers(pieces.at(-1)?.text ?? "") : {};
    const text = print(doc, (name) => definitions.links.has(name), markers).replace(/\n+$/, "");
    if (text) {
      pieces.push({ lead: null, text, keys: null });
      kept = -2;
    }
    dirty = [];
  };
  for (let at = 0; at < blocks.length;) {
    const index = startsAt.get(at) ?? -1;
    const candidate = source.blocks[index];
    const size = candidate?.keys.length ?? 1;
    const run = blocks.slice(at, at + size);
    const before = blocks[at - 1]?.type;
    const follows = dirty.length === 0 && kept === index - 1;
    const merges =
      (isList(before) && before === run[0]!.type) ||
      (swallowsIndented(before) && /^\s/.test(candidate?.source ?? "")) ||
      isIndentedCode(source.blocks[index - 1]);
    const reaches = isIndentedCode(candidate) && at + size < blocks.length && startsAt.get(at + size) !== index + 1;
    const lost = run.some((block) => refersToNone(block.key, definitions.links));
    if (!candidate || lost || reaches || (merges && !follows)) dirty.push(...run);
    else {
      if (dirty.length) flush();
      pieces.push({ lead: kept === index - 1 ? candidate.lead : null, text: candidate.source, keys: candidate.keys });
      kept = index;
    }
    at += size;
  }
  if (dirty.length) flush();
  const tail = kept === source.blocks.length - 1 ? source.tail : pieces.length ? "\n" : "";
  return { pieces, definitions, tail, newline: source.newline };
}

const assemble = (pieces: Piece[]): string =>
  pieces.reduce(
    (out, { lead, text }) => (lead !== null ? out + lead + text : out ? out.replace(/\n*$/, "\n\n") + text : text),
    "",
  );

const finish = ({ pieces, tail, newline }: Draft): string => {
  const text = assemble(pieces) + tail;
  return newline === "\n" ? text : text.replaceAll("\n", newline);
};

/** What a part of a document means when it is read alone, given what the whole defines. */
function meaningOf(text: string, { stubs }: Definitions): string[] {
  const keys = parse([text, ...stubs].join("\n\n")).doc.content!.map(canonical);
  return stubs.length ? keys.slice(0, -stubs.length) : keys;
}

/** Whether every place where old and new text meet reads as its parts do. */
function holds({ pieces, definitions }: Draft): boolean {
  const isSeam = (at: number) =>
    at > 0 && at < pieces.length && (pieces[at]!.lead === null || pieces[at]!.keys === null);
  for (let at = 1; at < pieces.length; at++) {
    if (!isSeam(at)) continue;
    let end = at;
    while (isSeam(end + 1)) end++;
    const window = pieces.slice(at - 1, end + 1);
    const first = { ...window[0]!, lead: null };
    const expected = window.flatMap(({ keys, text }) => keys ?? meaningOf(text, definitions));
    if (meaningOf(assemble([first, ...window.slice(1)]), definitions).join() !== expected.join()) return false;
    at = end;
  }
  return true;
}

export const serialize = (doc: Doc): string => finish(draft(blocksOf(doc), NOTHING));
export const save = (doc: Doc, source: Source): string => finish(draft(blocksOf(doc), source));

/**
 * Saves and reads back the places where kept and new text meet. Where they do not mean what their parts mean and the
 * whole document written anew does, the whole is used, and `whole` says so.
 */
export function saveChecked(blocks: Block[], source: Source): { markdown: string; whole: boolean } {
  const saved = draft(blocks, source);
  if (holds(saved)) return { markdown: finish(saved), whole: false };
  const anew = draft(blocks, { ...NOTHING, newline: source.newline });
  const wanted = blocks.filter((block) => block.key !== EMPTY).map((block) => block.key);
  const back = parse(assemble(anew.pieces)).doc.content!.map(canonical);
  if (back.join() !== wanted.join()) return { markdown: finish(saved), whole: false };
  return { markdown: finish(anew), whole: true };
}
