// Where two versions of a post do not fit together, and what is made of a choice.
import { expect, it } from "vitest";
import { conflictOf, isContested, together } from "../src/editor/conflict";
import { emptyDraft } from "../src/editor/draft";

const draft = (markdown: string, rest = {}) => ({ ...emptyDraft(), markdown, ...rest });
const BASE = draft("One.\n\nTwo.\n\nThree.\n", { title: "Old", excerpt: "Old" });

it("finds nothing to ask where only one side changed something, or both the same", () => {
  const mine = { ...BASE, title: "New", excerpt: "Same" };
  const theirs = { ...BASE, excerpt: "Same", markdown: "One!\n" };
  expect(conflictOf(BASE, mine, theirs)).toBeNull();
  expect(together(BASE, mine, theirs)).toEqual({ ...BASE, title: "New", excerpt: "Same", markdown: "One!\n" });
});

it("asks for the fields that both changed, and takes the other fields of both", () => {
  const mine = { ...BASE, title: "Mine", slug: "mine" };
  const theirs = { ...BASE, title: "Theirs", excerpt: "Theirs" };
  expect(conflictOf(BASE, mine, theirs)).toEqual({ fields: ["title"], text: null });
  expect(together(BASE, mine, theirs)).toEqual({ ...mine, excerpt: "Theirs" });
  expect(together(BASE, mine, theirs, { fields: { title: "theirs" }, text: [] }).title).toBe("Theirs");
});

it("asks for each place of the text, and keeps what only one side changed", () => {
  const mine = { ...BASE, markdown: "One, mine.\n\nTwo.\n\nThree, mine.\n\nMore of mine.\n" };
  const theirs = { ...BASE, markdown: "One, theirs.\n\nTwo, theirs.\n\nThree, theirs.\n" };
  const { text } = conflictOf(BASE, mine, theirs)!;
  const contested = text!.flatMap((part, at) => (isContested(part) ? [at] : []));
  expect(contested).toHaveLength(2);
  expect(together(BASE, mine, theirs).markdown).toBe("One, mine.\n\nTwo, theirs.\n\nThree, mine.\n\nMore of mine.\n");
  const picks = { fields: {}, text: text!.map((_, at) => (at === contested[0] ? ("theirs" as const) : undefined)) };
  expect(together(BASE, mine, theirs, picks).markdown).toBe(
    "One, theirs.\n\nTwo, theirs.\n\nThree, mine.\n\nMore of mine.\n",
  );
});

it("lets the whole be chosen where the two would grow together into something that nobody wrote", () => {
  const base = draft("- a\n\nBetween.\n\n1. b\n");
  const mine = draft("- a\n\n1. b\n");
  const theirs = draft("- a\n\nBetween.\n\n- b\n");
  const { text } = conflictOf(base, mine, theirs)!;
  expect(text).toHaveLength(1);
  expect(together(base, mine, theirs, { fields: {}, text: ["theirs"] }).markdown).toBe(theirs.markdown);
});
