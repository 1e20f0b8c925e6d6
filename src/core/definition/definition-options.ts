/** What the options of an importer must look like, each for itself. */
import { type ContextField, contextTypes } from "../context.ts";
import { duplicateStrategies } from "../duplicates.ts";
import type {
  Fields,
  History,
  ImporterDefinition,
  Owners,
  SqlCheck,
  SynchronousLimits,
  TableDefinition,
  Target,
  ViewDefinition,
} from "../importer.ts";
import { modes } from "../modes.ts";
import type { RecordSink } from "../record-sink.ts";
import { repeatChoices } from "../repeats.ts";
import {
  anyFunction,
  type Check,
  type ChecksOf,
  columnName,
  flag,
  isObject,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  optionsProblem,
  shown,
  synchronous,
  tableName,
  text,
  whole,
} from "../shape/shape.ts";
import { accessVerbs } from "../table-access.ts";
import { byLanguage, ownFunction, ownValue, scope } from "./definition-fields.ts";
import { absent, fixedValues } from "./record-options.ts";

type Definition = ImporterDefinition<Fields>;

const targetChecks: ChecksOf<Target> = {
  table: tableName,
  id: columnName,
  job: columnName,
  updatedAt: columnName,
  set: fixedValues,
  filledByDatabase: listOf(columnName, { least: 1 }),
  absent,
};
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
const share: Check = (value, place) =>
  typeof value === "number" && value >= 0 && value <= 1
    ? null
    : `${place} is ${shown(value)}: it must be a number from 0 to 1, such as 0.3`;

/** A field's name, or several. */
const key: Check = (value, place) => (Array.isArray(value) ? listOf(text, { least: 1 }) : text)(value, place);
const matchChecks: ChecksOf<NonNullable<Definition["match"]>> = {
  keys: listOf(key),
  onDuplicate: oneOf(duplicateStrategies),
  where: text,
};
const contextChecks: ChecksOf<ContextField> = {
  column: columnName,
  type: oneOf(contextTypes),
  label: byLanguage(text),
  from: anyFunction,
};
const rowsOf: Check = (value, place) =>
  value === "admins" || value === "signed_in"
    ? null
    : !isObject(value)
      ? `${place} is ${shown(value)}: it must be "admins", "signed_in", { user: "owner_id" } or { through: "order_id", table: "orders" }`
      : "user" in value
        ? objectOf({ user: text }, ["user"])(value, place)
        : objectOf({ through: text, table: tableName }, ["through", "table"])(value, place);
const tableChecks: ChecksOf<TableDefinition> = {
  name: tableName,
  columns: mapOf(text),
  create: listOf(text, { least: 1 }),
  access: objectOf(Object.fromEntries(accessVerbs.map((verb) => [verb, listOf(rowsOf)])), [...accessVerbs]),
};
const viewChecks: ChecksOf<ViewDefinition> = { name: tableName, query: text };
/** A request waits, and its proxies with it; most cut it off after a minute. */
const synchronousChecks: ChecksOf<SynchronousLimits> = { rows: whole(1, 100_000), seconds: whole(1, 600) };

const severalStatements: Check = (value, place) =>
  typeof value !== "function"
    ? `${place} is ${shown(value)}: it must be a function: async (chunk, db) => { await db.query("…") }`
    : value.length > 2
      ? `${place} takes at most 2 arguments: async (chunk, db) => { await db.query("…") }`
      : null;

const loader: Check = (value, place) =>
  typeof value === "function" && value.length > 1
    ? severalStatements(value, place)
    : synchronous('load: ({ rows, target }) => "insert into …"')(value, place);

const sqlCheckChecks: ChecksOf<SqlCheck> = {
  kind: null,
  find: synchronous("({ rows }) => `select row_no from …`"),
  message: (value, place) => (typeof value === "string" ? text(value, place) : byLanguage(text)(value, place)),
  field: text,
};

const rowCheck: Check = (value, place) => {
  if (typeof value === "function")
    return synchronous('(row) => (row.a > row.b ? { message: "…" } : null)')(value, place);
  if (isObject(value) && value.kind === "sql") return objectOf(sqlCheckChecks, ["find", "message"])(value, place);
  if (!isObject(value) || value.kind !== "at_least_one")
    return `${place} is ${shown(value)}: it must be atLeastOne("a", "b"), sqlCheck({ … }), or a function of the row`;
  return optionsProblem(value, { kind: null, fields: listOf(text, { least: 1 }) }, `${place}.`);
};

const recordSinkChecks: ChecksOf<RecordSink> = {
  name: text,
  kind: text,
  record: text,
  select: text,
  document: synchronous("(record) => ({ name: record.name })"),
  limits: objectOf({ documents: whole(1, 100_000), bytes: whole(1000, 1_000_000_000) }),
  apply: anyFunction,
  settled: anyFunction,
  rebuild: objectOf({ base: text, begin: anyFunction, swap: anyFunction, drop: anyFunction }, [
    "base",
    "begin",
    "swap",
    "drop",
  ]),
};

/** Of `afterCommit`: a function, or what `typesense()` and the like return. */
const recordSink: Check = (value, place) =>
  typeof value === "function" ? null : objectOf(recordSinkChecks, ["apply"])(value, place);

/** A list of what may be a function, which people give alone. */
function listNotOne(each: Check): Check {
  return (value, place) =>
    typeof value === "function" ? `${place} is a function: put it into a list, [${place}]` : listOf(each)(value, place);
}

/** The options in the order in which they are checked. */
export const definitionChecks: ChecksOf<Definition> = {
  name: null,
  fields: null,
  label: byLanguage(text),
  target: (value, place) =>
    typeof value === "string"
      ? `${place} is ${shown(value)}: write target: { table: ${shown(value)} }`
      : objectOf(targetChecks, ["table"])(value, place),
  match: objectOf(matchChecks),
  // Looked through apart, with what it names.
  records: null,
  modes: listOf(oneOf(modes), { least: 1 }),
  maxRemoval: share,
  repeats: oneOf(repeatChoices),
  history: objectOf(historyChecks, ["table", "record"]),
  assign: objectOf(ownersChecks, ["column", "table", "by"]),
  checks: listNotOne(rowCheck),
  defaults: mapOf(ownValue),
  derive: mapOf(ownFunction),
  can: anyFunction,
  reveal: oneOf(["all", "own", "none"]),
  context: mapOf(objectOf(contextChecks)),
  session: synchronous('(run) => ({ "app.tenant": run.context.tenant_id })'),
  afterCommit: listNotOne(recordSink),
  tables: listOf(objectOf(tableChecks, ["name", "columns", "create"])),
  views: listOf(objectOf(viewChecks, ["name", "query"])),
  synchronous: (value, place) => (typeof value === "boolean" ? null : objectOf(synchronousChecks)(value, place)),
  // Its content is checked with the fields' names.
  batch: () => null,
  load: loader,
  foresee: severalStatements,
  finish: severalStatements,
};
