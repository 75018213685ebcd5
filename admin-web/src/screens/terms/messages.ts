// Words of the screens of tags and authors.
import { plural } from "../../lib/format";

export const termWords = {
  posts: "Posts",
  actions: "Actions",
  add: (noun: string) => `New ${noun}`,
  change: (noun: string) => `Edit ${noun}`,
  search: (title: string) => `Search ${title.toLowerCase()}`,
  none: (title: string) => `No ${title.toLowerCase()} yet`,
  noneCalled: (noun: string, name: string) => `No ${noun} is called “${name}”.`,
  noName: (noun: string) => `Give the ${noun} a name.`,
  slugHint: "The last part of its address.",
  postsOf: (n: number, name: string) => `${plural(n, "post")}, ${name}`,
  saved: (name: string) => `“${name}” was saved.`,
  deleted: (name: string) => `“${name}” was deleted.`,
  askDelete: (name: string) => `Delete “${name}”?`,
  used: (n: number, noun: string) =>
    n
      ? `${plural(n, "post")} will no longer carry this ${noun}. The posts themselves stay.`
      : `No post uses this ${noun}.`,
  tag: {
    noun: "tag",
    about: "Description",
    hint: "Tags gather posts by subject, and each has a page of its own. You can also add them while you write.",
  },
  author: { noun: "author", about: "About", hint: "Authors sign posts, and each has a page of their own." },
  merge: "Merge",
  mergeOf: (name: string) => `Merge ${name} into another tag`,
  askMerge: (name: string) => `Merge “${name}”`,
  mergeHint: (n: number, name: string) =>
    `${n ? `${plural(n, "post")} will carry the other tag instead.` : `No post carries “${name}”.`} Its page leads to that of the other, and “${name}” is gone.`,
  into: "Into",
  choose: "Choose a tag",
  noInto: "Choose the tag that stays.",
  merged: (name: string, into: string) => `“${name}” was merged into “${into}”.`,
  asking: "Looking which pages change…",
  changes: (n: number) =>
    n ? `${plural(n, "page changes", "pages change")} for readers:` : "No page changes for readers.",
};
