// Two people's changes of one text, block by block: what does not touch goes together.
import { parse, type Doc } from "./markdown";

/** A block of a text. */
export interface Piece {
  /** What stands before it in its own text. */
  lead: string;
  source: string;
  /** What the editor makes of it. */
  nodes: Doc[];
}

/** Other pieces in place of those from `start` to before `end`. */
export interface Change {
  start: number;
  end: number;
  pieces: Piece[];
}

/** What both sides agree on, or what each of them has at a place that both changed. */
export type Part = { both: Piece[] } | { mine: Piece[]; theirs: Piece[] };
export type Side = "mine" | "theirs";

interface Split {
  pieces: Piece[];
  tail: string;
  newline: string;
}

export function split(markdown: string): Split {
  const { doc, source } = parse(markdown);
  let at = 0;
  const pieces = source.blocks.map(({ lead, source: text, keys }): Piece => {
    const nodes = doc.content!.slice(at, (at += keys.length));
    return { lead, source: text, nodes };
  });
  return { pieces, tail: pieces.length ? source.tail : "\n", newline: source.newline };
}

/** For each piece of `base`, where it stands in `other`; -1 for those that are not there any more. */
function places(base: Piece[], other: Piece[]): number[] {
  const longest = Array.from({ length: base.length + 1 }, () => new Uint32Array(other.length + 1));
  const same = (i: number, j: number) => base[i]!.source === other[j]!.source;
  for (let i = base.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      longest[i]![j] = same(i, j) ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
  const found = new Array<number>(base.length).fill(-1);
  for (let i = 0, j = 0; i < base.length && j < other.length;)
    if (same(i, j)) found[i++] = j++;
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
    else j++;
  return found;
}

const equal = (a: Piece[], b: Piece[]) =>
  a.length === b.length && a.every(({ source }, at) => source === b[at]!.source);

/** What makes `base` into `other`, in order. */
export function changes(base: Piece[], other: Piece[]): Change[] {
  const found = places(base, other);
  const made: Change[] = [];
  let [start, from] = [0, 0];
  for (let at = 0; at <= base.length; at++) {
    const to = at < base.length ? found[at]! : other.length;
    if (to < 0) continue;
    const pieces = other.slice(from, to);
    // As many as there were: each in the place of one.
    if (pieces.length === at - start)
      pieces.forEach((piece, i) => made.push({ start: start + i, end: start + i + 1, pieces: [piece] }));
    else made.push({ start, end: at, pieces });
    [start, from] = [at + 1, to + 1];
  }
  return made;
}

const sameChange = (a: Change, b: Change) => a.start === b.start && a.end === b.end && equal(a.pieces, b.pieces);

/** Both change the same pieces, or add something at the same place. */
const touch = (a: Change, b: Change) =>
  (a.start < b.end && b.start < a.end) || (a.start === a.end && b.start === b.end && a.start === b.start);

/** What stands from `start` to before `end` after these changes of it. */
function changed(base: Piece[], start: number, end: number, all: Change[]): Piece[] {
  const out: Piece[] = [];
  let at = start;
  for (const change of all) {
    out.push(...base.slice(at, change.start), ...change.pieces);
    at = change.end;
  }
  return [...out, ...base.slice(at, end)];
}

type Sided = Change & { side: Side };

/** Changes of both sides in order; those of one side that touch those of the other stand in one group. */
function groups(mine: Change[], theirs: Change[]): Sided[][] {
  const sided = (side: Side, all: Change[]) => all.map((change): Sided => ({ ...change, side }));
  const all = [...sided("mine", mine), ...sided("theirs", theirs)];
  const made: Sided[][] = [];
  for (const change of all.sort((x, y) => x.start - y.start || x.end - y.end)) {
    const last = made.at(-1);
    if (last?.some((other) => other.side !== change.side && touch(other, change))) last.push(change);
    else made.push([change]);
  }
  return made;
}

/** The text of both: what only one changed is as they have it, what both changed stands there twice. */
export function parts(base: string, mine: string, theirs: string): Part[] {
  const [b, m, t] = [base, mine, theirs].map((text) => split(text).pieces) as [Piece[], Piece[], Piece[]];
  const my = changes(b, m);
  const their = changes(b, t).filter((change) => !my.some((other) => sameChange(change, other)));
  const out: Part[] = [];
  let at = 0;
  for (const group of groups(my, their)) {
    const start = group[0]!.start;
    const end = Math.max(...group.map((change) => change.end));
    const of = (side: Side) =>
      changed(
        b,
        start,
        end,
        group.filter((change) => change.side === side),
      );
    const contested = group.some((change) => change.side !== group[0]!.side);
    out.push({ both: b.slice(at, start) });
    out.push(contested ? { mine: of("mine"), theirs: of("theirs") } : { both: of(group[0]!.side) });
    at = end;
  }
  return [...out, { both: b.slice(at) }];
}

/** The pieces as one text, which ends as `like` does. */
export function join(pieces: Piece[], like: string): string {
  const { tail, newline } = split(like);
  const text = pieces.reduce((out, { lead, source }, at) => (at ? out + (lead || "\n\n") + source : source), "");
  return (text + (pieces.length ? tail : "")).replaceAll("\n", newline);
}

/** The text with the changes of both; null where they changed the same place. */
export function merge(base: string, mine: string, theirs: string): string | null {
  const all = parts(base, mine, theirs);
  if (all.some((part) => "mine" in part)) return null;
  const pieces = all.flatMap((part) => ("both" in part ? part.both : []));
  const text = join(pieces, mine);
  // Blocks that came to stand beside each other may read as one: then nobody but a person can say what is meant.
  return equal(split(text).pieces, pieces) ? text : null;
}
