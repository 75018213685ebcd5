// Which blocks of the loaded text still stand in the document: a longest common subsequence.
import type { Source } from "./markdown-types";

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
  while (
    tail > head &&
    end - blocks[tail - 1]!.keys.length >= at &&
    fits(tail - 1, end - blocks[tail - 1]!.keys.length)
  ) {
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
  for (let i = 0, j = 0; i < rows && j < columns;) {
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
