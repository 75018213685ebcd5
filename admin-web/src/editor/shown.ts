// The fields of a post as people read them.
import { moment } from "../lib/format";
import { session } from "../lib/session.svelte";
import type { Draft } from "./draft";
import { fieldNames } from "./messages";

/** What a field holds, as people read it; `names` are those of authors, by id. */
export function shownValue(field: keyof Draft, value: unknown, names: Map<string, string>): string {
  if (Array.isArray(value)) return value.map((one) => (field === "authors" ? (names.get(one) ?? one) : one)).join(", ");
  if (field === "published_at" && value) return moment(String(value), session.current?.site.timezone);
  if (typeof value === "boolean") return value ? fieldNames.yes : fieldNames.no;
  return String(value ?? "");
}
