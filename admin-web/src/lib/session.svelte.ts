// Who is signed in. When the session ends while somebody works, requests wait here until they have signed in again.
import { tick } from "svelte";
import { ApiError, asApiError } from "../api/errors";
import { comeToRest, onSessionEnded } from "../api/client";
import * as site from "../api/site";
import type { Session } from "../api/types";

/** Whether somebody signed in on this device: where nobody did, there is no session to ask for. */
const memory = {
  get signedIn(): boolean {
    try {
      return localStorage.getItem("perennial.signed-in") !== null;
    } catch {
      return true;
    }
  },
  set signedIn(yes: boolean) {
    try {
      if (yes) localStorage.setItem("perennial.signed-in", "yes");
      else localStorage.removeItem("perennial.signed-in");
    } catch {
      // Without storage each start asks.
    }
  },
};

class SessionState {
  current = $state.raw<Session | null>(null);
  phase = $state<"asking" | "setup" | "out" | "in" | "leaving" | "failed">("asking");
  problem = $state.raw<ApiError | null>(null);
  /** The session ended under an open screen: the sign-in dialog stands over it. */
  ended = $state(false);
  #waiting: (() => void)[] = [];

  async start(): Promise<void> {
    this.phase = "asking";
    if (!memory.signedIn) return this.#askForSetup();
    try {
      this.enter(await site.getSession());
    } catch (error) {
      const problem = asApiError(error);
      if (problem.code === "not_signed_in") await this.#askForSetup();
      else this.#fail(problem);
    }
  }

  async #askForSetup(): Promise<void> {
    try {
      this.phase = (await site.setupNeeded()).needed ? "setup" : "out";
    } catch (error) {
      this.#fail(asApiError(error));
    }
  }

  #fail(problem: ApiError): void {
    this.problem = problem;
    this.phase = "failed";
  }

  enter(session: Session): void {
    memory.signedIn = true;
    this.current = session;
    this.phase = "in";
    this.ended = false;
    onSessionEnded(() => this.#renewed());
    this.#waiting.splice(0).forEach((resume) => resume());
  }

  renamed(name: string): void {
    if (this.current) this.current = { ...this.current, user: { ...this.current.user, name } };
  }

  #renewed(): Promise<void> {
    this.ended = true;
    return new Promise((resume) => this.#waiting.push(resume));
  }

  /** The screens close first: what they still ask for would be refused, and would have to be asked for again. */
  async leave(): Promise<void> {
    this.phase = "leaving";
    try {
      // With the editor closed, its last save is on its way.
      await tick();
      await comeToRest();
      await site.signOut();
    } catch (error) {
      this.phase = "in";
      throw error;
    }
    memory.signedIn = false;
    onSessionEnded(null);
    this.current = null;
    this.phase = "out";
  }
}

export const session = new SessionState();
