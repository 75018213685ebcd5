// Short messages at the foot of the screen, and what screen readers are told.

export interface Notice {
  id: number;
  text: string;
  tone: "plain" | "problem";
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 8000;

class Notices {
  list = $state<Notice[]>([]);
  /** Text of the polite live region. */
  spoken = $state("");
  #next = 1;

  show(text: string, action?: Notice["action"]): void {
    this.#add({ text, tone: "plain", action });
  }

  problem(text: string, action?: Notice["action"]): void {
    this.#add({ text, tone: "problem", action });
  }

  say(text: string): void {
    this.spoken = text;
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  #add(notice: Omit<Notice, "id">): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { ...notice, id }];
    setTimeout(() => this.close(id), SHOWN_MS);
  }
}

export const notices = new Notices();
