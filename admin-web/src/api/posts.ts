// Posts and pages: reading, saving, and the verbs that change what readers see.
import { answer, client, ifMatch } from "./client";
import type { Action, PostPatch, PostQuery, Schemas } from "./types";

const at = (id: string) => ({ params: { path: { id } } });
const atVersion = (id: string, version: number) => ({ params: { path: { id }, header: ifMatch(version) } });

export const listPosts = (query: PostQuery, signal?: AbortSignal) =>
  answer(() => client.GET("/posts", { params: { query }, signal }));

export const getPost = (id: string, signal?: AbortSignal) =>
  answer(() => client.GET("/posts/{id}", { ...at(id), signal }));

export const createPost = (body: PostPatch) =>
  answer(() => client.POST("/posts", { body: body as Schemas["NewPost"] }));

export const savePost = (id: string, version: number, body: PostPatch) =>
  answer(() => client.PATCH("/posts/{id}", { ...atVersion(id, version), body: body as Schemas["PostPatch"] }));

export const trashPost = (id: string, version: number) =>
  answer(() => client.DELETE("/posts/{id}", atVersion(id, version)));

export const restorePost = (id: string) => answer(() => client.POST("/posts/{id}/restore", at(id)));

export const publishPost = (id: string, version: number) =>
  answer(() => client.POST("/posts/{id}/publish", atVersion(id, version)));

export const unpublishPost = (id: string, version: number) =>
  answer(() => client.POST("/posts/{id}/unpublish", atVersion(id, version)));

export const schedulePost = (id: string, version: number, time: string) =>
  answer(() => client.POST("/posts/{id}/schedule", { ...atVersion(id, version), body: { at: time } }));

/** Has it taken back at that time; null takes the plan back. */
export const scheduleEnd = (id: string, version: number, time: string | null) =>
  answer(() =>
    client.POST("/posts/{id}/schedule", { ...atVersion(id, version), body: { action: "unpublish", at: time } }),
  );

export const impactOf = (id: string, action: Action) =>
  answer(() => client.GET("/posts/{id}/impact", { params: { path: { id }, query: { action } } }));

export const listRevisions = (id: string, cursor?: string) =>
  answer(() =>
    client.GET("/posts/{id}/revisions", { params: { path: { id }, query: { limit: 50, ...(cursor && { cursor }) } } }),
  );

export const getRevision = (id: string, version: number) =>
  answer(() => client.GET("/posts/{id}/revisions/{version}", { params: { path: { id, version } } }));

export const keepRevision = (id: string, version: number) =>
  answer(() => client.POST("/posts/{id}/revisions", atVersion(id, version)));

/** Makes version `to` the working copy, if the post is still at `version`. */
export const restoreRevision = (id: string, to: number, version: number) =>
  answer(() =>
    client.POST("/posts/{id}/revisions/{version}/restore", {
      params: { path: { id, version: to }, header: ifMatch(version) },
    }),
  );

/** A link that shows the working copy to whoever has it. */
export const sharePreview = (id: string) => answer(() => client.POST("/posts/{id}/preview", at(id)));

export const revokePreviews = (id: string) => answer(() => client.DELETE("/posts/{id}/preview", at(id)));
