/**
 * What is wrong with the program, the user's request or the operation of it. What is wrong with the *data* is an
 * Issue (issue.ts) and never thrown.
 */

import type { NextStep } from "./next-step.ts";

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
 * A sentence for a person, before it is in a language: its English with numbered places, `{0} is empty.`, and the values
 * for them. `locale/told.ts` has the other languages by the English, as gettext does.
 */
export interface Telling {
  readonly template: string;
  readonly values: readonly ToldValue[];
  /** What can be done about it; each face says it in its own words. */
  readonly next?: NextStep;
}

/** A value, words that are translated themselves, or several of them in a row. */
export type ToldValue = string | number | Telling | readonly ToldValue[];

/** @example throw new SluiceError("invalid", told`${fileName} is empty. Choose another file.`); */
export function told(texts: TemplateStringsArray, ...values: ToldValue[]): Telling {
  return { template: texts.reduce((before, text, place) => `${before}{${place - 1}}${text}`), values };
}

/** The same, and what can be done about it. */
export function withNext(telling: Telling, next: NextStep): Telling {
  return { ...telling, next };
}

/**
 * A telling as text; `{0:row|rows}` is the first word where the number in place 0 is one. `inLanguage`: the template's translation; default:
 * the template, which is English. `isOne`: by the language's rule.
 */
export function textOf(
  { template, values }: Telling,
  inLanguage: (template: string) => string = (english) => english,
  isOne: (count: number) => boolean = (count) => count === 1,
): string {
  const wordsOf = (value: ToldValue): string => {
    if (typeof value !== "object") return String(value);
    return isTelling(value) ? textOf(value, inLanguage, isOne) : value.map(wordsOf).join(", ");
  };
  return inLanguage(template).replace(/\{(\d+)(?::([^|{}]*)\|([^|{}]*))?\}/g, (_, place, one, many) => {
    const value = values[Number(place)] ?? "";
    if (one === undefined) return wordsOf(value);
    return typeof value === "number" && isOne(value) ? one : many;
  });
}

function isTelling(value: Telling | readonly ToldValue[]): value is Telling {
  return "template" in value;
}

export interface SluiceErrorOptions {
  cause?: unknown;
  retryAfterSeconds?: number;
  /** The import that it is about, or that conflicts. */
  importId?: number;
  /** What it is in other languages, where the English message is not simply that telling's. */
  told?: Telling;
  /** What can be done about it, where its telling has not said so. */
  next?: NextStep;
  wrong?: WrongMember;
}

/** The member of a request or a definition that is wrong, as `place.host`, and a sentence that can stand beside it in a form. */
export interface WrongMember {
  readonly path: string;
  readonly problem: string | Telling;
}

/**
 * The one error type that Sluice throws on purpose. Its message says what happened, and to which import or file; it is always English,
 * and `told` what it is in other languages. `next` says what can be done where that depends on who asks: the command line, a
 * program, or a person at a page.
 *
 * @example throw new SluiceError("not_found", told`There is no import ${42}.`, { next: { code: "list_imports" } });
 */
export class SluiceError extends Error {
  readonly code: ErrorCode;
  /** The message before it was English. Absent where only operators and programmers meet it. */
  readonly told: Telling | undefined;
  readonly next: NextStep | undefined;
  /** Of `too_many`: when another try makes sense. */
  readonly retryAfterSeconds: number | undefined;
  readonly importId: number | undefined;
  readonly wrong: WrongMember | undefined;

  constructor(code: ErrorCode, message: string | Telling, options?: SluiceErrorOptions) {
    super(typeof message === "string" ? message : textOf(message), options);
    this.name = "SluiceError";
    this.code = code;
    const telling = typeof message === "string" ? options?.told : message;
    this.next = options?.next ?? telling?.next;
    // So that an import that stops with it keeps the step too.
    this.told = telling === undefined || this.next === undefined ? telling : withNext(telling, this.next);
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.importId = options?.importId;
    this.wrong = options?.wrong;
  }
}

/**
 * What is wrong with the machine rather than with Sluice, wherever it occurs: a full disk, of the database (SQLSTATE 53100) or of this
 * process (ENOSPC, EDQUOT), a database that is read-only (25006) or lacks something else (53, 58), or one that ended in the middle of a
 * statement. Null for anything else.
 */
export function outageOf(error: unknown): SluiceError | null {
  const { code, path, message } = (error ?? {}) as { code?: unknown; path?: unknown; message?: unknown };
  if (code === "53100") {
    const detail = told`The disk of the database is full: ${String(message)}. Free some space on it, then continue: what is committed is kept, and the rest continues from its checkpoint.`;
    return new SluiceError("unavailable", detail, { cause: error });
  }
  if (code === "25006") {
    const detail = told`The database takes no changes at the moment: ${String(message)}. A standby is so, and many hosts make a database read-only when its disk is nearly full. When it takes changes again, continue: what is committed is kept, and the rest continues from its checkpoint.`;
    return new SluiceError("unavailable", detail, { cause: error });
  }
  if (typeof code === "string" && /^(?:53[24]00|58\w{3})$/.test(code)) {
    const detail = told`The machine of the database lacks memory, or cannot use its disk: ${String(message)}. Its log says more. Correct that, then continue: what is committed is kept, and the rest continues from its checkpoint.`;
    return new SluiceError("unavailable", detail, { cause: error });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    const where = typeof path === "string" ? path : String(message);
    const detail = told`A disk of this machine is full (${where}). Free some space on it, then continue: nothing that was stored is lost.`;
    return new SluiceError("unavailable", detail, { cause: error });
  }
  const isAway =
    (typeof code === "string" && /^(?:57P0[123]|08\w{3}|ETIMEDOUT)$/.test(code)) ||
    /^Connection terminated/.test(String(message));
  if (!isAway) return null;
  const detail = told`The database has ended the connection: ${String(message)}. When it is up again, continue: what is committed is kept. Its log says why it ended; a full disk is a common reason.`;
  return new SluiceError("unavailable", detail, { cause: error });
}

/** Any thrown value as a SluiceError: its own kind as it is, everything else as `internal` with the cause kept. */
export function toSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const outage = outageOf(error);
  if (outage !== null) return outage;
  const message = error instanceof Error ? error.message : String(error);
  return new SluiceError("internal", message, { cause: error });
}

/**
 * Why something failed, for a log line, which never holds a cell's value: of what Postgres says about data only the code and
 * the names (SQLSTATE classes 22, 23, 44, and P0 for what a trigger raises).
 */
export function reasonToLog(error: unknown): string {
  const { code, message, table, column, constraint } = (error ?? {}) as Record<string, unknown>;
  if (typeof code !== "string" || !/^(?:2[23]|44|P0)[0-9A-Z]{3}$/.test(code)) return String(message ?? error);
  const named = Object.entries({ table, column, constraint }).filter(([, name]) => name !== undefined);
  return [`Postgres refused data (${code})`, ...named.map(([what, name]) => `${what} ${name}`)].join(", ");
}

/** The innermost calls of an error's stack: places in the program, without its message. */
export function placesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [...(error.stack ?? "").matchAll(/^ +at (.+)$/gm)].slice(0, 5).map(([, place]) => place);
}
