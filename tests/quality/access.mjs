// axe: whether everybody can use every page, in light, dark and forced colours and on a small screen.

import { launch, overflow, violations } from "../browser/harness.mjs";
import { isHtml } from "../pages/markup.mjs";

const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { forcedColors: "active" },
  "320 pixels": { viewport: { width: 320, height: 640 } },
};

export async function axe(site) {
  const browser = await launch();
  try {
    const looks = Object.entries(LOOKS).map(([look, options]) => inLook(browser, site, look, options));
    return (await Promise.all(looks)).flat();
  } finally {
    await browser.close();
  }
}

async function inLook(browser, site, look, options) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();
  const findings = [];
  for (const [path, document] of site.pages) {
    if (!isHtml(document)) continue;
    await page.goto(site.origin + path);
    const width = page.viewportSize().width;
    const out = (await overflow(page, width)).map((element) => `${element} reaches beyond the screen`);
    for (const problem of [...(await violations(page)), ...out]) findings.push({ path, problem: `in ${look}: ${problem}` });
  }
  return findings;
}
