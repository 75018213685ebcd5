// What a page tells machines of itself is whole, and agrees with the page.

import { isHtml, tags } from "./markup.mjs";

const SCRIPT = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/g;

/** The things that a page's structured data describes; throws a sentence when there are none to be read. */
export function graph(html) {
  const scripts = [...html.matchAll(SCRIPT)];
  if (scripts.length !== 1) throw new Error(`has structured data ${scripts.length} times`);
  let data;
  try {
    data = JSON.parse(scripts[0][1]);
  } catch (error) {
    throw new Error(`has structured data that is no JSON: ${error.message}`);
  }
  if (data["@context"] !== "https://schema.org" || !Array.isArray(data["@graph"])) throw new Error("has no graph in the words of schema.org");
  return data["@graph"];
}

export function data(site) {
  return [...site.pages]
    .filter(([, page]) => isHtml(page))
    .flatMap(([path, page]) => problems(page).map((problem) => ({ path, problem })));
}

function problems({ body, status }) {
  let things;
  try {
    things = graph(body);
  } catch (error) {
    return [error.message];
  }
  const found = things.flatMap((thing) => (RULES[thing["@type"]] ?? (() => []))(thing).map((problem) => `its ${thing["@type"]} ${problem}`));
  if (!things.some((thing) => thing["@type"] === "WebSite")) found.push("says nothing of the site it belongs to");
  return status === 200 ? found.concat(agreement(body, things)) : found;
}

/** What stands in several places is the same in all of them. */
function agreement(html, things) {
  const all = tags(html);
  const meta = (property) => all.find((tag) => tag.name === "meta" && tag.attributes.property === property)?.attributes.content;
  const canonical = all.find((tag) => tag.name === "link" && tag.attributes.rel === "canonical")?.attributes.href;
  const post = things.find((thing) => thing["@type"] === "BlogPosting");
  return failed([
    [meta("og:title"), "has no title for social sites"],
    [meta("og:url") === canonical, `is ${meta("og:url")} for social sites, but ${canonical} for search engines`],
    [!post || post.url === canonical, `is ${post?.url} in its structured data, but ${canonical} for search engines`],
    [!!post === (meta("og:type") === "article"), `is of type ${meta("og:type")} for social sites`],
    [!post || meta("article:published_time") === post.datePublished, "was published at different times"],
  ]);
}

const absolute = (value) => typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value);
const text = (value) => typeof value === "string" && value.trim() !== "";
const dated = (value) => text(value) && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
const failed = (rules) => rules.filter(([holds]) => !holds).map(([, problem]) => problem);

/** What each type must say. */
const RULES = {
  WebSite: (site) =>
    failed([
      [text(site.name), "has no name"],
      [absolute(site.url), "has no absolute address"],
    ]),
  BlogPosting: (post) =>
    failed([
      [text(post.headline), "has no headline"],
      [absolute(post.url), "has no absolute address"],
      [dated(post.datePublished), "has no date"],
      [dated(post.dateModified), "does not say when it changed"],
      [Array.isArray(post.author) && post.author.every((author) => text(author.name) && absolute(author.url)), "has an author without name or address"],
      [text(post.publisher?.name), "has no publisher"],
      [!post.image || [post.image].flat().every((image) => absolute(image.url ?? image)), "has an image without an absolute address"],
    ]),
  BreadcrumbList: ({ itemListElement: items }) =>
    failed([
      [Array.isArray(items) && items.length > 1, "leads nowhere"],
      [items?.every((item, index) => item.position === index + 1), "is not in order"],
      [items?.every((item) => text(item.name) && absolute(item.item)), "has a step without name or absolute address"],
    ]),
  ProfilePage: ({ mainEntity: person }) => failed([[person?.["@type"] === "Person" && text(person.name), "is about nobody"]]),
};
