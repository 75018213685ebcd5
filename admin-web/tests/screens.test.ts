// What the screens around the editor decide without a browser.
import { describe, expect, it } from "vitest";
import type { AuditLine, Impact, PostSummary } from "../src/api/types";
import { may, ROLES } from "../src/lib/permits";
import { placesFor } from "../src/lib/places";
import { browserName } from "../src/screens/account/browser";
import { byDay } from "../src/screens/audit/days";
import { sentence } from "../src/screens/audit/messages";
import { suggestPassword } from "../src/screens/people/password";
import { combined } from "../src/screens/posts/bulk";
import { highlight } from "../src/screens/posts/query";
import { concerns } from "../src/screens/posts/verbs";
import { keepViews, viewsOf } from "../src/screens/posts/views";

const impact = (total: number, pages: [path: string, effect: Impact["pages"][number]["effect"]][]): Impact => ({
  revision: total,
  total,
  pages: pages.map(([path, effect]) => ({ path, effect, reason: "lists posts" })),
});

it("the impacts of several posts name each page once, also those beyond the listed ones", () => {
  const both = combined([
    impact(2, [
      ["/", "changes"],
      ["/a/", "new"],
    ]),
    impact(5, [
      ["/", "changes"],
      ["/a/", "changes"],
      ["/b/", "removed"],
    ]),
  ]);
  expect(both.pages.map(({ path, effect }) => [path, effect])).toEqual([
    ["/", "changes"],
    ["/a/", "new"],
    ["/b/", "removed"],
  ]);
  expect(both.total).toBe(5);
  expect(combined([])).toEqual({ revision: 0, total: 0, pages: [] });
});

it("a verb concerns the posts that it would change", () => {
  const post = (status: string, has_changes = false) => ({ status, has_changes }) as PostSummary;
  expect(concerns("publish", post("published"))).toBe(false);
  expect(concerns("publish", post("published", true))).toBe(true);
  expect(concerns("publish", post("trashed"))).toBe(false);
  expect(concerns("unpublish", post("scheduled"))).toBe(true);
  expect(concerns("trash", post("trashed"))).toBe(false);
  expect(concerns("restore", post("trashed"))).toBe(true);
});

it("found words are marked wherever they stand, whatever signs they have", () => {
  const marked = (text: string, q: string) =>
    highlight(text, q)
      .map((piece) => (piece.found ? `[${piece.text}]` : piece.text))
      .join("");
  expect(marked("C++ and Plums", "plum c++")).toBe("[C++] and [Plum]s");
  expect(marked("Nothing", " ")).toBe("Nothing");
});

describe("saved views", () => {
  it("are read as they were kept, and what is no view is left out", () => {
    const values = new Map<string, string>();
    const store = {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    };
    expect(keepViews(store, "post", [{ name: "Fruit", search: "?tag=fruit" }])).toBe(true);
    expect(viewsOf(store, "post")).toEqual([{ name: "Fruit", search: "?tag=fruit" }]);
    expect(viewsOf(store, "page")).toEqual([]);
    values.set("perennial.views.post", '[{"name":1},null,{"name":"A","search":"?q=a"}]');
    expect(viewsOf(store, "post")).toEqual([{ name: "A", search: "?q=a" }]);
    values.set("perennial.views.post", "{");
    expect(viewsOf(store, "post")).toEqual([]);
  });

  it("say when the device has no room", () => {
    const full = {
      setItem: () => {
        throw new Error("full");
      },
    };
    expect(keepViews(full, "post", [])).toBe(false);
  });
});

it("each role may what the one below may, and is offered no screen that would refuse it", () => {
  expect(ROLES.filter((role) => may(role, "owners"))).toEqual(["owner"]);
  expect(ROLES.filter((role) => may(role, "upload"))).toEqual(["author", "editor", "administrator", "owner"]);
  const labels = (role: (typeof ROLES)[number]) => placesFor(role).flatMap(([, places]) => places.map((p) => p.label));
  expect(labels("contributor")).toEqual(["Posts", "Pages", "Media", "Your account"]);
  expect(labels("editor")).not.toContain("People");
  expect(labels("administrator")).toEqual(labels("owner"));
});

it("a suggested password is long, easy to read, and never the same", () => {
  const some = Array.from({ length: 50 }, suggestPassword);
  expect(some.every((password) => /^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/.test(password))).toBe(true);
  expect(new Set(some).size).toBe(50);
});

describe("the audit log", () => {
  const line = (at: string, part: Partial<AuditLine> = {}): AuditLine =>
    ({
      id: at,
      at,
      actor: "system",
      action: "publish",
      entity: "post",
      entity_id: "x",
      detail: {},
      ...part,
    }) as AuditLine;

  it("is told by the days of the site", () => {
    const days = byDay(
      [line("2026-11-26T01:00:00Z"), line("2026-11-25T23:30:00Z"), line("2026-11-25T10:00:00Z")],
      "Europe/Berlin",
    );
    expect(days.map(({ day, lines }) => [day, lines.length])).toEqual([
      ["Thursday, November 26, 2026", 2],
      ["Wednesday, November 25, 2026", 1],
    ]);
  });

  it("is told in sentences, also what is new to it", () => {
    const told = (part: object) => sentence(line("2026-11-25T10:00:00Z", part), "UTC");
    expect(told({ detail: { title: "Lamps", version: 3 } })).toBe("published “Lamps”");
    expect(told({ action: "put", entity: "redirect", entity_id: "/a/", detail: { to: "/b/" } })).toBe(
      "led readers from /a/ to /b/",
    );
    expect(told({ action: "update", entity: "settings", detail: { changed: ["title", "logo"] } })).toBe(
      "changed settings: title, logo",
    );
    expect(told({ action: "schedule", detail: { title: "Lamps", at: "2027-01-02T09:00:00Z" } })).toMatch(
      /^scheduled “Lamps” for Jan 2, 2027/,
    );
    expect(told({ action: "bless", entity: "theme", detail: { name: "plain" } })).toBe("bless theme plain");
  });
});

it("a browser is called by its name, however it describes itself", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)";
  expect(browserName(`${mac} Chrome/140.0.0.0 Safari/537.36`)).toBe("Chrome on macOS");
  expect(browserName(`${mac} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`)).toBe("Edge on macOS");
  expect(browserName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe(
    "Firefox on Linux",
  );
  expect(browserName("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")).toBe(
    "Chrome on Android",
  );
  expect(browserName("curl/8.5.0")).toBe("curl");
  expect(browserName("")).toBe("");
});
