/**
 * What a value of a definition must look like: small checks that are put together, each telling what is wrong in a clause
 * that begins with the place, such as `fields.email.merge is "replace", which is none of …`.
 */
import { nearestName } from "./nearest-name.ts";

/** What is wrong with the value at the place; null: nothing. Undefined is never asked about: an option that is not there. */
export type Check = (value: unknown, place: string) => string | null;

/** One check per option; null where another check sees to it. */
export type Checks = Readonly<Record<string, Check | null>>;

/** A check for every option that the type has: a new one cannot be forgotten. */
export type ChecksOf<T> = { readonly [Name in keyof Required<T>]: Check | null };

/** A value as a definition would have it, short. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === "function") return isAsync(value) ? "an async function" : "a function";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return isPattern(value) ? String(value) : "an object";
  return String(value);
}

function is(place: string, value: unknown, what: string): string {
  return `${place} is ${shown(value)}: ${what}`;
}

export const text: Check = (value, place) =>
  typeof value === "string" && value.trim() !== "" ? null : is(place, value, "it must be a text that is not blank");

/** A column's name as Postgres has them: cut after 63 bytes, so that a longer one is another. */
export const columnName: Check = (value, place) =>
  text(value, place) ??
  (new TextEncoder().encode(value as string).length > 63
    ? is(place, value, "Postgres cuts names after 63 bytes. Write the name as the table has it")
    : null);

/** `leads` or `crm.leads`. */
export const tableName: Check = (value, place) => {
  const wrong = text(value, place);
  if (wrong !== null) return wrong;
  const parts = (value as string).split(".");
  return parts.length > 2 || parts.some((part) => part.trim() === "")
    ? is(place, value, "it must be a table, or its schema and the table with a dot between, as crm.leads")
    : null;
};

export const flag: Check = (value, place) =>
  typeof value === "boolean" ? null : is(place, value, "it must be true or false");

export function whole(least: number, most: number): Check {
  return (value, place) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? null
      : is(place, value, `it must be a whole number from ${least} to ${most}`);
}

export const number: Check = (value, place) =>
  typeof value === "number" && Number.isFinite(value) ? null : is(place, value, "it must be a number");

/** Names that people know from elsewhere, with the name used here. */
const synonyms: Readonly<Record<string, string>> = {
  upsert: "update",
  merge: "update",
  replace: "overwrite",
  ignore: "skip",
  insert: "create",
  append: "create",
  union: "append",
  keep: "never",
  int: "integer",
  int4: "integer",
  number: "integer",
  int8: "bigint",
  string: "text",
  varchar: "text",
  english: "en",
  french: "fr",
  swedish: "sv",
  se: "sv",
};

/** The word that somebody meant, and all there are where nothing is near. */
export function meant(word: string, known: readonly string[]): string {
  const other = synonyms[word.toLowerCase()];
  const near = other !== undefined && known.includes(other) ? other : nearestName(word, known);
  return near === null ? `Use one of: ${known.join(", ")}` : `Did you mean "${near}"?`;
}

export function oneOf(known: readonly string[]): Check {
  return (value, place) =>
    typeof value === "string" && known.includes(value)
      ? null
      : `${place} is ${shown(value)}, which is none of: ${known.join(", ")}${typeof value === "string" ? `. ${meant(value, known)}` : ""}`;
}

/** A function that answers at once. */
export function synchronous(example: string): Check {
  return (value, place) => {
    if (typeof value !== "function") return is(place, value, `it must be a function: ${example}`);
    return isAsync(value) ? is(place, value, `it must answer at once: ${example}`) : null;
  };
}

export const anyFunction: Check = (value, place) =>
  typeof value === "function" ? null : is(place, value, "it must be a function");

/** A list, each once. */
export function listOf(each: Check, { least = 0 }: { least?: number } = {}): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return is(place, value, `it must be a list, such as [${shown(value)}]`);
    if (value.length < least) return `${place} is empty: name at least one`;
    for (const [k, entry] of value.entries()) {
      const wrong = each(entry, `${place}[${k}]`);
      if (wrong !== null) return wrong;
      if (value.indexOf(entry) < k) return `${place} has ${shown(entry)} twice. Name each once`;
    }
    return null;
  };
}

/** A plain object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isPattern(value);
}

/** An object of names that the definition makes up. */
export function mapOf(each: Check, { least = 0 }: { least?: number } = {}): Check {
  return (value, place) => {
    if (!isObject(value)) return is(place, value, "it must be an object, such as { name: … }");
    const entries = Object.entries(value);
    if (entries.length < least) return `${place} is empty: name at least one`;
    return firstOf(entries, ([name, entry]) => (entry === undefined ? null : each(entry, `${place}.${name}`)));
  };
}

/** An object whose names are known. */
export function objectOf(known: Checks, required: readonly string[] = []): Check {
  return (value, place) => {
    if (!isObject(value)) return is(place, value, `it must be an object with ${Object.keys(known).join(", ")}`);
    return optionsProblem(value, known, `${place}.`) ?? missingProblem(value, required, place);
  };
}

/** The first unknown or wrong option. `place`: what precedes the option's name. */
export function optionsProblem(given: object, known: Checks, place: string): string | null {
  return firstOf(Object.entries(given), ([name, value]) => {
    if (value === undefined) return null;
    if (!Object.hasOwn(known, name)) {
      const near = nearestName(name, Object.keys(known));
      const hint = near === null ? `The options are: ${Object.keys(known).join(", ")}` : `Did you mean "${near}"?`;
      return `there is no option ${place}${name}. ${hint}`;
    }
    return known[name]?.(value, `${place}${name}`) ?? null;
  });
}

export function missingProblem(given: object, required: readonly string[], place: string): string | null {
  const missing = required.filter((name) => (given as Record<string, unknown>)[name] === undefined);
  return missing.length === 0 ? null : `${place} lacks ${missing.map((name) => `\`${name}\``).join(" and ")}`;
}

export function firstOf<T>(all: readonly T[], look: (each: T) => string | null): string | null {
  for (const each of all) {
    const found = look(each);
    if (found !== null) return found;
  }
  return null;
}

/** Also of another realm, as a test runner or a bundler may have it. */
export function isPattern(value: unknown): value is RegExp {
  return Object.prototype.toString.call(value) === "[object RegExp]";
}

/** Whether it is written `async`, or is an async generator's. What merely returns a promise shows when it is called. */
export function isAsync(value: unknown): boolean {
  return typeof value === "function" && /^Async/.test(Object.prototype.toString.call(value).slice(8));
}
