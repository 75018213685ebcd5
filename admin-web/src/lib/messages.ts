// Words of the shell and of everything that several screens share.
import type { ApiError } from "../api/errors";
import { count, plural, span } from "./format";

export const m = {
  nav: {
    label: "Main",
    posts: "Posts",
    pages: "Pages",
    media: "Media",
    tags: "Tags",
    authors: "Authors",
    cache: "Cache",
    navigation: "Navigation",
    redirects: "Redirects",
    themes: "Themes",
    people: "People",
    tokens: "API tokens",
    webhooks: "Webhooks",
    audit: "Audit log",
    system: "System",
    moving: "Import and export",
    settings: "Settings",
    account: "Your account",
    content: "Content",
    site: "Site",
    control: "Administration",
    search: "Search",
    view: "View site",
    signOut: "Sign out",
    menu: "Menu",
    skip: "Skip to content",
  },
  common: {
    save: "Save",
    saving: "Saving…",
    saved: "Saved",
    cancel: "Cancel",
    close: "Close",
    retry: "Try again",
    noRoom: "This device has no room to keep that.",
    remove: "Remove",
    delete: "Delete",
    edit: "Edit",
    loadMore: "Load more",
    loading: "Loading…",
    copy: "Copy",
    copied: "Copied",
    notCopied: "The browser did not allow copying. Select the text and copy it by hand.",
    actions: "Actions",
    shown: (some: string, all: string) => `${some} of ${all}`,
    add: "Add",
    undo: "Undo",
    name: "Name",
    slug: "Slug",
    description: "Description",
    untitled: "Untitled",
    newPost: "New post",
    newPage: "New page",
    missing: "There is nothing at this address.",
    missingHint: "It may have been moved. Posts, pages and settings are in the menu.",
  },
  palette: {
    placeholder: "Search posts, or go somewhere",
    results: "Results",
    nothing: (text: string) => `Nothing found for “${text}”.`,
    count: (n: number) => plural(n, "result"),
    shortcuts: "Keyboard shortcuts",
  },
  status: {
    draft: "Draft",
    in_review: "In review",
    scheduled: "Scheduled",
    published: "Published",
    trashed: "In trash",
    changed: "Unpublished changes",
  },
  state: {
    fresh: "Fresh",
    stale: "Stale",
    expired: "Expired",
    rendering: "Building",
    failed: "Failed",
    removed: "Removed",
    absent: "Not stored",
    dynamic: "Dynamic",
  },
  impact: {
    effect: { changes: "made again", new: "new", removed: "removed", redirect: "redirects" },
    more: (n: number) => `And ${count(n)} more pages, for the same reasons.`,
  },
  problem: {
    unreachable: "The server cannot be reached.",
    unreachableHint: "Nothing was lost. It may be restarting, or you may be offline; try again in a moment.",
    server: "The server could not do this.",
    serverHint: "Nothing was lost. Try again; if it goes on, the server’s log says more.",
    forbidden: "Your role does not allow this.",
    forbiddenHint: "An owner or administrator can change roles under People.",
    gone: "This no longer exists.",
    goneHint: "Somebody may have deleted it while this page was open.",
    conflict: "Somebody changed this in the meantime.",
    conflictHint: "Your text is still here. Reload to see theirs, then save again.",
    wait: (seconds: number | null) => `Too many tries. Wait ${seconds ? span(seconds) : "a minute"}, then try again.`,
  },
} as const;

/** What happened and how to go on, for any error. */
export function explainProblem(problem: ApiError): { title: string; hint: string } {
  if (problem.offline) return { title: m.problem.unreachable, hint: m.problem.unreachableHint };
  if (problem.status === 429) return { title: m.problem.wait(problem.retryAfter), hint: "" };
  if (problem.status === 403) return { title: m.problem.forbidden, hint: m.problem.forbiddenHint };
  if (problem.status === 404) return { title: m.problem.gone, hint: m.problem.goneHint };
  if (problem.status === 412) return { title: m.problem.conflict, hint: m.problem.conflictHint };
  if (problem.status >= 500 || problem.status < 0) return { title: m.problem.server, hint: m.problem.serverHint };
  return { title: problem.message, hint: "" };
}

/** The same in one line, for forms. */
export function describeProblem(problem: ApiError): string {
  const { title, hint } = explainProblem(problem);
  return `${title} ${hint}`.trim();
}
