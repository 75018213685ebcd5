// The live editor document and its Markdown: what was loaded, and what is saved from it.
import type { Editor } from "@tiptap/core";
import type { Node as ProseNode } from "@tiptap/pm/model";
import { canonical, parse, saveChecked, type Block, type Doc, type Source } from "./markdown";

// Nodes never change, so the canonical form of a block that was not touched is made once.
const forms = new WeakMap<ProseNode, Block>();

const blockOf = (node: ProseNode): Block => {
  let form = forms.get(node);
  if (!form) {
    const json = settled(node.toJSON() as Doc);
    form = { type: node.type.name, key: canonical(json), node: () => json };
    forms.set(node, form);
  }
  return form;
};

/** Without images that are still on their way: their address means nothing outside of this window. */
const settled = (node: Doc): Doc =>
  node.content ? { ...node, content: node.content.filter((child) => !child.attrs?.uploading).map(settled) } : node;

const blocksOf = (doc: ProseNode): Block[] => {
  const blocks: Block[] = [];
  doc.forEach((child) => {
    if (!child.attrs.uploading) blocks.push(blockOf(child));
  });
  return blocks;
};

export class MarkdownDocument {
  #source: Source = parse("").source;

  constructor(private readonly editor: Editor) {}

  /** Shows the text. Defaults that the schema adds do not count as changes. */
  load(markdown: string): void {
    const { doc, source } = parse(markdown);
    this.editor.chain().setContent(doc, { emitUpdate: false }).setMeta("addToHistory", false).run();
    const keys = blocksOf(this.editor.state.doc).map((block) => block.key);
    let at = 0;
    for (const block of source.blocks) block.keys = block.keys.map(() => keys[at++]!);
    this.#source = source;
  }

  text(): string {
    const saved = saveChecked(blocksOf(this.editor.state.doc), this.#source);
    if (saved.whole) console.warn("Kept and rewritten blocks did not agree; the whole text was written anew.");
    return saved.markdown;
  }

  words(): string {
    const { doc } = this.editor.state;
    return doc.textBetween(0, doc.content.size, "\n", " ");
  }
}
