// Documents of the admin API and its paths, in the shape that openapi-typescript gives them.

export type Kind = "post" | "page";
export type Status = "draft" | "in_review" | "scheduled" | "published" | "trashed";
export type Action = "publish" | "unpublish" | "trash";

export interface Session {
  user: { id: string; name: string; email: string; role: string; author_id: string | null };
  site: { title: string; url: string; timezone: string; language: string };
  expires_at: string;
}

export interface Card {
  id: string;
  name: string;
  slug: string;
}

export interface PostSummary {
  id: string;
  kind: Kind;
  status: Status;
  has_changes: boolean;
  version: number;
  title: string;
  slug: string;
  path: string | null;
  url: string;
  excerpt: string | null;
  tags: Card[];
  authors: Card[];
  feature_image: string | null;
  feature_image_alt: string | null;
  featured: boolean;
  seo_title: string | null;
  seo_description: string | null;
  canonical_url: string | null;
  published_at: string | null;
  publish_at: string | null;
  created_at: string;
  updated_at: string;
  words: number;
  minutes: number;
}

export interface Post extends PostSummary {
  markdown: string;
}

/** What may be sent when a post is made or changed; tags are names, authors are ids. */
export type PostPatch = Partial<
  Pick<
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
    | "canonical_url"
    | "published_at"
  > & { kind: Kind; tags: string[]; authors: string[] }
>;

export interface List<T> {
  items: T[];
  next: string | null;
  total: number;
}

export interface PostList extends List<PostSummary> {
  counts: Partial<Record<Status, number>>;
}

export interface PostQuery {
  status?: string;
  kind?: Kind;
  tag?: string;
  author?: string;
  q?: string;
  sort?: string;
  limit?: number;
  cursor?: string;
}

export interface ImpactPage {
  path: string;
  effect: "changes" | "new" | "removed" | "redirect";
  reason: string;
}

export interface Impact {
  revision: number;
  total: number;
  pages: ImpactPage[];
}

export type PageState = "fresh" | "stale" | "expired" | "rendering" | "failed" | "removed" | "absent" | "dynamic";

export interface ReceiptPage {
  path: string;
  state: PageState;
  reason: string;
  /** With state `failed`: why. */
  error?: string;
}

export interface Receipt {
  revision: number;
  affected: number;
  fresh: number;
  pages: ReceiptPage[];
  ms: number;
  post: Post;
}

export interface Term extends Card {
  posts: number;
  version: number;
}

export interface Tag extends Term {
  description: string | null;
}

export interface Author extends Term {
  bio: string | null;
  avatar: string | null;
}

export interface MenuItem {
  label: string;
  url?: string;
  post?: string;
  tag?: string;
  children?: MenuItem[];
}

export interface Menu {
  name: string;
  version: number;
  items: MenuItem[];
}

export interface Settings {
  version: number;
  title: string;
  description: string;
  language: string;
  timezone: string;
  accent_color: string;
  posts_per_page: number;
  logo: string | null;
}

export interface Media {
  id: string;
  url: string;
  name: string;
  mime: string;
  bytes: number;
  width: number | null;
  height: number | null;
  alt: string | null;
}

export interface CacheSummary {
  revision: number;
  pages: number;
  fresh: number;
  stale: number;
  expired: number;
  rendering: number;
  failed: number;
  hits: number;
  misses: number;
  renders: number;
  bytes: number;
  not_found: number;
}

export interface CachePage {
  path: string;
  route: string | null;
  state: PageState;
  status: number | null;
  revision: number | null;
  age: number | null;
  life_left: number | null;
  renders: number;
  render_ms: number | null;
  last_cause: string;
  bytes: Record<string, number>;
}

export interface Explanation extends CachePage {
  last_error: string | null;
  etag: string | null;
  tags: string[];
  reads: { kind: string; query: string; tags: string[] }[];
}

export interface RevalidateRequest {
  tags?: string[];
  paths?: string[];
  mode?: "expire" | "stale" | "refresh";
}

export interface Revalidated {
  revalidated: boolean;
  revision: number;
  pages: number;
  warnings: string[];
}

export interface SetupRequest {
  token: string;
  site_title: string;
  name: string;
  email: string;
  password: string;
  language: string;
  timezone: string;
  start: "sample" | "empty";
}

/** RFC 9457 problem document. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail: string;
  fields?: Record<string, string>;
  current?: unknown;
  your_version?: number;
}

interface Json<T> {
  content: { "application/json": T };
}
interface NoQuery {
  query?: never;
}
interface Op<Answer, Parameters> {
  parameters: Parameters;
  responses: { 200: Json<Answer>; default: { content: { "application/problem+json": Problem } } };
}
type Get<Answer, Parameters = NoQuery> = { get: Op<Answer, Parameters> };
type Send<Body, Answer, Parameters = NoQuery> = Op<Answer, Parameters> & { requestBody: Json<Body> };
interface Id {
  path: { id: string };
}
interface Versioned {
  path: { id: string };
  header: { "If-Match": string };
}
interface MaybeVersioned {
  path: { id: string };
  header?: { "If-Match"?: string };
}
interface Paging {
  query?: { q?: string; limit?: number; cursor?: string; sort?: string };
}
type TermPaths<Name extends string, T, Body> = {
  [K in `/${Name}`]: Get<List<T>, Paging> & { post: Send<Body, T> };
} & {
  [K in `/${Name}/{id}`]: { patch: Send<Body, T, Versioned>; delete: Op<undefined, Versioned> };
};

export type TagBody = Partial<Pick<Tag, "name" | "slug" | "description">>;
export type AuthorBody = Partial<Pick<Author, "name" | "slug" | "bio">>;

export type paths = {
  "/setup": Get<{ needed: boolean }> & { post: Send<SetupRequest, Session> };
  "/session": Get<Session> & {
    post: Send<{ email: string; password: string }, Session>;
    delete: Op<undefined, NoQuery>;
  };
  "/posts": Get<PostList, { query?: PostQuery }> & { post: Send<PostPatch, Post> };
  "/posts/{id}": Get<Post, Id> & { patch: Send<PostPatch, Post, Versioned>; delete: Op<Receipt, Versioned> };
  "/posts/{id}/restore": { post: Op<Post, Id> };
  "/posts/{id}/publish": { post: Op<Receipt, MaybeVersioned> };
  "/posts/{id}/unpublish": { post: Op<Receipt, MaybeVersioned> };
  "/posts/{id}/schedule": { post: Send<{ at: string }, Post, MaybeVersioned> };
  "/posts/{id}/impact": Get<Impact, { path: { id: string }; query?: { action?: Action } }>;
  "/menus/{name}": Get<Menu, { path: { name: string } }> & {
    put: Send<
      { items: MenuItem[] },
      Menu,
      { path: { name: string }; header?: { "If-Match"?: string; "If-None-Match"?: string } }
    >;
  };
  "/settings": Get<Settings> & {
    patch: Send<Partial<Omit<Settings, "version">>, Settings, { header: { "If-Match": string } }>;
  };
  "/media": Get<List<Media>, Paging>;
  "/cache/summary": Get<CacheSummary>;
  "/cache/pages": Get<List<CachePage>, { query?: { state?: string; q?: string; limit?: number; cursor?: string } }>;
  "/cache/tags": Get<List<{ tag: string; pages: number }>, { query?: { q?: string; limit?: number } }>;
  "/cache/explain": Get<Explanation, { query: { path: string } }>;
  "/revalidate": { post: Send<RevalidateRequest, Revalidated> };
} & TermPaths<"tags", Tag, TagBody> &
  TermPaths<"authors", Author, AuthorBody>;
