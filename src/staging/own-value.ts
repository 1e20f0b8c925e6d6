/** A value that an importer's own code makes, as the text of a cell in plain form. */
import { SluiceError } from "../core/errors.ts";
import { isPromise } from "../core/field.ts";
import { plainNumber } from "../values/json-cell.ts";

/** Kinds of field whose values are lists or objects. */
const structured: ReadonlySet<string> = new Set(["list", "columns", "json"]);

export interface OwnValue {
  importer: string;
  /** How the definition calls it, as `fields.ends.default`. */
  place: string;
  /** The kind of field that it is for; null: of none. */
  kind: string | null;
}

/**
 * Calls the function, and writes what it returns; null: nothing.
 *
 * @throws SluiceError `invalid` when it throws, is asynchronous, or returns what is no value.
 */
export function askOwnValue(make: () => unknown, of: OwnValue): string | null {
  let value: unknown;
  try {
    value = make();
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    return refuse(of, `failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  return textOf(value, of);
}

/** What stands in a cell that has the value. @throws SluiceError `invalid` for what is no value */
export function textOf(value: unknown, of: OwnValue): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return Number.isFinite(value) ? plainNumber(value) : refuse(of, `returns ${value}, which is no number to store`);
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return refuse(of, "returns a Date that is none");
    const text = value.toISOString();
    return of.kind === "date" ? text.slice(0, 10) : text;
  }
  if (isPromise(value)) {
    Promise.resolve(value).catch(() => {});
    return refuse(of, "is asynchronous. It must answer at once");
  }
  if (typeof value !== "object") return refuse(of, `returns a ${typeof value}, which is no value`);
  if (of.kind !== null && structured.has(of.kind)) {
    if (Array.isArray(value) && value.length === 0) return null;
    return JSON.stringify(value);
  }
  const what = Array.isArray(value) ? "a list" : "an object";
  return refuse(
    of,
    `returns ${what}, and its field holds one value${Array.isArray(value) ? ". Make it a field.list()" : ""}`,
  );
}

function refuse({ importer, place }: OwnValue, what: string, cause?: unknown): never {
  throw new SluiceError("invalid", `Importer "${importer}": ${place} ${what}.`, { cause });
}
