// When to save, as a pure state machine: an event and the time go in, the new state and at most one save come out.

/** Quiet time after the last change before it is saved, and the longest a change waits while typing goes on. */
export const IDLE_MS = 1500;
export const FORCED_MS = 30_000;
const RETRY_MS = [2000, 5000, 15_000, 30_000];

export type Phase = "saved" | "unsaved" | "saving" | "offline" | "conflict" | "failed";

export interface Autosave {
  phase: Phase;
  /** Times of the first and last change that no save has taken yet. */
  firstChange: number | null;
  lastChange: number | null;
  sending: boolean;
  /** Somebody asked for a save while one was under way. */
  wanted: boolean;
  tries: number;
  retryAt: number | null;
  reason: string;
}

export type Event =
  | { type: "changed" }
  | { type: "save" }
  | { type: "tick" }
  | { type: "online" }
  | { type: "saved" }
  | { type: "unreachable" }
  | { type: "conflicted" }
  | { type: "refused"; reason: string }
  | { type: "resolved" }
  | { type: "replaced" };

export const idle = (): Autosave => ({
  phase: "saved",
  firstChange: null,
  lastChange: null,
  sending: false,
  wanted: false,
  tries: 0,
  retryAt: null,
  reason: "",
});

export const isDirty = (state: Autosave): boolean => state.firstChange !== null || state.sending;

export interface Step {
  state: Autosave;
  /** Take what is in the editor now and send it. */
  save: boolean;
}

const stay = (state: Autosave): Step => ({ state, save: false });

const send = (state: Autosave): Step => ({
  state: {
    ...state,
    phase: "saving",
    sending: true,
    wanted: false,
    firstChange: null,
    lastChange: null,
    retryAt: null,
    reason: "",
  },
  save: true,
});

/** What was sent did not arrive, so it counts as changed again. */
const unsent = (state: Autosave, now: number): Autosave => ({
  ...state,
  sending: false,
  firstChange: state.firstChange ?? now,
  lastChange: state.lastChange ?? now,
});

export function step(state: Autosave, event: Event, now: number): Step {
  switch (event.type) {
    case "changed": {
      const phase = state.phase === "saved" || state.phase === "failed" ? "unsaved" : state.phase;
      return stay({ ...state, phase, firstChange: state.firstChange ?? now, lastChange: now });
    }
    case "save":
      if (state.phase === "conflict") return stay(state);
      if (state.sending) return stay({ ...state, wanted: true });
      return send(state);
    case "online":
      return state.phase === "offline" && !state.sending ? send(state) : stay(state);
    case "tick":
      return due(state, now) ? send(state) : stay(state);
    case "saved": {
      const settled: Autosave = { ...state, sending: false, tries: 0, reason: "" };
      if (settled.firstChange === null) return stay({ ...settled, phase: "saved", wanted: false });
      return settled.wanted ? send(settled) : stay({ ...settled, phase: "unsaved" });
    }
    case "unreachable": {
      const wait = RETRY_MS[Math.min(state.tries, RETRY_MS.length - 1)]!;
      return stay({
        ...unsent(state, now),
        phase: "offline",
        wanted: false,
        tries: state.tries + 1,
        retryAt: now + wait,
      });
    }
    case "conflicted":
      return stay({ ...unsent(state, now), phase: "conflict", wanted: false });
    case "refused":
      return stay({ ...unsent(state, now), phase: "failed", wanted: false, reason: event.reason });
    case "resolved":
      return send(state);
    case "replaced":
      return stay(idle());
  }
}

function due(state: Autosave, now: number): boolean {
  if (state.sending) return false;
  if (state.phase === "offline") return state.retryAt !== null && now >= state.retryAt;
  if (state.phase !== "unsaved" || state.firstChange === null || state.lastChange === null) return false;
  return now - state.lastChange >= IDLE_MS || now - state.firstChange >= FORCED_MS;
}

/** Milliseconds until `tick` may have something to do; null when nothing waits. */
export function nextTick(state: Autosave, now: number): number | null {
  if (state.sending) return null;
  if (state.phase === "offline") return state.retryAt === null ? null : Math.max(0, state.retryAt - now);
  if (state.phase !== "unsaved" || state.firstChange === null || state.lastChange === null) return null;
  return Math.max(0, Math.min(state.lastChange + IDLE_MS, state.firstChange + FORCED_MS) - now);
}
