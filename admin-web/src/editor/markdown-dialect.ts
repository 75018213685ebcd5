// The Markdown dialect of Perennial: CommonMark, GFM, footnotes, alerts, `$` math and block directives.
import { directiveFromMarkdown, directiveToMarkdown } from "mdast-util-directive";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown, mathToMarkdown } from "mdast-util-math";
import { toMarkdown, type Options } from "mdast-util-to-markdown";
import { directive } from "micromark-extension-directive";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

/** A node of the Markdown syntax tree; loose, because seven packages each add their own kinds. */
export interface Md {
  type: string;
  children?: Md[];
  value?: string;
  position?: { start: { offset: number }; end: { offset: number } };
  [key: string]: any;
}

// Only block directives: `:name` in running text stays text, or times, emoji codes and URLs would be eaten.
const blockDirective = () => ({ flow: directive().flow });

export const parseTree = (markdown: string): Md =>
  fromMarkdown(markdown, {
    extensions: [gfm(), math(), blockDirective()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown(), directiveFromMarkdown()],
  }) as Md;

const directives = { ...directiveToMarkdown(), unsafe: [] };

const STYLE: Options = {
  bullet: "-",
  emphasis: "*",
  strong: "*",
  rule: "-",
  fence: "`",
  fences: true,
  listItemIndent: "one",
  resourceLink: false,
  incrementListMarker: true,
  extensions: [gfmToMarkdown({ tablePipeAlign: false }), mathToMarkdown(), directives],
  handlers: { raw: (node: Md) => node.value } as never,
};

/** Which markers a list at the top of the text uses, so that it does not grow together with a neighbour. */
export type ListMarkers = Pick<Options, "bullet" | "bulletOrdered">;

export const printTree = (tree: Md, markers: ListMarkers = {}): string => {
  const bulletOther = markers.bullet === "*" ? "-" : "*";
  return toMarkdown(tree as never, { ...STYLE, ...markers, bulletOther });
};

export const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)/;
