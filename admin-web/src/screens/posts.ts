// What the post list shows, as the address says it.
import type { Kind, PostQuery, Status } from "../api/types";

export const TABS: (Status | "")[] = ["", "draft", "scheduled", "published", "trashed"];

export const SORTS: [value: string, label: string][] = [
  ["", "Newest change first"],
  ["updated_at", "Oldest change first"],
  ["-published_at", "Newest first"],
  ["published_at", "Oldest first"],
  ["title", "Title A–Z"],
];

const PAGE = 50;

export function queryFrom(kind: Kind, params: URLSearchParams): PostQuery {
  const query: PostQuery = { kind, sort: params.get("sort") || "-updated_at", limit: PAGE };
  for (const key of ["status", "tag", "author", "q"] as const) {
    const value = params.get(key);
    if (value) query[key] = value;
  }
  return query;
}

export const isFiltered = (params: URLSearchParams): boolean =>
  ["status", "tag", "author", "q"].some((key) => params.get(key));
