// Short names for the documents of the admin API, whose shapes are made from the server's own description.
import type { components, operations } from "./schema";

export type Schemas = components["schemas"];
export type { paths } from "./schema";

export type Kind = Schemas["Kind"];
export type Status = Schemas["Status"];
export type Action = Schemas["Action"];
export type Session = Schemas["Session"];
export type SetupRequest = Schemas["SetupRequest"];
export type Problem = Schemas["Problem"];

export type Card = Schemas["TermCard"];
export type PostSummary = Schemas["PostSummary"];
export type Post = Schemas["EditorPost"];
export type PostList = Schemas["PostPage"];
export type PostSort = Schemas["PostSort"];
export type PostQuery = NonNullable<operations["list_posts"]["parameters"]["query"]>;
/** What may be sent when a post is made or changed; tags are names, authors are ids. What is absent stays. */
export type PostPatch = Partial<Schemas["NewPost"]>;

export type PreviewLink = Schemas["PreviewLink"];
export type RevisionSummary = Schemas["RevisionSummary"];
export type Revision = Schemas["RevisionDoc"];

export type ImpactPage = Schemas["ImpactPage"];
export type Impact = Schemas["Impact"];
export type Receipt = Schemas["Receipt"];
export type ReceiptPage = Schemas["ReceiptPage"];

export interface List<T> {
  items: T[];
  next?: string | null;
  total: number;
}

export type Tag = Schemas["TagDoc"];
export type Author = Schemas["AuthorDoc"];
/** What tags and authors have in common. */
export type Term = Card & Pick<Tag, "posts" | "version">;

export type MenuItem = Schemas["Item"];
export type Menu = Schemas["MenuDoc"];
export type Settings = Schemas["SettingsDoc"];
export type SettingsPatch = Partial<Schemas["SettingsPatch"]>;
export type Media = Schemas["MediaDoc"];
export type MediaUse = Schemas["MediaUse"];

export type Role = Schemas["Role"];
export type User = Schemas["UserDoc"];
export type Token = Schemas["TokenDoc"];
export type AuditLine = Schemas["AuditLine"];
export type Redirect = Schemas["RedirectDoc"];
export type Missing = Schemas["MissingDoc"];

export type CacheSummary = Schemas["CacheSummary"];
export type CachePage = Schemas["CachePage"];
export type Explanation = Schemas["Explanation"];
export type CacheQuery = NonNullable<operations["list_cache_pages"]["parameters"]["query"]>;
/** Of a stored page, and what an event can say about one that is gone. */
export type PageState = Schemas["State"] | "removed";
export type Refreshed = Schemas["Refreshed"];
export type RevalidateRequest = Schemas["RevalidateRequest"];
