// The editor keeps what it was given: bytes it did not touch, words typed offline, and both sides of a conflict.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  api,
  assertSilent,
  launch,
  openPage,
  OWNER,
  setUp,
  shots,
  startSite,
  violations,
} from "./harness.mjs";

const fixtures = new URL("../fixtures/markdown/", import.meta.url);
let site, browser, page, complaints, context;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
  });
  // The images of the snippets exist nowhere.
  const nothing = {
    contentType: "image/svg+xml",
    body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  };
  await context.route(/\.(png|jpg)$/, (route) => route.fulfill(nothing));
  ({ page, complaints } = await openPage(context));
  await setUp(page, site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const status = (text) => page.locator(".save", { hasText: text }).waitFor();
const create = async (markdown, title = "A post") =>
  (await api(page, "POST", "/posts", { title, markdown })).body;
const get = async (id) => (await api(page, "GET", `/posts/${id}`)).body;
const open = async (id) => {
  await page.goto(`${site.url}/admin/posts/${id}`);
  await page.locator(".prose").waitFor();
};
const typeAtEnd = async (words) => {
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("End");
  await page.keyboard.type(words);
};

for (const name of readdirSync(fixtures).filter((file) => file.endsWith(".md")))
  test(`${name} is kept byte for byte, in both views`, async () => {
    const markdown = readFileSync(new URL(name, fixtures), "utf8");
    const post = await create(markdown, name);
    await open(post.id);
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".cm-host").waitFor();
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".prose").waitFor();
    await page.locator("textarea.title").fill(`${name} again`);
    await page.keyboard.press("Control+s");
    await status(/^Saved$/);
    const now = await get(post.id);
    assert.equal(now.title, `${name} again`);
    assert.equal(now.markdown, markdown);
  });

test("one typed word changes one line", async () => {
  const markdown = readFileSync(
    new URL("01-inline-marks.md", fixtures),
    "utf8",
  );
  const before_ = `* odd bullet\n\n${markdown}\n\nSetext\n======\n\nLast line.\n`;
  const post = await create(before_);
  await open(post.id);
  await typeAtEnd(" More");
  await status(/^Saved$/);
  assert.equal(
    (await get(post.id)).markdown,
    before_.replace("Last line.", "Last line. More"),
  );
});

test("the block menu opens where a slash is typed, not where one stands", async () => {
  const post = await create("Either / or\n\nMore.\n");
  await open(post.id);
  await page.locator(".prose > p").first().click();
  await page.keyboard.press("Home");
  for (let step = 0; step < 8; step++) await page.keyboard.press("ArrowRight");
  assert.equal(await page.getByRole("listbox").count(), 0);
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" /co");
  await page.getByRole("option", { name: "Code block" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("listbox").count(), 0);
  await page.keyboard.type("x");
  assert.equal(await page.getByRole("listbox").count(), 0);
});

test("what is typed offline stays on this device and is saved later", async () => {
  const post = await create("Online.\n");
  await open(post.id);
  await context.setOffline(true);
  await typeAtEnd(" Offline.");
  await status("Offline, kept on this device");
  assert.equal(
    await page.evaluate(
      (id) =>
        JSON.parse(localStorage.getItem(`perennial.draft.${id}`)).draft
          .markdown,
      post.id,
    ),
    "Online. Offline.\n",
  );
  await context.setOffline(false);
  await status(/^Saved$/);
  assert.equal((await get(post.id)).markdown, "Online. Offline.\n");
});

test("what was typed before a crash is there again", async () => {
  const post = await create("Before.\n");
  await open(post.id);
  await context.setOffline(true);
  await typeAtEnd(" Crash.");
  await status("Offline, kept on this device");
  await context.setOffline(false);
  await page.goto("about:blank");
  await open(post.id);
  await page.getByText("Before. Crash.").waitFor();
  await status(/^Saved$/);
  assert.equal((await get(post.id)).markdown, "Before. Crash.\n");
});

test("two people who change different things both keep their work", async () => {
  const post = await create("Mine.\n");
  await open(post.id);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    { excerpt: "Theirs" },
    { "If-Match": `"${post.version}"` },
  );
  await typeAtEnd(" Typed.");
  await status(/^Saved$/);
  const now = await get(post.id);
  assert.equal(now.excerpt, "Theirs");
  assert.equal(now.markdown, "Mine. Typed.\n");
});

test("their text stays theirs when mine changes something else", async () => {
  const post = await create("Old words.\n", "Old title");
  await open(post.id);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    { markdown: "Their words.\n" },
    { "If-Match": `"${post.version}"` },
  );
  await page.locator("textarea.title").fill("My title");
  await page.locator(".prose", { hasText: "Their words." }).waitFor();
  await status(/^Saved$/);
  const now = await get(post.id);
  assert.deepEqual([now.title, now.markdown], ["My title", "Their words.\n"]);
});

test("two people who change different blocks of one text both keep their words, and the caret stays", async () => {
  const post = await create("First.\n\nMine.\n");
  await open(post.id);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    { markdown: "First, theirs.\n\nAlso new.\n\nMine.\n" },
    { "If-Match": `"${post.version}"` },
  );
  await typeAtEnd(" Typed");
  await page.getByText("Both changes were kept.").first().waitFor();
  await page.locator(".prose", { hasText: "First, theirs." }).waitFor();
  await page.keyboard.type(" on.");
  await status(/^Saved$/);
  assert.equal(
    (await get(post.id)).markdown,
    "First, theirs.\n\nAlso new.\n\nMine. Typed on.\n",
  );
});

test("two people who change the same words are asked place by place, and nothing is lost", async () => {
  const post = await create("First.\n\nBetween.\n\nLast.\n");
  await open(post.id);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    {
      title: "Their title",
      markdown: "First, theirs.\n\nBetween, theirs.\n\nLast, theirs.\n",
    },
    { "If-Match": `"${post.version}"` },
  );
  await page.locator(".prose > p").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Mine.");
  await typeAtEnd(" Mine.");
  await status("Someone else saved");
  await page.getByRole("button", { name: "Compare" }).click();
  const dialog = page.getByRole("dialog");
  for (const words of [
    "First, theirs.",
    "First. Mine.",
    "Last, theirs.",
    "Last. Mine.",
  ])
    await dialog.getByText(words).waitFor();
  assert.equal(
    await dialog.getByText("Between").count(),
    0,
    "what only they changed is not asked for",
  );
  await page.screenshot({ path: `${shots}/conflict.png` });
  assert.deepEqual(await violations(page), []);
  await dialog
    .getByRole("group", { name: "Text, place 1" })
    .getByLabel("Theirs")
    .check();
  await dialog.getByRole("button", { name: "Go on with this" }).click();
  await status(/^Saved$/);
  const now = await get(post.id);
  assert.equal(
    now.markdown,
    "First, theirs.\n\nBetween, theirs.\n\nLast. Mine.\n",
  );
  assert.equal(now.title, "Their title");
  const [kept] = (await api(page, "GET", `/posts/${post.id}/revisions`)).body
    .items;
  const path = `/posts/${post.id}/revisions/${kept.version}`;
  assert.match((await api(page, "GET", path)).body.markdown, /Last, theirs/);
});

test("what was typed before a crash meets what somebody saved meanwhile: both are kept", async () => {
  const post = await create("First.\n\nMine.\n");
  await open(post.id);
  await context.setOffline(true);
  await typeAtEnd(" Typed.");
  await status("Offline, kept on this device");
  await page.goto("about:blank").catch(() => {});
  await context.setOffline(false);
  await page.goto(`${site.url}/admin/posts`);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    { markdown: "First, theirs.\n\nMine.\n" },
    { "If-Match": `"${post.version}"` },
  );
  await open(post.id);
  await page.getByText("Both changes were kept.").first().waitFor();
  await status(/^Saved$/);
  assert.equal(
    (await get(post.id)).markdown,
    "First, theirs.\n\nMine. Typed.\n",
  );
});

test("what has no look of its own goes through the clipboard as it is", async () => {
  const markdown =
    '> [!WARNING]\n> Mind the step.\n\n<div>raw</div>\n\n::embed{url="https://example.org/a"}\n\n- [x] done\n- [ ] to do\n\n$$\na^2\n$$\n\nA note[^1] and $x$.\n\n[^1]: Below.\n';
  const post = await create(markdown);
  await open(post.id);
  const source = async () => {
    await page.keyboard.press("Control+s");
    await status(/^Saved$/);
    return (await get(post.id)).markdown;
  };
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+x");
  await page.locator(".prose .callout").waitFor({ state: "detached" });
  await page.keyboard.press("Control+v");
  await page.locator(".prose .callout.warning").waitFor();
  const pasted = await source();
  for (const part of [
    "> [!WARNING]\n> Mind the step.",
    "<div>raw</div>",
    "::embed{url=",
    "- [x] done\n- [ ] to do",
    "$$\na^2\n$$",
    "A note[^1] and $x$.",
    "[^1]: Below.",
  ])
    assert.ok(pasted.includes(part), `${part} in:\n${pasted}`);
});

test("taking theirs can be undone", async () => {
  const post = await create("Start.\n");
  await open(post.id);
  await api(
    page,
    "PATCH",
    `/posts/${post.id}`,
    { markdown: "Theirs.\n" },
    { "If-Match": `"${post.version}"` },
  );
  await typeAtEnd(" Mine.");
  await status("Someone else saved");
  await page.getByRole("button", { name: "Take theirs" }).click();
  await page.locator(".prose", { hasText: "Theirs." }).waitFor();
  await page.getByRole("button", { name: "Back to mine" }).click();
  await page.locator(".prose", { hasText: "Start. Mine." }).waitFor();
  await status(/^Saved$/);
  assert.equal((await get(post.id)).markdown, "Start. Mine.\n");
});

test("a session that ends asks for the password over the text, and the text is saved after it", async () => {
  const post = await create("Before.\n");
  await open(post.id);
  await api(page, "DELETE", "/session");
  await typeAtEnd(" After.");
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.waitFor();
  await page.locator(".prose", { hasText: "Before. After." }).waitFor();
  assert.equal(await dialog.getByLabel("E-mail").inputValue(), OWNER.email);
  await dialog.getByLabel("Password").fill("wrong password");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.getByText("do not go together").waitFor();
  await dialog.getByLabel("Password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "hidden" });
  await status(/^Saved$/);
  assert.equal((await get(post.id)).markdown, "Before. After.\n");
});

test("what was typed just before signing out is saved", async () => {
  const post = await create("Before.\n");
  await open(post.id);
  await typeAtEnd(" Last words.");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".prose", { hasText: "Before. Last words." }).waitFor();
  assert.equal((await get(post.id)).markdown, "Before. Last words.\n");
});

test("a slug that is taken is said beside its field, and the text is kept", async () => {
  const post = await create("Words.\n", "Second");
  await api(page, "POST", "/posts", {
    title: "Taken",
    slug: "taken",
    markdown: "x",
  });
  await open(post.id);
  await page.getByLabel("Slug").fill("taken");
  await page.getByLabel("Slug").press("Tab");
  await status("Couldn’t save");
  assert.equal(
    await page.getByLabel("Slug").getAttribute("aria-invalid"),
    "true",
  );
  await page.getByLabel("Slug").fill("free");
  await page.getByLabel("Slug").press("Tab");
  await status(/^Saved$/);
  assert.equal((await get(post.id)).slug, "free");
});

test("what is worth a look is said before publishing, and stops nothing", async () => {
  const post = await create("It costs TK.\n\n#### Deep\n", "Unfinished");
  await open(post.id);
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("2 things worth a look").waitFor();
  await dialog.getByText("“Deep” is of level 4").waitFor();
  await dialog.getByText("A “TK” still stands").waitFor();
  await dialog.getByRole("button", { name: /^Publish and rebuild/ }).click();
  await dialog.getByText(/pages? fresh in/).waitFor();
  await dialog.locator("footer").getByRole("button", { name: "Close" }).click();
});

test("the console stayed quiet", () => assertSilent(complaints));
