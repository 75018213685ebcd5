// What the `/` menu offers, and the plugin that tells when it is open and on which words.
import { Extension, type ChainedCommands, type Editor } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import type { IconName } from "../ui/icons";

export interface SlashItem {
  id: string;
  label: string;
  hint: string;
  words: string;
  icon: IconName;
  run: (chain: ChainedCommands) => ChainedCommands;
}

const insert = (type: string, attrs: Record<string, unknown>, content?: object[]) => (chain: ChainedCommands) =>
  chain.insertContent({ type, attrs, ...(content ? { content } : {}) });

export const SLASH_ITEMS: SlashItem[] = [
  {
    id: "h2",
    label: "Heading",
    hint: "##",
    words: "heading title section h2",
    icon: "heading",
    run: (c) => c.setNode("heading", { level: 2 }),
  },
  {
    id: "h3",
    label: "Subheading",
    hint: "###",
    words: "heading h3 sub",
    icon: "heading",
    run: (c) => c.setNode("heading", { level: 3 }),
  },
  {
    id: "bullets",
    label: "Bulleted list",
    hint: "-",
    words: "list bullet ul",
    icon: "bullets",
    run: (c) => c.toggleBulletList(),
  },
  {
    id: "numbers",
    label: "Numbered list",
    hint: "1.",
    words: "list ordered ol",
    icon: "numbers",
    run: (c) => c.toggleOrderedList(),
  },
  {
    id: "tasks",
    label: "Checklist",
    hint: "- [ ]",
    words: "task todo check list",
    icon: "tasks",
    run: (c) => c.toggleBulletList().updateAttributes("listItem", { checked: false }),
  },
  { id: "image", label: "Image", hint: "upload", words: "photo picture figure media", icon: "image", run: (c) => c },
  {
    id: "table",
    label: "Table",
    hint: "3 × 3",
    words: "grid",
    icon: "table",
    run: (c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  },
  {
    id: "code",
    label: "Code block",
    hint: "```",
    words: "snippet pre",
    icon: "code",
    run: (c) => c.setNode("codeBlock", { language: null, meta: null }),
  },
  {
    id: "callout",
    label: "Callout",
    hint: "> [!NOTE]",
    words: "note tip warning important caution admonition alert",
    icon: "callout",
    run: insert("callout", { kind: "note" }, [{ type: "paragraph" }]),
  },
  { id: "quote", label: "Quote", hint: ">", words: "blockquote", icon: "quote", run: (c) => c.toggleBlockquote() },
  {
    id: "divider",
    label: "Divider",
    hint: "---",
    words: "rule line hr",
    icon: "more",
    run: (c) => c.setHorizontalRule(),
  },
  {
    id: "math",
    label: "Formula",
    hint: "$$",
    words: "math latex equation",
    icon: "code",
    run: insert("mathBlock", { value: "a^2 + b^2 = c^2" }),
  },
  {
    id: "html",
    label: "HTML",
    hint: "<div>",
    words: "raw source embed",
    icon: "code",
    run: insert("rawBlock", { value: "<div></div>" }),
  },
];

export const matchItems = (query: string): SlashItem[] => {
  const text = query.toLowerCase();
  return SLASH_ITEMS.filter(
    (item) =>
      !text || item.label.toLowerCase().includes(text) || item.words.split(" ").some((word) => word.startsWith(text)),
  );
};

export interface Trigger {
  from: number;
  to: number;
  query: string;
}

/** The `/words` before the caret, when they may open the menu. */
export function triggerAt(editor: Editor): Trigger | null {
  const { selection } = editor.state;
  const { $from } = selection;
  if (!selection.empty || !$from.parent.isTextblock || $from.parent.type.spec.code || editor.isActive("code"))
    return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
  const found = /(?:^|\s)\/([\p{L}\d]*)$/u.exec(before);
  if (!found) return null;
  const length = found[1]!.length + 1;
  return { from: $from.pos - length, to: $from.pos, query: found[1]! };
}

export interface SlashKeys {
  isOpen: () => boolean;
  /** True when the key was used by the menu. */
  press: (key: string) => boolean;
}

export const Slash = (keys: SlashKeys) =>
  Extension.create({
    name: "slash",
    priority: 1000,
    addProseMirrorPlugins() {
      return [
        new Plugin({
          props: {
            handleKeyDown: (_, event) => keys.isOpen() && !event.isComposing && keys.press(event.key),
          },
        }),
      ];
    },
  });
