// Words of the editor.
import type { Action, ImpactPage, Status } from "../api/types";
import { count, plural } from "../lib/format";
import type { Autosave } from "./autosave";

export const saveWords = {
  tookTheirs: "Their version is shown now.",
  backToMine: "Back to mine",
  merged: "Somebody saved other parts of this post. Both changes were kept.",
  noRoom: "This device has no room to keep a copy. Your text is safe as soon as it says “Saved”.",
  gone: "This post no longer exists. Your text is kept on this device; copy it into a new post.",
  restored: "Changes that had not been saved were kept on this device. They are back.",
  drop: "Discard them",
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

export const EFFECT: Record<ImpactPage["effect"], string> = {
  changes: "made again",
  new: "new",
  removed: "removed",
  redirect: "redirects",
};

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
      sentence: (n) => (n ? `${pages(n)} will change. You can bring it back from the trash.` : "No page shows it. You can bring it back from the trash."),
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
  done >= affected ? `${pages(affected)} fresh in ${count(Math.round(ms))} ms` : `${count(done)} of ${pages(affected)} fresh`;
