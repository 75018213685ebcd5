// When the editor saves, and what it says while it cannot.
import { describe, expect, it } from "vitest";
import { FORCED_MS, IDLE_MS, idle, isDirty, nextTick, step, type Autosave, type Event } from "../src/editor/autosave";

/** Plays events at their times and lists when a save was sent. */
function play(events: [at: number, event: Event][], from: Autosave = idle()) {
  let state = from;
  const sent: number[] = [];
  for (const [at, event] of events) {
    const result = step(state, event, at);
    state = result.state;
    if (result.save) sent.push(at);
  }
  return { state, sent };
}
const changed: Event = { type: "changed" };
const tick: Event = { type: "tick" };
const saved: Event = { type: "saved" };

describe("autosave", () => {
  it("waits until typing rests", () => {
    const { state, sent } = play([
      [0, changed],
      [1000, changed],
      [IDLE_MS, tick],
    ]);
    expect(sent).toEqual([]);
    expect(state.phase).toBe("unsaved");
    expect(nextTick(state, IDLE_MS)).toBe(1000);
    expect(step(state, tick, 1000 + IDLE_MS).save).toBe(true);
  });

  it("saves at the latest after half a minute of typing", () => {
    let state = idle();
    let saves = 0;
    for (let at = 0; at <= FORCED_MS; at += 500) {
      state = step(state, changed, at).state;
      const result = step(state, tick, at);
      state = result.state;
      if (result.save) saves++;
    }
    expect(saves).toBe(1);
  });

  it("sends one save at a time and the rest after it", () => {
    const { state, sent } = play([
      [0, changed],
      [10, { type: "save" }],
      [20, changed],
      [30, { type: "save" }],
      [40, tick],
    ]);
    expect(sent).toEqual([10]);
    const next = step(state, saved, 50);
    expect(next.save).toBe(true);
    const done = step(next.state, saved, 60);
    expect(done.state.phase).toBe("saved");
    expect(isDirty(done.state)).toBe(false);
  });

  it("keeps what was typed during a save as unsaved", () => {
    const { state } = play([
      [0, changed],
      [IDLE_MS, tick],
      [IDLE_MS + 10, changed],
      [IDLE_MS + 50, saved],
    ]);
    expect(state.phase).toBe("unsaved");
    expect(nextTick(state, IDLE_MS + 50)).toBe(IDLE_MS - 40);
  });

  it("tries again by itself when the server cannot be reached, less and less often", () => {
    const first = play([
      [0, changed],
      [0, { type: "save" }],
      [100, { type: "unreachable" }],
    ]).state;
    expect(first.phase).toBe("offline");
    expect(isDirty(first)).toBe(true);
    expect(step(first, tick, 1000).save).toBe(false);
    const again = step(first, tick, 100 + nextTick(first, 100)!);
    expect(again.save).toBe(true);
    const second = step(again.state, { type: "unreachable" }, 5000).state;
    expect(nextTick(second, 5000)!).toBeGreaterThan(nextTick(first, 100)!);
  });

  it("saves at once when the connection is back", () => {
    const { state } = play([
      [0, changed],
      [0, { type: "save" }],
      [100, { type: "unreachable" }],
      [200, changed],
    ]);
    expect(state.phase).toBe("offline");
    expect(step(state, { type: "online" }, 300).save).toBe(true);
  });

  it("sends nothing while two versions wait for a decision", () => {
    const { state, sent } = play([
      [0, changed],
      [0, { type: "save" }],
      [100, { type: "conflicted" }],
      [200, changed],
      [90_000, tick],
      [90_001, { type: "save" }],
    ]);
    expect(sent).toEqual([0]);
    expect(state.phase).toBe("conflict");
    expect(step(state, { type: "resolved" }, 91_000).save).toBe(true);
  });

  it("says why a save was refused, and saves again after the next change", () => {
    const { state } = play([
      [0, changed],
      [0, { type: "save" }],
      [100, { type: "refused", reason: "Another post has this slug." }],
    ]);
    expect(state).toMatchObject({ phase: "failed", reason: "Another post has this slug." });
    expect(isDirty(state)).toBe(true);
    expect(nextTick(state, 100)).toBeNull();
    const typed = step(state, changed, 200).state;
    expect(step(typed, tick, 200 + IDLE_MS).save).toBe(true);
  });
});
