// Names, texts and pasted HTML that try to run: nothing of them does, on any screen.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { api, assertSilent, launch, openPage, setUp, startSite } from "./harness.mjs";

const NAMES = [
  `"><img src=x onerror="hacked('name')">`,
  `<script>hacked('name')</script>`,
  `</script><script>hacked('name')</script><!--`,
  `<svg onload=hacked('name')>`,
  `javascript:hacked('name')`,
  `{{constructor.constructor("hacked('name')")()}}`,
  `' onmouseover='hacked("name")' autofocus onfocus='hacked("name")`,
];
const HTML = [
  `<script>hacked('html')</script>`,
  `<img src=x onerror="hacked('html')">`,
  `<svg onload="hacked('html')"><animate onbegin="hacked('html')" attributeName=x dur=1s></svg>`,
  `<svg><a><set attributeName="href" to="javascript:hacked('html')"/><text>x</text></a></svg>`,
  `<svg><style><img src="</style><img src=x onerror=hacked('html')>"></style></svg>`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror="hacked('html')"></annotation-xml></math>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=hacked('html')&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=hacked('html')>">`,
  `<iframe srcdoc="<script>parent.hacked('html')</script>"></iframe>`,
  `<iframe src="javascript:parent.hacked('html')"></iframe>`,
  `<object data="javascript:hacked('html')"></object><embed src="javascript:hacked('html')">`,
  `<base href="https://beacon.example/"><meta http-equiv="refresh" content="0;url=https://beacon.example/">`,
  `<form action="https://beacon.example/"><button autofocus onfocus="hacked('html')">x</button></form>`,
  `<link rel="stylesheet" href="https://beacon.example/x.css"><style>@import "https://beacon.example/y.css";</style>`,
  `<details open ontoggle="hacked('html')">x</details>`,
  `<video><source onerror="hacked('html')"></video><audio src=x onerror="hacked('html')"></audio>`,
  `<xmp><p title="</xmp><img src=x onerror=hacked('html')>"></xmp>`,
  `<a href="java&#x0a;script:hacked('html')" id="attributes">x</a>`,
];
const MARKDOWN = [
  `[click](javascript:hacked('markdown'))`,
  `[click](JaVa&#10;script:hacked('markdown'))`,
  `[click](data:text/html;base64,PHNjcmlwdD5wYXJlbnQuaGFja2VkKCk8L3NjcmlwdD4=)`,
  `[click][ref]\n\n[ref]: vbscript:hacked('markdown')`,
  `![x](x"onerror="hacked('markdown'))`,
  `![x](/x.png "\\" onerror=\\"hacked('markdown')")`,
  "```x\"><img src=x onerror=hacked('markdown')>\n</code><script>hacked('markdown')</script>\n```",
  `A note[^"><img src=x onerror=hacked('markdown')>].\n\n[^"><img src=x onerror=hacked('markdown')>]: Below.`,
  `::embed{url="javascript:hacked('markdown')"}`,
  `:::toggle[<img src=x onerror=hacked('markdown')>]\nx\n:::`,
  `# <img src=x onerror=hacked('markdown')> {#attributes}`,
  `$\\href{javascript:hacked('markdown')}{x}$`,
];
const TEXT = [...HTML, ...MARKDOWN].join("\n\n");

let site, browser, page, context, complaints, post;
const ran = [];

before(async () => {
  site = await startSite();
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.exposeFunction("hacked", (how) => ran.push(how));
  await context.route("https://beacon.example/**", (route) => (ran.push(route.request().url()), route.abort()));
  ({ page, complaints } = await openPage(context, /Failed to load resource/));
  page.on("dialog", (dialog) => (ran.push(dialog.message()), dialog.dismiss()));
  await setUp(page, site);
  for (const [at, name] of NAMES.entries()) {
    const made = await api(page, "POST", "/posts", {
      title: name,
      markdown: TEXT,
      excerpt: name,
      tags: [name.slice(0, 60)],
      feature_image: "/x.png",
      feature_image_alt: name,
      seo_title: name,
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    post ??= made.body;
    await api(page, "POST", `/posts/${made.body.id}/publish`);
    await api(page, "POST", "/tokens", { name, scopes: ["content:read"] });
    await api(page, "POST", "/authors", { name, slug: `author-${at}`, bio: name });
    await api(page, "POST", "/users", {
      name,
      email: `p${at}@example.org`,
      role: "author",
      password: "long enough words",
    });
    await api(page, "POST", "/redirects", { from: `/old-${at}/`, to: `/new/?${encodeURIComponent(name)}` });
  }
  await page.evaluate(async (names) => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>';
    for (const name of names) {
      const form = new FormData();
      form.append(
        "file",
        new File([drawing.replace("<path", `<!--${Math.random()}--><path`)], `${name.replaceAll("/", "")}.svg`),
      );
      await fetch("/api/v1/media", { method: "POST", body: form });
    }
  }, NAMES);
  const menu = { items: NAMES.map((label) => ({ label, url: "/somewhere/" })) };
  const { version } = (await api(page, "GET", "/menus/main")).body;
  const kept = await api(page, "PUT", "/menus/main", menu, { "If-Match": `"${version}"` });
  assert.equal(kept.status, 200, JSON.stringify(kept.body));
  const settings = (await api(page, "GET", "/settings")).body;
  await api(page, "PATCH", "/settings", { title: NAMES[0] }, { "If-Match": `"${settings.version}"` });
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

/** Nothing ran, also of what the browser has yet to load. */
const nothingRan = async () => {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  assert.deepEqual(ran, []);
};

for (const screen of [
  "posts",
  "posts?q=img",
  "media",
  "tags",
  "authors",
  "cache",
  "cache?tab=tags",
  "navigation",
  "redirects",
  "people",
  "tokens",
  "audit",
  "settings",
])
  test(`${screen} shows hostile names as text`, async () => {
    await page.goto(`${site.url}/admin/${screen}`);
    await page.locator("h1").waitFor();
    await page.locator("main :is(tbody tr, li, input)").first().waitFor();
    await nothingRan();
    assert.equal(await page.locator("main script, main svg[onload], main [onerror], main [onfocus]").count(), 0);
  });

test("the editor shows hostile text, as rich text, as source, in its history and in its preview", async () => {
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await nothingRan();
  assert.equal(
    await page.locator(".prose a[href^=javascript], .prose a[href^=data], .prose script, .prose iframe").count(),
    0,
  );
  await page.locator("textarea.title").fill(`${NAMES[1]} again`);
  await page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  await page.keyboard.press("Control+Shift+H");
  const dialog = page.getByRole("dialog", { name: "History" });
  await dialog
    .getByRole("button", { name: /by Ada Lane/ })
    .first()
    .click();
  await dialog.locator(".field").first().waitFor();
  await nothingRan();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+M");
  await page.locator(".cm-content").waitFor();
  await page.keyboard.press("Control+Shift+P");
  await page.frameLocator("iframe:not(.waiting)").locator("h1").first().waitFor();
  await nothingRan();
  await page.keyboard.press("Control+Shift+M");
});

test("publishing and the palette show them too", async () => {
  await page.goto(`${site.url}/admin/posts/${post.id}`);
  await page.locator(".prose").waitFor();
  await page.locator("textarea.title").fill(NAMES[0]);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog").getByText("will change").waitFor();
  await nothingRan();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("img");
  await page.getByRole("option").first().waitFor();
  await nothingRan();
});

test("pasted and dropped HTML becomes text and blocks, and nothing of it runs", async () => {
  await page.goto(`${site.url}/admin/posts/new`);
  await page.locator(".prose").click();
  for (const html of [
    ...HTML,
    `<b style="background:url(javascript:hacked('html'))" onclick="hacked('html')">bold</b>`,
  ]) {
    await page.evaluate((content) => {
      const data = new DataTransfer();
      data.setData("text/html", `<meta charset="utf-8">${content}`);
      data.setData("text/plain", "words");
      document
        .querySelector(".prose")
        .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, html);
  }
  await page.keyboard.type("Still here.");
  await page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  await nothingRan();
  // What is pasted is read in a document that runs nothing; the browser says of each handler that it was not run.
  complaints.splice(0);
  assert.equal(
    await page.locator(".prose :is(script, iframe, object, embed, form, link, style, [onclick], [onerror])").count(),
    0,
  );
});

test("attributes that our own clipboard carries are not believed from others", async () => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    const attrs = `data-md-attributes='[1]' data-md-name='{"a":{}}' data-md-value='{"x":1}' data-md-ref='7' data-md-label='[]'`;
    data.setData(
      "text/html",
      ["div", "span"]
        .flatMap((tag) =>
          ["embed", "rawBlock", "callout", "section", "mathInline", "rawInline", "footnoteRef", "inlineImage"].map(
            (name) => `<${tag} data-t="${name}" ${attrs}>x</${tag}>`,
          ),
        )
        .join(""),
    );
    document
      .querySelector(".prose")
      .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.keyboard.press("Control+s");
  await page.locator(".save", { hasText: /^Saved$/ }).waitFor();
  await nothingRan();
});

test("readers' pages and feeds run nothing of it either", async () => {
  for (const path of ["/", post.url, "/rss.xml", "/atom.xml", "/search?q=img"]) {
    await page.goto(new URL(path, site.url).href).catch(() => {}); // Feeds may be taken as downloads.
    await nothingRan();
  }
});

test("no rule of the content security policy was needed in the admin", () =>
  assertSilent(complaints.filter((line) => line.includes("/admin/"))));
