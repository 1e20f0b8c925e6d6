/** Errors as problem+json (RFC 9457): one HTTP status for each code; `internal` never leaks its detail. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { type ErrorCode, SluiceError } from "../errors.ts";

export const statusOf = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  unauthorized: 401,
  forbidden: 403,
  too_large: 413,
  too_many: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

export const problemTitles: Readonly<Record<ErrorCode, string>> = {
  invalid: "The request cannot be carried out as it is.",
  not_found: "There is no such thing.",
  conflict: "It does not fit the present state.",
  unauthorized: "Sign in first.",
  forbidden: "This is not allowed for you.",
  too_large: "It is too large.",
  too_many: "Too many of them at this time.",
  unavailable: "The database does not answer.",
  internal: "Something went wrong on the server.",
};

/** What a client gets instead of an answer. Members beside the standard ones help it go on, e.g. `jobId`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  [extension: string]: unknown;
}

/** An error with members for the client beside its text. */
export class ProblemError extends SluiceError {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    extensions: Record<string, unknown>,
    options?: { cause?: unknown; retryAfterSeconds?: number },
  ) {
    super(code, message, options);
    this.name = "ProblemError";
    this.extensions = extensions;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof HTTPException) {
    const code = codeOfStatus(error.status);
    return {
      type: `urn:sluice:error:${code}`,
      title: problemTitles[code],
      status: error.status,
      code,
      detail: error.message,
    };
  }
  if (isUnstorable(error)) return problemOf(new SluiceError("invalid", unstorable, { cause: error }));
  const code = error instanceof SluiceError ? error.code : "internal";
  return {
    type: `urn:sluice:error:${code}`,
    title: problemTitles[code],
    status: statusOf[code],
    code,
    ...(error instanceof SluiceError && code !== "internal" && { detail: error.message }),
    ...(error instanceof SluiceError &&
      error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error instanceof ProblemError && error.extensions),
  };
}

const unstorable = "A text of the request holds a NUL character, which no text here can hold. Leave it out.";

/** SQLSTATE 22021 (character not in repertoire) and 22P05 (untranslatable character): what Postgres calls a NUL in a text or in JSON. */
function isUnstorable(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "22021" || code === "22P05";
}

function codeOfStatus(status: number): ErrorCode {
  const found = Object.entries(statusOf).find(([, each]) => each === status);
  return (found?.[0] as ErrorCode | undefined) ?? (status >= 500 ? "internal" : "invalid");
}

export function answerProblem(context: Context, problem: Problem): Response {
  return context.body(JSON.stringify(problem), problem.status as 500, { "content-type": "application/problem+json" });
}

/** Where there is no app to answer yet. @throws the error, when it is the program's and not the database's. */
export function answerUnavailable(error: unknown): Response {
  if (!(error instanceof SluiceError) || error.code !== "unavailable") throw error;
  const problem = problemOf(new SluiceError("unavailable", "The database does not answer. Try again in a moment."));
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "retry-after": "5" },
  });
}
