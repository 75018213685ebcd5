// One kind of list item with an optional checkbox, so that mixed lists stay one list.
import { Extension, InputRule } from "@tiptap/core";
import { ListItem } from "@tiptap/extension-list";
import { allCarried, carried, element, setAttrs, type View } from "./dom";

export const Item = ListItem.extend({
  addAttributes: allCarried({ checked: null, spread: false }),

  addNodeView() {
    return (view) => {
      const dom = element("li");
      const box = element("input", "task", { type: "checkbox" });
      const body = element("div", "li-body");
      box.contentEditable = "false";
      dom.append(box, body);
      const paint = (node: View["node"]) => {
        const { checked } = node.attrs;
        box.hidden = checked === null;
        box.checked = checked === true;
        box.setAttribute("aria-label", `Done: ${node.firstChild?.textContent || "empty item"}`);
        dom.toggleAttribute("data-task", checked !== null);
      };
      paint(view.node);
      box.addEventListener("change", () => setAttrs(view as View, { checked: box.checked }));
      return {
        dom,
        contentDOM: body,
        stopEvent: (event: Event) => event.target === box,
        ignoreMutation: (mutation) => !body.contains(mutation.target),
        update: (node) => node.type.name === "listItem" && (paint(node), true),
      };
    };
  },

  addInputRules() {
    return [
      // "[ ] " or "[x] " at the start of an item makes it a checklist item.
      new InputRule({
        find: /^\[([ xX])?\]\s$/,
        handler: ({ state, range, match }) => {
          const from = state.doc.resolve(range.from);
          for (let depth = from.depth; depth > 0; depth--)
            if (from.node(depth).type.name === "listItem") {
              state.tr
                .delete(range.from, range.to)
                .setNodeAttribute(from.before(depth), "checked", /x/i.test(match[1] ?? ""));
              return;
            }
        },
      }),
    ];
  },
});

/** Whether blank lines stand between the items of a list. */
export const ListAttributes = Extension.create({
  name: "listAttributes",
  addGlobalAttributes() {
    return [{ types: ["bulletList", "orderedList"], attributes: { spread: carried("spread", false) } }];
  },
});
