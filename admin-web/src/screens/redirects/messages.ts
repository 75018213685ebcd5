// Words of the screen of redirects.
import type { Redirect } from "../../api/types";
import { count, plural } from "../../lib/format";

export const GONE = 410;

export const kindNames: Record<Redirect["kind"], string> = {
  auto: "made when a page moved",
  manual: "made by hand",
  import: "came with an import",
};

export const statusNames: [status: number, label: string][] = [
  [308, "308 – moved for good"],
  [301, "301 – moved for good, for old programs"],
  [307, "307 – elsewhere for now"],
  [302, "302 – elsewhere for now, for old programs"],
  [GONE, "410 – gone, and nothing in its place"],
];

export const redirectWords = {
  hint: "Where readers are sent who ask for an address that is no longer there. A post that moves makes its own.",
  add: "New redirect",
  search: "Search addresses",
  tab: "Redirects",
  columns: ["From", "To", "Status", "Origin", "Used"],
  total: (n: number) => plural(n, "redirect"),
  gone: "gone",
  matching: { exact: "", prefix: "all below", pattern: "pattern" },
  used: (n: number) => (n === 1 ? "once" : `${count(n)} times`),
  unused: "not yet",
  noneFits: "No redirect fits",
  noneFitsHint: "Try a shorter part of the address.",
  showAll: "Show all redirects",
  none: "No redirects yet",
  noneHint: "They appear here when a published post gets another slug. You can also make your own.",
  from: "From",
  fromHint:
    "A path of this site, such as /old-page/. For many at once: /old/* is all below a folder, /{year}/{slug}/ all of a form.",
  to: "To",
  toHint: "A path of this site or an address elsewhere. What stood for *, {year} or {slug} can be used in it.",
  status: "Kind",
  save: "Save redirect",
  noFrom: "Enter the path that readers ask for, such as /old-page/.",
  noTo: "Enter where they are sent, such as /new-page/ or https://example.org/.",
  itself: "This leads to itself. Choose another address.",
  saved: (from: string) => `${from} leads elsewhere now.`,
  savedGone: (from: string) => `${from} is said to be gone now.`,
  remove: (from: string) => `Delete the redirect from ${from}`,
  removed: (from: string) => `${from} leads nowhere now.`,
  restored: (from: string) => `${from} leads there again.`,
  change: (from: string) => `Edit the redirect from ${from}`,
};

export const missingWords = {
  tab: "Not found",
  search: "Search addresses that were not found",
  columns: ["Address", "Asked for", "Last"],
  total: (n: number) => `${plural(n, "address", "addresses")} not found`,
  hint: "What readers asked for and did not find, most often first. Give it a redirect, or take it off the list until somebody asks again.",
  lead: "Redirect…",
  leadOf: (path: string) => `Redirect ${path}`,
  forget: (path: string) => `Take ${path} off the list`,
  forgotten: (path: string) => `${path} is off the list.`,
  none: "Nothing was missed",
  noneHint: "Every address that readers asked for had a page. Counted every few seconds.",
};

export const trialWords = {
  open: "Test an address",
  path: "Path",
  pathHint: "As readers would ask for it, such as /2019/old-page/.",
  run: "Test",
  running: "Testing…",
  noPath: "Enter a path that begins with /.",
  page: "A page is published there; no redirect is asked.",
  lost: "Nothing is there, and no redirect leads on: readers get the page for what is not found.",
  gone: "Readers are told that it is gone for good.",
  failed: "A page is there, and cannot be made at the moment.",
  leads: (to: string, status: number) => `Readers are sent to ${to} in one step, with status ${status}.`,
  through: "Redirects behind that, in order:",
};

export const tableWords = {
  bring: "Import a table",
  take: "Export as a table",
  hint: "A file with the columns from, to and status (308 when left out), separated by commas. All of it is taken, or nothing.",
  file: "CSV file",
  noFile: "Choose a file.",
  run: "Import",
  running: "Importing…",
  wrong: "Nothing was imported. What has to be mended:",
  done: (n: number) => `${plural(n, "redirect")} imported.`,
};
