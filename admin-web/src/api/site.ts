// Session, set-up, settings, menus, redirects and terms.
import { answer, API, client, ifMatch } from "./client";
import type { MenuItem, SettingsPatch, SetupRequest, Schemas } from "./types";

export const getSession = () => answer(() => client.GET("/session"));
/** `code`: of whoever has a second factor. */
export const signIn = (email: string, password: string, code?: string) =>
  answer(() => client.POST("/session", { body: { email, password, code } }));
export const signOut = () => answer(() => client.DELETE("/session"));

export const setupNeeded = () => answer(() => client.GET("/setup"));
export const setUp = (body: SetupRequest) => answer(() => client.POST("/setup", { body }));

export const getSystem = () => answer(() => client.GET("/system"));

export const getSettings = () => answer(() => client.GET("/settings"));
export const saveSettings = (version: number, body: SettingsPatch) =>
  answer(() =>
    client.PATCH("/settings", { params: { header: ifMatch(version) }, body: body as Schemas["SettingsPatch"] }),
  );

export const getMenu = (name: string) => answer(() => client.GET("/menus/{name}", { params: { path: { name } } }));
export const saveMenu = (name: string, version: number | null, items: MenuItem[]) =>
  answer(() =>
    client.PUT("/menus/{name}", {
      params: { path: { name }, header: version === null ? { "If-None-Match": "*" } : ifMatch(version) },
      body: { items },
    }),
  );

export const redirects = {
  list: (q: string, cursor?: string) =>
    answer(() =>
      client.GET("/redirects", { params: { query: { limit: 200, ...(q && { q }), ...(cursor && { cursor }) } } }),
    ),
  /** In place of the one that the path has, if it has one. */
  put: (body: Schemas["NewRedirect"]) => answer(() => client.POST("/redirects", { body })),
  remove: (from: string) => answer(() => client.DELETE("/redirects", { params: { query: { from } } })),
  test: (path: string) => answer(() => client.POST("/redirects/test", { body: { path } })),
  /** All of a table, or none of it: then the problem's fields say what is wrong in which line. */
  bring: (table: string) =>
    answer(() =>
      client.POST("/redirects/csv", {
        body: table,
        bodySerializer: (body) => body,
        headers: { "Content-Type": "text/csv" },
      }),
    ),
  csv: `${API}/redirects/csv`,
};

/** Addresses at which readers found nothing. */
export const missing = {
  list: (q: string, cursor?: string) =>
    answer(() =>
      client.GET("/missing", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }),
    ),
  forget: (path: string) => answer(() => client.DELETE("/missing", { params: { query: { path } } })),
};

const one = (id: string, version: number) => ({ params: { path: { id }, header: ifMatch(version) } });
const everything = { params: { query: { limit: 1000 } } };

export const tags = {
  list: () => answer(() => client.GET("/tags", everything)),
  create: (body: Schemas["NewTag"]) => answer(() => client.POST("/tags", { body })),
  save: (id: string, version: number, body: Schemas["TagPatch"]) =>
    answer(() => client.PATCH("/tags/{id}", { ...one(id, version), body })),
  remove: (id: string, version: number) => answer(() => client.DELETE("/tags/{id}", one(id, version))),
  impact: (id: string, into?: string) =>
    answer(() => client.GET("/tags/{id}/impact", { params: { path: { id }, query: into ? { into } : {} } })),
  merge: (id: string, version: number, into: string) =>
    answer(() => client.POST("/tags/{id}/merge", { ...one(id, version), body: { into } })),
};

export const authors = {
  list: () => answer(() => client.GET("/authors", everything)),
  create: (body: Schemas["NewAuthor"]) => answer(() => client.POST("/authors", { body })),
  save: (id: string, version: number, body: Schemas["AuthorPatch"]) =>
    answer(() => client.PATCH("/authors/{id}", { ...one(id, version), body })),
  remove: (id: string, version: number) => answer(() => client.DELETE("/authors/{id}", one(id, version))),
};
