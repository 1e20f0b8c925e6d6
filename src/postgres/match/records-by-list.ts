/** How statements come by the target's records that belong to a few rows: by the list of their ids or keys, or by a join with all. */
import { targetColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { isFetchedByList, listed, rowsByList } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { matchedRecords } from "../tables/records.ts";
import { quotedName } from "../tables/target.ts";
import { matchKeys, recordKey, stagedKey } from "./match-keys.ts";

/** Whether records are fetched by the list of their ids. */
export async function areFetchedById(session: TargetSession, plan: Pick<Plan, "job" | "importer">): Promise<boolean> {
  const { table, id } = plan.importer.target;
  const ids = sql`select l.${sql.id(id)} from ${tableId(table)} l`;
  return isFetchedByList(
    session.tables,
    sql`select from ${tableId(table)} t where ${listed(sql.id("t", id), ids)} ${sameContext(plan)}`,
  );
}

/** The condition that a record `t` has one of the ids. */
export function hasIdIn({ importer, recordsByList = false }: Plan, ids: Sql): Sql {
  const id = sql.id("t", importer.target.id);
  return recordsByList ? listed(id, ids) : sql`${id} in (${ids})`;
}

/**
 * The staged rows of the groups that begin in a range, as an item of a `from` list under the alias `s`: by the stage's index,
 * which knows ranges and no single rows, behind a fence.
 */
export function stagedOfGroups({ job }: Plan, range: Range): Sql {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const bound = (of: "min" | "max") =>
    sql`(select ${sql.raw(of)}(m.row_no) from ${match} m where m.root >= ${range.from} and m.root < ${range.to} and m.action in ('u', 'c'))`;
  return sql`(select * from ${rows} s where s.row_no >= ${bound("min")} and s.row_no <= ${bound("max")} offset 0) s`;
}

/** The condition that a row `m` of the match belongs to a group that begins in the range; `only`: and is one of these. */
export function isOfGroups(range: Range, only: Range | null): Sql {
  const inRows = only === null ? sql`` : sql`and m.row_no >= ${only.from} and m.row_no < ${only.to}`;
  return sql`m.root >= ${range.from} and m.root < ${range.to} and m.action in ('u', 'c') ${inRows}`;
}

/** How many rows the range's groups have. */
export async function sizeOfGroups(
  session: Session,
  { job }: Plan,
  range: Range,
  only: Range | null = null,
): Promise<number> {
  const { match } = stageTables(job.id, job.stageGeneration);
  const [{ size }] = await session.query<{ size: number }>(
    sql`select count(*)::int8 as size from ${match} m where ${isOfGroups(range, only)}`,
  );
  return size;
}

/**
 * Per match key the target's records that may have it, as an item of a `from` list under the alias `t`. A file, or a range of it,
 * that has fewer rows than the target has pages asks for the keys of `staged` (rows `s`); a larger one reads the target once.
 */
export async function recordsByKey(
  session: TargetSession,
  plan: Plan,
  range: Range | null,
  staged?: Sql,
): Promise<Map<string, Sql>> {
  const { job, importer } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const table = matchedRecords(plan);
  const number = range === null ? job.validRows : range.to - range.from;
  const few = (await pagesOf(session, importer.target.table)) > number;
  const inRange = range === null ? sql`` : sql`where s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const records = new Map<string, Sql>();
  for (const key of matchKeys(plan)) {
    const keys = sql`select ${stagedKey(plan, key)} from ${staged ?? sql`${rows} s ${inRange}`}`;
    const where = sql`and ${sql.id("t", targetColumn(importer, key))} is not null ${sameContext(plan)}`;
    const also = plan.target.isTable && importer.match.where === undefined ? sql`, t.xmin` : sql``;
    const lookup = { table, alias: "t", key: recordKey(plan, key), keys, where, also };
    records.set(key, few ? await rowsByList(session.tables, lookup) : sql`${table} t`);
  }
  return records;
}

async function pagesOf(session: Session, table: string): Promise<number> {
  const [{ pages }] = await session.query<{ pages: number }>(sql`
    select (greatest(pg_relation_size(r.oid), (select sum(pg_relation_size(p.relid)) from pg_partition_tree(r.oid) p))
      / current_setting('block_size')::integer)::int8 as pages
    from (select to_regclass(${quotedName(table)}) as oid) r
  `);
  return pages;
}
