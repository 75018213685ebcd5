// The receipt of a publish, which fills in as pages turn fresh.
import type { PageEvent } from "../api/events.svelte";
import type { PageState, Receipt } from "../api/types";

export interface Line {
  path: string;
  state: PageState;
  reason: string;
  ms: number | null;
  error?: string | null;
}

export interface Progress {
  revision: number;
  affected: number;
  lines: Line[];
  /** Fresh or gone, also those beyond the listed ones. */
  done: number;
  failed: number;
  ms: number;
  finished: boolean;
}

const isDone = (line: Line) => line.state === "fresh" || line.state === "removed";

const counted = (progress: Progress, atLeast: number): Progress => {
  const done = Math.min(progress.affected, Math.max(atLeast, progress.lines.filter(isDone).length));
  const failed = progress.lines.filter((line) => line.state === "failed").length;
  return { ...progress, done, failed, finished: done + failed >= progress.affected };
};

export const begin = (receipt: Receipt): Progress =>
  counted(
    {
      revision: receipt.revision,
      affected: Math.max(receipt.affected, receipt.pages.length),
      lines: receipt.pages.map((page) => ({ ...page, ms: null })),
      done: 0,
      failed: 0,
      ms: receipt.ms,
      finished: false,
    },
    receipt.fresh,
  );

/** Takes in what happened to a page; events of older revisions and of pages that are not concerned change nothing. */
export function advance(progress: Progress, event: PageEvent, elapsed: number): Progress {
  if (event.revision < progress.revision) return progress;
  const at = progress.lines.findIndex((line) => line.path === event.path);
  const known = progress.lines[at];
  const unlisted = progress.lines.length < progress.affected;
  if (!known && (!unlisted || event.revision !== progress.revision)) return progress;
  const next: Line = {
    path: event.path,
    state: event.state,
    reason: known?.reason ?? event.reason,
    ms: event.ms ?? known?.ms ?? null,
  };
  // Another change later on is not part of this receipt.
  if (known && isDone(known) && event.revision > progress.revision) return progress;
  const lines = known ? progress.lines.with(at, next) : [...progress.lines, next];
  const moved = counted({ ...progress, lines }, progress.done);
  return progress.finished ? moved : { ...moved, ms: Math.max(progress.ms, elapsed) };
}
