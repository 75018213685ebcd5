// What the post list shows, as the address says it.
import type { Kind, PostQuery, PostSort, Status } from "../api/types";

export const TABS: (Status | "")[] = ["", "draft", "scheduled", "published", "trashed"];

const SORTS: PostSort[] = ["-updated_at", "updated_at", "-published_at", "published_at", "title", "-title"];
const PAGE = 50;

export function queryFrom(kind: Kind, params: URLSearchParams): PostQuery {
  const sort = SORTS.find((known) => known === params.get("sort")) ?? "-updated_at";
  const query: PostQuery = { kind, sort, limit: PAGE };
  const status = TABS.find((known) => known === params.get("status"));
  if (status) query.status = status;
  for (const key of ["tag", "author", "q"] as const) {
    const value = params.get(key);
    if (value) query[key] = value;
  }
  return query;
}

export const isFiltered = (params: URLSearchParams): boolean =>
  ["status", "tag", "author", "q"].some((key) => params.get(key));
