// What each role may do. The server decides; here it is only known what not to offer.
import type { Role } from "../api/types";

/** From handing in drafts to everything. */
export const ROLES: Role[] = ["contributor", "author", "editor", "administrator", "owner"];

const NEEDED = {
  upload: "author",
  publish: "author",
  others: "editor",
  terms: "editor",
  files: "editor",
  menus: "editor",
  cache: "editor",
  settings: "administrator",
  people: "administrator",
  owners: "owner",
} as const satisfies Record<string, Role>;

export type Permit = keyof typeof NEEDED;

export const may = (role: Role, permit: Permit): boolean => ROLES.indexOf(role) >= ROLES.indexOf(NEEDED[permit]);
