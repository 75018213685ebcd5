// The list of posts: filters in the address, views that are kept, and doing things with several posts at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, startSite } from "./harness.mjs";

let site, browser, page, complaints;

before(async () => {
  site = await startSite();
  browser = await launch();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  ({ page, complaints } = await openPage(context));
  await setUp(page, site);
  for (const title of ["Apples", "Pears", "Plums", "Quinces"])
    await api(page, "POST", "/posts", { title, markdown: `About ${title}.`, tags: ["fruit"] });
  for (let at = 0; at < 22; at++) await api(page, "POST", "/posts", { title: `Stone ${at}`, markdown: "Grey." });
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const open = async (query = "") => {
  await page.goto(`${site.url}/admin/posts${query}`);
  await page.locator("tbody tr").first().waitFor();
};
const titles = () => page.locator("tbody a.open").allTextContents();
const row = (title) => page.locator("tbody tr", { hasText: title });
const bar = () => page.getByRole("toolbar", { name: "Selected posts" });
const statusOf = async (title) => (await api(page, "GET", `/posts?q=${title}`)).body.items[0]?.status ?? "none";
/** The list has come down to so many posts. */
const shown = (n) => page.waitForFunction((rows) => document.querySelectorAll("tbody tr").length === rows, n);
const focusedTitle = () => page.evaluate(() => document.activeElement.textContent.trim());

test("what is searched for is marked, and the address holds it", async () => {
  await open();
  await page.keyboard.press("/");
  await page.keyboard.type("plum");
  await page.waitForURL(/q=plum/);
  await row("Plums").locator("mark", { hasText: "Plum" }).waitFor();
  await shown(1);
  assert.deepEqual(await titles(), ["Plums"]);
  await page.reload();
  await row("Plums").waitFor();
  assert.equal(await page.getByLabel("Search posts").inputValue(), "plum");
});

test("a view that got a name is there again, and can be forgotten", async () => {
  await open("?tag=fruit&sort=title");
  await page.getByRole("button", { name: "Save this view" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Give the view a name.").waitFor();
  await page.getByLabel("Name of the view").fill("Fruit by name");
  await page.keyboard.press("Enter");
  await open();
  await page.getByRole("link", { name: "Fruit by name" }).click();
  await page.waitForURL(/tag=fruit/);
  await shown(4);
  assert.deepEqual(await titles(), ["Apples", "Pears", "Plums", "Quinces"]);
  await page.getByRole("button", { name: "Forget the view Fruit by name" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("link", { name: "Fruit by name" }).waitFor();
});

test("posts are selected and published by keys, after saying what will change, and that can be undone", async () => {
  await open("?tag=fruit&sort=title");
  await page.keyboard.press("j");
  assert.equal(await focusedTitle(), "Apples");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await bar().getByText("2 selected").waitFor();
  await bar().getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish 2 posts?" });
  await dialog.getByText("/apples/").waitFor();
  await dialog.getByText("/pears/").waitFor();
  assert.equal(await dialog.locator(".path", { hasText: /^\/$/ }).count(), 1, "a page of both is listed once");
  assert.equal(await statusOf("Apples"), "draft", "nothing happens before it is confirmed");
  await dialog.getByRole("button", { name: "Publish 2 posts" }).click();
  await page.getByText("2 posts published.").waitFor();
  await row("Apples").getByText("Published").waitFor();
  assert.equal((await fetch(`${site.url}/pears/`)).status, 200);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("2 posts off the site again.").waitFor();
  assert.equal((await fetch(`${site.url}/pears/`)).status, 404);
  await row("Pears").getByText("Draft").waitFor();
});

test("a tag is added to the row that has the focus", async () => {
  await open("?q=quinces");
  await page.keyboard.press("j");
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "Add a tag to 1 post" });
  await dialog.getByRole("button", { name: "Add to 1 post" }).click();
  await dialog.getByText("Choose a tag, or type a new one.").waitFor();
  await dialog.getByLabel("Tag", { exact: true }).fill("autumn");
  await page.keyboard.press("Enter");
  await page.getByText("1 post tagged.").waitFor();
  await row("Quinces").locator(".chip", { hasText: "autumn" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The tag was taken off 1 post.").waitFor();
  await row("Quinces").locator(".chip", { hasText: "autumn" }).waitFor({ state: "detached" });
});

test("what is published comes back published when moving it to the trash is undone", async () => {
  const { body } = await api(page, "GET", "/posts?q=Plums");
  await api(page, "POST", `/posts/${body.items[0].id}/publish`);
  await open("?q=plums");
  await page.keyboard.press("j");
  await page.keyboard.press("#");
  const dialog = page.getByRole("dialog", { name: "Move 1 post to the trash?" });
  await dialog.getByText("/plums/").waitFor();
  await dialog.getByRole("button", { name: "Move 1 post to the trash" }).click();
  await page.getByText("1 post moved to the trash.").waitFor();
  assert.equal((await fetch(`${site.url}/plums/`)).status, 410);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("1 post back from the trash.").waitFor();
  assert.equal((await fetch(`${site.url}/plums/`)).status, 200);
});

test("what takes many posts away wants their number, and one that fails is named", async () => {
  await open("?q=stone&sort=title");
  await page.getByLabel("Select all that are shown").check();
  await bar().getByRole("button", { name: "Trash…" }).click();
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Move 22 posts to the trash" });
  await dialog.getByText("No page of the site will change.").waitFor();
  await confirm.click();
  await dialog.getByText("Type the number of posts, 22.").waitFor();
  const other = (await api(page, "GET", "/posts?q=stone&limit=50&sort=title")).body.items[3];
  await api(page, "PATCH", `/posts/${other.id}`, { excerpt: "Meanwhile" }, { "If-Match": `"${other.version}"` });
  await dialog.getByLabel("Type 22 to confirm").fill("22");
  await confirm.click();
  await page.getByRole("dialog", { name: "1 post could not be changed:" }).getByText(other.title).waitFor();
  await page.getByRole("button", { name: "Close" }).last().click();
  await shown(1);
  assert.deepEqual(await titles(), [other.title]);
  await page.keyboard.press("Escape");
});

test("the palette offers what fits the selection, and goes to every screen", async () => {
  await open("?tag=fruit");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: /1 post/ }).first().waitFor();
  await page.keyboard.type("redirects");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Redirects", level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.getByRole("heading", { name: "Media", level: 1 }).waitFor();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await sheet.getByText("g m").waitFor();
  await sheet.getByText("Select", { exact: true }).waitFor();
});

test("the console stayed silent", () => assertSilent(complaints));
