// Says what was done with several posts, and offers to undo it.
import { m } from "../../lib/messages";
import { notices } from "../../lib/notices.svelte";
import { undoAll, type Outcome } from "./bulk";
import { bulkWords, verbWords } from "./bulk-messages";
import type { Verb } from "./verbs";

/** Undoing is offered where all of it can be undone. `refresh` asks for the list again. */
export function report(verb: Verb, outcomes: Outcome[], refresh: () => Promise<void>): void {
  const good = outcomes.filter(({ problem }) => !problem);
  if (!good.length) return;
  const run = async () => {
    const failed = await undoAll(good);
    if (failed) notices.problem(bulkWords.notUndone(failed));
    else notices.show(verbWords[verb].undone(good.length));
    await refresh();
  };
  const undo = good.every((outcome) => outcome.undo) ? { label: m.common.undo, run: () => void run() } : undefined;
  notices.show(verbWords[verb].done(good.length), undo);
}
