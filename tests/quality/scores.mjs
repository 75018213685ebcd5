// Lighthouse, as a phone: a hundred in every category, the median of three, and nothing moves.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const RUNS = 3;

/** Home, the newest post, and the first topic. */
export async function places(origin) {
  const first = async (path, pattern) => pattern.exec(await (await fetch(origin + path)).text())[1];
  return ["/", await first("/", /<h2><a href="([^"]+)"/), await first("/tags/", /<a href="(\/tag\/[^"]+)"/)];
}

export async function scores(origin, paths) {
  const chrome = await launch({ chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags: FLAGS });
  try {
    const findings = [];
    for (const path of paths) findings.push(...(await ofPage(chrome.port, origin, path)));
    return findings;
  } finally {
    chrome.kill();
  }
}

async function ofPage(port, origin, path) {
  const results = [];
  for (let run = 0; run < RUNS; run++) results.push((await lighthouse(origin + path, { port, logLevel: "silent" })).lhr);
  const findings = [];
  const told = [];
  for (const [id, { title }] of Object.entries(results[0].categories)) {
    const [score] = middle(results.map((result) => result.categories[id].score));
    told.push(`${title} ${Math.round(score * 100)}`);
    if (score < 1) findings.push({ path, problem: `${title} ${Math.round(score * 100)}: ${wanting(results[0], id)}` });
  }
  const [moved] = middle(results.map((result) => result.audits["cumulative-layout-shift"].numericValue));
  console.log(`  ${path}: ${told.join(", ")}, layout shift ${moved}`);
  if (moved > 0) findings.push({ path, problem: `things move by ${moved} while it loads` });
  return findings;
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b).slice(Math.floor(numbers.length / 2));

/** The audits that cost a category its hundred. */
const wanting = ({ categories, audits }, id) =>
  categories[id].auditRefs
    .filter(({ id: audit, weight }) => weight > 0 && audits[audit].score !== null && audits[audit].score < 1)
    .map(({ id: audit }) => `${audit} ${audits[audit].displayValue ?? ""}`.trim())
    .join("; ");
