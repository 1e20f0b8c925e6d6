/** The records of an importer, resolved against their tables and the columns of an import's stage. */
import { namesColumn } from "../../core/feed-names.ts";
import { kindOf } from "../../core/field.ts";
import type { MergeRule } from "../../core/fields/kind.ts";
import { mainRecord, type PlannedColumn, type PlannedSource, type RecordPlan } from "../../core/records.ts";
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { carriedTo, carriedType, isTextColumn } from "../tables/carried.ts";
import { documentMembers } from "../tables/document-values.ts";
import type { Plan } from "../tables/plan.ts";
import type { RecordTable, UniqueKey } from "../tables/record-table.ts";
import { plainCondition } from "../tables/records.ts";
import type { TargetColumn } from "../tables/target.ts";
import { isFilled, sourceValue } from "./row-source.ts";
import {
  isStaged,
  type KeyColumn,
  type RecordColumn,
  type RecordsContext,
  tableOf,
  type WrittenRecord,
} from "./written-record.ts";

/** All that the importer's records are written by. */
export function recordsContext(plan: Plan): RecordsContext {
  const main = mainRecord(plan.importer);
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const records = new Map<string, WrittenRecord>();
  let isAfterMain = false;
  for (const [no, record] of (plan.importer.records ?? []).entries()) {
    if (record.isMain) isAfterMain = true;
    else records.set(record.name, resolve({ plan, records, main, rows }, record, no, isAfterMain));
  }
  return { plan, records, main, rows };
}

function resolve(context: RecordsContext, record: RecordPlan, no: number, isAfterMain: boolean): WrittenRecord {
  const { plan, main } = context;
  const table = tableOf(plan, record.table);
  const keyParts = record.path === null ? record.keys : [];
  const keys = keyParts.map((parts, k) =>
    parts.map((part, j) => keyColumn(context, record, table, part, `key ${k} ${j}`, parts)),
  );
  const [stepColumn] = record.keys[0] ?? [];
  const step = record.path === null ? null : keyColumn(context, record, table, stepColumn, "step", [stepColumn]);
  const keyColumns = new Set(record.keys.length === 1 ? record.keys[0].map(({ column }) => column) : []);
  const columns = record.columns
    .filter(({ source }) => !["context", "now", "on_create"].includes(source.kind))
    .map((each, k) => recordColumn(context, record, table, each, `v ${k}`, keyColumns));
  const given = record.columns.flatMap(({ column, source }) =>
    source.kind === "context"
      ? [{ column, value: sourceValue(context, record, source, table.columns.get(column)) }]
      : [],
  );
  const scoped = new Set(record.scope.map(({ column }) => column));
  const identity = (record.id === null ? record.keys[0].map(({ column }) => column) : [record.id]).map((column, k) => ({
    name: `id ${k}`,
    column,
    type: table.columns.get(column)?.castType ?? "text",
  }));
  const isFed =
    keyParts.length === 0
      ? record.path === null || isStaged(plan, record.path.field)
      : keyParts.some((parts) => parts.every(({ source }) => isSourceStaged(context, source)));
  const own = ownCondition(context, record, keyColumns);
  return {
    plan: record,
    table,
    tableName: tableId(record.table),
    identity,
    keys,
    step,
    columns,
    given,
    scope: given.filter(({ column }) => scoped.has(column)),
    onCreate: record.columns.flatMap(({ column, source }) =>
      source.kind === "on_create" ? [{ column, source, type: table.columns.get(column)?.castType ?? "text" }] : [],
    ),
    now: record.columns.flatMap(({ column, source }) => (source.kind === "now" ? [column] : [])),
    isReferred: isReferred(plan, record),
    isAfterMain,
    isKeyedByMain: record.keys.some((parts) =>
      parts.some(({ source }) => source.kind === "ref" && source.record === main?.name),
    ),
    isUnique: keys.length === 1 && uniqueKeysOf(table, keys[0], scoped).some((unique) => holdsForAll(unique, record)),
    isFed: isFed && own !== false,
    own: own === false ? null : own,
    known: sql.id("pg_temp", `sluice_known_${no}`),
    knownName: `sluice_known_${no}`,
    work: sql.id("pg_temp", `sluice_work_${no}`),
    workName: `sluice_work_${no}`,
  };
}

function isReferred({ importer }: Plan, { name, link }: RecordPlan): boolean {
  return (
    link !== null ||
    (importer.records ?? []).some(
      ({ columns, keys, link: other }) =>
        other?.from === name ||
        [...columns, ...keys.flat()].some(({ source }) => source.kind === "ref" && source.record === name),
    )
  );
}

function recordColumn(
  context: RecordsContext,
  record: RecordPlan,
  table: RecordTable,
  { column, source }: PlannedColumn,
  name: string,
  keyColumns: ReadonlySet<string>,
): RecordColumn {
  const target = table.columns.get(column);
  const merge = mergeOf(context, record, source, keyColumns.has(column));
  const members = membersOf(context, source, target);
  const own = { name, column, merge, members, value: sourceValue(context, record, source, target) };
  return {
    ...carriedTo(target, own),
    source,
    carriedType: carriedType(target, own),
    isGiven: source.kind !== "constant",
  };
}

/** Of a document that columns make up: its members. */
function membersOf({ plan }: RecordsContext, source: PlannedSource, target: TargetColumn | undefined): string[] | null {
  if (source.kind !== "field" || plan.importer.fields[source.field].kind !== "json") return null;
  return documentMembers(plan.columns.find(({ name }) => name === source.field)?.parts ?? [], target);
}

/** What recognises a record stays as it is there. */
function mergeOf({ plan }: RecordsContext, record: RecordPlan, source: PlannedSource, isKey: boolean): MergeRule {
  if (isKey || (record.onMatch !== "update" && record.versions === null)) return "never";
  return source.kind === "field" ? plan.importer.fields[source.field].merge : "overwrite";
}

function keyColumn(
  context: RecordsContext,
  record: RecordPlan,
  table: RecordTable,
  { column, source }: PlannedColumn,
  name: string,
  parts: readonly PlannedColumn[],
): KeyColumn {
  const target = table.columns.get(column);
  const type = target?.castType ?? "text";
  const value = sourceValue(context, record, source, target);
  const filled = isFilled(context, record, source);
  const comparedBy = (as: string, compare: (value: Sql) => Sql, recordValue: Sql): KeyColumn => ({
    name,
    column,
    columnType: type,
    type: as,
    source,
    given: value,
    value: compare(value),
    compare,
    recordValue,
    filled,
  });
  const exact = comparedBy(type, (given) => given, sql.id("t", column));
  if (!isTextColumn(target) || source.kind === "ref") return exact;
  const scope = new Set(record.scope.map((each) => each.column));
  if (record.path !== null) scope.add(record.path.parent);
  const [index] = uniqueKeysOf(table, parts, scope);
  const unique = index?.parts.find((part) => part.column === column)?.expression;
  if (unique !== undefined && isBare(unique, column)) return exact;
  const isOfList = source.kind === "field" && record.each.includes(source.field);
  if (unique !== undefined)
    return comparedBy("text", (given) => expressionOf(unique, column, given, isOfList), sql`(${sql.raw(unique)})`);
  if (target?.baseType === "citext") return exact;
  const isWord = source.kind === "field" && kindOf(context.plan.importer.fields[source.field]).key === "value";
  if (isWord) return exact;
  const isText = /^(?:text|character varying)/.test(target?.type ?? "text");
  return comparedBy(
    "text",
    (given) => sql`lower(${given}::text)`,
    isText ? sql`lower(${sql.id("t", column)})` : sql`lower(${sql.id("t", column)}::text)`,
  );
}

/**
 * What an index's expression over a column makes of another value. Those that nearly every such index has are written with the value in
 * them: a sub-query would run once for each row. Elements of lists, whose number no statistics tell, keep the sub-query: it has the planner
 * sort them, where a hash join would be split into as many batches as it believes to need.
 */
function expressionOf(expression: string, column: string, given: Sql, isOfList: boolean): Sql {
  const [, name, argument, cast] = /^(lower|upper|btrim)\((.+?)(::text)?\)$/.exec(expression) ?? [];
  const named = cast === undefined ? argument : argument.replace(/^\((.*)\)$/, "$1");
  if (!isOfList && named !== undefined && isBare(named, column)) {
    const value = cast === undefined ? given : sql`(${given})::text`;
    return sql`(${sql.raw(name)}(${value}))::text`;
  }
  return sql`(select (${sql.raw(expression)})::text from (select ${given} as ${sql.id(column)}) of_row)`;
}

function isBare(expression: string, column: string): boolean {
  return expression === column || expression === `"${column.replaceAll('"', '""')}"`;
}

/** The unique indexes over a key, with columns of its scope or without: those first that take more for the same. */
function uniqueKeysOf(
  { uniqueKeys }: RecordTable,
  parts: readonly { column: string }[],
  scope: ReadonlySet<string>,
): UniqueKey[] {
  const key = new Set(parts.map(({ column }) => column));
  const isPlain = ({ parts: columns }: UniqueKey): boolean =>
    columns.every(({ column, expression }) => column !== null && isBare(expression, column));
  return uniqueKeys
    .filter(({ parts: columns }) => {
      const named = columns.map(({ column }) => column);
      return (
        named.every((column) => column !== null && (key.has(column) || scope.has(column))) &&
        [...key].every((column) => named.includes(column))
      );
    })
    .sort((one, other) => Number(isPlain(one)) - Number(isPlain(other)));
}

/** Whether an index holds for all records that count: it has no condition, or that of the versions that hold, or the record's own. */
function holdsForAll({ predicate }: UniqueKey, { versions, where }: RecordPlan): boolean {
  if (predicate === null) return true;
  return [where, versions === null ? null : `${versions.to} is null`].some(
    (condition) => condition !== null && plainCondition(condition) === plainCondition(predicate),
  );
}

function isSourceStaged({ plan, records, main }: RecordsContext, source: PlannedSource): boolean {
  if (source.kind === "field") return isStaged(plan, source.field);
  if (source.kind === "name_of") return isStaged(plan, namesColumn(source.field));
  if (source.kind === "ref") return source.record === main?.name || records.get(source.record)?.isFed === true;
  return true;
}

/**
 * Of a record that belongs to others, that the row has something to say of it beside its key; false: the file says nothing of it. Null
 * where its key is all there is.
 */
function ownCondition(
  context: RecordsContext,
  record: RecordPlan,
  keyColumns: ReadonlySet<string>,
): Sql | false | null {
  const isChild =
    record.keys.length === 0 || record.keys.some((parts) => parts.some(({ source }) => source.kind === "ref"));
  if (!isChild) return null;
  const own = record.columns.filter(({ column, source }) => source.kind === "field" && !keyColumns.has(column));
  if (own.length === 0) return null;
  const staged = own.filter(({ source }) => isSourceStaged(context, source));
  if (staged.length === 0) return false;
  return sql`(${sql.join(
    staged.map(({ source }) => isFilled(context, record, source)),
    sql` or `,
  )})`;
}
