// A small sound site, and a server for it: what the checks must find nothing wrong with, until a defect is planted.

import { createServer } from "node:http";
import { once } from "node:events";

const TYPES = { xml: "application/xml", json: "application/json", txt: "text/plain", css: "text/css", js: "text/javascript" };

const CANONICAL = '<link rel="canonical" href="http://site.example/">';

const SITE = { "@type": "WebSite", name: "Site", url: "http://site.example/" };

const POST = {
  "@type": "BlogPosting",
  headline: "Hello",
  url: "http://site.example/hello/",
  datePublished: "2026-01-02T00:00:00Z",
  dateModified: "2026-01-03T00:00:00Z",
  author: [{ "@type": "Person", name: "Ada", url: "http://site.example/author/ada/" }],
  publisher: { "@type": "Organization", name: "Site" },
};

const TRAIL = {
  "@type": "BreadcrumbList",
  itemListElement: [
    { "@type": "ListItem", position: 1, name: "Site", item: "http://site.example/" },
    { "@type": "ListItem", position: 2, name: "Hello", item: "http://site.example/hello/" },
  ],
};

const html = (title, main = "", path = "/", things = []) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="canonical" href="http://site.example${path}">
<meta property="og:title" content="${title}">
<meta property="og:url" content="http://site.example${path}">
<meta property="og:type" content="${things.length ? "article" : "website"}">
${things.length ? '<meta property="article:published_time" content="2026-01-02T00:00:00Z">' : ""}
<script type="application/ld+json">${JSON.stringify({ "@context": "https://schema.org", "@graph": [SITE, ...things] })}</script>
<link rel="stylesheet" href="/assets/style.css">
<script src="/assets/theme.js" defer></script>
</head>
<body>
<a href="#main">Skip to content</a>
<main id="main">
<h1>${title}</h1>
${main}
</main>
</body>
</html>`;

const item = (path) => `http://site.example${path}`;

/** Path to body, and the body of what is not there. Everything on it is right. */
export const sound = () => ({
  404: html("Not found").replace(CANONICAL, ""),
  "/": html("Home", '<p><a href="/hello/#end">Hello</a> <a href="https://elsewhere.example/">elsewhere</a></p>'),
  "/hello/": html("Hello", '<p id="end">The end. <img src="/media/a.png" alt="A dot" width="1" height="1"></p>', "/hello/", [POST, TRAIL]),
  "/archive/": html("Archive"),
  "/tags/": html("Topics"),
  "/assets/style.css": "body { color: #222; background: url(/media/a.png); }",
  "/assets/theme.js": "document.title;",
  "/media/a.png": "",
  "/robots.txt": "User-agent: *\n",
  "/sitemap.xml": `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${item("/")}</loc></url><url><loc>${item("/hello/")}</loc><lastmod>2026-01-02T00:00:00Z</lastmod></url></urlset>`,
  "/rss.xml": `<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Site</title><link>${item("/")}</link><description>A site</description><language>en</language><generator>Test</generator><atom:link href="${item("/rss.xml")}" rel="self" type="application/rss+xml"/><item><title>Hello</title><link>${item("/hello/")}</link><guid isPermaLink="false">urn:uuid:1</guid><pubDate>Fri, 2 Jan 2026 00:00:00 GMT</pubDate><description>Hello</description><content:encoded>&lt;p&gt;Hello&lt;/p&gt;</content:encoded></item></channel></rss>`,
  "/atom.xml": `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>${item("/")}</id><title>Site</title><updated>2026-01-02T00:00:00Z</updated><link rel="self" type="application/atom+xml" href="${item("/atom.xml")}"/><entry><id>urn:uuid:1</id><title>Hello</title><link rel="alternate" type="text/html" href="${item("/hello/")}"/><published>2026-01-02T00:00:00Z</published><updated>2026-01-02T00:00:00Z</updated><author><name>Ada</name></author><summary>Hello</summary><content type="html">&lt;p&gt;Hello&lt;/p&gt;</content></entry></feed>`,
  "/feed.json": JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: "Site",
    items: [{ id: "1", url: item("/hello/"), content_html: "<p>Hello</p>", date_published: "2026-01-02T00:00:00Z" }],
  }),
});

/** Serves the files on a free port while `work` runs with the address. */
export async function serving(files, work) {
  const server = createServer((request, response) => {
    const body = files[request.url];
    const extension = request.url.split(".")[1];
    const type = extension === "png" ? "image/png" : (TYPES[extension] ?? "text/html; charset=utf-8");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": body === undefined ? "text/html" : type });
    response.end(body ?? files[404]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
