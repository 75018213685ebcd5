// Markdown to the editor's document: every construct gets a node, and what has no rich form keeps its source.
import { ALERT, parseTree, type Md } from "./markdown-dialect";
import { canonical, type Doc, type Mark, type Source } from "./markdown-types";

type Definitions = Map<string, Md>;

const collectDefinitions = (node: Md, into: Definitions = new Map()): Definitions => {
  if (node.type === "definition" && !into.has(node.identifier)) into.set(node.identifier, node);
  node.children?.forEach((child) => collectDefinitions(child, into));
  return into;
};

export const emptyParagraph = (): Doc => ({ type: "paragraph", content: [] });

/** Marks by which a paragraph may open, in the form the schema knows. */
const MARK_OF: Record<string, string> = { strong: "bold", emphasis: "italic", delete: "strike" };

class Reader {
  constructor(
    private readonly text: string,
    private readonly definitions: Definitions,
  ) {}

  private slice(node: Md): string {
    return this.text.slice(node.position!.start.offset, node.position!.end.offset);
  }

  /** Source of a node without a rich form; inside a container, without the container's `>` and indentation. */
  private raw(node: Md, nested: boolean): string {
    if (node.type === "html") return node.value ?? "";
    const source = this.slice(node);
    return nested ? source.replace(/\n[ \t>]*/g, "\n") : source;
  }

  inline(nodes: Md[], marks: Mark[] = [], inCell = false): Doc[] {
    return nodes.flatMap((node) => this.inlineOne(node, marks, inCell));
  }

  private inlineOne(node: Md, marks: Mark[], inCell: boolean): Doc[] {
    const inside = (mark: Mark) => this.inline(node.children ?? [], [...marks, mark], inCell);
    const atom = (type: string, attrs?: Record<string, any>): Doc[] => [
      { type, ...(attrs ? { attrs } : {}), ...(marks.length ? { marks } : {}) },
    ];
    const words = (text: string, all: Mark[]): Doc[] =>
      text ? [{ type: "text", text, ...(all.length ? { marks: all } : {}) }] : [];
    switch (node.type) {
      case "text":
        return words(node.value!, marks);
      case "strong":
      case "emphasis":
      case "delete":
        return inside({ type: MARK_OF[node.type]! });
      case "inlineCode":
        return words(node.value!, [...marks, { type: "code" }]);
      case "link":
        return inside({ type: "link", attrs: { href: node.url, title: node.title ?? null, ref: null } });
      case "linkReference": {
        const target = this.definitions.get(node.identifier);
        if (!target) return atom("rawInline", { value: this.raw(node, true) });
        return inside({ type: "link", attrs: { href: target.url, title: target.title ?? null, ref: reference(node) } });
      }
      case "break":
        return atom("hardBreak");
      case "image":
      case "imageReference": {
        const attrs = this.imageAttrs(node);
        return attrs ? atom("inlineImage", attrs) : atom("rawInline", { value: this.raw(node, true) });
      }
      case "inlineMath":
        return atom("mathInline", { value: node.value });
      case "footnoteReference":
        return atom("footnoteRef", { label: node.label ?? node.identifier });
      default:
        if (inCell && /^<br\s*\/?>$/i.test(node.value ?? "")) return atom("hardBreak");
        return atom("rawInline", { value: this.raw(node, true) });
    }
  }

  private imageAttrs(node: Md): Record<string, any> | null {
    if (node.type === "image") return { src: node.url, alt: node.alt ?? "", title: node.title ?? null, ref: null };
    const target = this.definitions.get(node.identifier);
    return target ? { src: target.url, alt: node.alt ?? "", title: target.title ?? null, ref: reference(node) } : null;
  }

  private children(nodes: Md[]): Doc[] {
    return nodes.length ? nodes.flatMap((node) => this.block(node, true)) : [emptyParagraph()];
  }

  block(node: Md, nested = false): Doc[] {
    switch (node.type) {
      case "paragraph":
        return [this.paragraph(node)];
      case "heading":
        return [{ type: "heading", attrs: { level: node.depth }, content: this.inline(node.children!) }];
      case "thematicBreak":
        return [{ type: "horizontalRule" }];
      case "code":
        return [
          {
            type: "codeBlock",
            attrs: { language: node.lang ?? null, meta: node.meta ?? null },
            content: node.value ? [{ type: "text", text: node.value }] : [],
          },
        ];
      case "blockquote":
        return [this.quote(node)];
      case "list":
        return [this.list(node)];
      case "table":
        return [this.table(node)];
      case "math":
        return [{ type: "mathBlock", attrs: { value: node.value } }];
      case "footnoteDefinition":
        return [
          {
            type: "footnoteDef",
            attrs: { label: node.label ?? node.identifier },
            content: this.children(node.children!),
          },
        ];
      case "leafDirective": {
        const label = node.children!.map((child) => this.slice(child)).join("");
        return [{ type: "embed", attrs: { name: node.name, attributes: node.attributes ?? {}, label } }];
      }
      case "containerDirective":
        return [
          {
            type: "section",
            attrs: { name: node.name, attributes: node.attributes ?? {} },
            content: this.children(node.children!),
          },
        ];
      default:
        return [{ type: "rawBlock", attrs: { value: this.raw(node, nested) } }];
    }
  }

  private paragraph(node: Md): Doc {
    const only = node.children!.length === 1 ? node.children![0]! : null;
    const image = only && /^image/.test(only.type) ? this.imageAttrs(only) : null;
    return image ? { type: "figure", attrs: image } : { type: "paragraph", content: this.inline(node.children!) };
  }

  private quote(node: Md): Doc {
    const [first, ...rest] = node.children!;
    const opening = first?.type === "paragraph" ? first.children![0] : undefined;
    const alert = opening?.type === "text" ? ALERT.exec(opening.value!) : null;
    if (!alert) return { type: "blockquote", content: this.children(node.children!) };
    const words = opening!.value!.slice(alert[0].length);
    const body = [...(words ? [{ type: "text", value: words }] : []), ...first!.children!.slice(1)];
    const blocks = body.length ? [{ ...first!, children: body }, ...rest] : rest;
    return { type: "callout", attrs: { kind: alert[1]!.toLowerCase() }, content: this.children(blocks) };
  }

  private list(node: Md): Doc {
    const spread = !!node.spread;
    return {
      type: node.ordered ? "orderedList" : "bulletList",
      attrs: node.ordered ? { start: node.start ?? 1, spread } : { spread },
      content: node.children!.map((item) => {
        const content = item.children!.flatMap((child) => this.block(child, true));
        if (content[0]?.type !== "paragraph") content.unshift(emptyParagraph());
        const checked = item.checked ?? null;
        if (checked !== null && isBlank(content[0]!)) content[0] = emptyParagraph();
        return { type: "listItem", attrs: { checked, spread: !!item.spread }, content };
      }),
    };
  }

  private table(node: Md): Doc {
    const align: (string | null)[] = node.align ?? [];
    const width = align.length || node.children![0]!.children!.length;
    const cell = (source: Md | undefined, column: number, header: boolean): Doc => ({
      type: header ? "tableHeader" : "tableCell",
      attrs: { align: align[column] ?? null },
      content: [{ type: "paragraph", content: source ? this.inline(source.children!, [], true) : [] }],
    });
    return {
      type: "table",
      content: node.children!.map((row, index) => ({
        type: "tableRow",
        content: Array.from({ length: width }, (_, column) => cell(row.children![column], column, index === 0)),
      })),
    };
  }
}

const reference = (node: Md) => ({
  identifier: node.identifier,
  label: node.label,
  referenceType: node.referenceType,
});

/** A checklist item without words is written with an encoded space, because GFM has no other form for it. */
const isBlank = (node: Doc) =>
  node.type === "paragraph" && (node.content ?? []).every((child) => child.type === "text" && !child.text!.trim());

/** Reads Markdown into a document, and remembers the source of each block. */
export function parse(markdown: string): { doc: Doc; source: Source } {
  const newline = /\r\n/.test(markdown) && !/(^|[^\r])\n/.test(markdown) ? "\r\n" : "\n";
  const text = newline === "\r\n" ? markdown.replaceAll("\r\n", "\n") : markdown;
  const tree = parseTree(text);
  const reader = new Reader(text, collectDefinitions(tree));
  const content: Doc[] = [];
  const blocks: Source["blocks"] = [];
  let end = 0;
  for (const node of tree.children!) {
    let start = node.position!.start.offset;
    const line = text.lastIndexOf("\n", start - 1) + 1;
    if (line >= end && /^[ \t]*$/.test(text.slice(line, start))) start = line;
    const made = reader.block(node);
    const stop = node.position!.end.offset;
    blocks.push({ lead: text.slice(end, start), source: text.slice(start, stop), keys: made.map(canonical) });
    content.push(...made);
    end = stop;
  }
  if (!content.length) content.push(emptyParagraph());
  return { doc: { type: "doc", content }, source: { blocks, tail: text.slice(end), newline } };
}
