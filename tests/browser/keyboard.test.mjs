// The way from set-up to a published post with the keyboard alone, in a browser that complains of nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertSilent, launch, openPage, OWNER, startSite } from "./harness.mjs";

let site, browser, page, complaints;

before(async () => {
  site = await startSite();
  browser = await launch();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
  });
  ({ page, complaints } = await openPage(context, /^nothing is expected$/));
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const press = (key) => page.keyboard.press(key);
const type = (text) => page.keyboard.type(text);
/** What has the focus, as it is called. */
const focused = () =>
  page.evaluate(() => {
    const { labels, ariaLabel, textContent } = document.activeElement;
    return (ariaLabel ?? labels?.[0]?.textContent ?? textContent).trim();
  });
/** Goes on with Tab until something of that name has the focus. */
async function tabTo(name) {
  for (let step = 0; step < 60; step++) {
    if (name.test(await focused())) return;
    await press("Tab");
  }
  assert.fail(`Tab never came to ${name}; it stands on “${await focused()}”`);
}

test("a site is set up", async () => {
  await page.goto(site.setupLink);
  await page.getByLabel("Site title").waitFor();
  for (const [field, text] of [
    [/^Site title/, "Meridian"],
    [/^Your name/, OWNER.name],
    [/^E-mail/, OWNER.email],
    [/^Password/, OWNER.password],
  ]) {
    await tabTo(field);
    await type(text);
  }
  await press("Enter");
  await page.waitForURL(/\/admin\/posts/);
});

test("signing out and in again", async () => {
  await page.goto(`${site.url}/admin/posts`);
  await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
  await tabTo(/^Sign out/);
  await press("Enter");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await tabTo(/^E-mail/);
  await type(OWNER.email);
  await tabTo(/^Password/);
  await type(OWNER.password);
  await press("Enter");
  await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
});

test("signing out lets go of what a screen still asks for", async () => {
  let ask;
  const asked = new Promise((done) => (ask = done));
  let answer;
  const answered = new Promise((done) => (answer = done));
  await page.route("**/api/v1/tags*", async (route) => {
    ask();
    await answered;
    await route.continue().catch(() => {}); // Nobody may be waiting for it any more.
  });
  await page.goto(`${site.url}/admin/posts`);
  await asked;
  await tabTo(/^Sign out/);
  await press("Enter");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  answer();
  await page.unroute("**/api/v1/tags*");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await tabTo(/^E-mail/);
  await type(OWNER.email);
  await tabTo(/^Password/);
  await type(OWNER.password);
  await press("Enter");
  await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
});

test("a post is written, formatted and published", async () => {
  await press("c");
  await page.locator(".prose").waitFor();
  await tabTo(/^Title/);
  await type("Without a mouse");
  await press("Enter");
  await type("Some words.");
  await press("Enter");
  await type("/quote");
  await page.getByRole("option", { name: "Quote" }).waitFor();
  await press("Enter");
  await type("Said by somebody.");
  await press("Alt+F10");
  await press("ArrowRight");
  assert.match(await focused(), /^Bold/);
  await press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("will change").waitFor();
  await tabTo(/^Publish and rebuild/);
  await press("Enter");
  await dialog.getByText(/pages? fresh in/).waitFor();
  await press("Escape");
  await dialog.waitFor({ state: "hidden" });
  const html = await (await fetch(`${site.url}/without-a-mouse/`)).text();
  assert.match(html, /<blockquote>\s*<p>Said by somebody\./);
});

test("focus stays clear of the bars that stick to the top", async () => {
  await page.goto(`${site.url}/admin/posts/new`);
  await page.locator(".prose").click();
  for (let line = 0; line < 40; line++) {
    await type(`Line ${line}`);
    await press("Enter");
  }
  for (let line = 0; line < 38; line++) await press("ArrowUp");
  const clear = await page.evaluate(() => {
    const caret = getSelection().getRangeAt(0).getBoundingClientRect();
    const bar = document.querySelector("[role=toolbar]");
    return caret.top - bar.getBoundingClientRect().bottom;
  });
  assert.ok(clear >= 0, `the caret is ${-clear} px under the toolbar`);
});

test("the console stayed silent", () => assertSilent(complaints));
