// Who else has which post open.
import { answer, client } from "../api/client";
import { events } from "../api/events.svelte";
import type { Schemas } from "../api/types";
import { session } from "./session.svelte";

/** The server takes whoever is silent for three of these to be gone. */
const BEAT_MS = 15_000;

const one = (id: string) => ({ params: { path: { id } } });
const come = (id: string) => answer(() => client.PUT("/posts/{id}/presence", one(id)));
const leave = (id: string) => answer(() => client.DELETE("/posts/{id}/presence", { ...one(id), keepalive: true }));

class Presence {
  #posts = $state.raw<Record<string, Schemas["Person"][]>>({});

  /** The names of those who have the post open, oneself left out. */
  othersIn(id: string): string[] {
    const me = session.current?.user.id;
    return (this.#posts[id] ?? []).filter((person) => person.id !== me).map(({ name }) => name);
  }

  /** Keeps itself up to date until the returned function is called. */
  watch(): () => void {
    void answer(() => client.GET("/presence")).then(
      ({ items }) => (this.#posts = Object.fromEntries(items.map(({ post, people }) => [post, people]))),
      () => {}, // It is a courtesy: without it everything else goes on.
    );
    return events.on("presence", ({ post, people }) => this.#take(post, people));
  }

  #take(post: string, people: Schemas["Person"][]): void {
    this.#posts = { ...this.#posts, [post]: people };
  }

  /**
   * Lets others know that one has the post open, and hears of them, until the returned function is called. It asks, and holds no
   * connection: a browser has few, and people open many posts.
   */
  stay(id: string): () => void {
    const beat = () =>
      void come(id).then(
        ({ post, people }) => this.#take(post, people),
        () => {},
      );
    beat();
    const timer = setInterval(beat, BEAT_MS);
    return () => {
      clearInterval(timer);
      void leave(id).catch(() => {});
    };
  }
}

export const presence = new Presence();
