// Keyboard shortcuts: single keys never act while somebody types.

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
export const MOD = isMac ? "⌘" : "Ctrl";

const EDITABLE = "input, textarea, select, [contenteditable='true'], .cm-host";

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest(EDITABLE) !== null;

const inDialog = () => document.querySelector("dialog[open]") !== null;

/** "Mod+K", "Mod+Shift+M", "?", "j": the name of the key that was pressed. */
export function keyName(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  const letter = event.key.length === 1;
  if (event.shiftKey && (!letter || parts.length)) parts.push("Shift");
  parts.push(letter && parts.length ? event.key.toUpperCase() : event.key);
  return parts.join("+");
}

export type Keymap = Record<string, () => void>;

/** Runs what the map says for a key; keys without Ctrl or ⌘ only outside of inputs and dialogs. */
export const handler = (keymap: Keymap) => (event: KeyboardEvent) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = keyName(event);
  const run = keymap[name];
  if (!run || inDialog() || (!name.startsWith("Mod") && isTyping(event.target))) return;
  event.preventDefault();
  run();
};
