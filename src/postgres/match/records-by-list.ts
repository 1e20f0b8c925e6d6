/** How statements come by the target's records that belong to a few rows: by the list of their ids or keys, or by a join with all. */
import { mainRecord } from "../../core/records.ts";
import { tableId } from "../connection/connect.ts";
import { isFetchedByList, listed, rowsByList, rowsByTuples } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { matchedRecords } from "../tables/records.ts";
import { quotedName } from "../tables/target.ts";
import {
  formsOf,
  indexedPart,
  isFilled,
  isStored,
  type MatchKey,
  matchKeys,
  partName,
  stagedPart,
} from "./match-keys.ts";

/** Whether records are fetched by the list of their ids; where none of several is the main one, none are fetched. */
export async function areFetchedById(session: TargetSession, plan: Pick<Plan, "job" | "importer">): Promise<boolean> {
  if (plan.importer.records !== undefined && mainRecord(plan.importer) === undefined) return false;
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

/**
 * The condition that a row `m` of the match belongs to a group that begins in the range; `only`: and is one of these. Where rows make
 * several records, those that nothing is left to do for are not.
 */
export function isOfGroups({ records }: Plan, range: Range, only: Range | null): Sql {
  const isIn = (table: Sql): Sql => sql`and not exists (select from ${table} d where d.row_no = m.row_no)`;
  const written = records === undefined ? sql`` : isIn(records.rows);
  const settled = records?.settled == null ? sql`` : isIn(records.settled);
  const inRows = only === null ? sql`` : sql`and m.row_no >= ${only.from} and m.row_no < ${only.to}`;
  return sql`m.root >= ${range.from} and m.root < ${range.to} and m.action in ('u', 'c') ${inRows}${written}${settled}`;
}

/** How many rows the range's groups have. */
export async function sizeOfGroups(
  session: Session,
  plan: Plan,
  range: Range,
  only: Range | null = null,
): Promise<number> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const [{ size }] = await session.query<{ size: number }>(
    sql`select count(*)::int8 as size from ${match} m where ${isOfGroups(plan, range, only)}`,
  );
  return size;
}

/**
 * Per match key, in their order, the target's records that may have it, as an item of a `from` list under the alias `t`. A file, or a range of it,
 * that has fewer rows than the target has pages asks for the keys of `staged` (rows `s`); a larger one reads the target once.
 */
export async function recordsByKey(
  session: TargetSession,
  plan: Plan,
  range: Range | null,
  staged?: Sql,
): Promise<Sql[]> {
  const { job, importer } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const table = matchedRecords(plan);
  const number = range === null ? job.validRows : range.to - range.from;
  const few = (await pagesOf(session, importer.target.table)) > number;
  const inRange = range === null ? sql`` : sql`where s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const from = staged ?? sql`(select * from ${rows} s ${inRange} offset 0) s`;
  const also = plan.target.showsWriters && importer.match.where === undefined ? sql`, t.xmin` : sql``;
  const records: Sql[] = [];
  for (const key of matchKeys(plan)) {
    const lookup = { table, alias: "t", where: sql`and ${isStored(plan, key)} ${sameContext(plan)}`, also };
    if (!few) records.push(sql`${table} t`);
    else if (key.length > 1)
      records.push(await rowsByTuples(session.tables, { ...lookup, ...tuplesOf(plan, key, from) }));
    else {
      const [field] = key;
      const forms = formsOf(plan, key, field);
      const values =
        forms === null
          ? stagedPart(plan, key, field)
          : sql`unnest(case when ${forms.isOne} then array[${forms.forms[0]}] else array[${sql.join(forms.forms)}] end)`;
      const keys = sql`select ${values} from ${staged ?? sql`${rows} s ${inRange}`}`;
      records.push(await rowsByList(session.tables, { ...lookup, key: indexedPart(plan, key, field), keys }));
    }
  }
  return records;
}

/** The staged keys of several fields, each once in every form that an index may have it in. */
function tuplesOf(plan: Plan, key: MatchKey, from: Sql): Pick<Parameters<typeof rowsByTuples>[1], "parts" | "keys"> {
  const forms = key.map((field) => formsOf(plan, key, field));
  const select = (form: number): Sql => {
    const values = key.map(
      (field, place) => sql`${forms[place]?.forms[form] ?? stagedPart(plan, key, field)} as ${partName(place)}`,
    );
    const written = forms.flatMap((each) => (each === null ? [] : [sql`not ${each.isOne}`]));
    const other = form === 0 ? sql`` : sql`and (${sql.join(written, sql` or `)})`;
    return sql`select ${sql.join(values)} from ${from} where ${isFilled(key)} ${other}`;
  };
  const wanted = forms.every((each) => each === null) ? [0] : [0, 1, 2];
  const keys = sql.join(wanted.map(select), sql` union `);
  return {
    parts: key.map((field, place) => ({ indexed: indexedPart(plan, key, field), key: partName(place) })),
    keys: wanted.length === 1 ? sql`select distinct * from (${keys}) d` : keys,
  };
}

export async function pagesOf(session: Session, table: string): Promise<number> {
  const [{ pages }] = await session.query<{ pages: number }>(sql`
    select (greatest(pg_relation_size(r.oid), (select sum(pg_relation_size(p.relid)) from pg_partition_tree(r.oid) p))
      / current_setting('block_size')::integer)::int8 as pages
    from (select to_regclass(${quotedName(table)}) as oid) r
  `);
  return pages;
}
