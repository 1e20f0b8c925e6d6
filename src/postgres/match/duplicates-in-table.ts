/** Rows of the file whose keys records have. */
import { keyColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { matchedRecords } from "../tables/records.ts";
import { isFilled, isStored, type MatchKey, partName, recordPart, stagedPart } from "./match-keys.ts";
import { foundByKey, type View, wasChanged } from "./match-table.ts";
import { foundByGroup, sharesOften } from "./often-shared.ts";
import { recordsByKey } from "./records-by-list.ts";
import { hasShared, mayShare } from "./shared-keys.ts";

/**
 * Rows whose key a record has: of several records the first key's counts, then the oldest. `range` restricts it to the rows of a chunk,
 * for the check before it is committed. Of rows that are settled it is noted which records they found; of those whose key a stronger
 * one outvotes, with whom they share it.
 */
export async function noteDuplicatesInTable(
  session: TargetSession,
  plan: Plan,
  keys: readonly MatchKey[],
  range: Range | null,
  view: View,
): Promise<void> {
  const { job } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const action = job.duplicates.strategy === "skip" ? "t" : "u";
  const inRange = range === null ? sql`` : sql`and s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const seesSettled = action === "u" && range === null && view.changed !== null;
  const where = sql`not exists (
    select from ${match} m where m.row_no = s.row_no ${seesSettled ? sql`and m.action <> 'd'` : sql``}) ${inRange}`;
  const records = await recordsByKey(session, plan, range);
  const search = { where, view, records };
  const shares = keys.length > 1 && (await sharesOften(session, plan, keys, range));
  const pairs = shares
    ? foundByGroup(plan, keys, { ...search, range })
    : { before: sql``, found: foundByKey(plan, keys, { ...search, from: () => sql`` }) };
  if (keys.length === 1 && range === null && view.changed === null) await noteByOneKey(session, plan, pairs.found);
  else
    await session.tables.change(sql`
    with ${pairs.before} found as (
      select row_no, (array_agg(id order by k, id))[1] as id, case when count(distinct id) > 1 then array_agg(distinct id) end as records
      from (${pairs.found}) d
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
  if (mayShare(plan) && (range === null || (await hasShared(session, job))))
    await noteSharedInTable(session, plan, keys, { inRange, view, records });
}

/**
 * A whole file's rows by one key, which finds one record at most in nearly every table: `found` is written as it comes, and what is there
 * more than once is put together afterwards.
 */
async function noteByOneKey(session: TargetSession, { job }: Plan, found: Sql): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  const action = sql.lit(job.duplicates.strategy === "skip" ? "t" : "u");
  const noted = await session.tables.change(sql`
    insert into ${match} (row_no, action, root, record_id) select row_no, ${action}, row_no, id from (${found}) d
    -- A chunk's lie together.
    order by row_no
  `);
  // Numbers that are in their order cost little to sort.
  const [{ rows }] = await session.query<{ rows: number }>(
    sql`select count(distinct row_no)::int as rows from ${match} where action = ${action}`,
  );
  if (rows === noted) return;
  await session.query(sql`
    with several as (
      select row_no, array_agg(distinct record_id) as records
      from ${match} where action = ${action} group by row_no having count(*) > 1
    ), dropped as (
      delete from ${match} m using several f where f.row_no = m.row_no and m.action = ${action}
    )
    insert into ${match} (row_no, action, root, record_id, ambiguous, records)
    select row_no, ${action}, row_no, records[1], true, records from several
  `);
}

/**
 * Rows that are the same as no record, and have a weaker key of one: a stronger one tells them apart. Each value is looked for once, with
 * one of its records: thousands may share one.
 */
async function noteSharedInTable(
  session: TargetSession,
  plan: Plan,
  keys: readonly MatchKey[],
  { inRange, view, records }: { inRange: Sql; view: View; records: readonly Sql[] },
): Promise<void> {
  const { job, importer } = plan;
  const { rows, match, shared } = stageTables(job.id, job.stageGeneration);
  const weaker = keys.slice(1).map((key, k) => {
    const parts = key.map((field, part) => sql`, ${recordPart(plan, key, field)} as ${partName(part)}`);
    // Of records that this import has changed already, what they were.
    const earlier =
      view.changed === null
        ? sql``
        : sql`
          union all
          select ${sql.id("t", importer.target.id)}${sql.join(
            key.map((field) => sql`, ${recordPart(plan, key, field, view.valueOf(field))}`),
            sql``,
          )}
          from ${matchedRecords(plan)} t join ${view.changed} u on u.record_id = ${sql.id("t", importer.target.id)}::text
            and ${wasChanged(
              "u",
              key.map((field) => keyColumn(importer, field)),
            )}
          where true ${sameContext(plan)}`;
    const names = sql.join(key.map((_, part) => partName(part)));
    const same = key.map((field, part) => sql`r.${partName(part)} = ${stagedPart(plan, key, field)}`);
    return sql`
      select s.row_no, ${sql.lit(k + 1)} as k, r.id
      from ${rows} s join (
        select ${names}, min(id::text) as id from (
          select ${sql.id("t", importer.target.id)} as id${sql.join(parts, sql``)} from ${records[k + 1]}
          where true and ${isStored(plan, key)} ${sameContext(plan)} ${view.unchanged(key)}${earlier}
        ) t group by ${names}
      ) r on ${sql.join(same, sql` and `)}
      where ${isFilled(key)} ${inRange} and not exists (select from ${match} m where m.row_no = s.row_no)`;
  });
  await session.tables.change(sql`
    insert into ${shared} (row_no, k, record_id)
    select distinct on (row_no) row_no, k, id from (${sql.join(weaker, sql` union all `)}) d
    where not exists (select from ${shared} w where w.row_no = d.row_no)
    order by row_no, k
  `);
}
