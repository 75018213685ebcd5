// Ranking of the command palette: every letter in order, word starts first.

export interface Command {
  id: string;
  label: string;
  hint?: string;
  run: () => void;
}

/** How well the text fits the label: 0 not at all; more is better. */
export function fit(label: string, text: string): number {
  const hay = label.toLowerCase();
  const needle = text.trim().toLowerCase();
  if (!needle) return 1;
  if (hay.startsWith(needle)) return 4;
  if (hay.includes(` ${needle}`)) return 3;
  if (hay.includes(needle)) return 2;
  let at = -1;
  for (const letter of needle) {
    at = hay.indexOf(letter, at + 1);
    if (at < 0) return 0;
  }
  return 1;
}

export const rank = (commands: Command[], text: string): Command[] =>
  commands
    .map((command) => ({ command, score: fit(command.label, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
