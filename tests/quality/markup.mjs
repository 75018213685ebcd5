// html-validate: what is valid, but not as good as it could be.

import { HtmlValidate } from "html-validate";

import { isHtml } from "../pages/markup.mjs";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "doctype-style": ["error", { style: "lowercase" }],
    "attribute-boolean-style": "off",
    // A table scrolls in a region, which is no section of the text.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    // Writers' own tables: a cell that says nothing of its scope has the one that browsers infer.
    "wcag/h63": "off",
    "valid-id": ["error", { relaxed: true }],
    // Taste, and what editors write: neither changes what anybody reads.
    "long-title": "off",
    "no-trailing-whitespace": "off",
    "void-style": "off",
    // What the engine knows of a single picture cannot stand in a style sheet.
    "no-inline-style": ["error", { allowedProperties: ["background-color", "object-position"] }],
  },
});

export async function markup(site) {
  const findings = [];
  for (const [path, page] of site.pages) {
    if (!isHtml(page)) continue;
    const { results } = await validator.validateString(page.body);
    for (const { line, ruleId, message } of results.flatMap((result) => result.messages)) {
      findings.push({ path, problem: `line ${line}: ${ruleId}: ${message}` });
    }
  }
  return findings;
}
