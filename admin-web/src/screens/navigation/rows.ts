// A menu as rows, one below the other, and what can be done with them. Rows that follow a row and stand deeper hang on it.
import type { MenuItem } from "../../api/types";

export type Kind = "url" | "post" | "tag";

export interface Row {
  key: number;
  depth: number;
  label: string;
  kind: Kind;
  /** An address, or the id of a post, page or tag. */
  target: string;
}

/** One level can be made here; deeper ones that came from elsewhere stay. */
const DEEPEST = 1;

let next = 0;

export const newRow = (depth = 0): Row => ({ key: next++, depth, label: "", kind: "url", target: "/" });

export const rowsOf = (items: MenuItem[], depth = 0): Row[] =>
  items.flatMap(({ label = "", url, post, tag, children = [] }) => {
    const kind: Kind = post != null ? "post" : tag != null ? "tag" : "url";
    return [{ key: next++, depth, label, kind, target: post ?? tag ?? url ?? "" }, ...rowsOf(children, depth + 1)];
  });

export function itemsOf(rows: Row[]): MenuItem[] {
  const items: MenuItem[] = [];
  /** The items that the next one may hang on, from the outermost. */
  const open: MenuItem[] = [];
  for (const { depth, label, kind, target } of rows) {
    const item: MenuItem = { label: label.trim(), [kind]: target.trim(), children: [] };
    open.length = Math.min(depth, open.length);
    (open.at(-1)?.children ?? items).push(item);
    open.push(item);
  }
  return items;
}

/** Behind the last row that hangs on this one. */
function endOf(rows: Row[], at: number): number {
  let end = at + 1;
  while (end < rows.length && rows[end]!.depth > rows[at]!.depth) end++;
  return end;
}

export const canIndent = (rows: Row[], at: number): boolean =>
  at > 0 && rows[at]!.depth < DEEPEST && rows[at - 1]!.depth >= rows[at]!.depth && endOf(rows, at) === at + 1;

export const canOutdent = (rows: Row[], at: number): boolean => rows[at]!.depth > 0;

/** The row and what hangs on it, moved in or out. */
export function shift(rows: Row[], at: number, by: 1 | -1): Row[] {
  const end = endOf(rows, at);
  return rows.map((row, i) => (i >= at && i < end ? { ...row, depth: row.depth + by } : row));
}

/** Where the neighbour of the same parent begins; null when there is none on that side. */
function neighbour(rows: Row[], at: number, by: 1 | -1): number | null {
  const { depth } = rows[at]!;
  if (by > 0) {
    const end = endOf(rows, at);
    return end < rows.length && rows[end]!.depth === depth ? end : null;
  }
  let before = at - 1;
  while (before >= 0 && rows[before]!.depth > depth) before--;
  return before >= 0 && rows[before]!.depth === depth ? before : null;
}

export const canMove = (rows: Row[], at: number, by: 1 | -1): boolean => neighbour(rows, at, by) !== null;

/** The row and what hangs on it, on the other side of its neighbour; and where the row stands then. */
export function move(rows: Row[], at: number, by: 1 | -1): { rows: Row[]; at: number } {
  const other = neighbour(rows, at, by);
  if (other === null) return { rows, at };
  const [first, second] = by > 0 ? [at, other] : [other, at];
  const end = endOf(rows, second);
  const moved = [...rows.slice(0, first), ...rows.slice(second, end), ...rows.slice(first, second), ...rows.slice(end)];
  return { rows: moved, at: moved.indexOf(rows[at]!) };
}

/** Without the row; what hung on it takes its place. */
export const remove = (rows: Row[], at: number): Row[] => shift(rows, at, -1).toSpliced(at, 1);
