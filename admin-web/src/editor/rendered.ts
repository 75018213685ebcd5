// Blocks as they look in the text, to be looked at and not edited.
import { getSchema } from "@tiptap/core";
import { DOMSerializer, Fragment } from "@tiptap/pm/model";
import { extensions } from "./extensions";
import type { Doc } from "./markdown";

const schema = getSchema(extensions({ isOpen: () => false, press: () => false }));
const serializer = DOMSerializer.fromSchema(schema);

/** Shows the blocks in the element, in place of what it held. */
export function show(host: HTMLElement, nodes: Doc[]): void {
  const blocks = Fragment.from(nodes.map((node) => schema.nodeFromJSON(node)));
  host.replaceChildren(serializer.serializeFragment(blocks));
}
