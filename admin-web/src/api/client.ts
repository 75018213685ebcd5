// The typed HTTP client: answers become data or an ApiError, and an ended session is renewed before a call goes on.
import createClient from "openapi-fetch";
import { fromResponse, unreachable } from "./errors";
import type { paths } from "./types";

export const API = "/api/v1";

export const client = createClient<paths>({ baseUrl: API, credentials: "same-origin" });

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

/** Makes the call and gives its data; a call that met an ended session is made again after sign-in. */
export async function answer<T>(call: () => Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>;
  try {
    result = await call();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (result.response.ok) return result.data as T;
  const problem = fromResponse(result.response, result.error);
  if (problem.code !== "not_signed_in" || !renew) throw problem;
  await renew();
  return answer(call);
}

export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });
