// Words of the screen of tokens.

export const SCOPES = ["content:read", "revalidate", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const scopeHints: Record<Scope, string> = {
  "content:read": "Read posts, pages, tags, authors, menus and media.",
  revalidate: "Ask for pages to be made again.",
  admin: "Everything you may do yourself. Give it only to what you trust as much as your own account.",
};

export const tokenWords = {
  hint: "A token lets a program use the API in your name, for what it is meant to do and no more.",
  add: "New token",
  columns: ["Name", "May", "Acts for", "Last used", "Expires"],
  nobody: "nobody",
  never: "never",
  expired: "expired",
  revoke: "Revoke",
  revokeOf: (name: string) => `Revoke ${name}`,
  none: "No tokens yet",
  noneHint: "Make one for each program that reads content or revalidates pages, so that each can be revoked alone.",
  name: "Name",
  nameHint: "What uses it, such as “shop” or “newsletter”.",
  scopes: "What it may do",
  expires: "Expires",
  expiries: [
    ["30", "In 30 days"],
    ["90", "In 90 days"],
    ["365", "In a year"],
    ["", "Never"],
  ] as [days: string, label: string][],
  save: "Create token",
  busy: "Creating…",
  noName: "Give it a name, so that you know later what to revoke.",
  noScope: "Choose at least one thing it may do.",
  made: (name: string) => `Token “${name}”`,
  once: "Copy it now: it is shown this once and stored nowhere.",
  try: "To try it",
  copyToken: "Copy token",
  askRevoke: (name: string) => `Revoke “${name}”?`,
  revokeHint: "The program that uses it is refused from now on. This cannot be undone; you can make a new token.",
  revoked: (name: string) => `“${name}” was revoked.`,
};
