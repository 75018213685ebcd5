// The schema and behaviour of the rich text: every construct of the dialect, and nothing Markdown has no form for.
import { type Extensions } from "@tiptap/core";
import CodeMark from "@tiptap/extension-code";
import Link from "@tiptap/extension-link";
import { Placeholder } from "@tiptap/extensions";
import StarterKit from "@tiptap/starter-kit";
import { MoveBlocks } from "./move";
import { Callout, FootnoteDef, Section } from "./nodes/callout";
import { Code } from "./nodes/code";
import { Figure, InlineImage } from "./nodes/figure";
import { Item, ListAttributes } from "./nodes/list-item";
import { carried } from "./nodes/dom";
import { Embed, FootnoteRef, MathBlock, MathInline, RawBlock, RawInline } from "./nodes/source";
import { tables } from "./nodes/table";
import { PasteAndDrop } from "./paste";
import { Slash, type SlashKeys } from "./slash";

const MarkdownLink = Link.extend({
  inclusive: false,
  addAttributes() {
    return { href: { default: null }, title: { default: null }, ref: carried("ref", null) };
  },
}).configure({ openOnClick: false, autolink: true, defaultProtocol: "https" });

export const extensions = (slash: SlashKeys): Extensions => [
  StarterKit.configure({
    listItem: false,
    codeBlock: false,
    code: false,
    underline: false,
    link: false,
    heading: { levels: [1, 2, 3, 4, 5, 6] },
    dropcursor: { class: "dropcursor", width: 3 },
  }),
  MarkdownLink,
  // Bold code is Markdown, so the code mark excludes no other.
  CodeMark.extend({ excludes: "" }),
  ListAttributes,
  Item,
  Code,
  Figure,
  InlineImage,
  ...tables,
  Callout,
  FootnoteDef,
  Section,
  RawBlock,
  MathBlock,
  Embed,
  MathInline,
  FootnoteRef,
  RawInline,
  Placeholder.configure({ placeholder: "Write, or press “/” for blocks" }),
  PasteAndDrop,
  MoveBlocks,
  Slash(slash),
];
