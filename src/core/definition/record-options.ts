/** What the options of a record must look like, each for itself. */
import type { RecordDefinition } from "../records.ts";
import {
  type Check,
  type ChecksOf,
  columnName,
  firstOf,
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
} from "../shape/shape.ts";
import { byLanguage, scope } from "./definition-fields.ts";

const plainValue: Check = (value, place) =>
  value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value)
    ? null
    : `${place} is ${shown(value)}: it must be a text, a number, true, false or null`;

/** What makes a value that is no field's, by its kind. */
const sourceChecks: Readonly<Record<string, Record<string, Check | null>>> = {
  ref: { kind: null, record: text },
  constant: { kind: null, value: plainValue },
  now: { kind: null },
  on_create: { kind: null, make: synchronous("onCreate((run) => run.user.id)") },
  name_of: { kind: null, field: text },
};
const makers: ReadonlySet<string> = new Set(["ref", "constant", "now", "onCreate", "nameOf"]);
const madeWords = 'a field\'s name, ref("record"), constant(…), now(), onCreate(() => …) or nameOf("field")';

const source: Check = (value, place) => {
  if (typeof value === "string") return text(value, place);
  if (typeof value === "function")
    return makers.has(value.name)
      ? `${place} is ${shown(value)}: call it, as ${value.name}()`
      : `${place} is ${shown(value)}: for a value of new records write onCreate(() => …)`;
  if (typeof value === "number" || typeof value === "boolean" || value === null)
    return `${place} is ${shown(value)}: for the same value in every record write constant(${shown(value)})`;
  const checks = isObject(value) && typeof value.kind === "string" ? sourceChecks[value.kind] : undefined;
  return checks === undefined
    ? `${place} is ${shown(value)}: it must be ${madeWords}`
    : optionsProblem(value as object, checks, `${place}.`);
};

/** `set` of a target: columns to what is made whatever the row has. */
export const fixedValues: Check = (value, place) => {
  if (!isObject(value))
    return `${place} is ${shown(value)}: it must be an object of columns, such as { updated_at: now() }`;
  return firstOf(Object.entries(value), ([column, each]) => {
    const wrong = columnName(column, `${place}'s column`) ?? source(each, `${place}.${column}`);
    if (wrong !== null) return wrong;
    const isFixed = isObject(each) && ["constant", "now", "on_create"].includes(String(each.kind));
    if (isFixed) return null;
    return typeof each === "string"
      ? `${place}.${column} is ${shown(each)}: a field goes to a column by its own \`column\`; for the same text in every record write constant(${shown(each)})`
      : `${place}.${column} is ${shown(each)}: it must be constant(…), now() or onCreate(() => …)`;
  });
};

const keyPart: Check = (value, place) => {
  const kind = isObject(value) ? value.kind : undefined;
  return typeof value === "string" || kind === "ref" || kind === "name_of"
    ? source(value, place)
    : `${place} is ${shown(value)}: a key is made of fields' names, ref("record") and nameOf("field")`;
};
const wholeKey: Check = (value, place) =>
  typeof value === "string"
    ? `${place} is ${shown(value)}: it must be a list, such as [${shown(value)}]`
    : listOf(keyPart, { least: 1 })(value, place);

const refOnly: Check = (value, place) =>
  isObject(value) && value.kind === "ref"
    ? source(value, place)
    : `${place} is ${shown(value)}: it must be the record on the other side, as ref("product")`;

export const absent: Check = (value, place) =>
  isObject(value)
    ? objectOf({ deactivate: mapOf(plainValue, { least: 1 }) }, ["deactivate"])(value, place)
    : value === "leave" || value === "delete"
      ? null
      : `${place} is ${shown(value)}: it must be "leave", "delete" or { deactivate: { active: false } }`;

/** What the options of a record must look like. */
export const recordChecks: ChecksOf<RecordDefinition<string, string>> = {
  table: tableName,
  id: (value, place) => (value === null ? null : columnName(value, place)),
  key: wholeKey,
  keys: listOf((value, place) => (typeof value === "string" ? text(value, place) : wholeKey(value, place)), {
    least: 1,
  }),
  set: (value, place) =>
    isObject(value)
      ? firstOf(
          Object.entries(value),
          ([column, each]) => columnName(column, `${place}'s column`) ?? source(each, `${place}.${column}`),
        )
      : `${place} is ${shown(value)}: it must be an object of columns, such as { name: "brand" }`,
  onMatch: oneOf(["use", "update", "skip"]),
  onMissing: oneOf(["create", "issue"]),
  where: text,
  versions: objectOf({ from: columnName, to: columnName }, ["from", "to"]),
  each: (value, place) => (typeof value === "string" ? text(value, place) : listOf(text, { least: 1 })(value, place)),
  link: objectOf({ table: tableName, from: refOnly, column: columnName, to: columnName, context: scope }, [
    "table",
    "from",
  ]),
  path: objectOf({ separator: text, parent: columnName }, ["separator", "parent"]),
  context: scope,
  shared: flag,
  filledByDatabase: listOf(columnName, { least: 1 }),
  absent,
  others: absent,
  label: byLanguage(text),
  step: byLanguage(text),
};
