// From the set-up link to a page that readers get, as one person would do it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, shots, startSite } from "./harness.mjs";

// A red square of 2 × 2 pixels.
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==",
  "base64",
);
let site, browser, page, complaints, context;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
  });
  ({ page, complaints } = await openPage(context));
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const slash = async (words, label) => {
  await page.keyboard.type(`/${words}`);
  await page.getByRole("option", { name: label }).first().waitFor();
  await page.keyboard.press("Enter");
};
const saved = () => page.locator(".save", { hasText: /^Saved$/ }).waitFor();
const etags = async () => {
  const pages = (
    await api(page, "GET", "/cache/pages?limit=1000")
  ).body.items.map((item) => item.path);
  const entries = await Promise.all(
    pages.map(async (path) => {
      const response = await fetch(site.url + path);
      await response.arrayBuffer();
      return [path, response.headers.get("etag")];
    }),
  );
  return new Map(entries);
};

test("set-up says what is missing, field by field", async () => {
  await page.goto(site.setupLink);
  await page.getByRole("button", { name: "Create site" }).click();
  await page.getByText("Give the site a name").waitFor();
  assert.equal(await page.locator("[aria-invalid]").count(), 4);
  assert.equal(
    await page.evaluate(() =>
      document.activeElement.getAttribute("aria-invalid"),
    ),
    "true",
  );
});

test("set-up ends in the editor with a first draft", async () => {
  await setUp(page, site);
  await page.getByLabel("Title").first().waitFor();
});

test("a post is written with the slash menu, a table, code and an image", async () => {
  await page.locator("textarea.title").fill("Hello from the editor");
  await page.keyboard.press("Enter");
  await page.keyboard.type("The first paragraph, with **bold** words.");
  await page.keyboard.press("Enter");
  await slash("table", "Table");
  await page.keyboard.type("Page");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Why");
  await page.locator(".prose > p").last().click();
  await slash("code", "Code block");
  await page.keyboard.type("fn main() {}");
  await page.getByLabel("Language and options of the code").fill("rust");
  await page.keyboard.press("Enter");
  await page.locator(".prose > p").last().click();
  await page.setInputFiles("input[type=file][multiple]", {
    name: "square.png",
    mimeType: "image/png",
    buffer: PNG,
  });
  await page.locator("figure .upload").waitFor({ state: "hidden" });
  await page.getByLabel("Description of the image").fill("A red square");
  await saved();
  const { body } = await api(page, "GET", "/posts?q=Hello");
  const post = (await api(page, "GET", `/posts/${body.items[0].id}`)).body;
  assert.match(post.markdown, /with \*\*bold\*\* words/);
  assert.match(post.markdown, /\| Page \| Why \|/);
  assert.match(post.markdown, /```rust\nfn main\(\) \{\}\n```/);
  assert.match(post.markdown, /!\[A red square\]\(\/[^)]+\)/);
  assert.ok(!post.markdown.includes("blob:"));
});

test("tags are made while writing", async () => {
  await page.getByRole("combobox", { name: "Tags" }).fill("engineering");
  await page.keyboard.press("Enter");
  await saved();
});

test("publishing names the pages first and shows them turn fresh", async () => {
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("will change").waitFor();
  await dialog.getByText("/hello-from-the-editor/").waitFor();
  const planned = await dialog.locator("li .path").allTextContents();
  await page.screenshot({ path: `${shots}/publish.png` });
  await dialog.getByRole("button", { name: /^Publish and rebuild/ }).click();
  await dialog.getByText(/pages? fresh in/).waitFor();
  const made = await dialog.locator("li .path").allTextContents();
  assert.deepEqual(made.sort(), planned.sort());
  await page.screenshot({ path: `${shots}/receipt.png` });
  await dialog.locator("footer").getByRole("button", { name: "Close" }).click();
});

test("readers get it", async () => {
  const html = await (await fetch(`${site.url}/hello-from-the-editor/`)).text();
  assert.match(html, /Hello from the editor/);
  assert.match(html, /fn main|<code/);
  assert.match(html, /A red square/);
});

test("an edit changes the pages it named, and no others", async () => {
  const other = await api(page, "POST", "/posts", {
    title: "Another post",
    markdown: "Nothing to do with it.",
    tags: ["quiet"],
  });
  await api(page, "POST", `/posts/${other.body.id}/publish`);
  await fetch(`${site.url}/another-post/`);
  const before = await etags();

  await page.locator(".prose > p").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Changed.");
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("will change").waitFor();
  await dialog.getByRole("button", { name: /^Update/ }).click();
  await dialog.getByText(/pages? fresh in/).waitFor();
  const named = await dialog.locator("li .path").allTextContents();
  await dialog.locator("footer").getByRole("button", { name: "Close" }).click();

  const now = await etags();
  const changed = [...now]
    .filter(([path, etag]) => before.has(path) && before.get(path) !== etag)
    .map(([path]) => path);
  assert.ok(changed.includes("/hello-from-the-editor/"), `changed: ${changed}`);
  assert.ok(!changed.includes("/another-post/"));
  for (const path of changed)
    assert.ok(
      named.includes(path),
      `${path} changed without having been named`,
    );
  const html = await (await fetch(`${site.url}/hello-from-the-editor/`)).text();
  assert.match(html, /Changed\./);
});

test("an edit of the text alone changes the post's own page and the feeds, not the lists", async () => {
  const publish = async () => {
    await page.keyboard.press("Control+Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("will change").waitFor();
    await dialog.getByRole("button", { name: /^Update/ }).click();
    await dialog.getByText(/pages? fresh in/).waitFor();
    const named = await dialog.locator("li .path").allTextContents();
    await dialog
      .locator("footer")
      .getByRole("button", { name: "Close" })
      .click();
    return named;
  };
  await page.getByLabel("Excerpt").fill("What lists say of it.");
  await publish();
  const before = await etags();

  await page.locator(".prose > p").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Changed again.");
  const named = await publish();

  const now = await etags();
  const changed = [...now.keys()].filter(
    (path) => before.get(path) !== now.get(path),
  );
  // The sitemap tells the second of a change: after two within one it is made again as it was.
  const beside = (paths) =>
    paths.filter((path) => path !== "/sitemap.xml").sort();
  const own = "/hello-from-the-editor/";
  assert.deepEqual(beside(changed), [
    "/atom.xml",
    "/feed.json",
    own,
    "/rss.xml",
  ]);
  assert.deepEqual(beside(named), beside(changed));
});

test("taking it off the site makes its page go", async () => {
  await page.getByRole("button", { name: "Unpublish…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: /^Unpublish/ }).click();
  await dialog
    .getByText(/fresh|No page/)
    .first()
    .waitFor();
  assert.equal((await fetch(`${site.url}/hello-from-the-editor/`)).status, 404);
  await dialog.locator("footer").getByRole("button", { name: "Close" }).click();
});

test("the console stayed quiet", () => assertSilent(complaints));
