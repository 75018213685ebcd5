// The fields of a post that the editor changes, how they differ, and their copy on this device.
import type { Post, PostPatch } from "../api/types";
import { slugify } from "../lib/format";

/** What the editor holds; tags are names, authors are ids, as they are sent. */
export interface Draft {
  title: string;
  slug: string;
  markdown: string;
  excerpt: string | null;
  feature_image: string | null;
  feature_image_alt: string | null;
  featured: boolean;
  seo_title: string | null;
  seo_description: string | null;
  published_at: string | null;
  tags: string[];
  authors: string[];
}

export const emptyDraft = (): Draft => ({
  title: "",
  slug: "",
  markdown: "",
  excerpt: null,
  feature_image: null,
  feature_image_alt: null,
  featured: false,
  seo_title: null,
  seo_description: null,
  published_at: null,
  tags: [],
  authors: [],
});

/** What posts and their kept versions have in common. */
type Written = Pick<
  Post,
  | "title"
  | "slug"
  | "markdown"
  | "excerpt"
  | "feature_image"
  | "feature_image_alt"
  | "featured"
  | "seo_title"
  | "seo_description"
  | "published_at"
  | "tags"
  | "authors"
>;

export const draftOf = (post: Written): Draft => ({
  title: post.title,
  slug: post.slug,
  markdown: post.markdown,
  excerpt: post.excerpt ?? null,
  feature_image: post.feature_image ?? null,
  feature_image_alt: post.feature_image_alt ?? null,
  featured: post.featured,
  seo_title: post.seo_title ?? null,
  seo_description: post.seo_description ?? null,
  published_at: post.published_at ?? null,
  tags: post.tags.map((tag) => tag.name),
  authors: post.authors.map((author) => author.id),
});

/** The names of the authors of these, by id. */
export const namesOf = (...written: (Pick<Post, "authors"> | null)[]): Map<string, string> =>
  new Map(written.flatMap((one) => one?.authors.map(({ id, name }): [string, string] => [id, name]) ?? []));

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The fields of `now` that differ from `before`. */
export function difference(before: Draft, now: Draft): Partial<Draft> {
  const keys = (Object.keys(now) as (keyof Draft)[]).filter((key) => !same(before[key], now[key]));
  return Object.fromEntries(keys.map((key) => [key, now[key]]));
}

/**
 * A draft's slug follows its title until somebody chooses one: the slug for the title as it is now, or null when it
 * has been chosen, or the post has been seen by readers.
 */
export function followingSlug(post: Pick<Post, "status" | "published_at">, before: Draft, now: Draft): string | null {
  if (post.status !== "draft" || post.published_at || now.slug !== before.slug || now.title === before.title)
    return null;
  const follows = before.slug.replace(/-\d+$/, "") === (slugify(before.title).replace(/-\d+$/, "") || "untitled");
  return (follows && slugify(now.title)) || null;
}

/** What is sent: an empty slug is left to the server. */
export function patchOf(changes: Partial<Draft>): PostPatch {
  const { slug, ...rest } = changes;
  return slug ? { ...rest, slug } : rest;
}

/**
 * The draft after a save: the server's words where it decided (a slug made unique, a tag's spelling),
 * unless the editor has changed the field since it was sent.
 */
export function settle(now: Draft, sent: Draft, answer: Draft): Draft {
  const settled: Record<string, unknown> = { ...now };
  for (const key of Object.keys(answer) as (keyof Draft)[])
    if (key !== "markdown" && key !== "title" && same(now[key], sent[key])) settled[key] = answer[key];
  return settled as unknown as Draft;
}

/** A copy on this device: the whole draft, and the version of the post it was made from, as that was. */
export interface Kept {
  version: number;
  draft: Draft;
  base: Draft;
  at: number;
}

const key = (id: string | null) => `perennial.draft.${id ?? "new"}`;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Keeps the draft on this device; false when the device has no room for it. */
export function keep(store: Store, id: string | null, kept: Kept): boolean {
  try {
    store.setItem(key(id), JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function kept(store: Store, id: string | null): Kept | null {
  try {
    const value = JSON.parse(store.getItem(key(id)) ?? "null") as Kept | null;
    return value && typeof value.draft?.markdown === "string"
      ? { ...value, draft: { ...emptyDraft(), ...value.draft }, base: { ...emptyDraft(), ...value.base } }
      : null;
  } catch {
    return null;
  }
}

export const forget = (store: Store, id: string | null): void => store.removeItem(key(id));
