// The media library, and the history of a post.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, shots, startSite, violations } from "./harness.mjs";

const drawing = (colour) => ({
  name: `${colour}.svg`,
  mimeType: "image/svg+xml",
  buffer: Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><path d="M0 0h40v30z" fill="${colour}"/></svg>`,
  ),
});
let site, browser, page, complaints;

before(async () => {
  site = await startSite();
  browser = await launch();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
  });
  ({ page, complaints } = await openPage(context));
  await setUp(page, site);
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const file = (name) => page.getByRole("list", { name: "Files" }).getByRole("button", { name });

test("files are uploaded, one that is refused says why, and the others arrive", async () => {
  await page.goto(`${site.url}/admin/media`);
  await page.getByText("No files yet").waitFor();
  await page.setInputFiles("input[type=file]", [
    drawing("green"),
    {
      name: "virus.exe",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("MZ"),
    },
    drawing("orange"),
  ]);
  await page.getByText("“virus.exe” was not uploaded.").waitFor();
  await file("green.svg").waitFor();
  await file("orange.svg").waitFor();
  assert.equal(await page.getByRole("progressbar").count(), 0);
});

test("what must stay in sight of a picture is pointed at, or moved by keyboard", async () => {
  const { id } = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 600, height: 400 });
    canvas.getContext("2d").fillRect(0, 0, 300, 400);
    const form = new FormData();
    form.append("file", await new Promise((done) => canvas.toBlob(done, "image/jpeg")), "halves.jpg");
    return (await fetch("/api/v1/media", { method: "POST", body: form })).json();
  });
  const focus = async () => (await api(page, "GET", "/media?q=halves")).body.items[0].focus;
  await page.goto(`${site.url}/admin/media?file=${id}`);
  const edit = async () => {
    await page.getByRole("button", { name: "Edit" }).click();
    return page.getByRole("dialog", { name: "Name and description" });
  };
  const save = async (dialog) => {
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  let dialog = await edit();
  const picture = dialog.locator(".picture");
  const { width, height } = await picture.boundingBox();
  await picture.click({ position: { x: width * 0.75, y: height * 0.25 } });
  await save(dialog);
  assert.deepEqual(await focus(), { x: 75, y: 25 });

  dialog = await edit();
  const fromLeft = dialog.getByRole("slider", { name: "From the left" });
  assert.equal(await fromLeft.inputValue(), "75");
  await fromLeft.press("ArrowRight");
  await save(dialog);
  assert.deepEqual(await focus(), { x: 76, y: 25 });

  dialog = await edit();
  await dialog.getByRole("button", { name: "Centre" }).click();
  await save(dialog);
  assert.equal(await focus(), null);
  const removed = await api(page, "DELETE", `/media/${id}`);
  assert.equal(removed.status, 204);
});

test("a file says where it is used, and arrows go from one to the next", async () => {
  const { url } = (await api(page, "GET", "/media?q=green")).body.items[0];
  await api(page, "POST", "/posts", {
    title: "A leaf",
    markdown: `![Leaf](${url})`,
  });
  await page.goto(`${site.url}/admin/media`);
  await file("orange.svg").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "green.svg" });
  await dialog.getByText("image/svg+xml").waitFor();
  await dialog.getByText("in its text").waitFor();
  await page.reload();
  await dialog.getByRole("link", { name: "A leaf" }).waitFor();
  await page.keyboard.press("Escape");
  await file("orange.svg").click();
  await page.getByRole("dialog").getByText("No post or page uses it.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByLabel("Search file names").fill("purple");
  await page.getByText("No file fits").waitFor();
});

test("an image of the library is put into a text, and before it", async () => {
  const { url } = (await api(page, "GET", "/media?q=orange")).body.items[0];
  const post = (await api(page, "POST", "/posts", { title: "Fruit", markdown: "Words.\n" })).body;
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose > p").last().click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("/image");
  await page.getByRole("option", { name: "Image" }).first().waitFor();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Image" });
  await dialog.getByLabel("Search the library").fill("orange");
  await dialog.getByRole("button", { name: "green.svg" }).waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "orange.svg" }).click();
  await page.locator(`.prose img[src="${url}"]`).waitFor();
  await page.getByRole("button", { name: "From the library" }).click();
  await dialog.getByRole("button", { name: "green.svg" }).click();
  await page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  const now = (await api(page, "GET", `/posts/${post.id}`)).body;
  assert.equal(now.markdown, `Words.\n\n![](${url})\n`);
  assert.match(now.feature_image, /green\.svg$/);
});

test("an image of the library becomes the site's logo, and goes again", async () => {
  const home = async () => (await fetch(site.url)).text();
  const save = async () => {
    await page.getByRole("button", { name: "Save settings" }).click();
    await page.getByText("Settings were saved.").first().waitFor();
    await page.getByText("Everything is saved.").waitFor();
  };
  await page.goto(`${site.url}/admin/settings`);
  await page.getByRole("button", { name: "Choose logo" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "green.svg" }).click();
  await save();
  assert.match(await home(), /<img src="[^"]*green\.svg"/);
  await page.getByRole("group", { name: "Logo" }).getByRole("button", { name: "Remove" }).click();
  await save();
  assert.ok(!(await home()).includes("green.svg"));
});

test("an older version is compared and gone back to, and that can be undone", async () => {
  const saved = () => page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  const post = (
    await api(page, "POST", "/posts", {
      title: "Lamp",
      markdown: "First line.\n",
    })
  ).body;
  await api(page, "POST", `/posts/${post.id}/publish`);
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose > p").first().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" Second thought.");
  await page.keyboard.press("Control+s");
  await saved();
  await page.getByText("Saved, and kept as a version.").waitFor({ state: "attached" });

  await page.keyboard.press("Control+Shift+H");
  const dialog = page.getByRole("dialog", { name: "History" });
  await dialog.getByRole("button", { name: /Kept by Ada Lane/ }).waitFor();
  await dialog.getByRole("button", { name: /Published by Ada Lane/ }).click();
  await dialog.locator("del", { hasText: "First line." }).waitFor();
  await dialog.locator("ins", { hasText: "First line. Second thought." }).waitFor();
  await dialog.getByRole("button", { name: "Markdown" }).click();
  await dialog.locator(".theirs", { hasText: "First line." }).waitFor();
  await dialog.locator(".mine", { hasText: "First line. Second thought." }).waitFor();
  await dialog.getByRole("button", { name: "Go back to this version" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.locator(".prose", { hasText: /^First line\.$/ }).waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.locator(".prose", { hasText: "First line. Second thought." }).waitFor();
  const now = (await api(page, "GET", `/posts/${post.id}`)).body;
  assert.equal(now.markdown, "First line. Second thought.\n");
  assert.ok(!(await (await fetch(`${site.url}/lamp/`)).text()).includes("Second"), "readers see none of it");
});

test("any two versions are compared, and one block of an old one is brought back", async () => {
  const saved = () => page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  const versions = [
    "# One\n\nKept.\n\nOld words.\n\n> [!TIP]\n> Gone later.\n",
    "# Two\n\nKept.\n\nNewer words.\n",
    "# Three\n\nKept.\n\nNewest words.\n",
  ];
  let post = (
    await api(page, "POST", "/posts", {
      title: "Versions",
      markdown: versions[0],
    })
  ).body;
  for (const markdown of versions) {
    const tag = () => ({ "If-Match": `"${post.version}"` });
    post = (await api(page, "PATCH", `/posts/${post.id}`, { markdown }, tag())).body;
    await api(page, "POST", `/posts/${post.id}/revisions`, undefined, tag());
  }
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await page.keyboard.press("Control+Shift+H");
  const dialog = page.getByRole("dialog", { name: "History" });
  await dialog
    .getByRole("button", { name: /by Ada Lane/ })
    .last()
    .click();
  await dialog.getByLabel("Compare with").selectOption({ index: 2 });
  await dialog.locator("ins", { hasText: "Newer words." }).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Bring this back" }).count(), 0, "only into what is open");
  await dialog.getByLabel("Compare with").selectOption({ index: 0 });
  await dialog.locator("del", { hasText: "Old words." }).waitFor();
  await dialog.locator("del .callout.tip", { hasText: "Gone later." }).waitFor();
  await page.screenshot({ path: `${shots}/history-text.png` });
  assert.deepEqual(await violations(page), []);
  await dialog.locator(".change", { hasText: "Old words." }).getByRole("button", { name: "Bring this back" }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.locator(".prose", { hasText: "Old words." }).waitFor();
  await saved();
  const text = async () => (await api(page, "GET", `/posts/${post.id}`)).body.markdown;
  const back = await text();
  assert.ok(back.startsWith("# Three\n\nKept.\n\nOld words."), back);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.locator(".prose", { hasText: "Newest words." }).waitFor();
  await saved();
  assert.equal(await text(), versions[2]);
});

test("the console stayed silent", () => assertSilent(complaints));
