// Words of the screen of menus.
import type { Kind } from "./rows";

export const kindNames: Record<Kind, string> = { url: "Address", post: "Post or page", tag: "Tag" };

export const menuWords = {
  hint: "Readers see it at the top of every page. Items that lead to a post, a page or a tag follow when it is renamed.",
  add: "Add item",
  item: "item",
  label: "Label",
  labelOf: (at: number) => `Label of item ${at}`,
  titled: (title: string) => title || "Its title",
  kindOf: (at: number) => `Item ${at} leads to`,
  address: "/about/",
  addressOf: (at: number) => `Address of item ${at}`,
  targetOf: (at: number) => `Target of item ${at}`,
  choose: "Choose…",
  pages: "Pages",
  posts: "Posts",
  other: "What it leads to now",
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  in: (name: string) => `Hang ${name} on the item above`,
  out: (name: string) => `Move ${name} out`,
  remove: (name: string) => `Remove ${name}`,
  moved: (name: string, at: number, of: number) => `${name} is now ${at} of ${of}`,
  hung: (name: string, on: string) => `${name} hangs on ${on}`,
  standsAlone: (name: string) => `${name} stands for itself`,
  incomplete: "Every item needs to lead somewhere, and an address needs a label.",
  none: "The menu is empty",
  noneHint: "Add links to your most important pages. Readers see them at the top of every page.",
  save: "Save menu",
  dirty: "Every page that shows the menu is made again.",
  clean: "Everything is saved.",
  saved: "The menu was saved. Pages that show it are being made again.",
};
