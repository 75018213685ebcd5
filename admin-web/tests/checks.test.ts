// What is found in a text before readers get it.
import { expect, it } from "vitest";
import { check } from "../src/editor/checks";
import { snippets } from "./fixtures";

const post = { title: "Lamps", markdown: "", excerpt: null, feature_image: null, feature_image_alt: null };
const found = (markdown: string) => check({ ...post, markdown }).map(({ text }) => text);

it.each([
  ["![](/a.png) and ![ ](/b.png)", "2 images have no description"],
  ["![](/a.png)", "An image has no description"],
  ["## Second\n\n#### Fourth\n", "“Fourth” is of level 4, after one of level 2"],
  ["# First\n", "as the title is"],
  ["##\n", "A heading is empty"],
  ["| A | |\n| - | - |\n| 1 | 2 |\n", "a column without a name"],
  ["[here](#) and [there]()", "A link leads nowhere"],
  ["[it](http://localhost:8080/x/)", "your own machine: http://localhost:8080/x/"],
  ["Costs TK euros, TK more.", "2 “TK” still stand"],
])("%s", (markdown, text) => {
  expect(found(markdown)).toHaveLength(1);
  expect(found(markdown)[0]).toContain(text);
});

it("finds nothing in a text that is as it should be", () => {
  const fine = "Words.\n\n## A\n\n### B\n\n## C\n\n![A lamp](/a.png)\n\nTKs and [link](/b/).[^1]\n\n[^1]: Note.\n";
  expect(found(fine)).toEqual([]);
  expect(check({ ...post, feature_image: "/a.png", feature_image_alt: "A lamp" })).toEqual([]);
});

it("stops only what has no title", () => {
  expect(check({ ...post, title: " " })).toEqual([{ weight: "error", text: "It has no title." }]);
  expect(check({ ...post, feature_image: "/a.png" })[0]).toMatchObject({ weight: "warning" });
});

it("looks at everything one can write without stumbling", () => {
  for (const markdown of Object.values(snippets)) expect(Array.isArray(found(markdown))).toBe(true);
});
