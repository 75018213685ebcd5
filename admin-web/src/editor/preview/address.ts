// Where the preview frame looks: which version, and beside which heading.
import { slugify } from "../../lib/format";

/**
 * The address inside this site: the admin may be open under another name than the one that links carry. The version
 * makes the frame load again, and the fragment keeps it at the section that is being written.
 */
export function frameAddress(url: string, version: number, heading: string | null): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}&v=${version}${heading ? `#${heading}` : ""}`;
}

/** The anchor of the last of these headings; the page numbers headings of the same words. */
export function anchorOf(headings: string[]): string | null {
  const last = headings.at(-1);
  if (last === undefined) return null;
  const slug = slugify(last) || "section";
  const before = headings.slice(0, -1).filter((heading) => (slugify(heading) || "section") === slug).length;
  return before ? `${slug}-${before}` : slug;
}
