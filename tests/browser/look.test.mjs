// Every screen in light and dark at three widths: no accessibility violations, nothing that sticks out, a picture of each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  api,
  assertSilent,
  launch,
  missed,
  openPage,
  OWNER,
  overflow,
  setUp,
  shots,
  startSite,
  violations,
} from "./harness.mjs";

const WIDTHS = [1280, 390, 320];
const SCHEMES = ["light", "dark"];
const MARKDOWN = `An opening paragraph with **bold**, *italic*, \`code\` and [a link](/about/).

> [!WARNING]
> Mind the step.

## A heading

| Page | Why | State |
| --- | --- | ---: |
| \`/\` | lists posts | fresh |

- [x] done
- [ ] to do

\`\`\`rust
fn main() {}
\`\`\`

![A picture](/admin/icon.svg)
`;
let site, browser, state, post, invitation;
const setupFaults = [];

before(async () => {
  site = await startSite();
  browser = await launch();
  const context = await browser.newContext();
  const { page } = await openPage(context);
  await page.goto(site.setupLink);
  await page.getByLabel("Site title").waitFor();
  for (const colorScheme of SCHEMES)
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await page.screenshot({
        path: `${shots}/setup-${colorScheme}-${width}.png`,
      });
      setupFaults.push(
        ...(await overflow(page, width)),
        ...(await violations(page)),
      );
    }
  await setUp(page, site, "sample");
  post = (
    await api(page, "POST", "/posts", {
      title: "A post with everything in it",
      markdown: MARKDOWN,
      tags: ["engineering", "caching"],
    })
  ).body;
  await api(page, "POST", `/posts/${post.id}/publish`);
  await api(page, "POST", "/redirects", {
    from: "/an-older-address/",
    to: post.url,
  });
  await api(page, "POST", "/tokens", {
    name: "Newsletter",
    scopes: ["content:read", "revalidate"],
  });
  const media = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 300 });
    const pen = canvas.getContext("2d");
    Object.assign(pen, { fillStyle: "honeydew" }).fillRect(0, 0, 400, 300);
    Object.assign(pen, { fillStyle: "seagreen" }).fill(new Path2D("M200 60a90 90 0 1 0 1 0z"));
    const form = new FormData();
    form.append("file", await new Promise((done) => canvas.toBlob(done, "image/jpeg")), "leaf.jpg");
    return (await fetch("/api/v1/media", { method: "POST", body: form })).json();
  });
  const { body: now } = await api(page, "GET", `/posts/${post.id}`);
  const image = { feature_image: media.url };
  const version = { "If-Match": `"${now.version}"` };
  await api(page, "PATCH", `/posts/${post.id}`, image, version);
  await fetch(`${site.url}/`);
  await fetch(`${site.url}/a-page-that-readers-want/`);
  await missed(page, "/a-page-that-readers-want/");
  // Nobody listens there, so that the log has something to say.
  const hook = { url: "http://127.0.0.1:9/hook", events: ["post.publish", "tag.merge"] };
  const { body: made } = await api(page, "POST", "/webhooks", hook);
  await api(page, "POST", `/webhooks/${made.id}/ping`);
  const invited = await api(page, "POST", "/invitations", { email: "eve@example.org", role: "editor" });
  invitation = new URL(invited.body.link);
  state = await context.storageState();
  await context.close();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const admin = (path) => `${site.url}/admin${path}`;
const SCREENS = {
  posts: async (page) => {
    await page.goto(admin("/posts"));
    await page.locator("tbody tr").first().waitFor();
  },
  "posts-none": async (page) => {
    await page.goto(admin("/posts?q=zzzzzz"));
    await page.getByText("No post fits").waitFor();
  },
  pages: async (page) => {
    await page.goto(admin("/pages"));
    await page.locator("tbody tr").first().waitFor();
  },
  editor: async (page) => {
    await page.goto(admin(`/posts/${post.id}`));
    await page.locator(".prose table").waitFor();
  },
  source: async (page) => {
    await page.goto(admin(`/posts/${post.id}`));
    await page.locator(".prose").waitFor();
    await page.keyboard.press("Control+Shift+M");
    await page.locator(".cm-content").waitFor();
  },
  image: async (page) => {
    await page.goto(admin(`/posts/${post.id}`));
    await page.locator(".prose").waitFor();
    await page.getByRole("button", { name: "Image", exact: true }).click();
    await page.getByRole("list", { name: "Images of the library" }).waitFor();
  },
  slash: async (page) => {
    await page.goto(admin("/posts/new"));
    await page.locator(".prose").click();
    await page.keyboard.type("/");
    await page.getByRole("option").first().waitFor();
  },
  publish: async (page) => {
    await page.goto(admin("/posts"));
    const draft = (
      await api(page, "POST", "/posts", {
        title: "To be published",
        markdown: "Words.",
      })
    ).body;
    await page.goto(admin(`/posts/${draft.id}`));
    await page.locator(".prose").waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText("will change").waitFor();
  },
  receipt: async (page) => {
    await SCREENS.publish(page);
    await page.getByRole("button", { name: /^Publish and rebuild/ }).click();
    await page.getByText(/pages? fresh in/).waitFor();
  },
  cache: async (page) => {
    await page.goto(admin("/cache"));
    await page.locator("tbody tr").first().waitFor();
  },
  explain: async (page) => {
    await page.goto(admin("/cache?page=/"));
    await page.locator("dialog dl").waitFor();
  },
  "cache-tags": async (page) => {
    await page.goto(admin("/cache?tab=tags"));
    await page.locator("tbody tr").first().waitFor();
  },
  tags: async (page) => {
    await page.goto(admin("/tags"));
    await page.locator("tbody tr").first().waitFor();
  },
  authors: async (page) => {
    await page.goto(admin("/authors"));
    await page.locator("tbody tr").first().waitFor();
    await page.getByRole("button", { name: "New author" }).click();
    await page.getByRole("dialog").waitFor();
  },
  selection: async (page) => {
    await page.goto(admin("/posts"));
    await page.locator("tbody tr").first().waitFor();
    await page.locator("tbody input[type=checkbox]").first().check();
    await page.getByRole("toolbar", { name: "Selected posts" }).waitFor();
  },
  bulk: async (page) => {
    await SCREENS.selection(page);
    await page.getByRole("button", { name: "Trash…" }).click();
    await page.getByText("will change").first().waitFor();
  },
  media: async (page) => {
    await page.goto(admin("/media"));
    await page.getByRole("list", { name: "Files" }).waitFor();
  },
  file: async (page) => {
    await SCREENS.media(page);
    await page.getByRole("list", { name: "Files" }).getByRole("button").first().click();
    await page.getByText("A post with everything in it").waitFor();
  },
  "file-edit": async (page) => {
    await SCREENS.file(page);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("group", { name: "Focal point" }).waitFor();
  },
  redirects: async (page) => {
    await page.goto(admin("/redirects"));
    await page.locator("tbody tr").first().waitFor();
  },
  "redirects-new": async (page) => {
    await SCREENS.redirects(page);
    await page.getByRole("button", { name: "New redirect" }).click();
    await page.getByRole("dialog").waitFor();
  },
  "redirects-missing": async (page) => {
    await page.goto(admin("/redirects?tab=missing"));
    await page.getByText("/a-page-that-readers-want/").waitFor();
  },
  "redirects-test": async (page) => {
    await SCREENS.redirects(page);
    await page.getByRole("button", { name: "Test an address" }).click();
    await page.getByRole("dialog").getByLabel("Path").fill("/an-older-address/");
    await page.keyboard.press("Enter");
    await page.getByText("Readers are sent to").waitFor();
  },
  people: async (page) => {
    await page.goto(admin("/people"));
    await page.getByText("ada@example.org").waitFor();
  },
  "people-add": async (page) => {
    await SCREENS.people(page);
    await page.getByRole("button", { name: "Add with a password" }).click();
    await page.getByRole("dialog").waitFor();
  },
  "people-invite": async (page) => {
    await SCREENS.people(page);
    await page.getByRole("button", { name: "Invite somebody" }).click();
    await page.getByRole("dialog").getByLabel("E-mail").fill("bob@example.org");
    await page.getByRole("button", { name: "Make link" }).click();
    await page.getByRole("dialog", { name: "Send this to" }).waitFor();
  },
  join: async (page) => {
    await page.goto(admin(`/join${invitation.hash}`));
    await page.getByRole("button", { name: "Create account" }).waitFor();
  },
  account: async (page) => {
    await page.goto(admin("/account"));
    await page.getByText("This browser").waitFor();
  },
  "account-factor": async (page) => {
    await SCREENS.account(page);
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByLabel("Current password").fill(OWNER.password);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("img", { name: "The secret as a picture" }).waitFor();
  },
  webhooks: async (page) => {
    await page.goto(admin("/webhooks"));
    await page.getByText("127.0.0.1:9/hook").waitFor();
  },
  "webhooks-new": async (page) => {
    await SCREENS.webhooks(page);
    await page.getByRole("button", { name: "New webhook" }).click();
    await page.getByRole("dialog").waitFor();
  },
  "webhooks-log": async (page) => {
    await SCREENS.webhooks(page);
    await page.getByRole("button", { name: "Messages to" }).click();
    await page.getByText("ping", { exact: true }).click();
    await page.getByRole("button", { name: "Send again" }).waitFor();
  },
  system: async (page) => {
    await page.goto(admin("/system"));
    await page.getByText("data folder").waitFor();
  },
  "tags-merge": async (page) => {
    await SCREENS.tags(page);
    await page.getByRole("button", { name: "Merge caching into another tag" }).click();
    await page.getByLabel("Into", { exact: true }).selectOption({ label: "engineering" });
    await page.getByText("for readers:").waitFor();
  },
  "file-replace": async (page) => {
    await SCREENS.file(page);
    await page.getByRole("button", { name: "Replace…" }).click();
    await page.getByLabel("New file").waitFor();
  },
  tokens: async (page) => {
    await page.goto(admin("/tokens"));
    await page.locator("tbody tr").first().waitFor();
  },
  "tokens-new": async (page) => {
    await SCREENS.tokens(page);
    await page.getByRole("button", { name: "New token" }).click();
    await page.getByRole("dialog").waitFor();
  },
  audit: async (page) => {
    await page.goto(admin("/audit"));
    await page.locator("tbody tr").first().waitFor();
  },
  history: async (page) => {
    await page.goto(admin(`/posts/${post.id}`));
    await page.locator(".prose").waitFor();
    await page.keyboard.press("Control+Shift+H");
    await page.getByRole("button", { name: /Begun by/ }).click();
    await page.locator("dialog .field").first().waitFor();
  },
  revalidate: async (page) => {
    await page.goto(admin("/cache"));
    await page.getByRole("button", { name: "Revalidate…" }).first().click();
    await page.getByRole("dialog").waitFor();
  },
  navigation: async (page) => {
    await page.goto(admin("/navigation"));
    await page.getByRole("button", { name: "Add item" }).click();
    await page.getByLabel("Label of item 1").waitFor();
  },
  settings: async (page) => {
    await page.goto(admin("/settings"));
    await page.getByLabel("Title").waitFor();
  },
  moving: async (page) => {
    await page.goto(admin("/moving"));
    await page.getByText("Choose ZIP file").waitFor();
  },
  palette: async (page) => {
    await page.goto(admin("/posts"));
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("everything");
    await page
      .getByRole("option", { name: /A post with everything/ })
      .first()
      .waitFor();
  },
  shortcuts: async (page) => {
    await page.goto(admin("/posts"));
    await page.locator("tbody tr").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
  },
  missing: async (page) => {
    await page.goto(admin("/nowhere"));
    await page.getByText("nothing at this address").first().waitFor();
  },
};

test("set-up, in all of them", () => assert.deepEqual(setupFaults, []));

for (const colorScheme of SCHEMES)
  for (const width of WIDTHS)
    test(`${colorScheme}, ${width} px`, async (t) => {
      const context = await browser.newContext({
        storageState: state,
        colorScheme,
        viewport: { width, height: width > 600 ? 860 : 844 },
      });
      const { page, complaints } = await openPage(context);
      for (const [name, show] of Object.entries(SCREENS))
        await t.test(name, async () => {
          await show(page);
          await page.screenshot({
            path: `${shots}/${name}-${colorScheme}-${width}.png`,
          });
          assert.deepEqual(await overflow(page, width), []);
          assert.deepEqual(await violations(page), []);
        });
      await t.test("sign in", async () => {
        await context.clearCookies();
        await page.goto(admin("/posts"));
        await page.getByRole("button", { name: "Sign in" }).waitFor();
        await page.screenshot({
          path: `${shots}/sign-in-${colorScheme}-${width}.png`,
        });
        assert.deepEqual(await overflow(page, width), []);
        assert.deepEqual(await violations(page), []);
      });
      await t.test("no complaints on the console", () =>
        assertSilent(complaints),
      );
      await context.close();
    });
