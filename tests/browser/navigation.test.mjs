// The site's menu: items that follow what they lead to, one level below others, moved by keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, startSite } from "./harness.mjs";

let site, browser, page, complaints, post;

before(async () => {
  site = await startSite();
  browser = await launch();
  ({ page, complaints } = await openPage(
    await browser.newContext({ viewport: { width: 1280, height: 900 } }),
  ));
  await setUp(page, site, "sample");
  post = (await api(page, "POST", "/posts", { title: "On lamps", markdown: "Light." })).body;
  await api(page, "POST", `/posts/${post.id}/publish`);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const labels = () =>
  page.locator("input.label").evaluateAll((fields) => fields.map((field) => field.value));
const menu = async () => (await api(page, "GET", "/menus/main")).body;

test("an item leads to a post, and follows when it is renamed", async () => {
  await page.goto(`${site.url}/admin/navigation`);
  await page.locator("input.label").first().waitFor();
  await page.getByRole("button", { name: "Add item" }).click();
  const number = await page.locator("input.label").count();
  await page.getByRole("button", { name: "Save menu" }).click();
  await page.getByText("Every item needs to lead somewhere").waitFor();
  await page.getByLabel(`Item ${number} leads to`).selectOption({ label: "Post or page" });
  await page.getByLabel(`Target of item ${number}`).selectOption({ label: "On lamps" });
  await page.getByRole("button", { name: "Save menu" }).click();
  await page.getByText("The menu was saved.").waitFor();
  assert.equal((await menu()).items.at(-1).post, post.id);
  assert.match(await (await fetch(site.url)).text(), /href="[^"]*\/on-lamps\/"/);

  const now = (await api(page, "GET", `/posts/${post.id}`)).body;
  await api(page, "PATCH", `/posts/${post.id}`, { slug: "on-light" }, { "If-Match": `"${now.version}"` });
  await api(page, "POST", `/posts/${post.id}/publish`);
  assert.match(await (await fetch(site.url)).text(), /href="[^"]*\/on-light\/"/);
});

test("an item is hung on another and moved by keys, and the focus stays with it", async () => {
  await page.reload();
  await page.locator("input.label").first().waitFor();
  const before_ = await labels();
  await page.getByRole("button", { name: /^Hang On lamps/ }).press("Enter");
  await page.locator("li.deep").waitFor();
  assert.match(await page.evaluate(() => document.activeElement.ariaLabel), /^Hang On lamps/);
  await page.getByRole("button", { name: `Move ${before_.at(-2)} up` }).press("Enter");
  assert.equal((await labels()).at(-2), "", "what hangs on an item moves with it");
  await page.getByRole("button", { name: "Save menu" }).press("Enter");
  await page.getByText("The menu was saved.").waitFor();
  const parent = (await menu()).items.at(-2);
  assert.deepEqual([parent.label, parent.children.map((child) => child.post)], [before_.at(-2), [post.id]]);
});

test("the console stayed silent", () => assertSilent(complaints));
