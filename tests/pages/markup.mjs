// Reads tags out of HTML. The validator sees to it that the markup is sound, so a pattern is enough here.

const TAG = /<([a-z][a-z0-9]*)((?:\s+(?:[^\s"'>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*\/?>/gi;
const ATTRIBUTE = /([^\s"'>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** Every start tag as `{ name, attributes }`, comments and scripts' contents left out. */
export function tags(html) {
  const plain = html.replace(/<!--[\s\S]*?-->/g, "").replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/gi, "$1");
  return [...plain.matchAll(TAG)].map(([, name, rest]) => {
    const pairs = [...rest.matchAll(ATTRIBUTE)].map(([, key, a, b, c]) => [key.toLowerCase(), decoded(a ?? b ?? c ?? "")]);
    return { name: name.toLowerCase(), attributes: Object.fromEntries(pairs) };
  });
}

/** What a page leads to or loads: `{ url, tag, loads }`. */
export function references(page) {
  const found = [];
  if (page.type.startsWith("application/xml")) {
    // A sitemap, or one of many that a sitemap names.
    for (const [, url] of page.body.matchAll(/<loc>([^<]*)<\/loc>/g)) found.push({ url: decoded(url), tag: "loc", loads: false });
  }
  if (!isHtml(page)) return found;
  for (const { name, attributes } of tags(page.body)) {
    const loaded = name === "link" ? /stylesheet|icon|preload|manifest/.test(attributes.rel ?? "") : !["a", "area"].includes(name);
    for (const key of ["href", "src", "poster"]) {
      if (key in attributes) found.push({ url: attributes[key], tag: name, loads: loaded });
    }
    for (const candidate of (attributes.srcset ?? "").split(/,\s+/).filter(Boolean)) {
      found.push({ url: candidate.trim().split(/\s/)[0], tag: name, loads: true });
    }
  }
  return found;
}

export const absolute = (url, path) => (URL.canParse(url, `http://site${path}`) ? new URL(url, `http://site${path}`).href.replace(/^http:\/\/site(?=\/)/, "") : url);

export const isHtml = (page) => page.type.startsWith("text/html");

const decoded = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
