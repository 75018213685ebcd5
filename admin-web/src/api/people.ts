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

export const auditLines = (q: string, cursor?: string) =>
  answer(() => client.GET("/audit", { params: { query: { limit: 100, ...(q && { q }), ...(cursor && { cursor }) } } }));
