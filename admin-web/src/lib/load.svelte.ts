// Something that is asked from the server: its data, its problem, and whether it takes long enough to show that.
import { asApiError, type ApiError } from "../api/errors";
import type { List } from "../api/types";
import { describeProblem, m } from "./messages";
import { notices } from "./notices.svelte";

/** Skeletons appear only after this time, so that quick answers do not flicker. */
const PATIENCE_MS = 150;

export class Load<T> {
  data = $state.raw<T | undefined>();
  problem = $state.raw<ApiError | undefined>();
  busy = $state(false);
  slow = $state(false);
  #latest: AbortController | null = null;

  /** Asks; only the newest question's answer counts. */
  async run(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#latest?.abort();
    const mine = (this.#latest = new AbortController());
    this.busy = true;
    const timer = setTimeout(() => this.#latest === mine && (this.slow = true), PATIENCE_MS);
    try {
      const data = await ask(mine.signal);
      if (this.#latest !== mine) return;
      this.data = data;
      this.problem = undefined;
    } catch (error) {
      if (this.#latest !== mine) return;
      this.problem = asApiError(error);
    } finally {
      clearTimeout(timer);
      if (this.#latest === mine) this.busy = this.slow = false;
    }
  }
}

/** Puts a list's next page behind what it shows, unless it shows something else by then. */
export async function extend<T>(list: Load<List<T>>, ask: (cursor: string) => Promise<List<T>>): Promise<void> {
  const shown = list.data;
  if (!shown?.next) return;
  try {
    const page = await ask(shown.next);
    if (list.data === shown) list.data = { ...page, items: [...shown.items, ...page.items] };
  } catch (error) {
    notices.problem(describeProblem(asApiError(error)), { label: m.common.retry, run: () => extend(list, ask) });
  }
}
