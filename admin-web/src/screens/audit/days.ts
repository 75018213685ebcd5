// Lines of the audit log by the day on which they were written.
import type { AuditLine } from "../../api/types";

export interface Day {
  day: string;
  lines: AuditLine[];
}

/** In the order of the lines; days are those of the site's time zone. */
export function byDay(lines: AuditLine[], zone: string): Day[] {
  const name = new Intl.DateTimeFormat("en", { dateStyle: "full", timeZone: zone });
  const days: Day[] = [];
  for (const line of lines) {
    const day = name.format(new Date(line.at));
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return days;
}
