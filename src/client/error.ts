/** What went wrong with a call: the server's own words, or that it could not be reached. */
import type { ErrorCode } from "../core/errors.ts";
import type { NextStep } from "../core/next-step.ts";
import type { Schemas } from "./schemas.ts";

type Refused = Schemas["Refused"];
export type Refusal = Schemas["Refusal"];

/** What the server answers instead (RFC 9457). Members beside these help to go on, e.g. `importId`. */
export interface Problem {
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  next?: NextStep;
  [extension: string]: unknown;
}

/** A call is not repeated where the server says to come back later than this. */
const maxWaitSeconds = 5;

/**
 * @example
 * try {
 *   await client.imports.create({ uploadId, importer: "leads" });
 * } catch (error) {
 *   if (error instanceof ClientError && error.code === "conflict") show(error.detail, error.problem.importId);
 * }
 */
export class ClientError extends Error {
  /** HTTP status; 0: there was no answer. */
  readonly status: number;
  /** `network`: there was no answer, or none that Sluice gave. */
  readonly code: ErrorCode | "network";
  /** What happened, for people. */
  readonly detail: string;
  /** What can be done about it, as a code: a page says it with the names of its own buttons. */
  readonly next: NextStep | null;
  readonly problem: Problem;

  constructor(status: number, code: ErrorCode | "network", detail: string, problem: Problem = {}, cause?: unknown) {
    super(detail, { cause });
    this.name = "ClientError";
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.problem = problem;
    this.next = problem.next ?? null;
  }

  /** The page's origin, where the server can be reached and does not let pages of it read its answers. Null: that is not what was wrong. */
  get keptOut(): string | null {
    return typeof this.problem.origin === "string" ? this.problem.origin : null;
  }

  /** Whether the same call may succeed in a while. */
  get mayPass(): boolean {
    // Too many of something that takes longer to pass than anyone waits for an answer.
    if (Number(this.problem.retryAfterSeconds ?? 0) > maxWaitSeconds) return false;
    return (this.code === "network" && this.status < 400) || [408, 425, 429, 502, 503, 504].includes(this.status);
  }
}

/** What of a file, or of rows sent as JSON, did not serve: no import was made of them. */
export class RefusedError extends ClientError {
  /** Everything that is wrong, with what was expected and what was found. */
  readonly refusals: readonly Refusal[];

  constructor(status: number, detail: string, refusals: readonly Refusal[]) {
    super(status, "invalid", detail);
    this.name = "RefusedError";
    this.refusals = refusals;
  }
}

/** The problem that an answer tells. */
export async function errorOf(response: Response): Promise<ClientError> {
  const text = await response.text().catch(() => "");
  try {
    const problem = JSON.parse(text) as Problem & Partial<Refused>;
    if (problem.success === false && typeof problem.message === "string") {
      if (Array.isArray(problem.errors)) return new RefusedError(response.status, problem.message, problem.errors);
      return new ClientError(response.status, "conflict", problem.message, problem);
    }
    if (typeof problem.code === "string") {
      const detail = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
      return new ClientError(response.status, problem.code as ErrorCode, detail, problem);
    }
  } catch {
    // A proxy's page, or nothing.
  }
  const detail =
    response.status === 413
      ? "Something before the server refuses a request of this size (413). Send the file by upload(), which goes in pieces."
      : `The server, or one before it, answered ${response.status}.`;
  return new ClientError(response.status, "network", detail);
}
