/** Checks the definition of an importer, for those who write JavaScript or JSON and have no compiler to do it. */
import { type ContextField, contextTypes } from "../context.ts";
import { scopeProblem } from "../context-scope.ts";
import { duplicateStrategies } from "../duplicates.ts";
import type { Fields, History, ImporterDefinition, Owners, TableDefinition, Target } from "../importer.ts";
import {
  anyFunction,
  type Check,
  columnName,
  firstOf,
  flag,
  isObject,
  listOf,
  mapOf,
  meant,
  objectOf,
  oneOf,
  optionsProblem,
  shown,
  synchronous,
  tableName,
  text,
} from "../shape/shape.ts";
import { byLanguage, fieldProblem, scope } from "./definition-fields.ts";

type Definition = ImporterDefinition<Fields>;
/** A check for every option that the type has: a new one cannot be forgotten. */
type ChecksOf<T> = { [Name in keyof Required<T>]: Check | null };

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

const targetChecks: ChecksOf<Target> = { table: tableName, id: columnName, job: columnName, updatedAt: columnName };
const historyChecks: ChecksOf<History> = {
  table: tableName,
  record: columnName,
  event: columnName,
  oldValues: columnName,
  newValues: columnName,
  job: columnName,
  actor: columnName,
};
const ownersChecks: ChecksOf<Owners> = {
  column: columnName,
  table: tableName,
  by: listOf(columnName, { least: 1 }),
  id: columnName,
  context: scope,
  shared: flag,
};
const matchChecks: ChecksOf<NonNullable<Definition["match"]>> = {
  keys: listOf(text),
  onDuplicate: oneOf(duplicateStrategies),
  where: text,
};
const contextChecks: ChecksOf<ContextField> = {
  column: columnName,
  type: oneOf(contextTypes),
  from: anyFunction,
};
const tableChecks: ChecksOf<TableDefinition> = {
  name: tableName,
  columns: mapOf(text),
  create: listOf(text, { least: 1 }),
};

const loader: Check = (value, place) =>
  synchronous('load: ({ rows, target }) => "insert into …"')(value, place) ??
  ((value as (...given: unknown[]) => unknown).length > 1
    ? `${place} takes one argument, the chunk: ({ rows, target, jobId }) => "…"`
    : null);

const rowCheck: Check = (value, place) => {
  if (typeof value === "function")
    return synchronous('(row) => (row.a > row.b ? { message: "…" } : null)')(value, place);
  if (!isObject(value) || value.kind !== "at_least_one")
    return `${place} is ${shown(value)}: it must be atLeastOne("a", "b"), or a function of the row`;
  return optionsProblem(value, { kind: null, fields: listOf(text, { least: 1 }) }, `${place}.`);
};

/** The options in the order in which they are checked. */
const checks: ChecksOf<Definition> = {
  name: null,
  fields: null,
  label: byLanguage(text),
  target: (value, place) =>
    typeof value === "string"
      ? `${place} is ${shown(value)}: write target: { table: ${shown(value)} }`
      : objectOf(targetChecks, ["table"])(value, place),
  match: objectOf(matchChecks),
  history: objectOf(historyChecks, ["table", "record"]),
  assign: objectOf(ownersChecks, ["column", "table", "by"]),
  checks: (value, place) =>
    typeof value === "function"
      ? `${place} is a function: put it into a list, [${place}]`
      : listOf(rowCheck)(value, place),
  can: anyFunction,
  reveal: oneOf(["all", "own", "none"]),
  context: mapOf(objectOf(contextChecks)),
  session: synchronous('(run) => ({ "app.tenant": run.context.tenant_id })'),
  tables: listOf(objectOf(tableChecks, ["name", "columns", "create"])),
  load: loader,
};

/** What is wrong with a definition, as a clause that begins with the place; null: nothing. */
export function definitionProblem(definition: Definition): string | null {
  const wrong = nameProblem(definition.name) ?? fieldsProblem(definition.fields);
  if (wrong !== null) return wrong;
  if (definition.target === undefined)
    return '`target` is missing. Say where the rows go: target: { table: "customers" }';
  return optionsProblem(definition, checks, "") ?? namesProblem(definition) ?? columnsProblem(definition);
}

function nameProblem(name: unknown): string | null {
  if (name === undefined) return "`name` is missing. It is what the command line and URLs call the importer";
  return typeof name === "string" && namePattern.test(name)
    ? null
    : "the name must be lower case letters, digits and dashes, a letter first";
}

function fieldsProblem(fields: unknown): string | null {
  if (fields === undefined) return "`fields` is missing. Add at least one: fields: { email: field.email() }";
  if (!isObject(fields)) return `fields is ${shown(fields)}: it must be an object, such as { email: field.email() }`;
  const entries = Object.entries(fields);
  if (entries.length === 0) return "it has no fields. Add at least one to `fields`";
  return firstOf(entries, ([name, given]) => {
    if (!fieldPattern.test(name) || reservedFields.has(name))
      return (
        `the field name "${name}" cannot be used: letters a to z, digits and _, a letter first, at most 55, and not one of ` +
        `${[...reservedFields].join(", ")}. Rename the field and point its \`column\` at the table's column`
      );
    return fieldProblem(given, `fields.${name}`);
  });
}

/** Names that must be those of fields, or of none. */
function namesProblem(definition: Definition): string | null {
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
  return (
    firstOf(keys, (key) => need(key, "match.keys")) ??
    firstOf(definition.checks ?? [], (check) =>
      typeof check === "function" ? null : firstOf(check.fields, (name) => need(name, "checks")),
    ) ??
    scopeProblem(definition)?.replace(/\.$/, "") ??
    firstOf(Object.keys(context), (name) =>
      fieldPattern.test(name) && !reservedFields.has(name) && !Object.hasOwn(fields, name)
        ? null
        : `the context value "${name}" must be letters a to z, digits and _, a letter first, at most 55, and must not also be a field`,
    )
  );
}

function hint(name: string, known: readonly string[]): string {
  const said = meant(name, known);
  return said.startsWith("Did") ? said : "";
}

/** Two that would fill the same column. */
function columnsProblem({ fields, context = {}, target, assign, history }: Definition): string | null {
  const filled: [column: string, by: string][] = [
    ...Object.entries(fields).map(([name, { column = name }]): [string, string] => [column, `fields.${name}`]),
    ...Object.entries(context).map(([name, { column = name }]): [string, string] => [column, `context.${name}`]),
  ];
  for (const [by, column] of Object.entries({
    "target.job": target.job,
    "target.updatedAt": target.updatedAt,
    "assign.column": assign?.column,
  }))
    if (column !== undefined) filled.push([column, by]);
  const events: [string, string][] = Object.entries({
    oldValues: "old_values",
    newValues: "new_values",
    event: "event",
    ...history,
  })
    .filter(([option]) => option !== "table")
    .flatMap(([option, column]): [string, string][] => (column === undefined ? [] : [[column, `history.${option}`]]));
  return twiceIn(filled) ?? (history === undefined ? null : twiceIn(events));
}

function twiceIn(filled: readonly [column: string, by: string][]): string | null {
  const seen = new Map<string, string>();
  return firstOf(filled, ([column, by]) => {
    const other = seen.get(column);
    seen.set(column, by);
    return other === undefined
      ? null
      : `${other} and ${by} both go to the column "${column}". Point one of them elsewhere`;
  });
}
