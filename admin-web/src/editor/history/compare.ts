// Two texts line by line: what only one of them has, and what both have.

export interface ComparedLine {
  side: "theirs" | "mine" | "both";
  text: string;
}

/** The longest common subsequence of lines, after the common head and tail were set aside. */
export function compareLines(theirs: string, mine: string): ComparedLine[] {
  const a = theirs.split("\n");
  const b = mine.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const both = (text: string): ComparedLine => ({ side: "both", text });
  return [
    ...a.slice(0, head).map(both),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(both),
  ];
}

function middle(a: string[], b: string[]): ComparedLine[] {
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
  const out: ComparedLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ side: "both", text: a[i++]! });
      j++;
    } else if (j >= b.length || (i < a.length && longest[i + 1]![j]! >= longest[i]![j + 1]!))
      out.push({ side: "theirs", text: a[i++]! });
    else out.push({ side: "mine", text: b[j++]! });
  }
  return out;
}
