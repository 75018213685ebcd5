// The preview beside the text: the page as it will be, after each save, for whoever has the link and for nobody else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, overflow, setUp, shots, startSite, violations } from "./harness.mjs";

const TEXT = `Opening words.\n\n${"Filler.\n\n".repeat(60)}## Far below\n\nLast words.\n`;
let site, browser, page, complaints, context, link;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  ({ page, complaints } = await openPage(context));
  await setUp(page, site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const shown = () => page.frameLocator("iframe:not(.waiting)");
const inFrame = (look) => page.frames().at(-1).evaluate(look);
const open = async () => {
  await page.keyboard.press("Control+Shift+P");
  await shown().getByRole("heading", { name: "Lamp", level: 1 }).waitFor();
};

test("a draft is shown as its page will be, and follows what is typed", async () => {
  const post = (await api(page, "POST", "/posts", { title: "Lamp", markdown: TEXT })).body;
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await open();
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" And more.");
  await shown().getByText("Last words. And more.").waitFor();
  assert.equal((await fetch(`${site.url}/lamp/`)).status, 404, "readers get nothing of it");
  await page
    .frames()
    .at(-1)
    .waitForFunction(() => {
      const { top } = document.getElementById("far-below").getBoundingClientRect();
      return top >= 0 && top < innerHeight;
    });
});

test("it can do nothing in the name of whoever looks at it", async () => {
  assert.equal(await inFrame(() => window.origin), "null");
  const reached = await inFrame(() =>
    fetch("/api/v1/session").then(
      (answer) => answer.status,
      () => "refused",
    ),
  );
  assert.notEqual(reached, 200);
  complaints.splice(0); // The browser reports the refusal that was asked for.
});

test("it has the widths of devices, and both colours", async () => {
  for (const [name, width] of [
    ["Phone", 390],
    ["Tablet", 820],
    ["Desktop", 1280],
  ]) {
    await page.getByRole("button", { name }).click();
    await page.waitForFunction((wanted) => document.querySelector("iframe").offsetWidth === wanted, width);
    assert.equal(await inFrame(() => innerWidth), width);
  }
  for (const name of ["Dark", "Light"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.waitForFunction(
      (scheme) => document.querySelector("iframe").classList.contains(scheme),
      name.toLowerCase(),
    );
    assert.equal(await inFrame(() => matchMedia("(prefers-color-scheme: dark)").matches), name === "Dark");
    await page.screenshot({
      path: `${shots}/preview-${name.toLowerCase()}.png`,
    });
  }
});

test("the link opens it for others, until all links are ended", async () => {
  await page.getByRole("button", { name: "Copy link" }).click();
  link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(await (await fetch(link)).text(), /And more\./);
  await page.getByRole("button", { name: "End all links" }).click();
  await page.getByText("The preview links of this post are over.").waitFor();
  assert.equal((await fetch(link)).status, 410);
  await page.getByRole("complementary", { name: "Preview" }).waitFor({ state: "detached" });
});

test("a click in it puts the caret where that was written", async () => {
  const words = [
    "Some opening words.",
    "## A heading",
    "- first\n- second\n  - third of them",
    "| a | b |\n| - | - |\n| one | cell two |",
    "<section>Written by hand</section>",
    "```rust\nfn here() {}\n```",
    "[A link](/nowhere/) at the end.",
  ];
  const post = (
    await api(page, "POST", "/posts", {
      title: "Lamp",
      markdown: words.join("\n\n"),
    })
  ).body;
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await open();
  await page.getByRole("button", { name: "Phone" }).click(); // Pages that are not scaled are clicked on exactly.
  const typed = async (where, key) => {
    await shown().getByText(where).first().click();
    await page.waitForFunction(() => document.activeElement.closest(".prose"));
    await page.keyboard.type(key);
    await shown()
      .getByText(key + where)
      .waitFor();
  };
  await typed("A heading", "1");
  await typed("third of them", "2");
  await typed("cell two", "3");
  await typed("fn here", "4");
  await typed("A link", "5");
  const marked = (await api(page, "GET", `/posts/${post.id}`)).body.markdown;
  for (const part of ["## 1A heading", "- 2third of them", "3cell two", "\n4fn here", "5[A link]"])
    assert.ok(marked.includes(part), `${part} in:\n${marked}`);
  await shown().getByText("Written by hand").click();
  await page.waitForFunction(
    () => document.activeElement.closest(".source-block") || document.querySelector(".ProseMirror-selectednode"),
  );
  await page.keyboard.press("Control+Shift+M");
  await page.locator(".cm-content").waitFor();
  await shown().getByText("Some opening words.").click();
  await page.waitForFunction(() => document.activeElement.closest(".cm-host"));
  await page.keyboard.type("In source: ");
  await shown().getByText("In source: Some opening words.").waitFor();
  await page.keyboard.press("Control+Shift+M");
});

test("only the page in the frame can say where somebody clicked", async () => {
  const before = await page.evaluate(() => document.activeElement.tagName);
  await page.evaluate(() => window.postMessage({ line: 1, words: "" }, "*"));
  await inFrame(() => parent.postMessage({ line: "1", words: {} }, "*"));
  await inFrame(() => parent.postMessage(null, "*"));
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.equal(await page.evaluate(() => document.activeElement.tagName), before);
});

test("a link that is passed on says nothing of lines", async () => {
  const { body } = await api(page, "GET", "/posts?limit=1");
  const { url } = (await api(page, "POST", `/posts/${body.items[0].id}/preview`)).body;
  assert.ok(!(await (await fetch(url)).text()).includes("data-sourcepos"));
  await page.getByRole("button", { name: "Close preview" }).click();
});

for (const [colorScheme, width] of ["light", "dark"].flatMap((scheme) => [1280, 390, 320].map((w) => [scheme, w])))
  test(`everybody can use it in ${colorScheme} at ${width} px`, async () => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await open();
    await page.screenshot({
      path: `${shots}/preview-${colorScheme}-${width}.png`,
    });
    assert.deepEqual(await overflow(page, width), []);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await page.locator("iframe").first().waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Preview");
  });

test("the console stayed silent", () => assertSilent(complaints));
