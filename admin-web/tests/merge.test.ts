// Texts that two people changed at the same time.
import { describe, expect, it } from "vitest";
import { merge } from "../src/editor/merge";
import { snippets } from "./fixtures";

const BASE = "One.\n\nTwo.\n\nThree.\n";

describe("what does not touch goes together", () => {
  it.each([
    ["different blocks", "One!\n\nTwo.\n\nThree.\n", "One.\n\nTwo.\n\nThree?\n", "One!\n\nTwo.\n\nThree?\n"],
    [
      "a new block and a changed one",
      "New.\n\nOne.\n\nTwo.\n\nThree.\n",
      "One.\n\nTwo!\n\nThree.\n",
      "New.\n\nOne.\n\nTwo!\n\nThree.\n",
    ],
    ["a deleted block and one at the end", "One.\n\nThree.\n", `${BASE}\nFour.\n`, "One.\n\nThree.\n\nFour.\n"],
    [
      "blocks beside each other",
      "One.\n\nTwo!\n\nThree.\n",
      "One, two.\n\nNew.\n\nTwo.\n\nThree.\n",
      "One, two.\n\nNew.\n\nTwo!\n\nThree.\n",
    ],
    [
      "the same change of both, and another",
      "One.\n\nTwo!\n\nThree.\n",
      "One.\n\nTwo!\n\nThree?\n",
      "One.\n\nTwo!\n\nThree?\n",
    ],
    ["the same change of both", "One.\n\nTwo!\n\nThree.\n", "One.\n\nTwo!\n\nThree.\n", "One.\n\nTwo!\n\nThree.\n"],
    ["only mine", "One.\n", BASE, "One.\n"],
    ["only theirs", BASE, "One.\n\nThree.\n", "One.\n\nThree.\n"],
  ])("%s", (_, mine, theirs, both) => {
    expect(merge(BASE, mine, theirs)).toBe(both);
    expect(merge(BASE, theirs, mine)).toBe(both);
  });

  it("keeps the line endings of the text", () => {
    const windows = (text: string) => text.replaceAll("\n", "\r\n");
    const [mine, theirs] = ["One!\n\nTwo.\n\nThree.\n", "One.\n\nTwo.\n\nThree?\n"];
    expect(merge(windows(BASE), windows(mine), windows(theirs))).toBe(windows("One!\n\nTwo.\n\nThree?\n"));
  });

  it("keeps every byte of what nobody changed", () => {
    for (const [name, snippet] of Object.entries(snippets)) {
      const text = (first: string, last: string) => `${first}\n\n${snippet}\n\n${last}\n`;
      expect(merge(text("A.", "B."), text("A!", "B."), text("A.", "B?")), name).toBe(text("A!", "B?"));
    }
  });
});

describe("a person is asked", () => {
  it.each([
    ["when both changed the same block", "One.\n\nMine.\n\nThree.\n", "One.\n\nTheirs.\n\nThree.\n"],
    ["when one changed what the other deleted", "One.\n\nThree.\n", "One.\n\nTwo!\n\nThree.\n"],
    ["when both wrote something at the same place", `${BASE}\nMine.\n`, `${BASE}\nTheirs.\n`],
  ])("%s", (_, mine, theirs) => expect(merge(BASE, mine, theirs)).toBeNull());

  it("when two lists would grow together", () => {
    const base = "- a\n\nBetween.\n\n1. b\n";
    expect(merge(base, "- a\n\n1. b\n", "- a\n\nBetween.\n\n- b\n")).toBeNull();
  });
});
