// The colour scheme that this reader has chosen, before anything is painted.
try {
  const chosen = localStorage.getItem("scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
} catch {
  // Storage is closed to us: the page keeps the site's colours.
}
