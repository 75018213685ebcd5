// The plan and the receipt of a publish.
import { expect, it } from "vitest";
import type { Receipt } from "../src/api/types";
import { advance, begin } from "../src/editor/receipt";
import { byReason } from "../src/lib/impact";

const receipt = (affected: number, states: string[], fresh = 0): Receipt =>
  ({
    revision: 7,
    affected,
    fresh,
    ms: 12,
    pages: states.map((state, index) => ({ path: `/${index}/`, state, reason: "lists posts" })),
  }) as Receipt;
const event = (path: string, state: string, revision = 7, ms: number | null = 3) =>
  ({ path, state, revision, ms, reason: "feed" }) as Parameters<typeof advance>[1];

it("groups pages by reason in the order of the plan", () => {
  const page = (path: string, reason: string) => ({ path, reason, effect: "changes" as const });
  const groups = byReason({
    revision: 1,
    total: 3,
    pages: [page("/a/", "this post"), page("/", "lists posts"), page("/p/2/", "lists posts")],
  });
  expect(groups.map((group) => [group.reason, group.pages.length])).toEqual([
    ["this post", 1],
    ["lists posts", 2],
  ]);
});

it("is finished at once when the answer says so", () => {
  expect(begin(receipt(2, ["fresh", "removed"], 2))).toMatchObject({ done: 2, finished: true, ms: 12 });
});

it("fills in as pages turn fresh, with their time", () => {
  let progress = begin(receipt(2, ["fresh", "expired"], 1));
  expect(progress.finished).toBe(false);
  progress = advance(progress, event("/1/", "rendering", 7, null), 20);
  expect(progress.done).toBe(1);
  progress = advance(progress, event("/1/", "fresh"), 40);
  expect(progress).toMatchObject({ done: 2, finished: true, ms: 40 });
  expect(progress.lines[1]).toMatchObject({ ms: 3, reason: "lists posts" });
});

it("counts failures, and a page that comes good after all", () => {
  let progress = advance(begin(receipt(1, ["expired"])), event("/0/", "failed"), 30);
  expect(progress).toMatchObject({ failed: 1, done: 0, finished: true });
  progress = advance(progress, event("/0/", "fresh"), 900);
  expect(progress).toMatchObject({ failed: 0, done: 1, finished: true });
});

it("leaves out other changes: older ones, later ones, and pages of neither", () => {
  const progress = begin(receipt(1, ["fresh"], 1));
  expect(advance(progress, event("/0/", "expired", 6), 50)).toBe(progress);
  expect(advance(progress, event("/0/", "expired", 8), 50)).toBe(progress);
  expect(advance(progress, event("/other/", "fresh"), 50)).toBe(progress);
});

it("takes in pages beyond those that the answer lists", () => {
  const progress = advance(begin(receipt(3, ["fresh"], 2)), event("/far/", "fresh"), 50);
  expect(progress.lines).toHaveLength(2);
  expect(advance(progress, event("/further/", "fresh"), 60)).toMatchObject({ done: 3, finished: true });
});
