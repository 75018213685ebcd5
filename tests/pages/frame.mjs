// What every HTML page needs: language, title, viewport, one main heading, a main region, and no code written into the page.

import { isHtml, tags } from "./markup.mjs";

/** What a browser reads and does not run. */
const DATA = ["application/ld+json", "speculationrules"];

export function frame(site) {
  return [...site.pages]
    .filter(([, page]) => isHtml(page))
    .flatMap(([path, page]) => problems(page).map((problem) => ({ path, problem })));
}

function problems({ body: html, status }) {
  const all = tags(html);
  const count = (name) => all.filter((tag) => tag.name === name).length;
  const has = (name, test) => all.some((tag) => tag.name === name && test(tag.attributes));
  const inline = all.filter(({ name, attributes }) => {
    const code = name === "script" && !attributes.src && !DATA.includes(attributes.type);
    // What the engine knows of a single picture cannot stand in a style sheet.
    const style = attributes.style && !(name === "img" && /^(;?(background-color|object-position):[^;]+)+$/.test(attributes.style));
    return code || style || name === "style" || Object.keys(attributes).some((key) => key.startsWith("on"));
  });
  const canonical = has("link", ({ rel, href }) => rel === "canonical" && /^https?:/.test(href));
  const rules = [
    [has("html", ({ lang }) => lang), "has no language"],
    [/<title>[^<]*\S[^<]*<\/title>/.test(html), "has no title"],
    [has("meta", ({ name }) => name === "viewport"), "has no viewport"],
    [canonical || status === 404, "has no absolute canonical address"],
    [!canonical || status !== 404, "names a canonical address, but is not there"],
    [count("h1") === 1, `has ${count("h1")} main headings`],
    [count("main") === 1, `has ${count("main")} main regions`],
    [has("a", ({ href }) => href === "#main"), "has no link that skips to the content"],
    [inline.length === 0, `has code in its markup: ${inline.map(({ name }) => `<${name}>`).join(", ")}`],
    [!all.some(({ name, attributes }) => name === "img" && !("alt" in attributes)), "has an image without a description"],
  ];
  return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}
