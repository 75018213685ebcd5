// What a browser's own description says to people.

// In this order: most browsers also name those that they descend from.
const BROWSERS: [string, RegExp][] = [
  ["Edge", /\bEdg/],
  ["Opera", /\bOPR\//],
  ["Firefox", /\bFirefox\//],
  ["Chrome", /Chrom(e|ium)\//],
  ["Safari", /\bSafari\//],
];
const SYSTEMS: [string, RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
];
const first = (known: [string, RegExp][], text: string) => known.find(([, mark]) => mark.test(text))?.[0];

/** "Firefox on Windows"; for what is no known browser, its own first word; "" when it says nothing. */
export function browserName(agent: string): string {
  const [browser, system] = [first(BROWSERS, agent), first(SYSTEMS, agent)];
  if (browser) return system ? `${browser} on ${system}` : browser;
  return agent.split(/[\s/(]/)[0] ?? "";
}
