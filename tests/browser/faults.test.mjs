// Servers die, networks drop, sessions end, others save: not one character is lost, and the person is told the truth.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, OWNER, setUp, startSite } from "./harness.mjs";

const EXPECTED =
  /status of (401|404|409|412)|net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/;
let site, browser, page, complaints, context;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  ({ page, complaints } = await openPage(context, EXPECTED));
  await setUp(page, site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const status = (text) => page.locator(".save", { hasText: text }).waitFor({ timeout: 60_000 });
const markdownOf = async (id) => (await api(page, "GET", `/posts/${id}`)).body.markdown;
const begin = async (markdown) => {
  const post = (await api(page, "POST", "/posts", { title: "A post", markdown })).body;
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("End");
  return post;
};

test("the server dies in mid-typing, and what was typed before, meanwhile and after is there", async () => {
  const post = await begin("Start.");
  await page.keyboard.type(" Before the crash.");
  await site.crash();
  await page.keyboard.type(" While it is down.");
  await status("Offline, kept on this device");
  await page.getByText("The server cannot be reached.").first().waitFor();
  await page.keyboard.type(" Still down.");
  await site.restart();
  await page.keyboard.type(" Up again.");
  await status(/^Saved$/);
  const all = "Start. Before the crash. While it is down. Still down. Up again.";
  assert.equal((await markdownOf(post.id)).trim(), all);
});

test("it dies while a save is on its way", async () => {
  const post = await begin("Start.");
  await page.keyboard.type(" On its way.");
  await Promise.all([page.keyboard.press("Control+s"), site.crash()]);
  await page.keyboard.type(" More.");
  await status("Offline, kept on this device");
  await site.restart();
  await page.getByRole("button", { name: "Try now" }).click();
  await status(/^Saved$/);
  assert.equal((await markdownOf(post.id)).trim(), "Start. On its way. More.");
});

test("server and browser both die", async () => {
  const post = await begin("Start.");
  await site.crash();
  await page.keyboard.type(" Only on this device.");
  await status("Offline, kept on this device");
  await page.goto("about:blank");
  await site.restart();
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.getByText("Changes that had not been saved were kept on this device.").waitFor();
  await page.locator(".prose", { hasText: "Start. Only on this device." }).waitFor();
  await status(/^Saved$/);
  assert.equal((await markdownOf(post.id)).trim(), "Start. Only on this device.");
});

test("a new post that never reached the server is there when one comes back", async () => {
  await page.goto(`${site.url}/admin/posts/new`);
  await page.locator(".prose").waitFor();
  await context.setOffline(true);
  await page.locator("textarea.title").fill("Never sent");
  await page.locator(".prose").click();
  await page.keyboard.type("First words.");
  await status("Offline, kept on this device");
  await context.setOffline(false);
  await status(/^Saved$/);
  await page.waitForURL(/posts\/[0-9a-f-]{36}/);
  const { items } = (await api(page, "GET", "/posts?q=Never")).body;
  assert.equal(items.length, 1, "it is one post, not two");
  assert.equal((await markdownOf(items[0].id)).trim(), "First words.");
});

test("the network drops and the session ends before it is back", async () => {
  const post = await begin("Start.");
  await context.setOffline(true);
  await page.keyboard.type(" Typed offline.");
  await status("Offline, kept on this device");
  await context.clearCookies();
  await context.setOffline(false);
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByText("What you wrote is still here").waitFor();
  await dialog.getByLabel("Password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await status(/^Saved$/);
  assert.equal((await markdownOf(post.id)).trim(), "Start. Typed offline.");
});

test("somebody publishes, and saves again, while I type offline", async () => {
  const post = await begin("First.\n\nSecond.");
  await context.setOffline(true);
  await page.keyboard.type(" Mine.");
  await status("Offline, kept on this device");
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const other = (method, path, body, version) =>
    fetch(`${site.url}/api/v1${path}`, {
      method,
      headers: { Cookie: cookie, "Content-Type": "application/json", Origin: site.url, "If-Match": `"${version}"` },
      body: body && JSON.stringify(body),
    });
  const saved = await other("PATCH", `/posts/${post.id}`, { markdown: "First, theirs.\n\nSecond." }, post.version);
  assert.equal(saved.status, 200, await saved.text());
  await context.setOffline(false);
  await status(/^Saved$/);
  assert.equal((await markdownOf(post.id)).trim(), "First, theirs.\n\nSecond. Mine.");
});

test("somebody deletes the post for good while I write: I am told, and my text stays on this device", async () => {
  const post = await begin("Start.");
  await api(page, "DELETE", `/posts/${post.id}`, undefined, { "If-Match": `"${post.version}"` });
  await page.keyboard.type(" Mine.");
  await page.waitForFunction(() => /Saved|Couldn’t|Someone/.test(document.querySelector(".save").textContent));
  const kept = await page.evaluate((id) => localStorage.getItem(`perennial.draft.${id}`), post.id);
  const { body } = await api(page, "GET", `/posts/${post.id}`);
  const there = body?.markdown?.includes("Mine.") || kept?.includes("Mine.");
  assert.ok(there, `neither on the server nor here: ${kept}`);
});

test("the console complained of nothing else", () => assertSilent(complaints));
