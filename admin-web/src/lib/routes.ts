// Addresses of the admin and the screens they show.
import type { Kind } from "../api/types";

export const BASE = "/admin";

export type Route =
  | { screen: "posts"; kind: Kind }
  | { screen: "editor"; kind: Kind; id: string | null }
  | { screen: Single | "missing" };

const SINGLES = [
  "media",
  "tags",
  "authors",
  "cache",
  "navigation",
  "redirects",
  "themes",
  "people",
  "tokens",
  "webhooks",
  "audit",
  "system",
  "moving",
  "settings",
  "account",
  "join",
  "setup",
] as const;
type Single = (typeof SINGLES)[number];
const single = (name: string) => SINGLES.find((known) => known === name);

export function matchRoute(path: string): Route {
  const [, first = "", second, ...rest] = path.slice(BASE.length).replace(/\/+$/, "").split("/");
  if (rest.length) return { screen: "missing" };
  if (first === "posts" || first === "pages" || first === "") {
    const kind = first === "pages" ? "page" : "post";
    if (!second) return { screen: "posts", kind };
    return { screen: "editor", kind, id: second === "new" ? null : second };
  }
  return { screen: (!second && single(first)) || "missing" };
}

const list = (kind: Kind) => `${BASE}/${kind === "page" ? "pages" : "posts"}`;

export const to = {
  list,
  create: (kind: Kind) => `${list(kind)}/new`,
  edit: (kind: Kind, id: string) => `${list(kind)}/${id}`,
  ...(Object.fromEntries(SINGLES.map((name) => [name, `${BASE}/${name}`])) as Record<Single, string>),
};

/** The query text after `changes`; empty values leave it. */
export function changedQuery(query: string, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(query);
  for (const [key, value] of Object.entries(changes)) value ? params.set(key, value) : params.delete(key);
  const text = params.toString();
  return text ? `?${text}` : "";
}
