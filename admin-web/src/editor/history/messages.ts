// Words of the history of a post.
import type { RevisionSummary } from "../../api/types";
import { MOD } from "../../lib/keys";

export const reasonNames: Record<RevisionSummary["reason"], string> = {
  initial: "Begun",
  save: "Kept",
  publish: "Published",
  restore: "Taken out of the trash",
  import: "Imported",
};

export const historyWords = {
  title: "History",
  hint: `Every version that was published, and those that were kept with ${MOD} S.`,
  versions: "Versions",
  by: (name: string | null | undefined) => (name ? `by ${name}` : "by the engine"),
  now: "What you see now",
  legend: "Lines marked − are only in this version, + only in what you see now.",
  choose: "Choose a version to compare it with what you see now.",
  back: "Go back to this version",
  going: "Going back…",
  none: "No version was kept yet",
  noneHint: `Versions are kept when you publish, and when you press ${MOD} S.`,
};
