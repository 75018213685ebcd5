// The checks themselves: they find nothing on a sound site, and each finds every defect that is planted for it.

import assert from "node:assert/strict";
import test from "node:test";

import { check, checks } from "./check.mjs";
import { MISSING, crawl } from "./crawl.mjs";
import { serving, sound } from "./sound.mjs";

test("a sound site has no findings", async () => {
  const { findings } = await serving(sound(), check);
  assert.deepEqual(findings, []);
});

test("links notices a site that has a page at every address", async () => {
  const files = { ...sound(), [MISSING]: sound()["/hello/"] };
  const found = await serving(files, async (base) => checks.links(await crawl(base)));
  assert.match(found[0].problem, /answers 200, but there is no such page/);
});

/** What to replace where, by the check that must notice. */
const DEFECTS = {
  links: [
    ["/", "/hello/#end", "/gone/", /leads to \/gone\/, which answers 404/],
    ["/", "#end", "#nowhere", /nothing there has that id/],
    ["/hello/", "/media/a.png", "/media/b.png", /leads to \/media\/b.png/],
  ],
  frame: [
    ["/hello/", ' lang="en"', "", /no language/],
    ["/hello/", "<title>Hello</title>", "<title> </title>", /no title/],
    ["/hello/", 'name="viewport"', 'name="other"', /no viewport/],
    ["/hello/", 'rel="canonical"', 'rel="other"', /no absolute canonical/],
    [404, 'rel="stylesheet" href="', 'rel="canonical" href="http://site.example', /is not there/],
    ["/hello/", "h1>", "h2>", /0 main headings/],
    ["/hello/", "<p id", "<h1>Again</h1><p id", /2 main headings/],
    ["/hello/", "main", "div", /0 main regions/],
    ["/hello/", "<p id", '<p style="color: red" id', /code in its markup: <p>/],
    ["/hello/", "<img ", '<img style="background-color:red;position:fixed" ', /code in its markup: <img>/],
    ["/hello/", "<p id", '<p onclick="x()" id', /code in its markup: <p>/],
    ["/hello/", "</main>", "<script>x()</script></main>", /code in its markup: <script>/],
    ["/hello/", 'href="#main"', 'href="/"', /skips to the content/],
    ["/hello/", ' alt="A dot"', "", /image without a description/],
  ],
  data: [
    ["/hello/", '"@graph":', '"graph":', /no graph/],
    ["/hello/", '"@context":"https://schema.org",', "", /no graph/],
    ["/hello/", '"@type":"WebSite",', "", /nothing of the site/],
    ["/hello/", '{"@context"', '{"@context', /no JSON/],
    ["/hello/", "application/ld+json", "text/plain", /structured data 0 times/],
    ["/hello/", '"headline":"Hello",', "", /no headline/],
    ["/hello/", '"datePublished":"2026-01-02T00:00:00Z"', '"datePublished":"yesterday"', /no date/],
    ["/hello/", '"name":"Ada",', "", /author without name/],
    ["/hello/", '"position":2', '"position":3', /not in order/],
    ["/hello/", '"url":"http://site.example/hello/"', '"url":"http://site.example/bye/"', /bye\/ in its structured data/],
    ["/hello/", 'content="article"', 'content="website"', /of type website/],
    ["/hello/", 'property="og:title"', 'property="title"', /no title for social/],
  ],
  origins: [
    ["/hello/", "/media/a.png", "https://elsewhere.example/a.png", /loads https:\/\/elsewhere/],
    ["/hello/", "/assets/style.css", "https://elsewhere.example/style.css", /loads https:\/\/elsewhere/],
    ["/assets/style.css", "/media/a.png", "//elsewhere.example/a.png", /loads \/\/elsewhere/],
  ],
  sizes: [
    ["/hello/", "The end.", "The end. ".repeat(4000), /bytes of html/],
    ["/assets/style.css", "#222;", noise(20_000), /bytes of css/],
    ["/assets/theme.js", "document.title;", noise(6_000), /bytes of script/],
  ],
  feeds: [
    ["/rss.xml", "</item>", "", /parser error|mismatch/],
    ["/rss.xml", "Fri, 2 Jan 2026 00:00:00 GMT", "2026-01-02", /pubDate/],
    ["/atom.xml", "<updated>2026-01-02T00:00:00Z</updated>", "", /feed|updated/],
    ["/sitemap.xml", "2026-01-02T00:00:00Z", "yesterday", /lastmod/],
    ["/sitemap.xml", "http://site.example/hello/", "/hello/", /loc/],
    ["/feed.json", "}]}", "}]", /JSON/],
    ["/feed.json", "content_html", "content", /without content/],
  ],
  validity: [["/hello/", "<p id", "<p><div></p><p id", /div/]],
};

for (const [name, defects] of Object.entries(DEFECTS)) {
  for (const [path, right, wrong, problem] of defects) {
    test(`${name} notices ${wrong.slice(0, 40) || `no ${right}`} on ${path}`, async () => {
      const files = sound();
      assert.ok(files[path].includes(right));
      files[path] = files[path].replaceAll(right, wrong);
      const found = await serving(files, async (base) => checks[name](await crawl(base)));
      assert.match(found.map(({ problem }) => problem).join("\n"), problem);
    });
  }
}

/** Text that does not compress. */
function noise(length) {
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647) % 94;
  return Array.from({ length }, () => String.fromCharCode(33 + next())).join("").replaceAll("/", "");
}
