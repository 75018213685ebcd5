// What comes in by paste and drop: images are uploaded, Markdown becomes blocks.
import { Extension, type Editor } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { parse } from "./markdown";
import { imagesIn, uploads } from "./uploads";

const MARKDOWN = /(^|\n)(#{1,6} |[-*+] |\d+\. |> |```|\|.+\|)|\*\*[^*\n]+\*\*|\[[^\]\n]+\]\([^)\n]+\)/;

const insertImages = (editor: Editor, files: File[], at: number | null): boolean => {
  files.forEach((file) => uploads.insert(editor, file, at));
  return files.length > 0;
};

/** Rich text from an editor of code carries its source as plain text, which says more. */
const isMarkdown = (html: string, text: string) => (!html || /vscode|data-md/.test(html)) && MARKDOWN.test(text);

export const PasteAndDrop = Extension.create({
  name: "pasteAndDrop",
  addProseMirrorPlugins() {
    const editor = this.editor;
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => {
            if (insertImages(editor, imagesIn(event.clipboardData?.files), null)) return true;
            const text = event.clipboardData?.getData("text/plain") ?? "";
            const html = event.clipboardData?.getData("text/html") ?? "";
            if (view.state.selection.$from.parent.type.spec.code || !isMarkdown(html, text)) return false;
            const content = parse(text).doc.content!;
            const only = content.length === 1 && content[0]!.type === "paragraph" ? content[0]!.content! : content;
            return editor.chain().focus().insertContent(only).run();
          },
          handleDrop: (view, event) => {
            const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
            return insertImages(editor, imagesIn(event.dataTransfer?.files), place?.pos ?? null);
          },
        },
      }),
    ];
  },
});
