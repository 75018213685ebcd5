// Words of doing something with several posts.
import { count, plural } from "../../lib/format";
import type { Verb } from "./verbs";

const posts = (n: number) => plural(n, "post");

interface VerbWords {
  button: string;
  title: (n: number) => string;
  /** What it does, said before it is done. */
  hint: string;
  run: (n: number) => string;
  busy: string;
  done: (n: number) => string;
  undone: (n: number) => string;
}

export const verbWords: Record<Verb, VerbWords> = {
  publish: {
    button: "Publish…",
    title: (n) => `Publish ${posts(n)}?`,
    hint: "Readers get them at once, with every change that was saved.",
    run: (n) => `Publish ${posts(n)}`,
    busy: "Publishing…",
    done: (n) => `${posts(n)} published.`,
    undone: (n) => `${posts(n)} off the site again.`,
  },
  unpublish: {
    button: "Unpublish…",
    title: (n) => `Take ${posts(n)} off the site?`,
    hint: "Readers no longer get them. They become drafts again.",
    run: (n) => `Unpublish ${posts(n)}`,
    busy: "Unpublishing…",
    done: (n) => `${posts(n)} taken off the site.`,
    undone: (n) => `${posts(n)} published again.`,
  },
  tag: {
    button: "Add tag…",
    title: (n) => `Add a tag to ${posts(n)}`,
    hint: "Drafts carry it at once. Published posts keep their live version until they are published again.",
    run: (n) => `Add to ${posts(n)}`,
    busy: "Adding…",
    done: (n) => `${posts(n)} tagged.`,
    undone: (n) => `The tag was taken off ${posts(n)}.`,
  },
  trash: {
    button: "Trash…",
    title: (n) => `Move ${posts(n)} to the trash?`,
    hint: "You can bring them back from the trash.",
    run: (n) => `Move ${posts(n)} to the trash`,
    busy: "Moving…",
    done: (n) => `${posts(n)} moved to the trash.`,
    undone: (n) => `${posts(n)} back from the trash.`,
  },
  restore: {
    button: "Restore",
    title: (n) => `Bring ${posts(n)} back?`,
    hint: "They become drafts.",
    run: (n) => `Restore ${posts(n)}`,
    busy: "Restoring…",
    done: (n) => `${posts(n)} back as drafts.`,
    undone: (n) => `${posts(n)} in the trash again.`,
  },
};

export const bulkWords = {
  region: "Selected posts",
  selected: (n: number) => `${count(n)} selected`,
  clear: "Clear selection",
  left: (n: number) => `${posts(n)} of the selection cannot be treated like this and will stay as they are.`,
  asking: (done: number, all: number) => `Finding out what would change: ${count(done)} of ${count(all)}`,
  changes: (n: number) => (n ? `${plural(n, "page")} will change.` : "No page of the site will change."),
  tag: "Tag",
  tagHint: "One that does not exist is made.",
  noTag: "Choose a tag, or type a new one.",
  typed: (n: number) => `Type ${n} to confirm`,
  notTyped: (n: number) => `Type the number of posts, ${n}.`,
  progress: (done: number, all: number) => `${count(done)} of ${count(all)}`,
  failed: (n: number) => `${posts(n)} could not be changed:`,
  notUndone: (n: number) => `${posts(n)} could not be brought back. They are as the action left them.`,
};
