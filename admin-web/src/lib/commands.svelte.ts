// What the screen that is open offers to the palette.
import { untrack } from "svelte";
import type { Command } from "./palette";

class Commands {
  list = $state.raw<Command[]>([]);

  /** Offers them until the returned function is called. */
  offer(commands: Command[]): () => void {
    // Effects that offer something do not depend on what others offer.
    this.list = [...commands, ...untrack(() => this.list)];
    return () => (this.list = this.list.filter((command) => !commands.includes(command)));
  }
}

export const commands = new Commands();
