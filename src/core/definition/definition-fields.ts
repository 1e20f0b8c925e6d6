/** What the options of a field must look like: those that every kind has, and those that its kind describes. */
import { type Field, type FieldKind, isFieldKind, kindOf, kinds } from "../field.ts";
import { type FieldOptions, singleMergeRules } from "../fields/kind.ts";
import { languages } from "../fields/language.ts";
import {
  type Check,
  type Checks,
  type ChecksOf,
  columnName,
  firstOf,
  flag,
  isAsync,
  isObject,
  listOf,
  mapOf,
  missingProblem,
  objectOf,
  oneOf,
  optionsProblem,
  shown,
  synchronous,
  text,
} from "../shape/shape.ts";

/** A text by language. */
export const byLanguage = (each: Check): Check => objectOf(Object.fromEntries(languages.map((name) => [name, each])));

/**
 * Names of columns by language. Files come in more languages than Sluice speaks: any two-letter code (ISO 639-1) does, also with a
 * region, as `de` and `pt-BR`.
 */
const aliases: Check = (value, place) => {
  if (!isObject(value)) return byLanguage(listOf(text))(value, place);
  const isTag = ([name]: [string, unknown]): boolean => /^[a-z]{2}(?:-[A-Za-z\d]{2,8})*$/.test(name);
  const entries = Object.entries(value);
  return (
    mapOf(listOf(text))(Object.fromEntries(entries.filter(isTag)), place) ??
    byLanguage(listOf(text))(Object.fromEntries(entries.filter((entry) => !isTag(entry))), place)
  );
};

/** By which columns another table is bounded: its shape. Its content is checked with the importer's context. */
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

/** A function that makes a value of a row. */
export const ownFunction: Check = (value, place) =>
  synchronous("(row) => row.starts")(value, place) ??
  ((value as (...given: unknown[]) => unknown).length > 1 ? `${place} takes one argument, the row` : null);

/** A default: a value, or a function that makes one. */
export const ownValue: Check = (value, place) => {
  if (typeof value === "function") return ownFunction(value, place);
  const isValue = ["string", "number", "bigint", "boolean"].includes(typeof value) || value instanceof Date;
  return isValue || Array.isArray(value)
    ? null
    : `${place} is ${shown(value)}: it must be a value, such as "FR" or 0, or a function of the row`;
};

const commonChecks: ChecksOf<FieldOptions> = {
  required: flag,
  aliases,
  label: byLanguage(text),
  merge: oneOf(singleMergeRules),
  default: ownValue,
  derive: ownFunction,
  column: (value, place) => (value === null ? null : columnName(value, place)),
  validate: validator,
  context: scope,
  shared: flag,
};

/** Limits that must be in this order. */
const limits = [
  ["minLength", "maxLength"],
  ["min", "max"],
] as const;

/** What belongs to a field as a whole, with what says nothing. */
const ofTheWhole: Readonly<Record<string, (value: unknown) => boolean>> = {
  required: (value) => value === false,
  aliases: (value) => Object.keys(value as object).length === 0,
  label: (value) => Object.keys(value as object).length === 0,
  merge: (value) => value === "overwrite",
  default: (value) => value === undefined,
  derive: (value) => value === undefined,
  column: (value) => value === undefined,
};

/** What is wrong with a field within another; null: nothing. */
function innerProblem(given: unknown, kind: FieldKind, place: string): string | null {
  const wrong = fieldProblem(given, place);
  if (wrong !== null) return wrong;
  const within = given as Field;
  const isMember = kindOf({ kind }).areColumns === true;
  const holdsSeveral = kindOf(within).inner !== undefined && !(isMember && within.kind === "list");
  if (holdsSeveral || within.kind === "reference")
    return `${place} is field.${within.kind}(), which holds no single value of the file. Use another kind within field.${kind}()`;
  const whole = Object.entries(ofTheWhole).filter(([name]) => !isMember || name === "merge" || name === "column");
  return firstOf(whole, ([name, saysNothing]) =>
    saysNothing((within as unknown as Record<string, unknown>)[name])
      ? null
      : `${place}.${name} is about the field as a whole: say it in the options of field.${kind}()`,
  );
}

/** What is wrong with a field of a definition; null: nothing. */
export function fieldProblem(given: unknown, place: string): string | null {
  if (typeof given === "function") return `${place} is a function. Call it, as field.text()`;
  if (!isObject(given)) return `${place} is ${shown(given)}: it must be a field, as field.text()`;
  const { kind } = given;
  if (!isFieldKind(kind) || given.required === undefined)
    return `${place} is no field. Make it with one of: ${Object.keys(kinds)
      .map((each) => `field.${each}()`)
      .join(", ")}`;
  if (given.wrongOptions !== undefined)
    return `${place}: field.${kind}() takes its options as an object, not ${shown(given.wrongOptions)}`;
  const { options, required = [], mergeRules: own, inner } = kindOf({ kind });
  const checks: Checks = { kind: null, ...commonChecks, ...(own && { merge: oneOf(own) }), ...options };
  const wrong = missingProblem(given, required, place) ?? optionsProblem(given, checks, `${place}.`);
  if (wrong !== null) return wrong;
  const made = ["derive", "default"].find((name) => kind === "columns" && given[name] !== undefined);
  if (made !== undefined)
    return `${place}.${made} makes one value, and field.columns() holds one for each column. Leave it out`;
  if (inner !== undefined) {
    if (given.validate !== undefined)
      return `${place}.validate looks at one value: give it to the element, as field.${kind}(field.text({ validate }))`;
    const found = firstOf(Object.entries(inner(given as unknown as Field)), ([name, each]) =>
      innerProblem(each, kind, kind === "json" ? `${place}.shape.${name}` : `${place}.${name}`),
    );
    if (found !== null) return found;
  }
  return firstOf(limits, ([low, high]) => {
    const [least, most] = [given[low], given[high]] as (number | undefined)[];
    return least !== undefined && most !== undefined && least > most
      ? `${place}: \`${low}\` ${least} is above \`${high}\` ${most}. Swap them`
      : null;
  });
}
