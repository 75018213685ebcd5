// Two people's changes of one text, block by block: what does not touch goes together.
import { parse } from "./markdown";

interface Piece {
  /** What stands before it in its own text. */
  lead: string;
  source: string;
}

const piecesOf = (markdown: string): { pieces: Piece[]; tail: string; newline: string } => {
  const { blocks, tail, newline } = parse(markdown).source;
  return { pieces: blocks.map(({ lead, source }) => ({ lead, source })), tail: blocks.length ? tail : "\n", newline };
};

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

/** Other pieces in place of those from `start` to before `end`. */
interface Change {
  start: number;
  end: number;
  pieces: Piece[];
}

function changes(base: Piece[], other: Piece[]): Change[] {
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

/** The text with the changes of both; null where they changed the same place. */
export function merge(base: string, mine: string, theirs: string): string | null {
  const [b, m, t] = [piecesOf(base), piecesOf(mine), piecesOf(theirs)];
  const my = changes(b.pieces, m.pieces);
  const their = changes(b.pieces, t.pieces).filter((change) => !my.some((other) => sameChange(change, other)));
  if (my.some((a) => their.some((other) => touch(a, other)))) return null;
  const merged: Piece[] = [];
  let at = 0;
  for (const { start, end, pieces } of [...my, ...their].sort((x, y) => x.start - y.start || x.end - y.end)) {
    merged.push(...b.pieces.slice(at, start), ...pieces);
    at = end;
  }
  merged.push(...b.pieces.slice(at));
  const text = merged.reduce((out, { lead, source }, index) => (index ? out + (lead || "\n\n") + source : source), "");
  // Blocks that came to stand beside each other may read as one: then nobody but a person can say what is meant.
  if (!equal(piecesOf(text).pieces, merged)) return null;
  return (text + (merged.length ? m.tail : "")).replaceAll("\n", t.newline);
}
