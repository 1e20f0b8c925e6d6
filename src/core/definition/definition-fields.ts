/** What the options of a field must look like: those that every kind has, and those that its kind describes. */
import { isFieldKind, kindOf, kinds } from "../field.ts";
import { type FieldOptions, mergeRules } from "../fields/kind.ts";
import { languages } from "../fields/language.ts";
import {
  type Check,
  type Checks,
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
  text,
} from "../shape/shape.ts";

/** A text by language. */
export const byLanguage = (each: Check): Check => objectOf(Object.fromEntries(languages.map((name) => [name, each])));

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

/** Limits that must be in this order. */
const limits = [
  ["minLength", "maxLength"],
  ["min", "max"],
] as const;

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
  const { options, required = [] } = kindOf({ kind });
  const checks: Checks = { kind: null, ...commonChecks, ...options };
  const wrong = missingProblem(given, required, place) ?? optionsProblem(given, checks, `${place}.`);
  if (wrong !== null) return wrong;
  return firstOf(limits, ([low, high]) => {
    const [least, most] = [given[low], given[high]] as (number | undefined)[];
    return least !== undefined && most !== undefined && least > most
      ? `${place}: \`${low}\` ${least} is above \`${high}\` ${most}. Swap them`
      : null;
  });
}
