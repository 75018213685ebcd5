// Times of day in the site's time zone, whatever zone the editor's machine is in.

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export function allZones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : ["UTC", ...known];
}

/** Milliseconds by which the zone is ahead of UTC at that moment. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second"));
  return wall - Math.floor(at / 1000) * 1000;
}

/** A `datetime-local` value in the zone to a UTC time; null when it is not a time. */
export function fromWall(value: string, zone: string): string | null {
  const wall = Date.parse(`${value}Z`);
  if (Number.isNaN(wall)) return null;
  const guess = wall - offset(wall, zone);
  return new Date(wall - offset(guess, zone)).toISOString().replace(/\.000Z$/, "Z");
}

/** A UTC time as a `datetime-local` value in the zone, to the minute. */
export function toWall(time: string, zone: string): string {
  const at = Date.parse(time);
  return new Date(at + offset(at, zone)).toISOString().slice(0, 16);
}
