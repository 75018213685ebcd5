// Who may sign in, which programs may act for whom, and what was done.
import { answer, client } from "./client";
import type { Schemas } from "./types";

const everything = { params: { query: { limit: 1000 } } };

export const users = {
  list: () => answer(() => client.GET("/users", everything)),
  create: (body: Schemas["NewUser"]) => answer(() => client.POST("/users", { body })),
  save: (id: string, body: Schemas["UserPatch"]) =>
    answer(() => client.PATCH("/users/{id}", { params: { path: { id } }, body })),
  remove: (id: string) => answer(() => client.DELETE("/users/{id}", { params: { path: { id } } })),
};

export const tokens = {
  list: () => answer(() => client.GET("/tokens", everything)),
  create: (body: Schemas["NewToken"]) => answer(() => client.POST("/tokens", { body })),
  revoke: (id: string) => answer(() => client.DELETE("/tokens/{id}", { params: { path: { id } } })),
};

export const invitations = {
  list: () => answer(() => client.GET("/invitations")),
  create: (body: Schemas["NewInvitation"]) => answer(() => client.POST("/invitations", { body })),
  withdraw: (id: string) => answer(() => client.DELETE("/invitations/{id}", { params: { path: { id } } })),
  open: (secret: string) => answer(() => client.POST("/invitations/open", { body: { secret } })),
  accept: (body: Schemas["Acceptance"]) => answer(() => client.POST("/invitations/accept", { body })),
};

/** One's own. */
export const account = {
  save: (body: Partial<Schemas["AccountPatch"]>) =>
    answer(() => client.PATCH("/account", { body: body as Schemas["AccountPatch"] })),
  sessions: {
    list: () => answer(() => client.GET("/account/sessions")),
    end: (id: string) => answer(() => client.DELETE("/account/sessions/{id}", { params: { path: { id } } })),
    endOthers: () => answer(() => client.DELETE("/account/sessions")),
  },
  factor: {
    get: () => answer(() => client.GET("/account/second-factor")),
    begin: (current_password: string) =>
      answer(() => client.POST("/account/second-factor", { body: { current_password } })),
    confirm: (code: string) => answer(() => client.POST("/account/second-factor/confirm", { body: { code } })),
    renew: (current_password: string) =>
      answer(() => client.POST("/account/second-factor/recovery-codes", { body: { current_password } })),
    remove: (current_password: string) =>
      answer(() => client.POST("/account/second-factor/remove", { body: { current_password } })),
  },
};

export const auditLines = (q: string, cursor?: string) =>
  answer(() => client.GET("/audit", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }));
