// Words of the editor.
import type { Action, Status } from "../api/types";
import { count, plural } from "../lib/format";
import type { Autosave } from "./autosave";
import type { Draft } from "./draft";

export const saveWords = {
  tookTheirs: "Their version is shown now.",
  backToMine: "Back to mine",
  merged: "Somebody saved other parts of this post. Both changes were kept.",
  noRoom: "This device has no room to keep a copy. Your text is safe as soon as it says “Saved”.",
  gone: "This post no longer exists. Your text is kept on this device; copy it into a new post.",
  restored: "Changes that had not been saved were kept on this device. They are back.",
  drop: "Discard them",
  versionKept: "Saved, and kept as a version.",
  wentBack: (when: string) => `This is the version of ${when} again. What was here is kept as a version too.`,
};

export function saveState(saving: Autosave, exists: boolean): { text: string; tone: "" | "warn" | "bad" } {
  switch (saving.phase) {
    case "saved":
      return { text: exists ? "Saved" : "Not saved yet", tone: "" };
    case "unsaved":
      return { text: "Unsaved changes", tone: "" };
    case "saving":
      return { text: "Saving…", tone: "" };
    case "offline":
      return { text: "Offline, kept on this device", tone: "warn" };
    case "conflict":
      return { text: "Someone else saved", tone: "bad" };
    case "failed":
      return { text: "Couldn’t save", tone: "bad" };
  }
}

interface ActionWords {
  title: string;
  sentence: (pages: number) => string;
  button: (pages: number) => string;
  busy: string;
  done: string;
}

const pages = (n: number) => plural(n, "page");
const rebuild = (verb: string) => (n: number) => (n ? `${verb} and rebuild ${pages(n)}` : verb);

export function actionWords(action: Action, status: Status): ActionWords {
  if (action === "unpublish")
    return {
      title: "Take this off the site?",
      sentence: (n) => `${pages(n)} will change. Readers no longer get this post; it becomes a draft again.`,
      button: rebuild("Unpublish"),
      busy: "Unpublishing…",
      done: "It is off the site.",
    };
  if (action === "trash")
    return {
      title: "Move this to the trash?",
      sentence: (n) =>
        n
          ? `${pages(n)} will change. You can bring it back from the trash.`
          : "No page shows it. You can bring it back from the trash.",
      button: rebuild("Move to trash"),
      busy: "Moving…",
      done: "It is in the trash.",
    };
  const live = status === "published";
  return {
    title: live ? "Update the live page?" : "Ready to publish?",
    sentence: (n) => `${pages(n)} will change. Everything else stays as it is.`,
    button: rebuild(live ? "Update" : "Publish"),
    busy: live ? "Updating…" : "Publishing…",
    done: live ? "Your changes are live." : "It is live.",
  };
}

export const receiptLine = (done: number, affected: number, ms: number): string =>
  done >= affected
    ? `${pages(affected)} fresh in ${count(Math.round(ms))} ms`
    : `${count(done)} of ${pages(affected)} fresh`;

export const deskWords = {
  untitled: { post: "New post", page: "New page" },
  title: { post: "Title", page: "Page title" },
  titleLabel: "Title",
  back: (to: string) => `Back to ${to}`,
  source: "Markdown",
  others: (names: string[]) =>
    `${new Intl.ListFormat("en").format(names)} ${names.length > 1 ? "have" : "has"} this open too. What you both write is put together.`,
  rich: "Rich text",
  sourceSpoken: "Markdown source",
  preview: "Preview",
  history: "History",
  saveVersion: "Keep this version",
  settings: "Settings",
  publish: "Publish",
  update: "Update",
  restore: "Restore",
  restored: "It is a draft again.",
  noTitle: (noun: string) => `Give the ${noun} a title before you publish it.`,
  noSource: "The source view could not be loaded. Check your connection, then switch again.",
  length: (words: number, minutes: number) => `${plural(words, "word")} · ${minutes} min`,
};

export const fieldNames = {
  of: {
    title: "Title",
    slug: "Slug",
    markdown: "Text",
    excerpt: "Excerpt",
    feature_image: "Image",
    feature_image_alt: "Description of the image",
    featured: "Featured",
    seo_title: "Title for search engines",
    seo_description: "Description for search engines",
    published_at: "Publication date",
    tags: "Tags",
    authors: "Authors",
  } satisfies Record<keyof Draft, string>,
  yes: "yes",
  no: "no",
  same: "They are the same.",
};

export const bannerWords = {
  newer: "Somebody saved a newer version",
  newerHint: (when: string) => `${when}, in the same places as you. Nothing of yours is lost.`,
  keepMine: "Keep mine",
  takeTheirs: "Take theirs",
  compare: "Compare",
  failed: "This could not be saved.",
  failedHint: "Your text is kept on this device.",
  retry: "Try again",
  offline: "The server cannot be reached.",
  offlineHint: "Go on writing: everything is kept on this device and saved when the connection is back.",
  retryNow: "Try now",
};

export const actionDialogWords = {
  unsaved: "Your last changes could not be saved",
  unsavedHint:
    ", so nothing was published. They are kept on this device. Close this, look at the message at the top, and try again.",
  when: "When",
  now: "Right now",
  later: "At a later time",
  time: "Date and time",
  timeHint: (zone: string) => `In the site’s time zone, ${zone}.`,
  past: "Choose a time that is still to come.",
  schedule: "Schedule",
  scheduling: "Scheduling…",
  scheduled: "It is scheduled",
  scheduledFor: (zone: string) => `(${zone}). Until then you can go on editing.`,
  goesLive: "It goes live on",
  ends: "It comes off the site on",
  open: "Open the live page",
  andMore: (n: number) => `And ${count(n)} more pages.`,
  failed: (n: number) => `${pages(n)} could not be made. Readers still get the last good version.`,
  progress: "Pages that are fresh",
  nothing: "No page of the site shows it, so nothing had to be made again.",
};

export const linkWords = {
  add: "Add link",
  edit: "Edit link",
  change: "Change",
  remove: "Remove link",
  address: "Address",
  hint: "A page of this site (/about/) or any other (https://…).",
  wrong: "Enter an address, such as https://example.org or /about/.",
};

export const imageWords = {
  title: "Image",
  upload: "From this device",
  search: "Search the library",
  library: "Images of the library",
  none: "The library holds no images yet.",
  noneFits: "No image fits. Try a shorter part of its name.",
};

export const panelWords = {
  title: { post: "Post settings", page: "Page settings" },
  close: "Close settings",
  slug: "Slug",
  fromTitle: "made from the title",
  tags: "Tags",
  tagsHint: "The first one is the main tag.",
  addTag: "Add a tag",
  authors: "Authors",
  addAuthor: "Add an author",
  excerpt: "Excerpt",
  excerptHint: "Empty: the first sentences are used.",
  excerptLong: "Long excerpts are cut in lists.",
  featured: "Featured",
  image: "Feature image",
  describe: "Describe this image",
  description: "Description of the feature image",
  choose: "Upload image",
  fromLibrary: "From the library",
  chooseLabel: "Choose a feature image",
  replace: "Replace",
  uploading: "Uploading…",
  notUploaded: (reason: string) => `The image was not uploaded. ${reason}`,
  date: "Publication date",
  dateHint: (zone: string) => `In the site’s time zone, ${zone}.`,
  noDateHint: (zone: string) => `Empty: the moment of publishing. Time zone: ${zone}.`,
  search: "Search engines",
  seoTitle: "Title",
  seoDescription: "Description",
  noDescription: "The first sentences of the text.",
  untitled: "Untitled",
  history: "History…",
  ends: (when: string) => `Comes off the site on ${when}.`,
  keep: "Keep it on the site",
  kept: "It stays on the site.",
  unpublish: "Unpublish…",
  trash: "Move to trash…",
};

export const checkWords = {
  title: (n: number) => `${plural(n, "thing")} worth a look`,
  noTitle: "It has no title.",
  noAlt: (n: number) =>
    n === 1
      ? "An image has no description. People who cannot see it learn nothing of it."
      : `${n} images have no description. People who cannot see them learn nothing of them.`,
  noFeatureAlt: "The feature image has no description.",
  emptyHeading: "A heading is empty.",
  skipped: (text: string, next: number, level: number) =>
    `The heading “${text}” is of level ${next}, after one of level ${level}.`,
  secondTitle: "A heading is of level 1, as the title is. Begin with level 2.",
  emptyHeader: "A table has a column without a name.",
  emptyLink: "A link leads nowhere.",
  localLink: (href: string) => `A link leads to your own machine: ${href}`,
  toCome: (n: number) =>
    n === 1 ? "A “TK” still stands for something to come." : `${n} “TK” still stand for something to come.`,
};
