// Reading a stream of server-sent events: bytes in pieces to whole messages.

export interface Message {
  id: string | null;
  event: string;
  data: string;
}

/** Feed it text as it comes; it gives the messages that became whole. */
export class MessageReader {
  private rest = "";
  private lastId: string | null = null;
  private event = "";
  private data: string[] = [];

  feed(text: string): Message[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop()!;
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): Message[] {
    if (line === "") return this.dispatch();
    if (line.startsWith(":")) return [];
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.lastId = value;
    return [];
  }

  private dispatch(): Message[] {
    const message = { id: this.lastId, event: this.event || "message", data: this.data.join("\n") };
    const empty = this.data.length === 0;
    this.event = "";
    this.data = [];
    return empty ? [] : [message];
  }
}

/** Seconds before the next try to connect: quick at first, never more than half a minute apart. */
export const backoff = (tries: number): number => Math.min(30, 2 ** Math.min(tries, 5)) * 0.5;
