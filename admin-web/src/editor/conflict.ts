// What two people changed at the same place, and what comes out when somebody has chosen.
import { difference, type Draft } from "./draft";
import { join, merge, parts, split, type Part, type Side } from "./merge";

/** The fields, and the parts of the text, that each side has in its own way. */
export interface Conflict {
  fields: Exclude<keyof Draft, "markdown">[];
  /** Of the whole text, if both changed the same place of it. */
  text: Part[] | null;
}

/** Which side stands where both changed something: mine, where nothing is said. */
export interface Picks {
  fields: Partial<Record<keyof Draft, Side>>;
  /** For each part of the text. */
  text: (Side | undefined)[];
}
const NONE: Picks = { fields: {}, text: [] };

export const isContested = (part: Part): part is Extract<Part, { mine: unknown }> => "mine" in part;

/** Where the two do not fit together; null when they do. */
export function conflictOf(base: Draft, mine: Draft, theirs: Draft): Conflict | null {
  const [my, their, apart] = [difference(base, mine), difference(base, theirs), difference(mine, theirs)];
  const both = (Object.keys(my) as (keyof Draft)[]).filter((key) => key in their && key in apart);
  const fields = both.filter((key) => key !== "markdown");
  const fits = !both.includes("markdown") || merge(base.markdown, mine.markdown, theirs.markdown) !== null;
  if (fits) return fields.length ? { fields, text: null } : null;
  const text = parts(base.markdown, mine.markdown, theirs.markdown);
  // Nothing overlaps and yet it would not read as both wrote it: then the whole is chosen.
  const whole: Part = { mine: split(mine.markdown).pieces, theirs: split(theirs.markdown).pieces };
  return { fields, text: text.some(isContested) ? text : [whole] };
}

/** Mine, with what only they changed, and what was picked of theirs. */
export function together(base: Draft, mine: Draft, theirs: Draft, picks: Picks = NONE): Draft {
  const conflict = conflictOf(base, mine, theirs);
  const my = difference(base, mine);
  const isTheirs = (key: keyof Draft) => !(key in my) || picks.fields[key] === "theirs";
  const fields = Object.keys(mine).map((key) => [
    key,
    (isTheirs(key as keyof Draft) ? theirs : mine)[key as keyof Draft],
  ]);
  return { ...(Object.fromEntries(fields) as Draft), markdown: textOf(base, mine, theirs, conflict, picks) };
}

function textOf(base: Draft, mine: Draft, theirs: Draft, conflict: Conflict | null, picks: Picks): string {
  if (mine.markdown === base.markdown) return theirs.markdown;
  if (!conflict?.text) return merge(base.markdown, mine.markdown, theirs.markdown) ?? mine.markdown;
  const pieces = conflict.text.flatMap((part, at) => (isContested(part) ? part[picks.text[at] ?? "mine"] : part.both));
  return join(pieces, mine.markdown);
}
