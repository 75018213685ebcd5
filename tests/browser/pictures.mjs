// Takes the pictures that the README shows, from a site with something on it.
import { fileURLToPath } from "node:url";
import { api, launch, openPage, setUp, startSite } from "./harness.mjs";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const POSTS = [
  [
    "What the cache remembers",
    ["caching", "engineering"],
    "Every page keeps a record of what it was made from: each list it asked for, each post it showed, each setting it read.",
  ],
  [
    "A garden of small tools",
    ["craft"],
    "Good tools grow slowly. They are pruned more often than they are fed, and the best of them fit in one hand.",
  ],
  [
    "Reading by lamplight",
    ["essays"],
    "The dark theme was drawn by lamplight, and it shows: warm paper, ink that does not glare, and links the colour of dusk.",
  ],
  [
    "On keeping an archive",
    ["essays", "craft"],
    "An archive is a promise to strangers. Addresses must not change, and nothing that was said may quietly go missing.",
  ],
];
const MARKDOWN = `Most sites choose between **fast** and **fresh**. A cached page is fast until the moment somebody edits something, and then it is wrong until a timer runs out.

> [!NOTE]
> Publishing names every page that will change, *before* anything does.

## What an edit changes

| Page | Because | Made again |
| --- | --- | ---: |
| \`/\` | it lists this post | at once |
| \`/tag/caching/\` | it carries the tag | at once |
| \`/about/\` | it shows none of it | never |

- [x] The old page stays until the new one is ready
- [x] Nobody ever waits for a rebuild
- [ ] Tell everybody

A template says what it wants, and that is all it has to say:

\`\`\`jinja
{% for post in posts(tag="caching", limit=5) %}
\`\`\`

The rest follows from what it asked for.
`;

const site = await startSite();
const browser = await launch();
const context = await browser.newContext({
  viewport: { width: 1280, height: 800 },
  colorScheme: "light",
});
const { page } = await openPage(context);
const show = async (path) => page.goto(`${site.url}/admin${path}`);
const take = (name) => page.screenshot({ path: `${docs}${name}.png` });
const write = async (title, tags, markdown) =>
  (await api(page, "POST", "/posts", { title, tags, markdown })).body;

await setUp(page, site, "sample");
for (const post of POSTS) {
  const { id } = await write(...post);
  await api(page, "POST", `/posts/${id}/publish`);
}
const draft = await write(
  "Pages that never go stale",
  ["caching", "engineering"],
  MARKDOWN,
);

await show(`/posts/${draft.id}`);
await page.locator(".prose table").waitFor();
await take("editor");

await page.keyboard.press("Control+Shift+P");
await page
  .frameLocator("iframe:not(.waiting)")
  .getByRole("heading", { name: "What an edit changes" })
  .waitFor();
await take("preview");
await page.getByRole("button", { name: "Close preview" }).click();

await page.keyboard.press("Control+Enter");
await page.getByRole("dialog").getByText("will change").waitFor();
await take("publish");

const { page: cache } = await openPage(context);
for (let visit = 0; visit < 40; visit++) await fetch(`${site.url}/`);
await cache.goto(`${site.url}/admin/cache`);
await cache.locator(".pill.good", { hasText: "Live" }).waitFor();
await page.getByRole("button", { name: /^Publish and rebuild/ }).click();
await page.getByText(/pages? fresh in/).waitFor();
await cache
  .getByRole("region", { name: "Events" })
  .getByText(draft.url)
  .first()
  .waitFor();
await cache.getByRole("button", { name: draft.url }).waitFor();
await cache.screenshot({ path: `${docs}cache.png` });

await browser.close();
await site.stop();
