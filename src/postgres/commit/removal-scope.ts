/**
 * What a replace or a mirror is about: the records in the import's scope, those that go with them because they refer to them, and which
 * of them the file names.
 */
import { keptKey } from "../../core/keys.ts";
import { removes } from "../../core/modes.ts";
import { type Absent, linkName, type RecordPlan, targetRecord } from "../../core/records.ts";
import { boundingParents, hasWholeContext, replacedRecords } from "../../core/removals.ts";
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { matchKeys } from "../match/match-keys.ts";
import { tableOf } from "../records/written-record.ts";
import { sameContext } from "../tables/context.ts";
import { isActive } from "../tables/deactivations.ts";
import { importerOf, importerOfLink, keyOf, typedColumns } from "../tables/one-record.ts";
import type { Plan } from "../tables/plan.ts";
import type { KnownBy } from "../tables/record-key.ts";
import { condition, isMatched } from "../tables/records.ts";
import type { TargetTable } from "../tables/target.ts";

/** The records of one table that go. */
export interface Removed {
  /** What the journal calls it. */
  name: string;
  table: Sql;
  target: TargetTable;
  known: KnownBy;
  /** Null: it has none that others could refer to. */
  id: { column: string; type: string } | null;
  /** On its records `t`: those in scope. Of dependents: those that refer to others that go. */
  scope(goingOf: (name: string) => Sql): Sql;
  how: Exclude<Absent, "leave">;
  /** It is what the import is about, not something that goes with it. */
  isRoot: boolean;
  /** It is what the rows of the file are matched with. */
  isMatched: boolean;
}

/** Those that others refer to come first. Empty where the mode takes nothing away. */
export function removedRecords(plan: Plan): Removed[] {
  const { importer, job } = plan;
  if (!removes(job.mode)) return [];
  if (importer.records === undefined) return [onlyRoot(plan)];
  const removed: Removed[] = [];
  for (const record of importer.records) {
    const root = isRoot(plan, record) ? rootOf(plan, record) : null;
    const parents = record.columns.flatMap(({ column, source }) =>
      source.kind === "ref" ? deletedOf(removed, source.record).map((name) => ({ column, name })) : [],
    );
    if (root !== null) removed.push(root);
    else if (parents.length > 0) removed.push(dependentOf(plan, record, parents));
    const { link } = record;
    if (link === null) continue;
    const ends = [
      ...deletedOf(removed, link.from).map((name) => ({ column: link.column, name })),
      ...deletedOf(removed, record.name).map((name) => ({ column: link.to, name })),
    ];
    if (ends.length > 0) removed.push(linkOf(plan, record.name, link, ends));
  }
  return removed;
}

function deletedOf(removed: readonly Removed[], name: string): string[] {
  return removed.some((each) => each.name === name && each.how === "delete") ? [name] : [];
}

function isRoot({ importer, job }: Plan, record: RecordPlan): boolean {
  return job.mode === "mirror" ? record.isMain : replacedRecords(importer).includes(record);
}

/** The condition that a record `t` is in the import's context: by its own columns, else by all records that it refers to and that tell. */
function inContext(plan: Plan, record: RecordPlan): Sql {
  const own = sql`true ${sameContext({ job: plan.job, importer: importerOf(plan.importer, record) })}`;
  if (hasWholeContext(plan.importer, record)) return own;
  const target = tableOf(plan, record.table);
  const parents = boundingParents(plan.importer, record);
  const isIn = parents.map(({ column, parent }) => {
    const name = sql.id("t", column);
    const within = sql`${name} in (select ${sql.id("t", parent.id ?? "id")} from ${tableId(parent.table)} t where ${inContext(plan, parent)})`;
    return target.columns.get(column)?.notNull ? within : sql`(${name} is null or ${within})`;
  });
  const columns = parents.map(({ column }) => sql.id("t", column));
  return sql`${own} and ${sql.join(isIn, sql` and `)} and num_nonnulls(${sql.join(columns)}) > 0`;
}

/** What becomes of a root: a replace deletes it. */
function fateOf({ job }: Plan, absent: Absent | undefined): Exclude<Absent, "leave"> {
  return job.mode === "replace" || absent === undefined || absent === "leave" ? "delete" : absent;
}

function onlyRoot(plan: Plan): Removed {
  const { importer, target } = plan;
  const how = fateOf(plan, importer.target.absent);
  return {
    name: targetRecord,
    table: tableId(importer.target.table),
    target,
    known: { importer, record: null },
    id: idIn(target, importer.target.id),
    scope: () => sql`true ${sameContext(plan)} ${isMatched(importer)} ${isActive(target, how)}`,
    how,
    isRoot: true,
    isMatched: true,
  };
}

function rootOf(plan: Plan, record: RecordPlan): Removed {
  const how = fateOf(plan, record.absent);
  const target = tableOf(plan, record.table);
  const where = record.where === null ? sql`` : sql`and ${condition(record.where)}`;
  return {
    ...recordOf(plan, record),
    scope: () => sql`${inContext(plan, record)} ${where} ${isActive(target, how)}`,
    how,
    isRoot: true,
    isMatched: record.isMain,
  };
}

type Parent = { column: string; name: string };

function dependentOf(plan: Plan, record: RecordPlan, parents: readonly Parent[]): Removed {
  return { ...recordOf(plan, record), scope: refersTo(parents), how: "delete", isRoot: false, isMatched: false };
}

function linkOf(plan: Plan, name: string, link: NonNullable<RecordPlan["link"]>, ends: readonly Parent[]): Removed {
  const target = tableOf(plan, link.table);
  return {
    name: linkName(name),
    table: tableId(link.table),
    target,
    known: {
      importer: importerOfLink(plan.importer, link),
      record: { key: typedColumns(target, [link.column, link.to]) },
    },
    id: null,
    scope: refersTo(ends),
    how: "delete",
    isRoot: false,
    isMatched: false,
  };
}

function recordOf(plan: Plan, record: RecordPlan): Pick<Removed, "name" | "table" | "target" | "known" | "id"> {
  const target = tableOf(plan, record.table);
  return {
    name: record.name,
    table: tableId(record.table),
    target,
    known: { importer: importerOf(plan.importer, record), record: { key: keyOf(record, target) } },
    id: record.id === null ? null : idIn(target, record.id),
  };
}

function refersTo(parents: readonly Parent[]): Removed["scope"] {
  return (goingOf) =>
    sql`(${sql.join(
      parents.map(({ column, name }) => sql`${sql.id("t", column)} in (select g.id from ${goingOf(name)} g)`),
      sql` or `,
    )})`;
}

function idIn(target: TargetTable, column: string): { column: string; type: string } {
  return { column, type: target.columns.get(column)?.type ?? "text" };
}

/** The plan whose keys tell which records the file names: those of the importer where the mode matches nothing. */
export function namingPlan(plan: Plan): { plan: Plan; keys: ReturnType<typeof matchKeys> } {
  const { job, importer } = plan;
  const keys = job.mode === "replace" ? importer.match.keys.map(keptKey) : job.duplicates.keys;
  const naming: Plan = { ...plan, job: { ...job, duplicates: { strategy: "update", keys } } };
  return { plan: naming, keys: matchKeys(naming) };
}
