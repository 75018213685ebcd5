// What is worth a look before readers get a text.
import { parse, type Doc } from "./markdown";
import { checkWords as words } from "./messages";

export interface Finding {
  /** An error stops publishing; a warning does not. */
  weight: "error" | "warning";
  text: string;
}

export interface Checked {
  title: string;
  markdown: string;
  excerpt: string | null;
  feature_image: string | null;
  feature_image_alt: string | null;
}

const textOf = (node: Doc): string =>
  node.text ?? (node.content ?? []).map(textOf).join(node.type === "tableRow" ? " " : "");

function* walk(node: Doc): Generator<Doc> {
  yield node;
  for (const child of node.content ?? []) yield* walk(child);
}

const linksOf = (node: Doc): string[] =>
  [...walk(node)].flatMap(({ marks = [] }) =>
    marks.filter(({ type }) => type === "link").map(({ attrs }) => attrs?.href),
  );

/** "TK" stands for what is still to come; it is no word of any language. */
const TO_COME = /\bTK\b/g;

/** What was found, errors first. */
export function check({ title, markdown, excerpt, feature_image, feature_image_alt }: Checked): Finding[] {
  const { doc } = parse(markdown);
  const nodes = [...walk(doc)];
  const found: Finding[] = [];
  const warn = (text: string) => found.push({ weight: "warning", text });

  if (!title.trim()) found.push({ weight: "error", text: words.noTitle });
  const images = nodes.filter(({ type }) => type === "figure" || type === "inlineImage");
  const silent = images.filter(({ attrs }) => !attrs?.alt?.trim()).length;
  if (silent) warn(words.noAlt(silent));
  if (feature_image && !feature_image_alt?.trim()) warn(words.noFeatureAlt);

  const headings = nodes.filter(({ type }) => type === "heading");
  if (headings.some((heading) => !textOf(heading).trim())) warn(words.emptyHeading);
  // The title is the page's first heading.
  let level = 1;
  for (const heading of headings) {
    const next = Number(heading.attrs?.level);
    if (next > level + 1) {
      warn(words.skipped(textOf(heading), next, level));
      break;
    }
    level = next;
  }
  if (headings.some(({ attrs }) => attrs?.level === 1)) warn(words.secondTitle);
  if (nodes.some((node) => node.type === "tableHeader" && !textOf(node).trim())) warn(words.emptyHeader);
  const links = linksOf(doc);
  if (links.some((href) => !href?.trim() || href === "#")) warn(words.emptyLink);
  const local = links.find((href) => /^https?:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(href ?? ""));
  if (local) warn(words.localLink(local));

  const open = [title, excerpt ?? "", ...doc.content!.map(textOf)].join("\n").match(TO_COME)?.length ?? 0;
  if (open) warn(words.toCome(open));
  return found;
}
