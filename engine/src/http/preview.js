{
  // A click on something the text became is told to the editor around this frame. It may only be of this site.
  const PLACED = "[data-sourcepos]";
  const [START, END] = [0, 1];
  const lineOf = (element, end) => parseInt(element.dataset.sourcepos.split("-")[end]);

  // What says nothing of itself, such as HTML that was written by hand, comes after what does.
  const lineAfterOthers = (target) => {
    for (let at = target; at; at = at.parentElement)
      for (let other = at.previousElementSibling; other; other = other.previousElementSibling) {
        const placed = other.matches(PLACED) ? other : [...other.querySelectorAll(PLACED)].at(-1);
        if (placed) return lineOf(placed, END) + 1;
      }
    return null;
  };
  addEventListener("click", (event) => {
    const placed = event.target.closest(PLACED);
    if (!placed && event.target.closest("a, button, summary")) return;
    const line = placed ? lineOf(placed, START) : lineAfterOthers(event.target);
    if (line === null || parent === window) return;
    if (event.target.closest("a")) event.preventDefault();
    const words = event.target.closest("p, li, th, td, pre, figcaption, h1, h2, h3, h4, h5, h6")?.textContent ?? "";
    parent.postMessage({ line, words: words.slice(0, 1000) }, location.origin);
  });
  const look = new CSSStyleSheet();
  look.replaceSync(`${PLACED} { cursor: text }`);
  document.adoptedStyleSheets.push(look);
}
