// Addresses, times, events and the other small things that screens rely on.
import { describe, expect, it } from "vitest";
import { backoff, MessageReader } from "../src/api/sse";
import { compareLines } from "../src/editor/history/compare";
import { ago, bytes, countWords, minutesFor, slugify, span } from "../src/lib/format";
import { rank } from "../src/lib/palette";
import { changedQuery, matchRoute, to } from "../src/lib/routes";
import { fromWall, toWall } from "../src/lib/zones";
import { isFiltered, queryFrom } from "../src/screens/posts/query";

describe("addresses", () => {
  it.each([
    ["/admin/", { screen: "posts", kind: "post" }],
    ["/admin/pages/", { screen: "posts", kind: "page" }],
    ["/admin/posts/new", { screen: "editor", kind: "post", id: null }],
    ["/admin/pages/0190", { screen: "editor", kind: "page", id: "0190" }],
    ["/admin/cache", { screen: "cache" }],
    ["/admin/cache/x", { screen: "missing" }],
    ["/admin/posts/1/2", { screen: "missing" }],
    ["/admin/nonsense", { screen: "missing" }],
  ])("%s", (path, route) => expect(matchRoute(path)).toEqual(route));

  it("lead back to the screens they were made for", () => {
    expect(matchRoute(to.edit("page", "x"))).toEqual({ screen: "editor", kind: "page", id: "x" });
    expect(matchRoute(to.create("post"))).toEqual({ screen: "editor", kind: "post", id: null });
  });

  it("hold the filters of the list", () => {
    const search = changedQuery("?q=a%20b&status=draft", { status: null, tag: "news" });
    expect(search).toBe("?q=a+b&tag=news");
    const params = new URLSearchParams(search);
    expect(queryFrom("post", params)).toEqual({ kind: "post", sort: "-updated_at", limit: 50, tag: "news", q: "a b" });
    expect(isFiltered(params)).toBe(true);
    expect(isFiltered(new URLSearchParams("sort=title"))).toBe(false);
    expect(changedQuery("?q=a", { q: "" })).toBe("");
  });
});

describe("server-sent events", () => {
  it("come whole out of any cutting", () => {
    const stream = 'id: 1\nevent: page\ndata: {"a":1}\n\n: keep\n\nid: 2\r\ndata: x\r\ndata: y\r\n\r\n';
    for (let size = 1; size < stream.length; size++) {
      const reader = new MessageReader();
      const got = [];
      for (let at = 0; at < stream.length; at += size) got.push(...reader.feed(stream.slice(at, at + size)));
      expect(got, `pieces of ${size}`).toEqual([
        { id: "1", event: "page", data: '{"a":1}' },
        { id: "2", event: "message", data: "x\ny" },
      ]);
    }
  });

  it("are asked for again soon at first, then every 15 s or so", () => {
    expect(backoff(0)).toBeLessThan(1);
    expect(backoff(50)).toBeLessThanOrEqual(30);
  });
});

describe("times", () => {
  it("are read in the site's zone, also around the change of the clocks", () => {
    expect(fromWall("2026-07-01T09:00", "Europe/Berlin")).toBe("2026-07-01T07:00:00Z");
    expect(fromWall("2026-12-01T09:00", "America/New_York")).toBe("2026-12-01T14:00:00Z");
    expect(fromWall("2026-03-29T03:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00Z");
    expect(fromWall("never", "UTC")).toBeNull();
    expect(toWall("2026-07-01T07:00:00Z", "Europe/Berlin")).toBe("2026-07-01T09:00");
  });

  it("are said as people say them", () => {
    const now = Date.parse("2026-11-25T12:00:00Z");
    expect(ago("2026-11-25T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-11-25T11:57:00Z", now)).toBe("3 minutes ago");
    expect(ago("2026-11-27T12:00:00Z", now)).toBe("in 2 days");
    expect(ago("2025-03-04T12:00:00Z", now)).toBe("Mar 4, 2025");
    expect([span(12), span(250), span(7300), span(200_000)]).toEqual(["12 s", "4 min", "2 h", "2 d"]);
  });
});

it("words and sizes are counted", () => {
  expect(countWords("Don’t stop — it's 3 naïve 日本語.")).toBe(6);
  expect(minutesFor(0)).toBe(1);
  expect(bytes(2100)).toBe("2.1 KB");
});

it("slugs are made from titles", () => {
  expect(slugify("Don’t panic: Café & Crème!")).toBe("dont-panic-cafe-creme");
  expect(slugify("  ---  ")).toBe("");
});

it("the palette puts what begins with the words first", () => {
  const commands = ["Settings", "New post", "Posts"].map((label) => ({ id: label, label, run: () => {} }));
  expect(rank(commands, "po").map((command) => command.label)).toEqual(["Posts", "New post"]);
  expect(rank(commands, "zzz")).toEqual([]);
});

it("two texts are compared line by line", () => {
  expect(compareLines("a\nb\nc", "a\nx\nc")).toEqual([
    { side: "both", text: "a" },
    { side: "theirs", text: "b" },
    { side: "mine", text: "x" },
    { side: "both", text: "c" },
  ]);
});
