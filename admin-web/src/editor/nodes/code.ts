// Code blocks with their language and options in one line above.
import CodeBlock from "@tiptap/extension-code-block";
import { carried, element, setAttrs, type View } from "./dom";

const infoOf = (node: View["node"]) => [node.attrs.language, node.attrs.meta].filter(Boolean).join(" ");

export const Code = CodeBlock.extend({
  addAttributes() {
    return { ...this.parent?.(), meta: carried("meta", null) };
  },

  addNodeView() {
    return (view) => {
      const dom = element("div", "code");
      const info = element("input", "info", {
        spellcheck: false,
        placeholder: "Language, such as rust",
        "aria-label": "Language and options of the code",
      });
      const pre = element("pre");
      const code = element("code");
      pre.append(code);
      dom.append(info, pre);
      info.value = infoOf(view.node);
      info.addEventListener("change", () => {
        const [language, ...rest] = info.value.trim().split(/\s+/);
        setAttrs(view as View, { language: language || null, meta: rest.join(" ") || null });
      });
      info.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== "ArrowDown") return;
        event.preventDefault();
        view.editor.commands.focus((view.getPos() ?? 0) + 1);
      });
      return {
        dom,
        contentDOM: code,
        stopEvent: (event: Event) => event.target === info,
        ignoreMutation: (mutation) => !code.contains(mutation.target),
        update: (node) => {
          if (node.type.name !== "codeBlock") return false;
          if (document.activeElement !== info) info.value = infoOf(node);
          return true;
        },
      };
    };
  },
});
