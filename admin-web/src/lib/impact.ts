// The pages that something changes, by the reason for it.
import type { Impact, ImpactPage } from "../api/types";

export interface Group {
  reason: string;
  pages: ImpactPage[];
}

/** Pages by reason, in the order in which the reasons first appear. */
export function byReason(impact: Impact): Group[] {
  const groups = new Map<string, ImpactPage[]>();
  for (const page of impact.pages) {
    const group = groups.get(page.reason);
    if (group) group.push(page);
    else groups.set(page.reason, [page]);
  }
  return [...groups].map(([reason, pages]) => ({ reason, pages }));
}
