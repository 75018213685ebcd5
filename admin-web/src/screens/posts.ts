// What the post list shows, as the address says it.
import type { Kind, PostQuery, Status } from "../api/types";

export const TABS: (Status | "")[] = ["", "draft", "scheduled", "published", "trashed"];

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
