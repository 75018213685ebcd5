// What can go wrong when the server is asked, in one class that screens can show and branch on.
import type { Problem, Schemas } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: Record<string, string> = {},
    readonly current: unknown = undefined,
    /** Seconds to wait, when the server said so. */
    readonly retryAfter: number | null = null,
    /** What was found wrong with a theme. */
    readonly findings: Schemas["Finding"][] = [],
  ) {
    super(detail);
  }

  /** The server could not be reached at all. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** Trying again later may help, without a change by the editor. */
  get passing(): boolean {
    return this.offline || this.status >= 500 || this.status === 429;
  }
}

export const unreachable = () => new ApiError(0, "unreachable", "The server cannot be reached.");

export function fromResponse(response: Response, body: unknown): ApiError {
  const problem = (body && typeof body === "object" ? body : {}) as Partial<Problem>;
  const wait = Number(response.headers.get("Retry-After"));
  return new ApiError(
    response.status,
    problem.code ?? `http_${response.status}`,
    problem.detail ?? problem.title ?? `The server answered ${response.status}.`,
    problem.fields,
    problem.current,
    Number.isFinite(wait) && wait > 0 ? wait : null,
    problem.findings ?? [],
  );
}

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError(-1, "unexpected", error instanceof Error ? error.message : String(error));
