/** The names that a definition gives, and those by which it refers to its fields. */
import { batchProblem } from "../batch-route.ts";
import { scopeProblem } from "../context-scope.ts";
import { type Field, kindOf } from "../field.ts";
import type { AnyRowCheck, Fields, ImporterDefinition } from "../importer.ts";
import { type Key, keyFields, keysProblem, maxKeys } from "../keys.ts";
import { firstOf, meant } from "../shape/shape.ts";

const namePattern = /^[a-z][a-z0-9-]*$/;
/** Postgres cuts names after 63 bytes, and the statements of the load put up to 8 before them. */
const fieldPattern = /^[A-Za-z][A-Za-z0-9_]{0,54}$/;
/** Names that the stage has for itself. */
export const reservedFields: ReadonlySet<string> = new Set([
  "row_no",
  "row_offset",
  "action",
  "record_id",
  "owner_id",
  "owner_key",
  "root",
]);

/** What is wrong with the name of an importer; null: nothing. */
export function nameProblem(name: unknown): string | null {
  if (name === undefined) return "`name` is missing. It is what the command line and URLs call the importer";
  return typeof name === "string" && namePattern.test(name)
    ? null
    : "the name must be lower case letters, digits and dashes, a letter first";
}

/** What is wrong with the name of a field; null: nothing. */
export function fieldNameProblem(name: string): string | null {
  return canBeField(name)
    ? null
    : `the field name "${name}" cannot be used: letters a to z, digits and _, a letter first, at most 55, and not one of ` +
        `${[...reservedFields].join(", ")}. Rename the field and point its \`column\` at the table's column`;
}

function canBeField(name: string): boolean {
  return fieldPattern.test(name) && !reservedFields.has(name);
}

/** What is wrong with names that must be those of fields, or of none; null: nothing. */
export function namesProblem(definition: ImporterDefinition<Fields>): string | null {
  const { fields, context = {}, match } = definition;
  const known = Object.keys(fields);
  const need = (name: string, where: string): string | null =>
    Object.hasOwn(fields, name)
      ? null
      : `${where} names "${name}", which is not one of: ${known.join(", ")}. ${hint(name, known)}`.replace(
          /[. ]+$/,
          "",
        );
  const keys = match?.keys ?? [];
  if (keys.length === 0 && match?.onDuplicate === "update")
    return "match.keys is empty, so that nothing would be updated. Name the fields that recognise a duplicate";
  if (keys.length === 0 && definition.records === undefined && definition.modes?.includes("update_only"))
    return "modes names update_only, and match.keys is empty, so that nothing would be updated. Name the fields that recognise a record";
  return (
    keysWrong(keys, need) ??
    firstOf(keyFields(keys), (key) => keyProblem(key, fields[key])) ??
    firstOf(Object.keys(definition.defaults ?? {}), (name) => need(name, "defaults")) ??
    firstOf(Object.keys(definition.derive ?? {}), (name) => need(name, "derive")) ??
    firstOf(Object.entries(fields), ([name, { derive, default: fallback }]) =>
      derive !== undefined && fallback !== undefined
        ? `fields.${name} has both \`derive\` and \`default\`: what derives it also says what a blank comes to. Keep \`derive\``
        : null,
    ) ??
    firstOf(definition.checks ?? [], (check) =>
      typeof check === "function" ? null : firstOf(fieldsOfCheck(check), (name) => need(name, "checks")),
    ) ??
    scopeProblem(definition)?.replace(/\.$/, "") ??
    (definition.batch === undefined
      ? null
      : batchProblem(definition.batch, { fields: known, context: Object.keys(context) })) ??
    firstOf(Object.keys(context), (name) =>
      canBeField(name) && !Object.hasOwn(fields, name)
        ? null
        : `the context value "${name}" must be letters a to z, digits and _, a letter first, at most 55, and must not also be a field`,
    )
  );
}

function fieldsOfCheck(check: Exclude<AnyRowCheck, (...given: never[]) => unknown>): readonly string[] {
  if (check.kind === "at_least_one") return check.fields;
  return check.field === undefined ? [] : [check.field];
}

function keyProblem(name: string, given: Field): string | null {
  if (given.column === null)
    return `match.keys names "${name}", which has no column (column: null) that records could be recognised by`;
  return kindOf(given).key === "none"
    ? `match.keys names "${name}", which holds several values. Name fields of one value`
    : null;
}

function keysWrong(keys: readonly Key[], need: (name: string, where: string) => string | null): string | null {
  const problem = keysProblem(keys, (name) => need(name, "match.keys") === null);
  if (problem === null) return null;
  if ("unknown" in problem) return need(problem.unknown, "match.keys");
  if ("twice" in problem) return `match.keys names "${problem.twice}" twice. Name it once`;
  return `match.keys has more than ${maxKeys} keys. Keep those that recognise a record`;
}

function hint(name: string, known: readonly string[]): string {
  const said = meant(name, known);
  return said.startsWith("Did") ? said : "";
}
