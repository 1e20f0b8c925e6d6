/**
 * What is wrong with the program, the user's request or the operation of it. What is wrong with the *data* is an
 * Issue (issue.ts) and never thrown.
 */

/** One HTTP status and one exit code each; `internal` never leaks its detail to a client. */
export type ErrorCode =
  | "invalid"
  | "not_found"
  | "conflict"
  | "unauthorized"
  | "forbidden"
  | "too_large"
  | "too_many"
  | "unavailable"
  | "internal";

/**
 * The one error type that Sluice throws on purpose. Its message says what happened, to which job or file, and what the
 * reader can do next.
 *
 * @example throw new SluiceError("conflict", "Import 42 is already committing. Wait for it: sluice jobs show 42.");
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  /** Of `too_many`: when another try makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; retryAfterSeconds?: number }) {
    super(message, options);
    this.name = "SluiceError";
    this.code = code;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** Any thrown value as a SluiceError: its own kind as it is, everything else as `internal` with the cause kept. */
export function toSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SluiceError("internal", message, { cause: error });
}
