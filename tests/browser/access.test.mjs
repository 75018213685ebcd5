// One's own account, invitations, webhooks, the state of the server, and files and tags that are put in place of others.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, OWNER, setUp, shots, startSite } from "./harness.mjs";

let site, browser, page, complaints, context;

before(async () => {
  site = await startSite({ PERENNIAL_FETCH_ALLOW: "127.0.0.1" });
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

/** What an authenticator app shows, so many steps of thirty seconds from now. */
function code(secret, later = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a second factor is turned on, asked for at the door, and a recovery code lets in once", async () => {
  await open("account");
  await page.getByRole("button", { name: "Turn on" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Current password").fill("not the password");
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByText("This is not your password.").waitFor();
  await dialog.getByLabel("Current password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("img", { name: "The secret as a picture" }).waitFor();
  const secret = (await dialog.locator(".path").textContent()).replaceAll(" ", "");
  await dialog.getByLabel("Code").fill("000000");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await dialog.getByText("This code is not right").waitFor();
  await dialog.getByLabel("Code").fill(code(secret, -1));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const recovery = await page.getByRole("dialog", { name: "Your recovery codes" }).locator("li").allTextContents();
  assert.equal(recovery.length, 10);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByText("10 recovery codes left.").waitFor();

  const guest = await browser.newContext();
  const other = await openPage(guest, /401/);
  await other.page.goto(`${site.url}/admin/`);
  await other.page.getByLabel("E-mail").fill(OWNER.email);
  await other.page.getByLabel("Password").fill(OWNER.password);
  await other.page.getByRole("button", { name: "Sign in" }).click();
  await other.page.getByLabel("Code").fill("123456");
  await other.page.screenshot({ path: `${shots}/sign-in-code.png` });
  await other.page.keyboard.press("Enter");
  await other.page.getByText("This code is not right, or was used already.").waitFor();
  await other.page.getByLabel("Code").fill(recovery[0]);
  await other.page.keyboard.press("Enter");
  await other.page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();

  await open("account");
  await page.getByText("9 recovery codes left.").waitFor();
  await page.getByRole("button", { name: /^Sign out .*signed in/ }).click();
  await page.getByText("1 browser was signed out.").waitFor();
  assert.equal((await api(other.page, "GET", "/session")).status, 401);
  await guest.close();

  await page.getByRole("button", { name: "Turn off" }).click();
  await dialog.getByLabel("Current password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await page.getByText("The second factor is off.").waitFor();
});

test("one's own name and password are changed, and whoever is signed in elsewhere is signed out", async () => {
  await open("account");
  await page.getByLabel("Name").fill("Ada L.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your name was saved.").waitFor();
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Change password" }).click();
  assert.equal(await dialog.locator("[aria-invalid]").count(), 2);
  await dialog.getByLabel("Current password").fill(OWNER.password);
  await dialog.getByLabel("New password").fill(OWNER.password);
  await dialog.getByRole("button", { name: "Change password" }).click();
  await page.getByText("You are signed out everywhere else.").waitFor();
  await open("posts");
});

test("somebody is invited by a link, joins with it once, and is suspended", async () => {
  await open("people");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Make link" }).click();
  assert.equal(await dialog.locator("[aria-invalid]").count(), 1);
  await dialog.getByLabel("E-mail").fill("bo@example.org");
  await dialog.getByLabel("Role").selectOption({ label: "Editor" });
  await dialog.getByRole("button", { name: "Make link" }).click();
  await dialog.getByRole("button", { name: "Copy link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await row("bo@example.org").getByText("Editor").waitFor();

  const guest = await browser.newContext();
  const bo = await openPage(guest, /401|404/);
  await bo.page.goto(link);
  await bo.page.getByText("Ada L. invited you to write here, as bo@example.org.").waitFor();
  await bo.page.getByRole("button", { name: "Create account" }).click();
  assert.equal(await bo.page.locator("[aria-invalid]").count(), 2);
  await bo.page.getByLabel("Your name").fill("Bo Byte");
  await bo.page.getByLabel("Password").fill("correct horse battery");
  await bo.page.getByRole("button", { name: "Create account" }).click();
  await bo.page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
  const late = await openPage(await browser.newContext(), /404/);
  await late.page.goto(link);
  await late.page.getByText("This invitation is not good any more").waitFor();

  const { body: draft } = await api(page, "POST", "/posts", { title: "Shared" });
  await page.goto(`${site.url}/admin/posts/${draft.id}`);
  await page.locator(".prose").waitFor();
  await bo.page.goto(`${site.url}/admin/posts/${draft.id}`);
  await bo.page.getByText("Ada L. has this open too.").waitFor();
  const { body: there } = await api(page, "GET", "/presence");
  assert.deepEqual(there.items[0].people.map((person) => person.name).sort(), ["Ada L.", "Bo Byte"]);
  await open("posts");
  await row("Shared").getByText("Bo Byte is editing").waitFor();

  await open("people");
  await page.getByRole("button", { name: "Edit Bo Byte" }).click();
  await dialog.getByLabel("Suspended").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await row("Bo Byte").getByText("suspended").waitFor();
  assert.equal((await api(bo.page, "GET", "/session")).status, 401);
});

test("a webhook is made, tried, and its messages are looked at", async () => {
  const heard = [];
  let twice;
  const heardTwice = new Promise((done) => (twice = done));
  const program = createServer((request, response) => {
    request.setEncoding("utf8").on("data", (body) => heard.push([request.headers["webhook-id"], JSON.parse(body).type]));
    request.on("end", () => {
      response.end("Thank you");
      if (heard.length === 2) twice();
    });
  });
  await new Promise((ready) => program.listen(0, "127.0.0.1", ready));
  await open("webhooks");
  await page.getByText("No webhooks yet").waitFor();
  await page.getByRole("button", { name: "New webhook" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Address").fill("nowhere");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Enter an address").waitFor();
  await dialog.getByLabel("Address").fill(`http://127.0.0.1:${program.address().port}/hook`);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("whsec_").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Messages to" }).click();
  await dialog.getByRole("button", { name: "Send a test message" }).click();
  await dialog.getByText("delivered").waitFor();
  await dialog.getByText("ping", { exact: true }).click();
  await dialog.getByText("Thank you").waitFor();
  await dialog.getByRole("button", { name: "Send again" }).click();
  await heardTwice;
  assert.deepEqual(heard[0], heard[1], "the same message, under the same id");
  assert.equal(heard[0][1], "ping");
  await dialog.getByRole("button", { name: "Close" }).click();
  program.close();
});

test("the state of the server is shown with what to do", async () => {
  await open("system");
  await page.getByText("can be signed in as with a password alone").waitFor();
  await page.getByText("Owners turn on a second factor").waitFor();
  await page.getByRole("cell", { name: "site_url", exact: true }).waitFor();
});

test("a tag is merged into another after one has seen what changes", async () => {
  const { body: made } = await api(page, "POST", "/posts", { title: "Merged", markdown: "Text.", tags: ["Gardening"] });
  await api(page, "POST", `/posts/${made.id}/publish`);
  await api(page, "POST", "/tags", { name: "Gardens" });
  await open("tags");
  await page.getByRole("button", { name: "Merge Gardening into another tag" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge “Gardening”" });
  await dialog.getByRole("button", { name: "Merge" }).click();
  await dialog.getByText("Choose the tag that stays.").waitFor();
  await dialog.getByLabel("Into").selectOption({ label: "Gardens" });
  await dialog.getByText(/pages? changes? for readers:/).waitFor();
  await dialog.getByRole("button", { name: "Merge" }).click();
  await page.getByText("“Gardening” was merged into “Gardens”.").waitFor();
  assert.equal(await row("Gardening").count(), 0);
  const { body: post } = await api(page, "GET", `/posts/${made.id}`);
  assert.deepEqual(
    post.tags.map((tag) => tag.name),
    ["Gardens"],
  );
});

test("a file is described, replaced where it is used, and deleted only all the same", async () => {
  const svg = (colour) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><circle cx="20" cy="15" r="9" fill="${colour}"/></svg>`;
  const file = (colour) => ({ name: "leaf.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg(colour)) });
  await open("media");
  await page.setInputFiles("input[type=file]", [file("green")]);
  await page.getByRole("list", { name: "Files" }).getByRole("button", { name: "leaf.svg" }).click();
  const url = await page.getByRole("dialog").locator("dd.path").textContent();
  await api(page, "POST", "/posts", { title: "Leaves", markdown: `![A leaf](${url})` });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("dialog", { name: "Name and description" }).getByRole("textbox", { name: "Description" }).fill("A leaf");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The file was saved.").waitFor();
  await page.getByRole("button", { name: "Replace…" }).click();
  const replace = page.getByRole("dialog", { name: "Replace “leaf.svg”" });
  await replace.getByLabel("New file").setInputFiles(file("red"));
  await replace.getByRole("button", { name: "Replace…" }).click();
  await page.getByText("The pages that show it are being made again.").waitFor();
  const { body: posts } = await api(page, "GET", "/posts?q=Leaves");
  const { body: post } = await api(page, "GET", `/posts/${posts.items[0].id}`);
  assert.ok(!post.markdown.includes(url) && post.markdown.includes("/media/"), post.markdown);
  await page.getByText("in its text").waitFor();
  await page.getByRole("button", { name: "Delete…" }).click();
  const remove = page.getByRole("dialog", { name: "Delete “leaf.svg”?" });
  await remove.getByText("1 post or page uses it.").waitFor();
  await remove.getByRole("button", { name: "Delete all the same" }).click();
  await page.getByText("“leaf.svg” was deleted.").waitFor();
  await page.getByText("No files yet").waitFor();
});

test("nothing was said on the console", () => assertSilent(complaints));
