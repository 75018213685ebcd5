// What can be done with posts from their list.
import type { PostSummary } from "../../api/types";

export type Verb = "publish" | "unpublish" | "tag" | "trash" | "restore";

/** Whether the verb changes anything about the post. */
export function concerns(verb: Verb, { status, has_changes }: PostSummary): boolean {
  switch (verb) {
    case "publish":
      return status !== "trashed" && (status !== "published" || has_changes);
    case "unpublish":
      return status === "published" || status === "scheduled";
    case "tag":
    case "trash":
      return status !== "trashed";
    case "restore":
      return status === "trashed";
  }
}
