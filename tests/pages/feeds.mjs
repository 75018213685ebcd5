// Feeds and the sitemap follow their formats. Needs xmllint (Debian: libxml2-utils).

import { spawnSync } from "node:child_process";
import { join } from "node:path";

const SCHEMAS = [
  [/^\/sitemap(\.xml|\/\d+\/)$/, "--schema", "sitemap.xsd"],
  [/\/rss\.xml$/, "--relaxng", "rss.rng"],
  [/\/atom\.xml$/, "--relaxng", "atom.rng"],
];

export function feeds(site) {
  const findings = [];
  for (const [path, page] of site.pages) {
    const [, kind, schema] = SCHEMAS.find(([pattern]) => pattern.test(path)) ?? [];
    const problem = schema && xml(page.body, kind, join(import.meta.dirname, "schemas", schema));
    if (problem) findings.push({ path, problem });
  }
  return findings.concat(json(site.pages.get("/feed.json").body).map((problem) => ({ path: "/feed.json", problem })));
}

function xml(text, kind, schema) {
  const run = spawnSync("xmllint", ["--nonet", "--noout", kind, schema, "-"], { input: text, encoding: "utf8" });
  if (run.error) throw new Error("xmllint is not installed; on Debian: apt-get install libxml2-utils");
  return run.status === 0 ? undefined : run.stderr.trim().split("\n")[0];
}

function json(text) {
  let feed;
  try {
    feed = JSON.parse(text);
  } catch (error) {
    return [error.message];
  }
  const dated = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
  const rules = [
    [feed.version === "https://jsonfeed.org/version/1.1", "is not of version 1.1"],
    [typeof feed.title === "string" && feed.title, "has no title"],
    [Array.isArray(feed.items), "has no items"],
    [(feed.items ?? []).every((item) => item.id && /^https?:/.test(item.url)), "has an item without id or absolute address"],
    [(feed.items ?? []).every((item) => typeof item.content_html === "string"), "has an item without content"],
    [(feed.items ?? []).every((item) => dated(item.date_published)), "has an item without a date"],
  ];
  return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}
