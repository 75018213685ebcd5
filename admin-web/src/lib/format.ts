// Numbers, times and sizes as people read them.

const number = new Intl.NumberFormat("en");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export const count = (n: number): string => number.format(n);
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 minutes ago", "in 2 hours"; from a month on, the date. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const size = Math.abs(seconds);
  if (size >= 30 * 86_400) return day(time, now);
  const step = STEPS.find(([, length]) => size >= length);
  return step ? relative.format(Math.trunc(seconds / step[1]), step[0]) : "just now";
}

export function day(time: string, now = Date.now()): string {
  const sameYear = time.slice(0, 4) === new Date(now).toISOString().slice(0, 4);
  const year = sameYear ? undefined : "numeric";
  return new Date(time).toLocaleDateString("en", { day: "numeric", month: "short", year });
}

export const moment = (time: string, zone?: string): string =>
  new Date(time).toLocaleString("en", { dateStyle: "medium", timeStyle: "short", timeZone: zone });

export const clock = (time: number): string => new Date(time).toLocaleTimeString("en", { hour12: false });

/** A length of time: "12 s", "4 min", "2 h", "3 d". */
export function span(seconds: number | null | undefined): string {
  if (seconds == null) return "–";
  const size = Math.max(0, Math.round(seconds));
  if (size < 60) return `${size} s`;
  if (size < 3600) return `${Math.floor(size / 60)} min`;
  if (size < 86_400) return `${Math.floor(size / 3600)} h`;
  return `${Math.floor(size / 86_400)} d`;
}

export const ms = (value: number | null | undefined): string =>
  value == null ? "–" : value < 10 ? `${Math.round(value * 10) / 10} ms` : `${count(Math.round(value))} ms`;

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 ** 2) return `${(size / 1024).toFixed(size < 10_240 ? 1 : 0)} KB`;
  return `${(size / 1024 ** 2).toFixed(1)} MB`;
}

export const percent = (part: number, whole: number): string =>
  whole ? `${((100 * part) / whole).toFixed(part === whole ? 0 : 1)}%` : "–";

/** Words of running text and the minutes they take to read, at 240 words a minute. */
export const countWords = (text: string): number => text.match(/[\p{L}\p{N}][\p{L}\p{N}’'-]*/gu)?.length ?? 0;
export const minutesFor = (words: number): number => Math.max(1, Math.round(words / 240));

/** The last part of an address, from a title. */
export const slugify = (title: string): string =>
  title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’']/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
