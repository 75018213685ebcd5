// The typed HTTP client: answers become data or an ApiError, and an ended session is renewed before a call goes on.
import createClient from "openapi-fetch";
import { fromResponse, unreachable } from "./errors";
import type { paths } from "./types";

export const API = "/api/v1";

/** What ends the questions of the screens that are open now. */
let questions = new AbortController();
const writes = new Set<Promise<unknown>>();

function send(request: Request): Promise<Response> {
  if (request.method === "GET") return fetch(request, { signal: AbortSignal.any([request.signal, questions.signal]) });
  const sent = fetch(request);
  const arrived = () => writes.delete(sent);
  writes.add(sent);
  sent.then(arrived, arrived);
  return sent;
}

export const client = createClient<paths>({ baseUrl: API, credentials: "same-origin", fetch: send });

/** Lets go of every question that is under way, without telling how it ended, and waits for what is being saved. */
export async function comeToRest(): Promise<void> {
  questions.abort();
  questions = new AbortController();
  await Promise.allSettled(writes);
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Called when a request meets an ended session; resolves once the editor has signed in again. */
let renew: (() => Promise<void>) | null = null;

export const onSessionEnded = (handler: typeof renew): void => {
  renew = handler;
};

const silence = () => new Promise<never>(() => {});

/** Makes the call and gives its data; a call that met an ended session is made again after sign-in. */
export async function answer<T>(call: () => Promise<Answer<T>>): Promise<T> {
  const { signal } = questions;
  let result: Answer<T>;
  try {
    result = await call();
  } catch (error) {
    if (signal.aborted) return silence();
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (result.response.ok) return result.data as T;
  if (signal.aborted) return silence();
  const problem = fromResponse(result.response, result.error);
  if (problem.code !== "not_signed_in" || !renew) throw problem;
  await renew();
  return answer(call);
}

export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });
