// Every link inside the site leads to something that is there, fragments included.

import { MISSING, local } from "./crawl.mjs";
import { absolute, isHtml, references, tags } from "./markup.mjs";

export function links(site) {
  const findings = [];
  for (const [path, page] of site.pages) {
    if (path === MISSING) {
      if (page.status !== 404) findings.push({ path, problem: `answers ${page.status}, but there is no such page` });
    } else if (page.status >= 400) {
      findings.push({ path: page.from, problem: `leads to ${path}, which answers ${page.status}` });
    }
    for (const { url } of references(page)) {
      const problem = fragment(site, path, url);
      if (problem) findings.push({ path, problem });
    }
  }
  return findings;
}

function fragment(site, path, url) {
  const [target, id] = absolute(url, path).split("#");
  const page = id && site.pages.get(local(site, target || path));
  if (!page || !isHtml(page)) return undefined;
  const wanted = decodeURIComponent(id);
  const there = tags(page.body).some(({ attributes }) => attributes.id === wanted);
  return there ? undefined : `leads to ${url}, but nothing there has that id`;
}
