// Enhancements: the switch between light and dark, menus that close, a button that copies code, players in place of links to
// them, pages fetched before they are opened, and results while one types.
const words = document.currentScript.dataset;
const root = document.documentElement;
const button = document.querySelector(".scheme");
const system = matchMedia("(prefers-color-scheme: dark)");

// What the page looks like to a reader who has not chosen.
const usual = () => (words.scheme === "auto" ? (system.matches ? "dark" : "light") : words.scheme);
const current = () => root.dataset.scheme ?? usual();
const show = () => button?.setAttribute("aria-pressed", String(current() === "dark"));

button?.addEventListener("click", () => {
  const scheme = current() === "dark" ? "light" : "dark";
  // Who goes back to the usual colours has chosen nothing, and follows the system again.
  const chosen = scheme !== usual();
  if (chosen || words.scheme !== "auto") root.dataset.scheme = scheme;
  else delete root.dataset.scheme;
  try {
    if (chosen) localStorage.setItem("scheme", scheme);
    else localStorage.removeItem("scheme");
  } catch {
    // The choice lasts as long as the page.
  }
  show();
});
system.addEventListener("change", show);
show();

// A page that a reader is about to open is fetched before; none that the server makes for each request.
if (HTMLScriptElement.supports?.("speculationrules")) {
  const where = { and: [{ href_matches: "/*" }, { not: { href_matches: ["/admin/*", "/search*", "/media/*", "/*.xml", "/*.json"] } }] };
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({ prefetch: [{ where, eagerness: "moderate" }] });
  document.head.append(rules);
}

const close = (inside) => {
  for (const menu of document.querySelectorAll(".top details[open]")) if (!menu.contains(inside)) menu.open = false;
};
addEventListener("click", (event) => close(event.target));
addEventListener("keydown", (event) => event.key === "Escape" && close(null));

// Browsers lend the clipboard to secure pages only.
for (const pre of navigator.clipboard ? document.querySelectorAll(".body pre") : []) {
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = words.copy;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(pre.textContent);
    copy.textContent = words.copied;
    setTimeout(() => (copy.textContent = words.copy), 2000);
  });
  const frame = document.createElement("div");
  frame.className = "copyable";
  pre.replaceWith(frame);
  frame.append(pre, copy);
}

// Nobody else is asked for anything before a reader wants to see it.
const PLAYERS = [
  [/^https:\/\/(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com\/(?:watch\?(?:.*&)?v=|shorts\/|live\/|embed\/)|youtu\.be\/)([\w-]+)/, (id) => `https://www.youtube-nocookie.com/embed/${id}?autoplay=1`],
  [/^https:\/\/(?:www\.|player\.)?vimeo\.com\/(?:video\/)?(\d+)/, (id) => `https://player.vimeo.com/video/${id}?autoplay=1&dnt=1`],
];
const player = (link) => {
  for (const [address, make] of PLAYERS) {
    const id = address.exec(link.href)?.[1];
    if (id) return make(id);
  }
  return link.classList.contains("frame") ? link.href : undefined;
};

for (const link of document.querySelectorAll("a.embed")) {
  const source = player(link);
  if (!source) continue;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    Object.assign(frame, { src: source, title: link.textContent, allow: "autoplay; fullscreen; picture-in-picture", allowFullscreen: true });
    link.replaceWith(frame);
    frame.focus();
  });
}

// Without this the form asks the server. The snippets are the server's: escaped, but for their marks.
const field = document.querySelector(".search input");
const element = (name, within, text = "") => within.appendChild(Object.assign(document.createElement(name), { textContent: text }));
let asking = new AbortController();
let pause;

const find = async () => {
  asking.abort();
  asking = new AbortController();
  const asked = encodeURIComponent(field.value.trim());
  try {
    const answer = await fetch(`/search.json?q=${asked}`, { signal: asking.signal });
    if (!answer.ok) return;
    const results = document.querySelector(".results");
    results.replaceChildren();
    document.querySelector("main .pages")?.remove();
    for (const { title, url, snippet } of (await answer.json()).results) {
      const card = element("article", results);
      card.className = "card";
      const inner = element("div", card);
      element("a", element("h2", inner), title).href = url;
      const excerpt = element("p", inner);
      excerpt.className = "excerpt";
      excerpt.innerHTML = snippet;
    }
    history.replaceState(null, "", `/search?q=${asked}`);
  } catch {
    // A newer question took its place, or the form still works.
  }
};
field?.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(find, 150);
});
