// The editor's document to a Markdown syntax tree, and from there to text.
import { printTree, type ListMarkers, type Md } from "./markdown-dialect";
import type { Doc, Mark } from "./markdown-types";

/** Link references that have a definition in the document; others are written with their address. */
export type Defined = (identifier: string) => boolean;
const everything: Defined = () => true;

const inside = (node: Doc): Doc[] => node.content ?? [];
const sameMark = (a: Mark, b: Mark) =>
  a.type === b.type && JSON.stringify(a.attrs ?? null) === JSON.stringify(b.attrs ?? null);

class Writer {
  constructor(private readonly defined: Defined) {}

  private usable(ref: { identifier: string } | null | undefined) {
    return ref && this.defined(ref.identifier) ? ref : null;
  }

  private wrap(mark: Mark, children: Md[]): Md {
    switch (mark.type) {
      case "bold":
        return { type: "strong", children };
      case "strike":
        return { type: "delete", children };
      case "link": {
        const ref = this.usable(mark.attrs?.ref);
        if (ref) return { type: "linkReference", ...ref, children };
        return { type: "link", url: mark.attrs?.href ?? "", title: mark.attrs?.title, children };
      }
      default:
        return { type: "emphasis", children };
    }
  }

  private image(attrs: Record<string, any>): Md {
    const ref = this.usable(attrs.ref);
    if (ref) return { type: "imageReference", ...ref, alt: attrs.alt };
    return { type: "image", url: attrs.src, alt: attrs.alt, title: attrs.title };
  }

  private leaf(node: Doc, inCell: boolean): Md {
    const attrs = node.attrs ?? {};
    switch (node.type) {
      case "text":
        return node.marks?.some((mark) => mark.type === "code")
          ? { type: "inlineCode", value: node.text! }
          : { type: "text", value: node.text! };
      case "hardBreak":
        return inCell ? { type: "html", value: "<br>" } : { type: "break" };
      case "inlineImage":
        return this.image(attrs);
      case "mathInline":
        return { type: "inlineMath", value: attrs.value };
      case "footnoteRef":
        return { type: "footnoteReference", identifier: attrs.label, label: attrs.label };
      default:
        return { type: "html", value: attrs.value ?? "" };
    }
  }

  /** Nests marks so that the one that runs longest is outermost. */
  private inline(nodes: Doc[], open: Mark[] = [], inCell = false): Md[] {
    const out: Md[] = [];
    for (let at = 0; at < nodes.length;) {
      const marks = (nodes[at]!.marks ?? []).filter(
        (mark) => mark.type !== "code" && !open.some((other) => sameMark(other, mark)),
      );
      if (!marks.length) {
        append(out, this.leaf(nodes[at]!, inCell));
        at++;
        continue;
      }
      const runs = marks.map((mark) => ({ mark, length: runLength(nodes, at, mark) }));
      const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
      const children = this.inline(nodes.slice(at, at + longest.length), [...open, longest.mark], inCell);
      at += longest.length;
      if (longest.mark.type === "link") out.push(this.wrap(longest.mark, children));
      else {
        const { before, middle, after } = loosen(children);
        before.forEach((node) => append(out, node));
        if (middle.length) out.push(this.wrap(longest.mark, middle));
        after.forEach((node) => append(out, node));
      }
    }
    return out;
  }

  private paragraphs(node: Doc): Md[] {
    return inside(node).map((child) => this.block(child));
  }

  block(node: Doc): Md {
    const attrs = node.attrs ?? {};
    switch (node.type) {
      case "paragraph":
        return { type: "paragraph", children: this.inline(inside(node)) };
      case "heading":
        return { type: "heading", depth: attrs.level, children: this.inline(inside(node)) };
      case "horizontalRule":
        return { type: "thematicBreak" };
      case "codeBlock": {
        const value = inside(node)
          .map((child) => child.text ?? "")
          .join("");
        return { type: "code", lang: attrs.language, meta: attrs.language ? attrs.meta : null, value };
      }
      case "figure":
        return { type: "paragraph", children: [this.image(attrs)] };
      case "blockquote":
        return { type: "blockquote", children: this.paragraphs(node) };
      case "callout":
        return this.callout(node);
      case "bulletList":
      case "orderedList":
        return this.list(node);
      case "table":
        return this.table(node);
      case "mathBlock":
        return { type: "math", value: attrs.value };
      case "footnoteDef":
        return {
          type: "footnoteDefinition",
          identifier: attrs.label,
          label: attrs.label,
          children: this.paragraphs(node),
        };
      case "embed":
        return {
          type: "leafDirective",
          name: attrs.name,
          attributes: attrs.attributes,
          children: attrs.label ? [{ type: "html", value: attrs.label }] : [],
        };
      case "section":
        return {
          type: "containerDirective",
          name: attrs.name,
          attributes: attrs.attributes,
          children: this.paragraphs(node),
        };
      default:
        return { type: "raw", value: attrs.value ?? "" };
    }
  }

  private callout(node: Doc): Md {
    const [first, ...rest] = inside(node);
    const head: Md = { type: "html", value: `[!${String(node.attrs?.kind ?? "note").toUpperCase()}]` };
    const opens = first?.type === "paragraph";
    const words = opens ? this.inline(inside(first)) : [];
    const opening = words.length ? [head, { type: "html", value: "\n" }, ...words] : [head];
    const others = (opens ? rest : inside(node)).map((child) => this.block(child));
    return { type: "blockquote", children: [{ type: "paragraph", children: opening }, ...others] };
  }

  private list(node: Doc): Md {
    return {
      type: "list",
      ordered: node.type === "orderedList",
      start: node.attrs?.start ?? 1,
      spread: !!node.attrs?.spread,
      children: inside(node).map((item) => {
        const checked = item.attrs?.checked ?? null;
        const blocks = this.paragraphs(item);
        const empty = blocks[0]?.type === "paragraph" && !blocks[0].children!.length;
        if (checked !== null && empty) blocks[0]!.children = [{ type: "html", value: "&#x20;" }];
        else if (empty && blocks.length > 1) blocks.shift();
        return { type: "listItem", checked, spread: !!item.attrs?.spread, children: blocks };
      }),
    };
  }

  private table(node: Doc): Md {
    const rows = inside(node);
    const cell = (source: Doc): Md => {
      const children = inside(source).flatMap((paragraph, index) => [
        ...(index ? [{ type: "html", value: "<br>" }] : []),
        ...this.inline(inside(paragraph), [], true),
      ]);
      return { type: "tableCell", children };
    };
    return {
      type: "table",
      align: rows[0] ? inside(rows[0]).map((head) => head.attrs?.align ?? null) : [],
      children: rows.map((row) => ({ type: "tableRow", children: inside(row).map(cell) })),
    };
  }
}

const append = (out: Md[], node: Md) => {
  const last = out.at(-1);
  if (node.type === "text" && last?.type === "text") last.value += node.value!;
  else out.push(node);
};

const runLength = (nodes: Doc[], from: number, mark: Mark): number => {
  let end = from;
  while (end < nodes.length && nodes[end]!.marks?.some((other) => sameMark(other, mark))) end++;
  return end - from;
};

/** Moves spaces and breaks at the edges of a mark out of it: they may not touch the delimiters. */
function loosen(children: Md[]): { before: Md[]; middle: Md[]; after: Md[] } {
  const middle = [...children];
  const before: Md[] = [];
  const after: Md[] = [];
  const take = (edge: "first" | "last"): boolean => {
    const node = edge === "first" ? middle[0] : middle.at(-1);
    const side = edge === "first" ? before : after;
    if (!node) return false;
    if (node.type === "break") {
      edge === "first" ? side.push(middle.shift()!) : side.unshift(middle.pop()!);
      return true;
    }
    if (node.type !== "text") return false;
    const space = (edge === "first" ? /^\s+/ : /\s+$/).exec(node.value!)?.[0];
    if (space) {
      node.value = edge === "first" ? node.value!.slice(space.length) : node.value!.slice(0, -space.length);
      const moved = { type: "text", value: space };
      edge === "first" ? side.push(moved) : side.unshift(moved);
    }
    if (node.value) return false;
    edge === "first" ? middle.shift() : middle.pop();
    return true;
  };
  while (take("first"));
  while (take("last"));
  return { before, middle, after };
}

/** Writes the whole document anew. */
export function print(doc: Doc, defined: Defined = everything, markers?: ListMarkers): string {
  const writer = new Writer(defined);
  const blocks = inside(doc).filter((block) => block.type !== "paragraph" || inside(block).length);
  return blocks.length
    ? printTree({ type: "root", children: blocks.map((block) => writer.block(block)) }, markers)
    : "";
}
