// Themes: looked at, tried on one's own pages, set, given to readers and taken back, brought in and refused.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, overflow, setUp, shots, startSite, violations } from "./harness.mjs";

let site, browser, page, complaints, context;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  ({ page, complaints } = await openPage(context));
  // Themes are checked on a site of their own, which takes its time.
  page.setDefaultTimeout(60_000);
  await setUp(page, site, "sample");
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const open = async () => {
  await page.goto(`${site.url}/admin/themes`);
  await page.getByRole("list", { name: "Themes" }).getByRole("listitem").first().waitFor();
};
const dialog = (name) => page.getByRole("dialog", name ? { name } : {});
const themes = async () => (await api(page, "GET", "/themes")).body;
const home = async () => (await fetch(site.url)).text();
const other = async () => (await themes()).items.find((theme) => !theme.active);

for (const [colorScheme, width] of ["light", "dark"].flatMap((scheme) => [1280, 390, 320].map((w) => [scheme, w])))
  test(`they are shown to everybody in ${colorScheme} at ${width} px`, async () => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await open();
    await page.screenshot({ path: `${shots}/themes-${colorScheme}-${width}.png` });
    assert.deepEqual(await overflow(page, width), []);
    assert.deepEqual(await violations(page), []);
  });

test("the check says what it finds", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
  await open();
  const { name } = await other();
  await page.getByRole("button", { name: `What the check finds in ${name}` }).click();
  await dialog().getByText("A site may be given this theme.").waitFor({ timeout: 60_000 });
  await page.screenshot({ path: `${shots}/theme-check.png` });
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
});

test("another theme is tried on one's own pages, and readers notice nothing", async () => {
  const before = await home();
  const { name } = await other();
  await page.getByRole("button", { name: `Preview of ${name}` }).click();
  await page.frameLocator("dialog iframe").locator("h1, h2").first().waitFor();
  await dialog().getByLabel("Page", { exact: true }).selectOption({ index: 1 });
  await page.frameLocator("dialog iframe").locator("article").first().waitFor();
  for (const width of ["Phone", "Tablet", "Desktop"]) await dialog().getByRole("button", { name: width }).click();
  await page.screenshot({ path: `${shots}/theme-preview.png` });
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.frames().at(-1).evaluate(() => window.origin), "null", "it stands in a sandbox");
  assert.equal(await home(), before);
  await dialog().getByRole("button", { name: "Close" }).last().click();
});

test("what a theme declares is set in a form, and set back", async () => {
  await open();
  const { name, id } = (await themes()).items.find((theme) => theme.active);
  const declared = (await api(page, "GET", `/themes/${id}/settings`)).body.settings;
  const text = declared.find((setting) => setting.type === "text");
  await page.getByRole("button", { name: `Settings of ${name}` }).click();
  await dialog().getByLabel(text.label).fill("Made by hand");
  await page.screenshot({ path: `${shots}/theme-settings.png` });
  assert.deepEqual(await violations(page), []);
  await dialog().getByRole("button", { name: "Save settings" }).click();
  await page.getByText("The settings were saved.").first().waitFor();
  const now = (await api(page, "GET", `/themes/${id}/settings`)).body.settings;
  assert.equal(now.find((setting) => setting.name === text.name).value, "Made by hand");
  assert.match(await home(), /Made by hand/);
  await page.getByRole("button", { name: `Settings of ${name}` }).click();
  await dialog().getByRole("button", { name: `${text.label}: back to default` }).click();
  await dialog().getByRole("button", { name: "Save settings" }).click();
  await dialog().waitFor({ state: "hidden" });
  assert.doesNotMatch(await home(), /Made by hand/);
});

test("readers are given another theme, and the former one back", async () => {
  await open();
  const { name } = await other();
  const before = await home();
  await page.getByRole("button", { name: `Activate ${name}` }).click();
  await dialog().getByText("it takes their place at once").waitFor();
  await dialog().getByRole("button", { name: "Activate" }).click();
  await page.getByText(`Readers see “${name}” now.`).waitFor({ timeout: 60_000 });
  assert.notEqual(await home(), before);
  await page.getByRole("button", { name: /^Back to / }).click();
  await dialog().getByRole("button", { name: /^Back to / }).click();
  await page.getByRole("button", { name: `Activate ${name}` }).waitFor({ timeout: 60_000 });
});

test("a theme is uploaded and deleted; what is none is refused with the reason", async () => {
  await open();
  const { id } = await other();
  const zip = Buffer.from(await page.evaluate(async (theme) => {
    const answer = await fetch(`/api/v1/themes/${theme}/download`);
    return [...new Uint8Array(await answer.arrayBuffer())];
  }, id));
  const upload = (buffer, name = "theme.zip") =>
    page.setInputFiles("input[type=file]", { name, mimeType: "application/zip", buffer });
  await upload(Buffer.from("this is no archive"));
  await page.locator(".notice.bad").waitFor();
  const count = (await themes()).items.length;
  await upload(zip);
  await page.getByText("Readers do not see it yet.").waitFor({ timeout: 120_000 });
  assert.equal((await themes()).items.length, count + 1);
  await page.getByRole("button", { name: /^Delete / }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await page.getByText(/is gone\./).waitFor();
  assert.equal((await themes()).items.length, count);
});

test("the console stayed silent", () => assertSilent(complaints));
