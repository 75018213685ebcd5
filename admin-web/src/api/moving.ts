// Sites that come and go as ZIP files.
import { answer, API, client } from "./client";
import type { Schemas } from "./types";
import { sendFile } from "./upload";

export type Import = Schemas["ImportDoc"];

export const getImport = () => answer(() => client.GET("/import"));
export const beginImport = (file: File, progress: (share: number) => void): Promise<Import> =>
  answer(() => sendFile("POST", "/import", file, progress));
export const runImport = () => answer(() => client.POST("/import/run"));
export const forgetImport = () => answer(() => client.DELETE("/import"));

export const report = `${API}/import/report`;
export const site = `${API}/export`;
