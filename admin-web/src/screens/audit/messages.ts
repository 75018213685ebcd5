// What was done, in words.
import type { AuditLine } from "../../api/types";
import { moment, plural } from "../../lib/format";
import { m } from "../../lib/messages";

export const auditWords = {
  hint: "Everything that was done to the site in the last 400 days, and by whom. Lines are never changed.",
  search: "Search: publish, redirect, a title …",
  columns: { time: "Time", who: "Who", what: "What" },
  total: (n: number) => plural(n, "line"),
  engine: "The engine",
  commandLine: "Command line",
  somebody: "Somebody who is gone",
  token: (name: string | undefined) => (name ? `Token “${name}”` : "A token that was revoked"),
  open: "Open",
  noneFits: "Nothing fits",
  noneFitsHint: "Try fewer words, or one of: publish, create, delete, sign in.",
  showAll: "Show everything",
};

const VERBS: Record<string, string> = {
  "add media": "added the file",
  "update media": "described the file",
  "replace media": "replaced the file",
  "delete media": "deleted the file",
  "create author": "made the author",
  "create post": "began the post",
  "go back post": "went back to an older version of",
  "create tag": "made the tag",
  "merge tag": "merged the tag",
  "create token": "made the token",
  "create user": "let somebody in:",
  "invite user": "invited",
  "withdraw invitation": "took an invitation back",
  "suspend user": "suspended",
  "let back in user": "let back in",
  "turn on second factor": "turned on a second factor",
  "turn off second factor": "turned off a second factor",
  "use a recovery code user": "signed in with a recovery code",
  "renew recovery codes user": "made new recovery codes",
  "create webhook": "made a webhook to",
  "update webhook": "changed the webhook to",
  "delete webhook": "deleted the webhook to",
  "turn off webhook": "turned off the webhook to",
  "delete author": "deleted the author",
  "delete redirect": "deleted the redirect from",
  "delete tag": "deleted the tag",
  "import post": "imported",
  "password user": "set a new password",
  "publish post": "published",
  "put menu": "changed the menu",
  "put redirect": "led readers from",
  "restore post": "took out of the trash",
  "revalidate pages": "asked for pages to be made again:",
  "revoke token": "revoked a token",
  "late post": "brought up late",
  "schedule post": "scheduled",
  "schedule end post": "set the end",
  "sign in user": "signed in",
  "trash post": "moved to the trash",
  "unpublish post": "took off the site",
  "remove user": "took somebody out:",
  "update user": "changed what somebody may do:",
  "update author": "changed the author",
  "update settings": "changed settings:",
  "update tag": "changed the tag",
};

const text = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : value == null ? "" : String(value));

/** What it was done to, by the name it has in the line. */
function object({ entity, entity_id, detail }: AuditLine): string {
  const d = detail as Record<string, unknown>;
  if (entity === "redirect") return entity_id + (d.to ? ` to ${text(d.to)}` : "");
  if (entity === "menu") return entity_id;
  if (entity === "webhook") return text(d.url);
  if (entity === "tag" && d.into) return `“${text(d.name)}” into “${text(d.into)}”`;
  if (entity === "settings") return text(d.changed);
  if (entity === "pages") return [text(d.tags), text(d.paths), text(d.subtrees)].filter(Boolean).join(", ");
  if (entity === "post" && d.title !== undefined) return `“${text(d.title) || m.common.untitled}”`;
  return text(d.name ?? d.email ?? d.source);
}

/** A line as a sentence without its subject. */
export function sentence(line: AuditLine, zone: string): string {
  const verb = VERBS[`${line.action} ${line.entity}`] ?? `${line.action} ${line.entity}`;
  const { at } = line.detail as { at?: string | number };
  const when = /^schedule/.test(line.action) && at ? `for ${moment(new Date(at).toISOString(), zone)}` : "";
  return [verb, object(line), when].filter(Boolean).join(" ");
}
