/** Errors as problem+json (RFC 9457): one HTTP status for each code; `internal` never leaks its detail. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import {
  type ErrorCode,
  outageOf,
  SluiceError,
  type SluiceErrorOptions,
  type Telling,
  told,
  type WrongMember,
} from "../../core/errors.ts";
import type { Language } from "../../core/fields/language.ts";
import { withoutPlaces } from "../../core/without-places.ts";
import { inLanguage, textIn } from "../../locale/told.ts";
import { presentNext } from "./next-hint.ts";

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

export const problemTitles: Readonly<Record<ErrorCode, Telling>> = {
  invalid: told`The request cannot be carried out as it is.`,
  not_found: told`Not found.`,
  conflict: told`The request conflicts with the current state.`,
  unauthorized: told`Sign in first.`,
  forbidden: told`You are not allowed to do this.`,
  too_large: told`It is too large.`,
  too_many: told`Too many at this time.`,
  unavailable: told`The database is not responding.`,
  internal: told`Something went wrong on the server.`,
};

/** What a client gets instead of an answer. Members besides the standard ones help it continue, e.g. `jobId`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail?: string;
  errors?: readonly { path: string; message: string }[];
  [extension: string]: unknown;
}

/** An error with members for the client besides its text. */
export class ProblemError extends SluiceError {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string | Telling,
    extensions: Record<string, unknown>,
    options?: SluiceErrorOptions,
  ) {
    super(code, message, options);
    this.name = "ProblemError";
    this.extensions = extensions;
  }
}

/** RFC 9457, section 3.1: `title` and `detail` may be in the reader's language; what a program goes by is `code`. */
export function problemOf(error: unknown, language: Language): Problem {
  if (error instanceof HTTPException) {
    const code = codeOfStatus(error.status);
    return {
      type: `urn:sluice:error:${code}`,
      title: titleOf(code, language),
      status: error.status,
      code,
      detail: error.message,
    };
  }
  if (!(error instanceof SluiceError)) {
    const outage = outageOf(error);
    if (outage !== null) return problemOf(outage, language);
  }
  if (isUnstorable(error)) return problemOf(new SluiceError("invalid", unstorable, { cause: error }), language);
  const code = error instanceof SluiceError ? error.code : "internal";
  const next = error instanceof SluiceError && code !== "internal" ? presentNext(error.next) : null;
  return {
    type: `urn:sluice:error:${code}`,
    title: titleOf(code, language),
    status: statusOf[code],
    code,
    ...(error instanceof SluiceError && code !== "internal" && { detail: inLanguage(language, error) }),
    ...(error instanceof SluiceError &&
      error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error instanceof SluiceError && error.importId !== undefined && { importId: error.importId }),
    ...(error instanceof SluiceError && error.wrong !== undefined && { errors: [presentWrong(error.wrong, language)] }),
    ...(next !== null && { next }),
    ...(error instanceof ProblemError && error.extensions),
  };
}

function presentWrong({ path, problem }: WrongMember, language: Language): { path: string; message: string } {
  return { path, message: typeof problem === "string" ? problem : textIn(language, problem) };
}

/** Keeps folders of the server out of what it says. */
export function withoutServersPlaces(problem: Problem, places: readonly string[]): Problem {
  const { detail, errors } = problem;
  return {
    ...problem,
    ...(detail !== undefined && { detail: withoutPlaces(detail, places) }),
    ...(errors !== undefined && {
      errors: errors.map((each) => ({ ...each, message: withoutPlaces(each.message, places) })),
    }),
  };
}

const unstorable = told`A text in the request contains a NUL character, which cannot be stored. Remove it.`;

export function titleOf(code: ErrorCode, language: Language): string {
  return textIn(language, problemTitles[code]);
}

/** SQLSTATE 22021 (character not in repertoire) and 22P05 (untranslatable character): what Postgres calls a NUL in a text or in JSON. */
function isUnstorable(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === "22021" || code === "22P05";
}

function codeOfStatus(status: number): ErrorCode {
  const found = Object.entries(statusOf).find(([, each]) => each === status);
  return (found?.[0] as ErrorCode | undefined) ?? (status >= 500 ? "internal" : "invalid");
}

/** `language`: of its texts (RFC 9110, section 8.5). */
export function answerProblem(context: Context, problem: Problem, language: Language): Response {
  return context.body(JSON.stringify(problem), problem.status as 500, problemHeaders(language));
}

export function problemHeaders(language: Language): Record<string, string> {
  return { "content-type": "application/problem+json", "content-language": language };
}

/** Where there is no app to answer yet. The client learns that the database is away; other reasons are not its business. */
export function answerFailure(error: unknown, language: Language): Response {
  const away = told`The database is not responding. Try again in a moment.`;
  const isAway = error instanceof SluiceError && error.code === "unavailable";
  const problem = problemOf(new SluiceError(isAway ? "unavailable" : "internal", away), language);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...problemHeaders(language), "cache-control": "no-store", ...(isAway && { "retry-after": "5" }) },
  });
}

/** A mistake of the embedding program: reported, since its author is the one who sees it. */
export function answerInternal(error: SluiceError, requestId: string, language: Language): Response {
  const problem = { ...problemOf(error, language), detail: inLanguage(language, error), requestId };
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...problemHeaders(language), "cache-control": "no-store", "x-request-id": requestId },
  });
}
