// The Markdown snippets that this suite shares with the renderer's tests.
import { readdirSync, readFileSync } from "node:fs";
import { canonical, parseTree, type Doc } from "../src/editor/markdown";

const folder = new URL("../../tests/fixtures/markdown/", import.meta.url);

export const snippets: Record<string, string> = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => [name.slice(0, -3), readFileSync(new URL(name, folder), "utf8")]),
);

/** The syntax tree as text, without positions and with neighbouring words joined. */
export const meaning = (markdown: string): string => JSON.stringify(strip(parseTree(markdown)));

function strip(node: any): any {
  if (Array.isArray(node)) return joined(node.map(strip));
  if (!node || typeof node !== "object") return node;
  const kept: Record<string, any> = {};
  for (const key of Object.keys(node).sort())
    if (!["position", "data", "spread"].includes(key) && node[key] != null) kept[key] = strip(node[key]);
  return kept;
}

const joined = (nodes: any[]): any[] =>
  nodes.reduce((all: any[], node) => {
    const last = all.at(-1);
    if (node?.type === "text" && last?.type === "text") last.value += node.value;
    else all.push(node);
    return all;
  }, []);

export const keys = (doc: Doc): string[] => doc.content!.map(canonical);
