// What the post list shows, as the address says it.
import type { Kind, PostQuery, PostSort, Status } from "../../api/types";

export const TABS: (Status | "")[] = ["", "draft", "scheduled", "published", "trashed"];

/** Everything in the address that narrows the list. */
const FILTERS = ["status", "tag", "author", "q", "featured"] as const;
const SORTS: PostSort[] = ["-updated_at", "updated_at", "-published_at", "published_at", "title", "-title"];
const PAGE = 50;

export function queryFrom(kind: Kind, params: URLSearchParams): PostQuery {
  const sort = SORTS.find((known) => known === params.get("sort")) ?? "-updated_at";
  const query: PostQuery = { kind, sort, limit: PAGE };
  const status = TABS.find((known) => known === params.get("status"));
  if (status) query.status = status;
  if (params.get("featured")) query.featured = true;
  for (const key of ["tag", "author", "q"] as const) {
    const value = params.get(key);
    if (value) query[key] = value;
  }
  return query;
}

export const isFiltered = (params: URLSearchParams): boolean => FILTERS.some((key) => params.get(key));

export const noFilters = (): Record<string, null> => Object.fromEntries(FILTERS.map((key) => [key, null]));

/** The text in pieces; those that the search found are marked. */
export function highlight(text: string, q: string): { text: string; found: boolean }[] {
  const words = q.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return [{ text, found: false }];
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return text
    .split(new RegExp(`(${pattern})`, "gi"))
    .map((piece, at) => ({ text: piece, found: at % 2 === 1 }))
    .filter((piece) => piece.text);
}
