// Views of the list that somebody gave a name, kept on this device.
import type { Kind } from "../../api/types";

export interface View {
  name: string;
  /** The query of the address, beginning with `?`. */
  search: string;
}

const key = (kind: Kind) => `perennial.views.${kind}`;

const isView = (value: unknown): value is View =>
  typeof (value as View)?.name === "string" && typeof (value as View)?.search === "string";

export function viewsOf(store: Pick<Storage, "getItem">, kind: Kind): View[] {
  try {
    const stored: unknown = JSON.parse(store.getItem(key(kind)) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isView) : [];
  } catch {
    return [];
  }
}

/** Keeps the views; false when the device has no room for them. */
export function keepViews(store: Pick<Storage, "setItem">, kind: Kind, views: View[]): boolean {
  try {
    store.setItem(key(kind), JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}
