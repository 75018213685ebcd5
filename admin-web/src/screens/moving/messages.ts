// Moving in and out.
import { count, plural } from "../../lib/format";

export const movingWords = {
  bringIn: "Bring a site in",
  bringInHint:
    "A ZIP file of a Zola, Hugo or Jekyll site, of a folder of Markdown, or of an export of Perennial. Nothing comes in before you have seen what it would bring; texts that are here already and that somebody changed here stay as they are.",
  choose: "Choose ZIP file",
  chooseOther: "Choose another file",
  sending: (name: string, percent: number) => `Sending ${name}: ${percent} %`,
  step: {
    looking: (name: string) => `Looking through ${name}…`,
    running: (name: string) => `Importing ${name}…`,
  } as Record<string, (name: string) => string>,
  part: { files: "files", texts: "texts" },
  progress: (done: number, total: number, part: string) => `${count(done)} of ${count(total)} ${part}`,
  ready: (name: string) => `What ${name} would bring`,
  done: (name: string) => `${name} is here`,
  format: (format: string) => `It was written for ${format[0]!.toUpperCase()}${format.slice(1)}.`,
  failed: (name: string) => `${name} could not be imported`,
  /** Totals, with what one and many of them are. */
  fates: [
    ["created", "new", "new"],
    ["updated", "updated", "updated"],
    ["unchanged", "here already", "here already"],
    ["kept", "changed here, and left as it is", "changed here, and left as they are"],
    ["failed", "that cannot be imported", "that cannot be imported"],
  ] as const,
  texts: (posts: number, pages: number, drafts: number) =>
    `${plural(posts, "post")} and ${plural(pages, "page")}, of them ${plural(drafts, "draft")}`,
  others: [
    ["tags", "tag", "tags"],
    ["authors", "author", "authors"],
    ["redirects", "redirect from an old address", "redirects from old addresses"],
    ["media", "file for the media library", "files for the media library"],
    ["images_missing", "picture that texts show and the file lacks", "pictures that texts show and the file lacks"],
    ["skipped", "file that nothing needs", "files that nothing needs"],
  ] as const,
  look: "Worth a look",
  file: "File",
  what: "What becomes of it",
  outcome: { failed: "not imported", skipped: "left out", imported: "imported", merged: "in the media library" },
  all: "All files, as JSON",
  run: (texts: number) => `Import ${plural(texts, "text")}`,
  nothing: "There is nothing new in it.",
  again: "Try again",
  posts: "Show posts",
  forget: "Import another site",
  giveUp: "Do not import it",
  takeOut: "Take the site with you",
  takeOutHint:
    "Every post and page as Markdown with its tags, authors and old addresses, and the media library. Other programs can read it, and this page brings all of it back. Changes that are not published are not in it.",
  download: "Download the site",
};
