// A reader's browser asks nobody but the site itself.

import { local } from "./crawl.mjs";
import { absolute, references } from "./markup.mjs";

export function origins(site) {
  const findings = [];
  const look = (path, url) => {
    const leaves = !url.startsWith("data:") && local(site, absolute(url, path)) === undefined;
    if (leaves) findings.push({ path, problem: `loads ${url} from elsewhere` });
  };
  for (const [path, page] of site.pages) {
    for (const { url, loads } of references(page)) {
      if (loads) look(path, url);
    }
    if (page.type.startsWith("text/css")) {
      const plain = page.body.replace(/\/\*[\s\S]*?\*\//g, "");
      for (const [, url] of plain.matchAll(/(?:url\(|@import\s+)\s*["']?([^"')\s;]+)/g)) look(path, url);
    }
  }
  return findings;
}
