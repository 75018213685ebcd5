// Readers' pages in the default theme: in light and dark, in forced colours, on a small screen, on paper and without scripts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { api, launch, openPage, overflow, setUp, startSite, violations } from "./harness.mjs";

const EVERYTHING = readFileSync(new URL("../fixtures/reader/everything.md", import.meta.url), "utf8");
const POSTS = [
  { title: "Everything a text can hold", markdown: EVERYTHING, tags: ["Reference"] },
  { title: "A short note", markdown: "Only one sentence today.", tags: ["Notes", "Reference"] },
  { title: `A word that ${"never".repeat(30)} ends`, markdown: "Long.", tags: ["Notes"] },
];
const PATHS = ["/", "/everything-a-text-can-hold/", "/archive/", "/tags/", "/tag/notes/", "/no-such-page/"];

let site;
let browser;

before(async () => {
  site = await startSite();
  browser = await launch();
  const { page } = await openPage(await browser.newContext());
  await setUp(page, site);
  for (const post of POSTS) {
    const { body } = await api(page, "POST", "/posts", post);
    await api(page, "POST", `/posts/${body.id}/publish`);
  }
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A reader's page; `shift` is filled with how far things moved by themselves. */
async function visit(path, { width = 1280, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const { page, complaints } = await openPage(context);
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      window.shift = 0;
      const add = (entries) => entries.getEntries().forEach((entry) => (window.shift += entry.value));
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    });
  }
  await page.goto(site.url + path);
  return { page, complaints: () => complaints.filter((text) => !/status of 404/.test(text)) };
}

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { forcedColors: "active" },
  "a screen of 320 pixels": { width: 320 },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(`pages can be used by everybody in ${look}`, async () => {
    for (const path of PATHS) {
      const { page, complaints } = await visit(path, options);
      assert.deepEqual(await violations(page), [], path);
      assert.deepEqual(await overflow(page, options.width ?? 1280), [], path);
      // To the three decimals that the measure is told with: less is the rounding of a pixel.
      assert.equal((await page.evaluate(() => window.shift)).toFixed(3), "0.000", `${path} moves while it loads`);
      assert.deepEqual(complaints(), [], path);
      await page.context().close();
    }
  });
}

test("the colours a reader chooses stay, from page to page", async () => {
  const { page } = await visit("/", { colorScheme: "light" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: "Dark colours", pressed: false }).click();
  const dark = await ground();
  assert.notEqual(dark, light);
  await page.goto(`${site.url}/archive/`);
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Dark colours", pressed: true }).click();
  assert.equal(await ground(), light);
});

test("code can be copied", async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".copyable").first().hover();
  await page.getByRole("button", { name: "Copy" }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^use std::collections::BTreeMap;\nfn main/);
});

test("pages are complete without scripts, and offer nothing that would need one", async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { javaScriptEnabled: false });
  assert.equal(await page.locator("h1").innerText(), "Everything a text can hold");
  assert.equal(await page.locator("button:visible").count(), 0);
  assert.ok(await page.locator("pre").first().isVisible());
});

test("on paper there is the text, and no way to go elsewhere", async () => {
  const { page } = await visit("/everything-a-text-can-hold/");
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".body").isVisible());
  assert.equal(await page.locator("nav:visible, button:visible").count(), 0);
});

test("a page asks nobody but its own site", async () => {
  const { page } = await visit("/");
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  for (const path of PATHS) await page.goto(site.url + path);
  assert.deepEqual([...hosts], [new URL(site.url).host]);
});
