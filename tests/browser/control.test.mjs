// People, tokens, redirects and the audit log: who may do what, and what was done.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, missed, openPage, setUp, startSite, violations } from "./harness.mjs";

let site, browser, page, complaints, context;

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  ({ page, complaints } = await openPage(context));
  await setUp(page, site, "sample");
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const open = async (screen) => {
  await page.goto(`${site.url}/admin/${screen}`);
  await page.locator("h1").waitFor();
};
const row = (text) => page.locator("tbody tr", { hasText: text });
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

test("somebody is let in, signs in, and is offered what their role may do", async () => {
  await open("people");
  await page.getByText("What each role may do").waitFor();
  await page.getByRole("button", { name: "Add with a password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  assert.equal(await dialog.locator("[aria-invalid]").count(), 3);
  await dialog.getByLabel("Name").fill("Bo Byte");
  await dialog.getByLabel("E-mail").fill("ada@example.org");
  await dialog.getByLabel("Role").selectOption({ label: "Author" });
  await dialog.getByText("Writes and publishes their own posts.").waitFor();
  await dialog.getByRole("button", { name: "Suggest one" }).click();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.locator("[aria-invalid]").waitFor();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Bo Byte", "what was typed stays");
  await dialog.getByLabel("E-mail").fill("bo@example.org");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("dialog", { name: "Bo Byte can sign in" }).waitFor();
  await dialog.getByRole("button", { name: "Copy" }).click();
  const [address, email, password] = (await clipboard()).split("\n");
  assert.deepEqual([address, email], [`${site.url}/admin/`, "bo@example.org"]);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await row("Bo Byte").getByText("Author").waitFor();

  const guest = await browser.newContext();
  const bo = await openPage(guest);
  await bo.page.goto(address);
  await bo.page.getByLabel("E-mail").fill(email);
  await bo.page.getByLabel("Password").fill(password);
  await bo.page.getByRole("button", { name: "Sign in" }).click();
  await bo.page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
  const places = await bo.page.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents();
  assert.ok(places.includes("Media") && !places.some((name) => /People|Settings|Cache|Redirects/.test(name)), places);
  assertSilent(bo.complaints);

  await page.getByRole("button", { name: "Edit Bo Byte" }).click();
  const change = page.getByRole("dialog", { name: "Edit Bo Byte" });
  await change.getByLabel("Role").selectOption({ label: "Editor" });
  await change.getByRole("button", { name: "Save" }).click();
  await row("Bo Byte").getByText("Editor").waitFor();
  await bo.page.reload();
  await bo.page.getByRole("link", { name: "Cache" }).waitFor();

  await page.getByRole("button", { name: "Remove Bo Byte" }).click();
  await page.getByRole("dialog", { name: "Remove Bo Byte?" }).getByRole("button", { name: "Remove" }).click();
  await page.getByText("Bo Byte cannot sign in any more.").waitFor();
  await row("Bo Byte").waitFor({ state: "detached" });
  await bo.page.reload();
  await bo.page.getByRole("button", { name: "Sign in" }).waitFor();
  await guest.close();
});

test("the only owner stays one", async () => {
  await open("people");
  await page.getByRole("button", { name: "Edit Ada Lane" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Role").selectOption({ label: "Editor" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("This is the only owner.").waitFor();
  await page.keyboard.press("Escape");
});

test("a token is shown once, works, and is refused after it was revoked", async () => {
  await open("tokens");
  await page.getByText("No tokens yet").waitFor();
  await page.getByRole("button", { name: "New token" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("content:read").uncheck();
  await dialog.getByRole("button", { name: "Create token" }).click();
  await dialog.getByText("Give it a name").waitFor();
  await dialog.getByText("Choose at least one").waitFor();
  await dialog.getByLabel("Name").fill("Shop");
  await dialog.getByLabel("content:read").check();
  await dialog.getByRole("button", { name: "Create token" }).click();
  await dialog.getByText("shown this once").waitFor();
  await dialog.getByRole("button", { name: "Copy token" }).click();
  const secret = await clipboard();
  const ask = () => fetch(`${site.url}/api/v1/posts`, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal((await ask()).status, 200);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await row("Shop").getByText("content:read").waitFor();
  assert.ok(!(await page.content()).includes(secret), "it is not shown again");
  await page.getByRole("button", { name: "Revoke Shop" }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("“Shop” was revoked.").waitFor();
  await page.getByText("No tokens yet").waitFor();
  assert.equal((await ask()).status, 401);
});

test("a redirect is made, refused when it leads in a circle, changed, and brought back", async () => {
  const follow = async (path) => (await fetch(site.url + path, { redirect: "manual" })).headers.get("location");
  await open("redirects");
  await page.getByRole("button", { name: "New redirect" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("From", { exact: true }).fill("/old/");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await dialog.getByText("Enter where they are sent").waitFor();
  await dialog.getByLabel("To", { exact: true }).fill("/old/");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await dialog.getByText("leads to itself").waitFor();
  await dialog.getByLabel("To", { exact: true }).fill("/welcome/");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await row("/old/").getByText("made by hand").waitFor();
  assert.match(await follow("/old/"), /\/welcome\/$/);

  await page.getByRole("button", { name: "Edit the redirect from /old/" }).click();
  await dialog.getByLabel("From", { exact: true }).fill("/older/");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await row("/older/").waitFor();
  assert.equal(await follow("/old/"), null);

  await page.getByRole("button", { name: "Delete the redirect from /older/" }).click();
  await page.getByText("/older/ leads nowhere now.").waitFor();
  await page.getByText("No redirects yet").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row("/older/").waitFor();
  assert.match(await follow("/older/"), /\/welcome\/$/);
  await page.getByLabel("Search addresses").fill("nothing like it");
  await page.getByText("No redirect fits").waitFor();
  await page.getByRole("button", { name: "Show all redirects" }).click();
  await row("/older/").waitFor();
});

test("an address that readers did not find is led on, and one for many is tried before it is trusted", async () => {
  for (let n = 0; n < 3; n++) await fetch(`${site.url}/lost/page/`);
  await missed(page, "/lost/page/");
  await open("redirects?tab=missing");
  await page.getByRole("button", { name: "Redirect /lost/page/" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByLabel("From", { exact: true }).inputValue(), "/lost/page/");
  await dialog.getByLabel("From", { exact: true }).fill("/lost/*");
  await dialog.getByLabel("To", { exact: true }).fill("/welcome/");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await page.getByRole("tab", { name: "Redirects" }).click();
  await row("/lost/*").getByText("all below").waitFor();

  await page.getByRole("button", { name: "Test an address" }).click();
  await dialog.getByLabel("Path").fill("lost");
  await dialog.getByRole("button", { name: "Test", exact: true }).click();
  await dialog.getByText("Enter a path that begins with /.").waitFor();
  await dialog.getByLabel("Path").fill("/lost/elsewhere/");
  await page.keyboard.press("Enter");
  await dialog.getByText(/Readers are sent to .*\/welcome\/ in one step/).waitFor();
  await dialog.getByText("/lost/* → /welcome/").waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "New redirect" }).first().click();
  await dialog.getByLabel("From", { exact: true }).fill("/closed/");
  await dialog.getByLabel("Kind").selectOption("410");
  await dialog.getByRole("button", { name: "Save redirect" }).click();
  await row("/closed/").getByText("gone", { exact: true }).waitFor();
  assert.equal((await fetch(`${site.url}/closed/`)).status, 410);
});

test("a table of redirects is taken whole or not at all", async () => {
  await open("redirects");
  await page.getByRole("button", { name: "Import a table" }).click();
  const dialog = page.getByRole("dialog");
  const file = (text) => dialog.getByLabel("CSV file").setInputFiles({
    name: "moved.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(text),
  });
  await dialog.getByRole("button", { name: "Import" }).click();
  await dialog.getByText("Choose a file.").waitFor();
  await file("from,to,status\n/first/,/welcome/,301\n/second/,,301\n");
  await dialog.getByRole("button", { name: "Import" }).click();
  await dialog.getByText("line 3").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal((await api(page, "GET", "/redirects?q=first")).body.total, 0);
  await file("from,to,status\n/first/,/welcome/,301\n/second/,https://example.org/,\n");
  await dialog.getByRole("button", { name: "Import" }).click();
  await page.getByText("2 redirects imported.").waitFor();
  await row("/second/").getByText("308").waitFor();
  const table = await page.evaluate(async (url) => (await fetch(url)).text(), "/api/v1/redirects/csv");
  assert.match(table, /\/first\/,\/welcome\/,301/);
});

test("the audit log says who did what, and can be searched", async () => {
  const post = (await api(page, "POST", "/posts", { title: "On lamps", markdown: "Light." })).body;
  await api(page, "POST", `/posts/${post.id}/publish`);
  await open("audit");
  await row("published “On lamps”").getByText("Ada Lane").waitFor();
  await row("made the token Shop").waitFor();
  await row("let somebody in: bo@example.org").waitFor();
  await row("led readers from /older/ to /welcome/").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("lamps");
  await page.waitForURL(/q=lamps/);
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 2);
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length > 2);
  assert.equal(await page.getByRole("searchbox").inputValue(), "", "the field says what is shown");
  await page.getByRole("searchbox").fill("lamps");
  await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 2);
  await page.getByRole("link", { name: "Open" }).first().click();
  await page.locator("textarea.title").waitFor();
  assert.equal(await page.locator("textarea.title").inputValue(), "On lamps");
});

test("pages are shown before they are made again: by path, by everything below it, and by tag", async () => {
  await fetch(`${site.url}/`);
  await open("cache");
  await page.getByRole("button", { name: "Revalidate…" }).first().click();
  const dialog = page.getByRole("dialog");
  const look = dialog.getByRole("button", { name: "Show the pages" });
  await look.click();
  await dialog.getByText("Enter a path").waitFor();
  await dialog.getByLabel("Path", { exact: true }).fill("/nowhere/");
  await look.click();
  await dialog.getByText("No stored page answers to this path.").waitFor();
  await dialog.getByLabel("Path", { exact: true }).fill("/tag/");
  await dialog.getByLabel("Everything below this path too").check();
  await look.click();
  await dialog.locator("li", { hasText: "/tag/writing/" }).waitFor();
  await dialog.getByLabel(/Make the new pages now/).check();
  await dialog.getByRole("button", { name: /^Revalidate \d+ pages$/ }).click();
  await dialog.getByText(/\d+ pages made again\./).waitFor();
  await dialog.getByLabel("By tag").check();
  await dialog.getByLabel("Tag", { exact: true }).fill("settings");
  await look.click();
  await dialog.getByText(/stored pages are meant/).waitFor();
  await dialog.getByLabel(/Readers get the old page until/).check();
  await dialog.getByRole("button", { name: /^Revalidate \d+ pages$/ }).click();
  await dialog.getByText(/marked at revision/).waitFor();
});

test("the console stayed silent", () => assertSilent(complaints));
