/**
 * Records that do not show who has changed them last, as those of a reference table of Citus, where an `xmin` is a machine's own: an
 * import keeps what it leaves in them, and its undo compares values. `sluice.import_written_values` always has what the import itself
 * has left there: what a later chunk changes goes into it too, and of records that it created what the undo of that chunk gives back.
 */
import { linkName } from "../../core/records.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { recordAsJson, unwrapped } from "../tables/carried.ts";
import { sameContext } from "../tables/context.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import { importerOf, importerOfLink, keyOf, typedColumns } from "../tables/one-record.ts";
import type { Plan } from "../tables/plan.ts";
import { hasId, type KnownBy } from "../tables/record-key.ts";
import { changeTimes } from "../tables/set-columns.ts";
import { changedIn, chunksOf, createdIn, type JournalledPlan } from "./journalled-records.ts";

/** A table that an import writes to, and how it writes down which of its records. */
type WrittenTable = Pick<Plan, "job" | "importer" | "target"> & KnownBy & JournalledPlan;

/** Whether undo compares values there. */
export function isByValues({ target }: Pick<Plan, "target">): boolean {
  return target.distribution === "reference";
}

/** Keeps what a chunk has left in the records that it wrote, once it has written all of them. */
export async function keepWrittenValues(session: TargetSession, plan: Plan, chunk: number): Promise<void> {
  for (const table of writtenTables(plan).filter(isByValues)) {
    await session.query(sql`
      insert into sluice.import_written_values as v (job_id, of_table, record_id, is_created, after)
      select ${table.job.id}::bigint, ${table.target.name}, c.record_id, false, jsonb_object_agg(e.key, e.value order by c.row_no)
      from (${changedIn(table, chunk)}) c cross join jsonb_each(c.after) e
      group by c.record_id
      on conflict (of_table, record_id, job_id) do update set after = v.after || excluded.after
    `);
    const key = table.record?.key ?? null;
    const idType = key === null ? (table.target.columns.get(table.importer.target.id)?.type ?? "text") : "text";
    await keepCreated(session, { ...table, idType }, chunk);
  }
}

/** Of those that it created all of it, as the database has it. */
async function keepCreated(
  session: TargetSession,
  table: WrittenTable & { idType: string },
  chunk: number,
): Promise<void> {
  const { job, target, importer, idType } = table;
  const created = await handOver(session, "sluice_created", sql`place integer, id ${sql.raw(idType)}, record_id text`);
  if ((await session.change(sql`insert into ${created} ${createdIn(table, chunk)}`)) === 0) return;
  const left = await handOver(session, "sluice_left", sql`record_id text, after jsonb`);
  await session.tables.query(sql`
    insert into ${left}
    select i.record_id, ${recordAsJson(target.columns.values(), "t")}
    from ${created} i join ${tableId(importer.target.table)} t on ${hasId(table, sql`i.id`)} ${sameContext(table)}
  `);
  await session.query(sql`
    insert into sluice.import_written_values (job_id, of_table, record_id, is_created, after)
    select distinct on (record_id) ${job.id}::bigint, ${target.name}, record_id, true, after from ${left}
    on conflict (of_table, record_id, job_id) do update set is_created = true, after = excluded.after
  `);
}

/** The tables of an import as `planRecords` of the undo has them. */
function writtenTables(plan: Plan): WrittenTable[] {
  const { job, importer, tables } = plan;
  if (importer.records === undefined || tables === undefined)
    return [{ job, importer, target: plan.target, record: null }];
  return importer.records.flatMap((record): WrittenTable[] => {
    const { name, link, isMain } = record;
    const target = tables.get(record.table) ?? plan.target;
    const own = { job, importer: importerOf(importer, record), target };
    const about = { name, key: keyOf(record, target) };
    const written: WrittenTable[] = [{ ...own, record: { ...about, isInChunk: false } }];
    if (isMain) written.push({ ...own, record: { ...about, isInChunk: true } });
    const linked = link === null ? undefined : tables.get(link.table);
    if (link !== null && linked !== undefined)
      written.push({
        ...{ job, importer: importerOfLink(importer, link), target: linked },
        record: { name: linkName(name), key: typedColumns(linked, [link.column, link.to]), isInChunk: false },
      });
    return written;
  });
}

/** What was written to the records of an undo, handed over: by the import itself where it created them, and by the last import after it. */
export interface HandedValues {
  left: Sql;
  later: Sql;
}

/** Hands over what is known of `records`, a query of `record_id`; null where the records themselves tell. */
export async function handOverValues(
  session: TargetSession,
  { job, target }: Pick<Plan, "job" | "target">,
  records: Sql,
): Promise<HandedValues | null> {
  if (!isByValues({ target })) return null;
  const left = await handOver(session, "sluice_left", sql`record_id text, after jsonb`);
  const later = await handOver(session, "sluice_left_later", sql`record_id text, job_id bigint, after jsonb`);
  const ofRecords = sql`v.of_table = ${target.name} and v.record_id in (${records})`;
  await session.query(sql`
    insert into ${left}
    select v.record_id, v.after from sluice.import_written_values v where ${ofRecords} and v.job_id = ${job.id} and v.is_created
  `);
  await session.query(sql`
    insert into ${later}
    select distinct on (v.record_id) v.record_id, v.job_id, v.after
    from sluice.import_written_values v join sluice.import_jobs j on j.id = v.job_id
    where ${ofRecords} and v.job_id > ${job.id} and j.status <> 'undone'
    order by v.record_id, v.job_id desc
  `);
  return { left, later };
}

/** What the values of a record `t` tell: joins that find what was written to it by its `id`, and what follows from that. */
export interface ByValues {
  join: Sql;
  /** Whether it is as the import has left it that created it. */
  isAsLeft: Sql;
  /** The import that has written to it later, if it is as that one has left it; else null. */
  laterImport: Sql;
}

/** See `ByValues`. The time of the last change says nothing, since the undo of a later import sets it too. */
export function byValues(plan: Pick<Plan, "importer" | "target">, { left, later }: HandedValues, id: Sql): ByValues {
  const table = tableId(plan.importer.target.table);
  const times = changeTimes(plan.importer);
  const columns = [...plan.target.columns.values()].filter(({ name }) => !times.includes(name));
  const isAs = (alias: string): Sql => {
    const same = columns.map((column) => {
      const was = unwrapped(column, sql`(${sql.id(alias, "wrote")}).${sql.id(column.name)}`);
      // Both sides as the database writes them now: a time's text depends on the session's zone.
      return sql`(not ${sql.id(alias, "after")} ? ${sql.lit(column.name)} or to_jsonb(${sql.id("t", column.name)}) is not distinct from to_jsonb(${was}))`;
    });
    return sql`${sql.id(alias, "record_id")} is not null and ${sql.join(same, sql` and `)}`;
  };
  const joined = (values: Sql, alias: string): Sql => sql`
    left join (select l.*, jsonb_populate_record(null::${table}, l.after) as wrote from ${values} l offset 0) ${sql.id(alias)}
      on ${sql.id(alias, "record_id")} = ${id}::text`;
  return {
    join: sql`${joined(left, "left_by")} ${joined(later, "later_by")}`,
    isAsLeft: sql`(${isAs("left_by")})`,
    laterImport: sql`case when ${isAs("later_by")} then later_by.job_id end`,
  };
}

/** Notes what an undo has given back of records that the import created itself: `given`, a query of `record_id` and the values. */
export async function keepGivenBack(session: Session, { job, target }: Plan, given: Sql): Promise<void> {
  await session.query(sql`
    update sluice.import_written_values v set after = v.after || g.given
    from (${given}) g (record_id, given)
    where v.job_id = ${job.id} and v.of_table = ${target.name} and v.record_id = g.record_id and v.is_created
  `);
}

/** Whether nothing was kept of what the import has created there, as versions before this one did. */
export async function keptNothing(
  database: Database,
  table: Pick<Plan, "job" | "target"> & JournalledPlan,
): Promise<boolean> {
  const { job, target } = table;
  const [{ keptNone }] = await database.query<{ keptNone: boolean }>(sql`
    select exists (select from ${chunksOf(table)} and num_nonnulls(c.created_ids[1]::text, c.created_keys[1]) > 0)
      and not exists (select from sluice.import_written_values where job_id = ${job.id} and of_table = ${target.name}) as "keptNone"
  `);
  return keptNone;
}
