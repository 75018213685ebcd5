// A site moves: out of one and into another, as somebody at the admin does it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, shots, startSite, violations } from "./harness.mjs";

let here, there, browser, page, complaints, left;

before(async () => {
  [here, there] = [await startSite(), await startSite()];
  browser = await launch();
  left = await openPage(await browser.newContext());
  await setUp(left.page, there);
  for (const title of ["Roses", "Moss"]) {
    const { body } = await api(left.page, "POST", "/posts", { title, markdown: `About ${title}.`, tags: ["Garden"] });
    await api(left.page, "POST", `/posts/${body.id}/publish`);
  }
  ({ page, complaints } = await openPage(await browser.newContext({ viewport: { width: 1280, height: 900 } })));
  await setUp(page, here);
});
after(async () => {
  await browser?.close();
  for (const site of [here, there]) await site?.stop();
});

test("what is no site says so, and the next file can be chosen at once", async () => {
  await page.goto(`${here.url}/admin/posts`);
  await page.getByRole("link", { name: "Import and export" }).click();
  await page.getByText("Nothing comes in before you have seen").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.setInputFiles("input[type=file]", { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await page.getByRole("alert").getByText("notes.txt is no ZIP file that can be read").waitFor();
  await page.getByText("Choose another file").waitFor();
  assert.deepEqual(await violations(page), []);
});

test("a site that left as a file comes in when somebody has seen what it brings", async () => {
  await left.page.goto(`${there.url}/admin/moving`);
  const download = left.page.waitForEvent("download");
  await left.page.getByRole("link", { name: "Download the site" }).click();
  const file = await (await download).path();
  assert.equal((await download).suggestedFilename(), "site.zip");

  await page.setInputFiles("input[type=file]", file);
  await page.getByRole("heading", { name: /would bring$/ }).waitFor();
  await page.getByText("2 new").waitFor();
  await page.screenshot({ path: `${shots}/import-ready.png` });
  assert.deepEqual(await violations(page), []);
  assert.equal((await api(page, "GET", "/posts?q=About")).body.total, 0, "nothing came in");
  // It waits for whoever comes back.
  await page.reload();
  await page.getByRole("button", { name: "Import 2 texts" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /is here$/ }).waitFor();
  await page.screenshot({ path: `${shots}/import-done.png` });
  await page.getByRole("link", { name: "Show posts" }).click();
  await page.getByRole("link", { name: "Roses" }).waitFor();
  assert.match(await (await fetch(`${here.url}/roses/`)).text(), /About Roses\./);
});

test("what nobody wants is forgotten", async () => {
  await page.goto(`${here.url}/admin/moving`);
  await page.getByRole("button", { name: "Import another site" }).click();
  await page.getByText("Choose ZIP file").waitFor();
  assertSilent(complaints);
});
