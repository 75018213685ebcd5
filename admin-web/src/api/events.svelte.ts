// The live connection to the server, shared by all screens: connects when someone listens, and finds its place again.
import { API } from "./client";
import { backoff, MessageReader, type Message } from "./sse";
import type { PageState, Schemas, Status } from "./types";

export interface PageEvent {
  path: string;
  state: PageState;
  revision: number;
  reason: string;
  ms?: number | null;
}

export interface EventMap {
  page: PageEvent;
  change: { revision: number; tags: string[] };
  /** How far the switch to another theme is. */
  theme: Schemas["Switch"];
  post: { id: string; version: number; status: Status };
  /** Who has a post open. */
  presence: { post: string; people: Schemas["Person"][] };
}

type Listener = { event: string; run: (data: never) => void };

class Events {
  connected = $state(false);
  #listeners = new Set<Listener>();
  #abort: AbortController | null = null;
  #lastId: string | null = null;

  /** Calls `run` for each such event until the returned function is called. */
  on<K extends keyof EventMap>(event: K, run: (data: EventMap[K]) => void): () => void {
    const listener = { event, run } as Listener;
    this.#listeners.add(listener);
    if (!this.#abort) void this.#keepConnected((this.#abort = new AbortController()));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#abort?.abort();
      this.#abort = null;
    };
  }

  async #keepConnected(abort: AbortController): Promise<void> {
    for (let tries = 0; !abort.signal.aborted; tries++) {
      if (await this.#connect(abort.signal)) tries = 0;
      this.connected = false;
      await new Promise((resolve) => setTimeout(resolve, backoff(tries) * 1000));
    }
  }

  /** Reads until the connection ends; tells whether it had come about. */
  async #connect(signal: AbortSignal): Promise<boolean> {
    try {
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.#lastId) headers["Last-Event-ID"] = this.#lastId;
      const response = await fetch(`${API}/events`, { headers, signal, cache: "no-store" });
      if (!response.ok || !response.body) return false;
      this.connected = true;
      const messages = new MessageReader();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return true;
        messages.feed(value).forEach((message) => this.#deliver(message));
      }
    } catch {
      return this.connected;
    }
  }

  #deliver(message: Message): void {
    this.#lastId = message.id ?? this.#lastId;
    const listeners = [...this.#listeners].filter((listener) => listener.event === message.event);
    if (!listeners.length) return;
    const data = JSON.parse(message.data) as never;
    listeners.forEach((listener) => listener.run(data));
  }
}

export const events = new Events();
