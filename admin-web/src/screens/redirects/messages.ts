// Words of the screen of redirects.
import type { Redirect } from "../../api/types";
import { plural } from "../../lib/format";

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
];

export const redirectWords = {
  hint: "Where readers are sent who ask for an address that is no longer there. A post that moves makes its own.",
  add: "New redirect",
  search: "Search addresses",
  columns: ["From", "To", "Status", "Origin"],
  total: (n: number) => plural(n, "redirect"),
  noneFits: "No redirect fits",
  noneFitsHint: "Try a shorter part of the address.",
  showAll: "Show all redirects",
  none: "No redirects yet",
  noneHint: "They appear here when a published post gets another slug. You can also make your own.",
  from: "From",
  fromHint: "A path of this site, such as /old-page/.",
  to: "To",
  toHint: "A path of this site or an address elsewhere.",
  status: "Kind",
  save: "Save redirect",
  noFrom: "Enter the path that readers ask for, such as /old-page/.",
  noTo: "Enter where they are sent, such as /new-page/ or https://example.org/.",
  itself: "This leads to itself. Choose another address.",
  saved: (from: string) => `${from} leads elsewhere now.`,
  remove: (from: string) => `Delete the redirect from ${from}`,
  removed: (from: string) => `${from} leads nowhere now.`,
  restored: (from: string) => `${from} leads there again.`,
  change: (from: string) => `Edit the redirect from ${from}`,
};
