// The Markdown dialect of Perennial: CommonMark, GFM, footnotes, alerts, `$` math and block directives.
import { directiveFromMarkdown, directiveToMarkdown } from "mdast-util-directive";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown, gfmToMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown, mathToMarkdown } from "mdast-util-math";
import { toMarkdown, type Options } from "mdast-util-to-markdown";
import { codeIndented } from "micromark-core-commonmark";
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

// Indented code is over with the first line that has less of an indent, and so are the rules of interrupting it. The
// original goes on asking for a `1.` there, and takes `7. seven` after code for a paragraph, which it is nowhere else.
const tokenize: typeof codeIndented.tokenize = function (effects, ok, nok) {
  const then = (next: typeof ok) => (code: Parameters<typeof ok>[0]) => {
    this._gfmTableDynamicInterruptHack = undefined;
    return next(code);
  };
  this._gfmTableDynamicInterruptHack = true;
  return codeIndented.tokenize.call(this, effects, then(ok), then(nok));
};
const code = { ...codeIndented, tokenize };
const indentedCode = () => ({ flowInitial: { [-2]: code, [-1]: code, 32: code } });

export const parseTree = (markdown: string): Md =>
  fromMarkdown(markdown, {
    extensions: [gfm(), math(), blockDirective(), indentedCode()],
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
