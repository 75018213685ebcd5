// Enhancements: the switch between light and dark, menus that close, and a button that copies code.
const words = document.currentScript.dataset;
const root = document.documentElement;
const button = document.querySelector(".scheme");
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : system.matches);
const show = () => button?.setAttribute("aria-pressed", String(isDark()));

button?.addEventListener("click", () => {
  root.dataset.scheme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("scheme", root.dataset.scheme);
  } catch {
    // The choice lasts as long as the page.
  }
  show();
});
system.addEventListener("change", show);
show();

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
