// Definitions of links and footnotes: blocks mean something else without the definitions that they use.
import { parseTree, type Md } from "./markdown-dialect";
import type { Doc } from "./markdown-types";

interface Named {
  key: string;
  node: () => Doc;
}

export interface Definitions {
  links: Set<string>;
  /** One short definition for every name, to be read together with a part of the document. */
  stubs: string[];
}

/** What the blocks of a document define. */
export function definitionsOf(blocks: Named[]): Definitions {
  const links = new Set<string>();
  const stubs: string[] = [];
  const visit = (node: Doc) => {
    const { value, label } = node.attrs ?? {};
    if (node.type === "footnoteDef") stubs.push(`[^${label}]: note`);
    if (node.type === "rawBlock" && /^\s*\[/.test(value ?? ""))
      for (const child of parseTree(value).children as Md[])
        if (child.type === "definition" && !links.has(child.identifier)) {
          links.add(child.identifier);
          stubs.push(value.slice(child.position!.start.offset, child.position!.end.offset));
        }
    node.content?.forEach(visit);
  };
  for (const block of blocks) if (/"(rawBlock|footnoteDef)"/.test(block.key)) visit(block.node());
  return { links, stubs };
}

/** Whether a block refers to a link definition that the document no longer has. */
export const refersToNone = (key: string, links: Set<string>): boolean =>
  [...key.matchAll(/"identifier":("(?:[^"\\]|\\.)*")/g)].some((found) => !links.has(JSON.parse(found[1]!)));
