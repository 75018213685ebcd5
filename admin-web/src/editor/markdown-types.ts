// The editor's document as plain JSON, its canonical text form, and what is remembered of the original source.

export interface Mark {
  type: string;
  attrs?: Record<string, any>;
}

export interface Doc {
  type: string;
  attrs?: Record<string, any>;
  content?: Doc[];
  text?: string;
  marks?: Mark[];
}

/** One block of the loaded text: the blank space before it, its bytes, and the canonical form of what it became. */
export interface SourceBlock {
  lead: string;
  source: string;
  keys: string[];
}

export interface Source {
  blocks: SourceBlock[];
  tail: string;
  newline: "\n" | "\r\n";
}

const isDefault = (key: string, value: unknown) =>
  value === null ||
  value === undefined ||
  key === "tight" ||
  (key === "content" && Array.isArray(value) && value.length === 0) ||
  ((key === "colspan" || key === "rowspan") && value === 1);

const byType = (a: Mark, b: Mark) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0);

/**
 * Canonical text of a node: keys in order, defaults left out, so that equal text means equal node.
 * Marks are sorted, because which of bold and italic is outside means nothing.
 */
export const canonical = (node: Doc): string =>
  JSON.stringify(node, (name, value) => {
    if (name === "marks" && Array.isArray(value)) return value.toSorted(byType);
    if (!value || typeof value !== "object" || Array.isArray(value)) return value;
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort()) if (!isDefault(key, value[key])) kept[key] = value[key];
    const attrs = kept.attrs as Record<string, unknown> | undefined;
    if (attrs && Object.values(attrs).every((v) => v === null || v === undefined)) delete kept.attrs;
    return kept;
  });
