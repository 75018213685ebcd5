// The media library.
import { answer, client } from "./client";
import type { Media } from "./types";
import { sendFile } from "./upload";

export const listMedia = ({ q = "", cursor = "" }) =>
  answer(() => client.GET("/media", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }));

export const mediaUsage = (id: string) => answer(() => client.GET("/media/{id}/usage", { params: { path: { id } } }));

export const uploadFile = (file: File, progress: (share: number) => void = () => {}): Promise<Media> =>
  answer(() => sendFile("POST", "/media", file, progress));
