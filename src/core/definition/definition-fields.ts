/** What the options of each kind of field must look like. */
import { countries, countryMeant } from "../countries.ts";
import { type Field, type FieldKind, type FieldOptions, languages, mergeRules } from "../field.ts";
import { patternProblem } from "../pattern/pattern.ts";
import {
  type Check,
  type Checks,
  columnName,
  firstOf,
  flag,
  isAsync,
  isObject,
  isPattern,
  listOf,
  mapOf,
  missingProblem,
  number,
  objectOf,
  oneOf,
  optionsProblem,
  shown,
  tableName,
  text,
  whole,
} from "./definition-shape.ts";

/** A text by language. */
export const byLanguage = (each: Check): Check => objectOf(Object.fromEntries(languages.map((name) => [name, each])));

/** By which columns another table is bounded: its shape. What it says is looked at with the importer's context. */
export const scope: Check = (value, place) =>
  Array.isArray(value) ? listOf(text)(value, place) : mapOf(() => null)(value, place);

const validator: Check = (value, place) => {
  const standard = (value as { "~standard"?: { validate?: unknown } } | null)?.["~standard"];
  if (typeof standard?.validate !== "function")
    return `${place} is ${shown(value)}: it must be a Standard Schema validator, as Zod, Valibot and ArkType make them`;
  return isAsync(standard.validate)
    ? `${place} is asynchronous. Look values up with field.reference, or make it synchronous`
    : null;
};

const country: Check = (value, place) => {
  if (typeof value === "string" && countries.includes(value)) return null;
  const meant = typeof value === "string" ? countryMeant(value) : null;
  return `${place} is ${shown(value)}: it must be a country's code of two letters (ISO 3166-1)${meant === null ? ", such as FR" : `. Did you mean "${meant}"?`}`;
};

const timeZone: Check = (value, place) => {
  const wrong = text(value, place);
  if (wrong !== null) return wrong;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value as string });
    return null;
  } catch {
    return `${place} is ${shown(value)}, which is no time zone. Use an IANA name, such as Europe/Paris`;
  }
};

const pattern: Check = (value, place) => {
  if (!isPattern(value))
    return `${place} is ${shown(value)}: it must be a regular expression, as /[A-Z]{3}/${typeof value === "string" ? ", without quotes" : ""}`;
  const problem = patternProblem(value);
  return problem === null ? null : `${place} is ${value}: ${problem}`;
};

/** A value's words, each meaning no other value. */
const choices: Check = (value, place) => {
  if (Array.isArray(value) && value.every((each) => typeof each === "string"))
    return `${place} is a list. Give each value its words: { ${value.map((each) => `${JSON.stringify(each)}: []`).join(", ")} }`;
  const wrong = mapOf(listOf(text), { least: 1 })(value, place);
  if (wrong !== null) return wrong;
  const owners = new Map<string, string>();
  return firstOf(Object.entries(value as Record<string, string[]>), ([name, words]) => {
    if (name.trim() === "") return `${place} has a value without a name. A blank cell is no value`;
    return firstOf(words, (word) => {
      const plain = word.trim().toLowerCase();
      const other = owners.get(plain);
      owners.set(plain, name);
      return other === undefined || other === name
        ? null
        : `${place}: ${shown(word)} means both "${other}" and "${name}". Leave it with one of them`;
    });
  });
};

/** Beyond it a number in JavaScript is no longer the one that was written. */
const mostWhole = Number.MAX_SAFE_INTEGER;
/** As many as `numeric(p, s)` can have, by the Postgres manual, section 8.1.2. */
const mostDigits = 1000;
/** Characters of a cell; a text of Postgres ends at 1 GB. */
const mostCharacters = 1_073_741_823;

const commonChecks: { [Name in keyof Required<FieldOptions>]: Check | null } = {
  required: flag,
  aliases: byLanguage(listOf(text)),
  label: byLanguage(text),
  merge: oneOf(mergeRules),
  column: columnName,
  validate: validator,
  context: scope,
  shared: flag,
};

/** What each kind has beside the options of all. */
const ownChecks: {
  [K in FieldKind]: Record<Exclude<keyof Extract<Field, { kind: K }>, keyof FieldOptions | "kind">, Check>;
} = {
  text: { minLength: whole(0, mostCharacters), maxLength: whole(1, mostCharacters), pattern },
  email: {},
  phone: { country },
  integer: { min: whole(-mostWhole, mostWhole), max: whole(-mostWhole, mostWhole) },
  decimal: { min: number, max: number, scale: whole(0, mostDigits) },
  date: { twoDigitYearsFrom: whole(1, 9900) },
  datetime: { twoDigitYearsFrom: whole(1, 9900), timeZone },
  boolean: {},
  choice: { values: choices },
  reference: { table: tableName, by: listOf(columnName, { least: 1 }), id: columnName },
};
const requiredOptions: Partial<Record<FieldKind, readonly string[]>> = {
  choice: ["values"],
  reference: ["table", "by"],
};
/** Limits that must stand in this order. */
const limits = [
  ["minLength", "maxLength"],
  ["min", "max"],
] as const;

const kinds = Object.keys(ownChecks) as FieldKind[];

/** What is wrong with a field of a definition; null: nothing. */
export function fieldProblem(given: unknown, place: string): string | null {
  if (typeof given === "function") return `${place} is a function. Call it, as field.text()`;
  if (!isObject(given)) return `${place} is ${shown(given)}: it must be a field, as field.text()`;
  const kind = given.kind as FieldKind;
  if (!kinds.includes(kind) || given.required === undefined)
    return `${place} is no field. Make it with one of: ${kinds.map((each) => `field.${each}()`).join(", ")}`;
  if (given.wrongOptions !== undefined)
    return `${place}: field.${kind}() takes its options as an object, not ${shown(given.wrongOptions)}`;
  const checks: Checks = { kind: null, ...commonChecks, ...ownChecks[kind] };
  const wrong = missingProblem(given, requiredOptions[kind] ?? [], place) ?? optionsProblem(given, checks, `${place}.`);
  if (wrong !== null) return wrong;
  return firstOf(limits, ([low, high]) => {
    const [least, most] = [given[low], given[high]] as (number | undefined)[];
    return least !== undefined && most !== undefined && least > most
      ? `${place}: \`${low}\` ${least} is above \`${high}\` ${most}. Swap them`
      : null;
  });
}
