// The media library.
import { answer, API, client } from "./client";
import type { Media, Schemas } from "./types";
import { sendFile } from "./upload";

export const listMedia = ({ q = "", cursor = "" }) =>
  answer(() => client.GET("/media", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }));

export const mediaUsage = (id: string) => answer(() => client.GET("/media/{id}/usage", { params: { path: { id } } }));

export const saveMedia = (id: string, body: Partial<Schemas["MediaPatch"]>) =>
  answer(() => client.PATCH("/media/{id}", { params: { path: { id } }, body: body as Schemas["MediaPatch"] }));

/** Where the file is as it was uploaded. */
export const original = (id: string) => `${API}/media/${id}/original`;

/** `force`: although posts or pages use it. */
export const deleteMedia = (id: string, force: boolean) =>
  answer(() => client.DELETE("/media/{id}", { params: { path: { id }, query: { force } } }));

export const replaceFile = (id: string, file: File, progress: (share: number) => void = () => {}): Promise<Media> =>
  answer(() => sendFile("PUT", `/media/${id}/file`, file, progress));

export const uploadFile = (file: File, progress: (share: number) => void = () => {}): Promise<Media> =>
  answer(() => sendFile("POST", "/media", file, progress));
