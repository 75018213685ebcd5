// Pages stay light: what a reader loads besides images.

import { gzipSync } from "node:zlib";

import { local } from "./crawl.mjs";
import { absolute, isHtml, references } from "./markup.mjs";

const KB = 1024;
/** A page's own bytes; those of its stylesheets and of its scripts, compressed. */
const MOST = { html: 30 * KB, css: 12 * KB, script: 3 * KB };

export function sizes(site) {
  const findings = [];
  for (const [path, page] of site.pages) {
    if (!isHtml(page)) continue;
    const total = { html: page.bytes, css: 0, script: 0 };
    const loaded = references(page).filter(({ loads }) => loads);
    for (const target of new Set(loaded.map(({ url }) => local(site, absolute(url, path))))) {
      const file = site.pages.get(target);
      if (file?.type.startsWith("text/css")) total.css += gzipSync(file.body).length;
      if (file?.type.includes("javascript")) total.script += gzipSync(file.body).length;
    }
    for (const [kind, bytes] of Object.entries(total)) {
      if (bytes > MOST[kind]) findings.push({ path, problem: `has ${bytes} bytes of ${kind}; at most ${MOST[kind]} are allowed` });
    }
  }
  return findings;
}
