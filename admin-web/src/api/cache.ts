// The page cache: what is stored, why, and asking for it to be made again.
import { answer, client } from "./client";
import type { CacheQuery, RevalidateRequest } from "./types";

export const cacheSummary = () => answer(() => client.GET("/cache/summary"));

export const cachePages = (query: CacheQuery) => answer(() => client.GET("/cache/pages", { params: { query } }));

export const cacheTags = (q: string) =>
  answer(() => client.GET("/cache/tags", { params: { query: { limit: 200, ...(q ? { q } : {}) } } }));

export const explain = (path: string) => answer(() => client.GET("/cache/explain", { params: { query: { path } } }));

export const revalidate = (body: RevalidateRequest) => answer(() => client.POST("/revalidate", { body }));
