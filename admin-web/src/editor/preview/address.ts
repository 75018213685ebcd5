// Where the preview frame looks: which version, and beside which heading; and what it says of a click.
import { slugify } from "../../lib/format";

/**
 * The address inside this site: the admin may be open under another name than the one that links carry. The version
 * makes the frame load again, the page is to say which lines are clicked on, and the fragment keeps it at the section that is being written.
 */
export function frameAddress(url: string, version: number, heading: string | null): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}&lines=1&v=${version}${heading ? `#${heading}` : ""}`;
}

/** The anchor of the last of these headings; the page numbers headings of the same words. */
export function anchorOf(headings: string[]): string | null {
  const last = headings.at(-1);
  if (last === undefined) return null;
  const slug = slugify(last) || "section";
  const before = headings.slice(0, -1).filter((heading) => (slugify(heading) || "section") === slug).length;
  return before ? `${slug}-${before}` : slug;
}

/** Something in the page that somebody clicked on: the line of the text it began on, and its words. */
export interface Click {
  line: number;
  words: string;
}

/** What a frame says, if it tells of a click. The page in it may say anything. */
export function clickIn(data: unknown): Click | null {
  const { line, words } = (data ?? {}) as Partial<Click>;
  return Number.isInteger(line) && line! > 0 && typeof words === "string" ? { line: line!, words } : null;
}
