// Words of the history of a post.
import type { RevisionSummary } from "../../api/types";
import { plural } from "../../lib/format";
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
  legend: (other: string) => `Marked − is only in this version, + only in ${other}.`,
  nowLater: "what you see now",
  thatOf: (when: string) => `that of ${when}`,
  compare: "Compare with",
  view: "How the text is compared",
  views: { text: "Text", source: "Markdown" },
  unchanged: (n: number) => `${plural(n, "block")} the same`,
  then: "In this version: ",
  later: "In the other: ",
  backBlock: "Bring this back",
  dropBlock: "Take this out",
  broughtBack: "The block is as it was in that version.",
  choose: "Choose a version to see what changed since.",
  back: "Go back to this version",
  going: "Going back…",
  none: "No version was kept yet",
  noneHint: `Versions are kept when you publish, and when you press ${MOD} S.`,
};
