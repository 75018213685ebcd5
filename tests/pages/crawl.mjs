// Fetches a site: what its sitemap names, what every site has, and everything those pages lead to on the same site.

import { absolute, references } from "./markup.mjs";

const FIXED = ["/", "/archive/", "/tags/", "/rss.xml", "/atom.xml", "/feed.json", "/sitemap.xml", "/robots.txt"];

/** A path that no site has; its page is checked like any other, but for its status. */
export const MISSING = "/no-page-has-this-address/";

/** More than this is another site's business. */
const MOST = 10000;

const AT_ONCE = 8;

/**
 * `pages` maps each path to `{ status, type, body, from }`; `body` is text, and empty where it is not text; `from` is the
 * page that led here. The site calls itself `self`, which may differ from the address it is fetched from.
 */
export async function crawl(base) {
  const origin = new URL(base).origin;
  const pages = new Map();
  const [named] = references(await get(origin, "/sitemap.xml"));
  const self = named && URL.canParse(named.url) ? new URL(named.url).origin : origin;
  const site = { origin, self, pages };

  const open = new Map([...FIXED, MISSING].map((path) => [path, "the list of what every site has"]));
  while (open.size && pages.size < MOST) {
    const batch = [...open].slice(0, AT_ONCE);
    await Promise.all(
      batch.map(async ([path, from]) => {
        open.delete(path);
        const page = { ...(await get(origin, path)), from };
        pages.set(path, page);
        for (const { url } of references(page)) {
          const next = local(site, absolute(url, path));
          if (next && !pages.has(next) && !open.has(next)) open.set(next, path);
        }
      }),
    );
  }
  return site;
}

/** The path of a URL on this site, without its fragment; undefined when it leads elsewhere. */
export function local(site, url) {
  if (!URL.canParse(url, site.self)) return undefined;
  const parsed = new URL(url, site.self);
  const here = parsed.origin === site.self || parsed.origin === site.origin;
  return here && !parsed.pathname.startsWith("/admin") ? parsed.pathname + parsed.search : undefined;
}

async function get(origin, path) {
  const response = await fetch(origin + path);
  const type = response.headers.get("content-type") ?? "";
  const isText = /^text\/|xml|json|javascript/.test(type);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type, bytes: bytes.length, body: isText ? bytes.toString() : "" };
}
