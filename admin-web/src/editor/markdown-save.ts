// Saving: blocks that still equal what was loaded keep their bytes, all others are written anew.
import { parseTree, type ListMarkers, type Md } from "./markdown-dialect";
import { parse } from "./markdown-parse";
import { print, type Defined } from "./markdown-print";
import { canonical, type Doc, type Source, type SourceBlock } from "./markdown-types";

/** A top-level block of the document with its canonical form; `node` is asked only when it must be written. */
export interface Block {
  type: string;
  key: string;
  node: () => Doc;
}

export const blocksOf = (doc: Doc): Block[] =>
  (doc.content ?? []).map((node) => ({ type: node.type, key: canonical(node), node: () => node }));

/** For every source block, where in the document it still stands unchanged (or -1). */
export function match(source: Source, keys: string[]): number[] {
  const blocks = source.blocks;
  const place = new Array<number>(blocks.length).fill(-1);
  const fits = (i: number, j: number) =>
    blocks[i]!.keys.length > 0 && blocks[i]!.keys.every((key, k) => keys[j + k] === key);
  let head = 0;
  let at = 0;
  while (head < blocks.length && fits(head, at)) {
    place[head] = at;
    at += blocks[head++]!.keys.length;
  }
  let tail = blocks.length;
  let end = keys.length;
  while (tail > head && end - blocks[tail - 1]!.keys.length >= at && fits(tail - 1, end - blocks[tail - 1]!.keys.length)) {
    tail--;
    end -= blocks[tail]!.keys.length;
    place[tail] = end;
  }
  const rows = tail - head;
  const columns = end - at;
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  const gain = (i: number, j: number) => {
    const size = blocks[head + i]!.keys.length;
    return j + size <= columns && fits(head + i, at + j) ? size + longest[i + 1]![j + size]! : 0;
  };
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      longest[i]![j] = Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!, gain(i, j));
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    const best = longest[i]![j]!;
    if (best > 0 && gain(i, j) === best) {
      place[head + i] = at + j;
      j += blocks[head + i]!.keys.length;
      i++;
    } else if (longest[i + 1]![j] === best) i++;
    else j++;
  }
  return place;
}

const isList = (type: string | undefined) => type === "bulletList" || type === "orderedList";
const swallowsIndented = (type: string | undefined) => isList(type) || type === "footnoteDef";

/** Identifiers that the document's own source blocks define. */
function definitions(blocks: Block[]): Set<string> {
  const found = new Set<string>();
  const visit = (node: Doc) => {
    if (node.type === "rawBlock" && /^\s*\[/.test(node.attrs?.value ?? ""))
      for (const child of parseTree(node.attrs!.value).children as Md[])
        if (child.type === "definition") found.add(child.identifier);
    node.content?.forEach(visit);
  };
  for (const block of blocks) if (block.key.includes('"rawBlock"')) visit(block.node());
  return found;
}

/** Indented code reaches over blank lines into what follows, so it is kept only between its own neighbours. */
const isIndentedCode = (block: SourceBlock | undefined) =>
  !!block && /^( {4}|\t)/.test(block.source) && !!block.keys[0]?.endsWith('"type":"codeBlock"}');

const lostReference = (key: string, defined: Defined): boolean =>
  [...key.matchAll(/"identifier":("(?:[^"\\]|\\.)*")/g)].some((found) => !defined(JSON.parse(found[1]!)));

/** The other list marker than the one with which the text's last block begins. */
function otherMarkers(lastBlock: string): ListMarkers {
  const marker = /^\s{0,3}(?:([-*+])|\d+([.)]))/.exec(lastBlock);
  if (marker?.[1] === "-") return { bullet: "*" };
  if (marker?.[2] === ".") return { bulletOrdered: ")" };
  return {};
}

class Text {
  private out = "";
  last = "";

  join(text: string): void {
    if (!text) return;
    this.out = this.out ? this.out.replace(/\n*$/, "\n\n") + text : text;
    this.last = text;
  }

  keep(lead: string, source: string): void {
    this.out += lead + source;
    this.last = source;
  }

  get empty(): boolean {
    return !this.out;
  }

  end(tail: string): string {
    return this.out + tail;
  }
}

const EMPTY = canonical({ type: "paragraph" });

/** Writes the document: `keys` of unchanged blocks find their bytes again in `source`. */
export function saveBlocks(all: Block[], source: Source | null): string {
  // Markdown has no empty paragraphs, and editors add one to write on after the last block.
  const blocks = all.filter((block) => block.key !== EMPTY);
  const known = source ?? { blocks: [], tail: "\n", newline: "\n" as const };
  const names = definitions(blocks);
  const defined: Defined = (identifier) => names.has(identifier);
  const startsAt = new Map<number, number>();
  match(known, blocks.map((block) => block.key)).forEach((at, index) => at >= 0 && startsAt.set(at, index));

  const text = new Text();
  let kept = -2;
  let dirty: Block[] = [];
  const flush = () => {
    const doc: Doc = { type: "doc", content: dirty.map((block) => block.node()) };
    const markers = isList(dirty[0]?.type) ? otherMarkers(text.last) : {};
    const written = print(doc, defined, markers).replace(/\n+$/, "");
    if (written) kept = -2;
    text.join(written);
    dirty = [];
  };
  for (let at = 0; at < blocks.length; ) {
    const index = startsAt.get(at);
    const candidate = index === undefined ? undefined : known.blocks[index]!;
    const size = candidate?.keys.length ?? 1;
    const run = blocks.slice(at, at + size);
    const before = blocks[at - 1]?.type;
    const follows = dirty.length === 0 && (kept === index! - 1 || (index === 0 && text.empty));
    const merges =
      (isList(before) && before === run[0]!.type) ||
      (swallowsIndented(before) && /^\s/.test(candidate?.source ?? "")) ||
      isIndentedCode(known.blocks[index! - 1]);
    const reaches = isIndentedCode(candidate) && at + size < blocks.length && startsAt.get(at + size) !== index! + 1;
    const lost = run.some((block) => lostReference(block.key, defined));
    const usable = candidate && !lost && !reaches && (follows || !merges);
    if (!usable) dirty.push(...run);
    else {
      if (dirty.length) flush();
      if (kept === index! - 1 || (index === 0 && text.empty)) text.keep(candidate.lead, candidate.source);
      else text.join(candidate.source);
      kept = index!;
    }
    at += size;
  }
  if (dirty.length) flush();
  const whole = kept === known.blocks.length - 1 || (text.empty && !known.blocks.length);
  const saved = text.end(whole && source ? known.tail : text.empty ? "" : "\n");
  return known.newline === "\r\n" ? saved.replaceAll("\n", "\r\n") : saved;
}

export const serialize = (doc: Doc): string => saveBlocks(blocksOf(doc), null);
export const save = (doc: Doc, source: Source | null): string => saveBlocks(blocksOf(doc), source);

const keysOf = (markdown: string) => parse(markdown).doc.content!.map(canonical).join("\n");

/**
 * Saves and reads the result back. Where blocks that were kept and blocks that were written anew do not mean the same
 * as the whole document written anew, the whole is used, and `whole` says so.
 */
export function saveChecked(blocks: Block[], source: Source | null): { markdown: string; whole: boolean } {
  const markdown = saveBlocks(blocks, source);
  const anew = saveBlocks(blocks, null);
  if (markdown === anew || keysOf(markdown) === keysOf(anew)) return { markdown, whole: false };
  return { markdown: anew, whole: true };
}
