// Themes: which there are, what can be set for them, and which one readers see.
import { answer, API, client, ifMatch } from "./client";
import type { Schemas } from "./types";
import { sendFile } from "./upload";

export type Theme = Schemas["ThemeSummary"];
export type ThemeDetail = Schemas["ThemeDetail"];
export type Finding = Schemas["Finding"];
export type Switch = Schemas["Switch"];
export type ThemeSetting = Schemas["ThemeSetting"];
export type ThemeSettings = Schemas["ThemeSettings"];

const at = (id: string) => ({ params: { path: { id } } });

export const themes = {
  list: () => answer(() => client.GET("/themes")),
  get: (id: string) => answer(() => client.GET("/themes/{id}", at(id))),
  /** Refused as `theme_refused`, with what was found, when readers would meet something broken. */
  upload: (file: File, progress: (share: number) => void) =>
    answer(() => sendFile<ThemeDetail>("POST", "/themes", file, progress)),
  /** Begins; events `theme` and the list say how far it is. */
  activate: (id: string) => answer(() => client.POST("/themes/{id}/activate", at(id))),
  rollBack: () => answer(() => client.POST("/themes/rollback")),
  remove: (id: string) => answer(() => client.DELETE("/themes/{id}", at(id))),
  preview: (id: string, path: string) =>
    answer(() => client.POST("/themes/{id}/preview", { ...at(id), body: { path } })),
  settings: (id: string) => answer(() => client.GET("/themes/{id}/settings", at(id))),
  saveSettings: (id: string, version: number, values: Record<string, unknown>) =>
    answer(() =>
      client.PATCH("/themes/{id}/settings", {
        params: { path: { id }, header: ifMatch(version) },
        body: values as Record<string, never>,
      }),
    ),
  download: (id: string) => `${API}/themes/${encodeURIComponent(id)}/download`,
};
