// Words of the screen of people.
import type { Role } from "../../api/types";
import type { Permit } from "../../lib/permits";

export const roleNames: Record<Role, string> = {
  owner: "Owner",
  administrator: "Administrator",
  editor: "Editor",
  author: "Author",
  contributor: "Contributor",
};

export const roleHints: Record<Role, string> = {
  owner: "May do everything, and make other owners.",
  administrator: "Runs the site: settings, people, tokens, and everything editors may do.",
  editor: "Edits and publishes what anybody writes, and looks after tags, menus and the cache.",
  author: "Writes and publishes their own posts.",
  contributor: "Writes drafts; somebody else publishes them.",
};

export const permitNames: Record<"write" | Permit, string> = {
  write: "Write drafts of their own",
  upload: "Upload images",
  publish: "Publish their own posts",
  others: "Edit and publish what others write",
  terms: "Change tags and authors",
  menus: "Change menus and redirects",
  cache: "Watch the cache and revalidate pages",
  settings: "Change settings",
  people: "Let people and programs in, and see what was done",
  owners: "Make owners",
};

export const peopleWords = {
  add: "Add somebody",
  columns: ["Name", "Role", "Last seen", "Since"],
  you: "You",
  never: "never",
  search: "Search people",
  noneFits: (q: string) => `Nobody here is called “${q}”.`,
  roles: "What each role may do",
  yes: "Yes",
  no: "No",
  name: "Name",
  nameHint: "Readers see it under what they write.",
  email: "E-mail",
  emailHint: "They sign in with it. Readers do not see it.",
  role: "Role",
  password: "Password",
  passwordHint: "At least 10 characters. Pass it on by a way you trust.",
  suggest: "Suggest one",
  suggested: "A password was filled in.",
  save: "Add",
  busy: "Adding…",
  missing: {
    name: "Say what they are called.",
    email: "Enter an e-mail address, such as ada@example.org.",
    password: "Use at least 10 characters. Several words are easy to remember.",
  },
  edit: (name: string) => `Edit ${name}`,
  newPassword: "New password",
  newPasswordHint: "Empty: it stays as it is. A new one signs them out everywhere.",
  changed: (name: string) => `${name} was changed.`,
  remove: (name: string) => `Remove ${name}`,
  askRemove: (name: string) => `Remove ${name}?`,
  removeHint:
    "They are signed out and cannot come back; their tokens are refused. What they wrote stays, under their name.",
  removed: (name: string) => `${name} cannot sign in any more.`,
  added: (name: string) => `${name} can sign in now.`,
  handOver: (name: string) => `${name} can sign in`,
  handOverHint: "Pass this on by a way you trust. The password is not shown again.",
};
