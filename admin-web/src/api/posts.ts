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

export const impactOf = (id: string, action: Action) =>
  answer(() => client.GET("/posts/{id}/impact", { params: { path: { id }, query: { action } } }));
