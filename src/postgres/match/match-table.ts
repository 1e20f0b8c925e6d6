/** Rows of the file whose keys records have. */
import { kindOf } from "../../core/field.ts";
import { targetColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { matchedRecords } from "../tables/records.ts";
import { ignoresCase, recordKey, stagedKey } from "./match-keys.ts";
import { handOverMade, handOverUpdated, handOverWriters } from "./own-records.ts";
import { recordsByKey } from "./records-by-list.ts";

/** How records are seen that this job has written to already: as they stand, or as they stood before it. */
export interface View {
  /** The condition that a record's key is what it was. */
  unchanged(key: string): Sql;
  /** The records' earlier keys, as a query of (id, key); null where records are seen as they stand. */
  earlier(key: string): Sql | null;
}
export const asTheyStand: View = { unchanged: () => sql``, earlier: () => null };

export async function asBeforeTheJob(session: TargetSession, plan: Plan): Promise<View> {
  const { importer } = plan;
  const id = sql.id("t", importer.target.id);
  const made = await handOverMade(session, plan);
  const updated = await handOverUpdated(session, plan);
  const column = (key: string): Sql => sql`${targetColumn(importer, key)}::text`;
  const unchanged = (key: string): Sql => sql`
    and not exists (select from ${made} made where made.id = ${id})
    and not exists (select from ${updated} r where r.record_id = ${id}::text and r.before ? ${column(key)})`;
  const earlier = (key: string): Sql => {
    const comparison = kindOf(importer.fields[key]).key;
    const value = sql`r.before ->> ${column(key)}`;
    return sql`
      select r.record_id as id, ${ignoresCase(comparison) ? sql`lower(${value})` : value} as key
      from ${updated} r where r.before ? ${column(key)}`;
  };
  return { unchanged, earlier };
}

/**
 * What this job has written belongs to the rows that wrote it: another row finds it only where the match says so. Records that
 * somebody else has changed since are anybody's again.
 */
export async function writtenByOthers(session: TargetSession, { job, target }: Plan): Promise<View> {
  if (!target.isTable) return asTheyStand;
  const writers = await handOverWriters(session, job.id);
  return { unchanged: () => sql`and not exists (select from ${writers} w where w.xid = t.xmin)`, earlier: () => null };
}

/** A query of the records that staged rows `s` find: `row_no`, `id` and the key's place `k`, once for each key. `records`: see `recordsByKey`. */
export function foundByKey(
  plan: Plan,
  keys: readonly string[],
  { from, where, view, records }: { from: Sql; where: Sql; view: View; records: ReadonlyMap<string, Sql> },
): Sql {
  const { job, importer } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const target = matchedRecords(plan);
  const perKey = keys.flatMap((key, k) => {
    const found = sql`select s.row_no, ${id} as id, ${sql.lit(k)} as k from ${rows} s ${from}`;
    const open = sql`${sql.id("s", key)} is not null and ${where} ${sameContext(plan)}`;
    const now = sql`
      ${found} join ${records.get(key)} on ${recordKey(plan, key)} = ${stagedKey(plan, key)}
        and ${sql.id("t", targetColumn(importer, key))} is not null
      where ${open} ${view.unchanged(key)}`;
    const before = view.earlier(key);
    if (before === null) return [now];
    return [
      now,
      sql`
      ${found} join (${before}) e on e.key = ${stagedKey(plan, key)} join ${target} t on ${id}::text = e.id
      where ${open}`,
    ];
  });
  return sql.join(perKey, sql` union all `);
}

/**
 * Rows whose key a record has: of several records the first key's counts, then the oldest. `range` restricts it to the rows of a chunk,
 * for the check before it is committed. Of rows that are settled it is noted which records they found.
 */
export async function noteDuplicatesInTable(
  session: TargetSession,
  plan: Plan,
  keys: readonly string[],
  range: Range | null,
  view: View = asTheyStand,
): Promise<number> {
  const { job } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const action = job.duplicates.strategy === "skip" ? "t" : "u";
  const inRange = range === null ? sql`` : sql`and s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const seesSettled = action === "u" && range === null && view.earlier(keys[0]) !== null;
  const where = sql`not exists (
    select from ${match} m where m.row_no = s.row_no ${seesSettled ? sql`and m.action <> 'd'` : sql``}) ${inRange}`;
  const records = await recordsByKey(session, plan, range);
  return session.tables.change(sql`
    with found as (
      select row_no, (array_agg(id order by k, id))[1] as id, case when count(distinct id) > 1 then array_agg(distinct id) end as records
      from (${foundByKey(plan, keys, { from: sql``, where, view, records })}) d
      group by row_no
    )${
      seesSettled
        ? sql`, settled as (
      update ${match} m set record_id = f.id, records = f.records from found f where f.row_no = m.row_no and m.action = 'd'
    )`
        : sql``
    }
    insert into ${match} (row_no, action, root, record_id, ambiguous, records)
    select row_no, ${sql.lit(action)}, row_no, id, records is not null, records from found
    ${seesSettled ? sql`where not exists (select from ${match} m where m.row_no = found.row_no)` : sql``}
  `);
}
