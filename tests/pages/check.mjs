// Checks every page of a running site: `node check.mjs http://127.0.0.1:8080`. Prints what is wrong and ends with 1 if anything is.

import { crawl } from "./crawl.mjs";
import { data } from "./data.mjs";
import { feeds } from "./feeds.mjs";
import { frame } from "./frame.mjs";
import { links } from "./links.mjs";
import { origins } from "./origins.mjs";
import { sizes } from "./sizes.mjs";
import { validity } from "./validity.mjs";

/** Each takes a crawled site and gives findings: `{ path, problem }`. */
export const checks = { links, frame, data, origins, sizes, feeds, validity };

export async function check(base) {
  const site = await crawl(base);
  const findings = [];
  for (const [name, run] of Object.entries(checks)) {
    for (const finding of await run(site)) findings.push({ check: name, ...finding });
  }
  return { site, findings };
}

if (process.argv[1] === import.meta.filename) {
  const base = process.argv[2];
  if (!base) {
    console.error("usage: node check.mjs BASE_URL");
    process.exit(2);
  }
  const { site, findings } = await check(base);
  for (const { check, path, problem } of findings) console.error(`${check}: ${path}: ${problem}`);
  console.log(`${site.pages.size} pages and files, ${findings.length} findings`);
  process.exit(findings.length ? 1 : 0);
}
