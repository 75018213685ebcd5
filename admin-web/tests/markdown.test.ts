// The bridge keeps what it was given: bytes of untouched blocks, meaning of rewritten ones.
import { describe, expect, it } from "vitest";
import { parse, save, saveChecked, serialize, type Doc } from "../src/editor/markdown";
import { blocksOf } from "../src/editor/markdown-save";
import { keys, meaning, snippets } from "./fixtures";

const paragraph = (text: string): Doc => ({ type: "paragraph", content: [{ type: "text", text }] });

describe.each(Object.entries(snippets))("%s", (_, markdown) => {
  it("is saved byte for byte when nothing was touched", () => {
    const { doc, source } = parse(markdown);
    expect(save(doc, source)).toBe(markdown);
  });

  it("means the same when every block is written anew", () => {
    expect(meaning(serialize(parse(markdown).doc))).toBe(meaning(markdown));
  });

  it("settles after one writing", () => {
    const once = serialize(parse(markdown).doc);
    expect(serialize(parse(once).doc)).toBe(once);
  });

  it("stays as it is when the block before it is edited", () => {
    const { doc, source } = parse(`Intro.\n\n${markdown}\n\nOutro.\n`);
    doc.content![0] = paragraph("Changed.");
    expect(save(doc, source)).toBe(`Changed.\n\n${markdown}\n\nOutro.\n`);
  });

  it("is saved byte for byte with Windows line endings", () => {
    const windows = markdown.replaceAll("\n", "\r\n");
    const { doc, source } = parse(windows);
    expect(save(doc, source)).toBe(windows);
  });

  it("does not need the whole text rewritten after an edit", () => {
    const { doc, source } = parse(`${markdown}\n\nOutro.\n`);
    doc.content!.push(paragraph("More."));
    expect(saveChecked(blocksOf(doc), source).whole).toBe(false);
  });
});

describe("edges", () => {
  it("is not disturbed by the empty paragraph that an editor adds at the end, nor by the order of marks", () => {
    for (const markdown of Object.values(snippets)) {
      const { doc, source } = parse(markdown);
      doc.content!.push({ type: "paragraph" });
      const turned: Doc = JSON.parse(JSON.stringify(doc), (name, value) =>
        name === "marks" ? value.toReversed() : value,
      );
      expect(saveChecked(blocksOf(turned), source)).toEqual({ markdown, whole: false });
    }
  });

  const edit = (markdown: string, change: (content: Doc[]) => Doc[]) => {
    const { doc, source } = parse(markdown);
    return save({ type: "doc", content: change(doc.content!) }, source);
  };

  it("saves an empty document as nothing", () => {
    expect(edit("", (content) => content)).toBe("");
    expect(edit("Gone.\n", () => [{ type: "paragraph" }])).toBe("");
  });

  it("keeps a link when the definition it used is deleted", () => {
    const saved = edit('See [the guide][g].\n\n[g]: https://example.com "Guide"\n', ([first]) => [first!]);
    expect(saved).toBe('See [the guide](https://example.com "Guide").\n');
  });

  it("keeps two lists apart when the block between them is deleted", () => {
    const saved = edit("- a\n\nBetween\n\n- b\n", ([a, , b]) => [a!, b!]);
    expect(keys(parse(saved).doc)).toHaveLength(2);
    const ordered = edit("1. a\n\nBetween\n\n1. b\n", ([a, , b]) => [a!, b!]);
    expect(keys(parse(ordered).doc)).toHaveLength(2);
  });

  it("keeps an indented block out of the list that came to stand before it", () => {
    const saved = edit("- a\n\nBetween\n\n    code\n", ([a, , code]) => [a!, code!]);
    expect(parse(saved).doc.content!.map((node) => node.type)).toEqual(["bulletList", "codeBlock"]);
  });

  it("takes what stands after indented code for what it is anywhere else", () => {
    const types = (markdown: string) => parse(markdown).doc.content!.map((node) => node.type);
    expect(types("    code\n\n7. seven\n\n8. eight\n")).toEqual(["codeBlock", "orderedList"]);
    expect(types("    code\n-\n- b\n")).toEqual(["codeBlock", "bulletList"]);
    expect(types("words\n7. go on\n")).toEqual(["paragraph"]);
    const saved = edit("    code\n\n7. seven\n\nLast.\n", ([code, list]) => [code!, list!, paragraph("Replaced")]);
    expect(saved).toBe("    code\n\n7. seven\n\nReplaced\n");
  });

  it("keeps a checklist item that has no words yet", () => {
    const saved = edit("- [ ] a\n", ([list]) => {
      const item = { type: "listItem", attrs: { checked: true, spread: false }, content: [{ type: "paragraph" }] };
      return [{ ...list!, content: [...list!.content!, item] }];
    });
    expect(parse(saved).doc.content![0]!.content![1]!.attrs!.checked).toBe(true);
    expect(serialize(parse(saved).doc)).toBe(saved);
  });

  it("keeps the link around an image and the bold around a formula when the block is written anew", () => {
    const saved = edit("[![Cat](/cat.png)](https://example.com) and **a $x$ b**\n", ([first]) => [
      { ...first!, content: [...first!.content!, { type: "text", text: " more" }] },
    ]);
    expect(saved).toBe("[![Cat](/cat.png)](https://example.com) and **a $x$ b** more\n");
  });

  it("does not add the quote's marker to HTML inside a quote each time it is written", () => {
    const markdown = "> <div>\n> words\n> </div>\n";
    expect(serialize(parse(markdown).doc)).toBe(markdown);
  });

  it("writes an edited block with the line endings of the document", () => {
    const saved = edit("One\r\n\r\n```\r\na\r\nb\r\n```\r\n", ([, code]) => [paragraph("Two"), code!]);
    expect(saved).toBe("Two\r\n\r\n```\r\na\r\nb\r\n```\r\n");
  });
});
