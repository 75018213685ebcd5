// The draft: what is sent, what comes back, and the copy on this device.
import { expect, it } from "vitest";
import { difference, emptyDraft, followingSlug, forget, keep, kept, patchOf, settle } from "../src/editor/draft";

const memory = () => {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
};

it("sends only what differs, and leaves an empty slug to the server", () => {
  const before = emptyDraft();
  const now = { ...before, title: "Hello", tags: ["a"], slug: "" };
  expect(difference(before, now)).toEqual({ title: "Hello", tags: ["a"] });
  expect(patchOf({ slug: "", title: "Hello" })).toEqual({ title: "Hello" });
});

it("takes the server's slug unless it was changed meanwhile", () => {
  const sent = { ...emptyDraft(), title: "Hello" };
  const answer = { ...sent, slug: "hello-2" };
  expect(settle(sent, sent, answer).slug).toBe("hello-2");
  expect(settle({ ...sent, slug: "mine" }, sent, answer).slug).toBe("mine");
  expect(settle({ ...sent, markdown: "typed on" }, sent, answer).markdown).toBe("typed on");
});

it("lets a draft's slug follow its title until it is chosen or seen", () => {
  const draft = { status: "draft" as const, published_at: null };
  const before = { ...emptyDraft(), title: "Hel", slug: "hel-2" };
  expect(followingSlug(draft, before, { ...before, title: "Hello there" })).toBe("hello-there");
  expect(
    followingSlug(draft, { ...before, title: "", slug: "untitled" }, { ...before, slug: "untitled", title: "A" }),
  ).toBe("a");
  expect(followingSlug(draft, before, { ...before, title: "Hello", slug: "mine" })).toBeNull();
  expect(followingSlug(draft, { ...before, slug: "mine" }, { ...before, slug: "mine", title: "Hello" })).toBeNull();
  expect(
    followingSlug({ status: "published", published_at: "2026-01-01T00:00:00Z" }, before, { ...before, title: "X" }),
  ).toBeNull();
});

it("finds the copy on this device again, and forgets it", () => {
  const store = memory();
  const draft = { ...emptyDraft(), markdown: "words" };
  expect(keep(store, "p1", { version: 3, draft, base: emptyDraft(), at: 1 })).toBe(true);
  expect(kept(store, "p1")).toEqual({ version: 3, draft, base: emptyDraft(), at: 1 });
  expect(kept(store, null)).toBeNull();
  forget(store, "p1");
  expect(kept(store, "p1")).toBeNull();
});

it("ignores a copy that is broken, and says when there is no room", () => {
  const store = memory();
  store.setItem("perennial.draft.p1", "{half");
  expect(kept(store, "p1")).toBeNull();
  const full = {
    ...store,
    setItem: () => {
      throw new Error("quota");
    },
  };
  expect(keep(full, "p1", { version: 1, draft: emptyDraft(), base: emptyDraft(), at: 0 })).toBe(false);
});
