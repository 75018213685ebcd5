// Something that is asked from the server: its data, its problem, and whether it takes long enough to show that.
import { asApiError, type ApiError } from "../api/errors";

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
