// The screens one can go to, as the menu and the palette show them.
import type { Role } from "../api/types";
import type { IconName } from "../ui/icons";
import { m } from "./messages";
import { may, type Permit } from "./permits";
import { to } from "./routes";

export interface Place {
  icon: IconName;
  label: string;
  href: string;
  /** Shortcut. */
  keys?: string;
  permit?: Permit;
}

const GROUPS: [group: string, places: Place[]][] = [
  [
    m.nav.content,
    [
      { icon: "posts", label: m.nav.posts, href: to.list("post"), keys: "g p" },
      { icon: "pages", label: m.nav.pages, href: to.list("page") },
      { icon: "image", label: m.nav.media, href: to.media, keys: "g m" },
      { icon: "tags", label: m.nav.tags, href: to.tags, keys: "g t", permit: "terms" },
      { icon: "authors", label: m.nav.authors, href: to.authors, permit: "terms" },
    ],
  ],
  [
    m.nav.site,
    [
      { icon: "cache", label: m.nav.cache, href: to.cache, keys: "g c", permit: "cache" },
      { icon: "navigation", label: m.nav.navigation, href: to.navigation, permit: "menus" },
      { icon: "redirect", label: m.nav.redirects, href: to.redirects, keys: "g r", permit: "menus" },
      { icon: "panel", label: m.nav.themes, href: to.themes, permit: "settings" },
    ],
  ],
  [
    m.nav.control,
    [
      { icon: "people", label: m.nav.people, href: to.people, permit: "people" },
      { icon: "key", label: m.nav.tokens, href: to.tokens, permit: "people" },
      { icon: "link", label: m.nav.webhooks, href: to.webhooks, permit: "people" },
      { icon: "audit", label: m.nav.audit, href: to.audit, keys: "g a", permit: "people" },
      { icon: "eye", label: m.nav.system, href: to.system, permit: "settings" },
      { icon: "external", label: m.nav.moving, href: to.moving, permit: "settings" },
      { icon: "settings", label: m.nav.settings, href: to.settings, keys: "g s", permit: "settings" },
      { icon: "authors", label: m.nav.account, href: to.account },
    ],
  ],
];

/** What somebody of this role can use, by group; groups without any are left out. */
export const placesFor = (role: Role): [group: string, places: Place[]][] =>
  GROUPS.map(([group, places]): [string, Place[]] => [
    group,
    places.filter(({ permit }) => !permit || may(role, permit)),
  ]).filter(([, places]) => places.length > 0);
