// Readers' pages in both themes: in light and dark, in forced colours, on a small screen, on paper and without scripts.
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

const THEMES = ["default", "plain"];

const sites = {};
let browser;

before(async () => {
  browser = await launch();
  for (const theme of THEMES) {
    sites[theme] = await startSite({ PERENNIAL_THEME: theme });
    const { page } = await openPage(await browser.newContext());
    await setUp(page, sites[theme]);
    for (const post of POSTS) {
      const { body } = await api(page, "POST", "/posts", post);
      await api(page, "POST", `/posts/${body.id}/publish`);
    }
    await page.context().close();
  }
});

after(async () => {
  await browser?.close();
  for (const site of Object.values(sites)) await site.stop();
});

/** A reader's page; `shift` is filled with how far things moved by themselves. */
async function visit(path, { width = 1280, theme = "default", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const { page, complaints } = await openPage(context);
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      window.shift = 0;
      const add = (entries) => entries.getEntries().forEach((entry) => (window.shift += entry.value));
      new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
    });
  }
  await page.goto(sites[theme].url + path);
  return { page, complaints: () => complaints.filter((text) => !/status of 404/.test(text)) };
}

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { forcedColors: "active" },
  "a screen of 320 pixels": { width: 320 },
};

for (const [theme, look] of THEMES.flatMap((theme) => Object.keys(LOOKS).map((look) => [theme, look]))) {
  test(`pages of the theme ${theme} can be used by everybody in ${look}`, async () => {
    const options = { theme, ...LOOKS[look] };
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
  await page.goto(`${sites.default.url}/archive/`);
  assert.equal(await ground(), dark);
  await page.getByRole("button", { name: "Dark colours", pressed: true }).click();
  assert.equal(await ground(), light);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await ground(), dark, "who goes back to what the system says follows it again");
});

test("nobody else is asked for a film before a reader wants to see it", async () => {
  const { page } = await visit("/everything-a-text-can-hold/");
  const asked = [];
  await page.route(/^https:/, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "text/html", body: "<title>A film</title>" });
  });
  await page.reload();
  const film = page.getByRole("link", { name: /youtube/ });
  await film.scrollIntoViewIfNeeded();
  const place = await film.boundingBox();
  assert.deepEqual(asked, []);
  const wanted = page.waitForRequest(/^https:/);
  await film.click();
  await wanted;
  const frame = page.locator("iframe");
  assert.deepEqual(asked, ["https://www.youtube-nocookie.com/embed/abc?autoplay=1"]);
  assert.deepEqual(await frame.boundingBox(), place, "it plays where it was");
});

test("the plain theme runs no script", async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { theme: "plain" });
  const scripts = await page.locator("script:not([type='application/ld+json'])").count();
  assert.equal(scripts, 0);
});

test("code can be copied", async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".copyable").first().hover();
  await page.getByRole("button", { name: "Copy" }).first().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^use std::collections::BTreeMap;\nfn main/);
});

for (const theme of THEMES) test(`pages of the theme ${theme} are complete without scripts, and offer nothing that would need one`, async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { theme, javaScriptEnabled: false });
  assert.equal(await page.locator("h1").innerText(), "Everything a text can hold");
  assert.equal(await page.locator("button:visible").count(), 0);
  assert.ok(await page.locator("pre").first().isVisible());
});

for (const theme of THEMES) test(`on paper the theme ${theme} shows the text, and no way to go elsewhere`, async () => {
  const { page } = await visit("/everything-a-text-can-hold/", { theme });
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".body").isVisible());
  assert.equal(await page.locator("nav:visible, button:visible").count(), 0);
});

for (const theme of THEMES) test(`a page of the theme ${theme} asks nobody but its own site`, async () => {
  const site = sites[theme];
  const { page } = await visit("/", { theme });
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  for (const path of PATHS) await page.goto(site.url + path);
  assert.deepEqual([...hosts], [new URL(site.url).host]);
});
