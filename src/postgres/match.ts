import { targetColumn } from "../importer.ts";
import { type Session, type Sql, sql, tableId } from "./connect.ts";
import { noteBrokenConstraints, noteBrokenCreates } from "./constraints.ts";
import { sameContext } from "./context.ts";
import { checkNamedOwners, fillLookups, noteUnknownReferences } from "./lookups.ts";
import type { Parallel } from "./match-file.ts";
import { noteDuplicatesInFile } from "./match-file.ts";
import { matchKeys, recordKey, stagedKey } from "./match-keys.ts";
import type { TargetSession } from "./on-target.ts";
import type { Plan, Range } from "./plan.ts";
import { stageTables } from "./stage.ts";

/**
 * What becomes of a row in the match table:
 * `i` invalid, `f` skipped as a duplicate in the file, `t` skipped as one in the table, `u` updates a record,
 * `c` is created together with rows of the same record (the group of `root`), `d` was settled by a chunk that is done.
 */
export type MatchAction = "i" | "f" | "t" | "u" | "c" | "d";

/** Makes the match table anew and fills it. Runs in the caller's transaction. */
export async function matchRows(
  session: TargetSession,
  plan: Plan,
  parallel: Parallel,
  onDuplicatesFound: () => void,
): Promise<void> {
  const { job, target, importer } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const idType = target.columns.get(importer.target.id)?.type ?? "text";
  await session.query(sql`drop table if exists ${match}`);
  await session.query(sql`
    create unlogged table ${match} (
      row_no integer not null,
      action "char" not null,
      root integer,
      -- The earlier row that a duplicate in the file repeats, and the place of the key that says so.
      of_row integer,
      priority integer,
      record_id ${sql.raw(idType)},
      ambiguous boolean not null default false,
      issue jsonb
    ) with (autovacuum_enabled = false)
  `);
  const inTheMiddle = await noteSettled(session, plan);
  await checkNamedOwners(session, plan);
  await fillLookups(session, plan);
  await noteUnknownReferences(session, plan);
  await noteBrokenConstraints(session, plan);
  const keys = matchKeys(plan);
  if (job.duplicates.strategy !== "create" && keys.length > 0) {
    await noteDuplicatesInFile(session, plan, keys, parallel);
    onDuplicatesFound();
    await noteDuplicatesInTable(session, plan, keys, null, inTheMiddle ? asBeforeTheJob(plan) : undefined);
    if (job.duplicates.strategy === "update") await groupByRecord(session, plan);
  }
  await noteBrokenCreates(session, plan);
  const name = `job_${job.id}_${job.stageGeneration}_match`;
  await session.query(sql`create index ${sql.id(`${name}_row_no`)} on ${match} (row_no)`);
  if (job.duplicates.strategy === "update") {
    await session.query(sql`create index ${sql.id(`${name}_root`)} on ${match} (root) where root is not null`);
  }
  await session.query(sql`analyze ${match} (row_no, action, root)`);
}

/**
 * In the middle of a commit: the rows that the chunks done so far have settled, so that the others are matched as they
 * would have been without the interruption. Returns whether there are such chunks. Comes after the match table was
 * dropped: whatever chunk was under way with the old one is done by then, or begins anew.
 */
async function noteSettled(session: Session, plan: Plan): Promise<boolean> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const [{ size }] = await session.query<{ size: number | null }>(
    sql`select max(to_row - from_row) as size from sluice.import_chunks where job_id = ${job.id} and done_at is not null`,
  );
  if (size === null) return false;
  // Of a range that was opened again, the last chunk tells what is left.
  await session.query(sql`
    with done as (
      select distinct on (from_row) from_row / ${sql.lit(size)} as k, open_rows from sluice.import_chunks
      where job_id = ${job.id} and done_at is not null order by from_row, chunk_no desc
    ), settled as (
      select unnest(settled_rows) as row_no from sluice.import_chunks where job_id = ${job.id} and done_at is not null
      union
      select s.row_no from ${rows} s join done on done.k = s.row_no / ${sql.lit(size)}
      where s.row_no > 0 and not exists (select from (select unnest(open_rows) as row_no from done) o where o.row_no = s.row_no)
    )
    insert into ${match} (row_no, action)
    select settled.row_no, case when r.row_no is null then 'd' else 'i' end::"char"
    from settled left join sluice.import_rows r on r.job_id = ${job.id} and r.row_no = settled.row_no and r.outcome = 'invalid'
  `);
  await session.query(sql`analyze ${match} (row_no, action)`);
  return true;
}

/** How records are seen that this job has written to already: as they stand, or as they stood before it. */
interface View {
  /** The condition that a record's key is what it was. */
  unchanged(key: string): Sql;
  /** The records' earlier keys, as a query of (id, key); null where records are seen as they stand. */
  earlier(key: string): Sql | null;
}
const asTheyStand: View = { unchanged: () => sql``, earlier: () => null };

function asBeforeTheJob(plan: Plan): View {
  const { job, importer, target } = plan;
  const id = sql.id("t", importer.target.id);
  const isNumber = /^(?:bigint|integer|smallint)$/.test(target.columns.get(importer.target.id)?.type ?? "text");
  const created = isNumber ? sql`select unnest(created_ids)` : sql`select unnest(created_keys)`;
  const unchanged = (key: string): Sql => sql`
    and ${isNumber ? sql`${id}::bigint` : sql`${id}::text`} not in (
      select made.id from (${created} as id from sluice.import_chunks where job_id = ${job.id}) made where made.id is not null)
    and not exists (
      select from sluice.import_rows r where r.job_id = ${job.id} and r.outcome = 'updated' and r.record_id = ${id}::text
        and r.before ? ${targetColumn(importer, key)}::text)`;
  const earlier = (key: string): Sql => {
    const { kind } = importer.fields[key];
    const value = sql`r.before ->> ${targetColumn(importer, key)}::text`;
    return sql`
      select r.record_id as id, ${kind === "text" || kind === "email" ? sql`lower(${value})` : value} as key
      from sluice.import_rows r where r.job_id = ${job.id} and r.outcome = 'updated' and r.before ? ${targetColumn(importer, key)}::text`;
  };
  return { unchanged, earlier };
}

/**
 * Rows whose key a record has, where no earlier row of the file decides for them: by a key before the record's where
 * they update, by any where they are skipped. Of several records the first key's counts, then the oldest. `range`
 * restricts it to the rows of a chunk, for the check before it is committed.
 */
export async function noteDuplicatesInTable(
  session: TargetSession,
  plan: Plan,
  keys: string[],
  range: Range | null,
  view: View = asTheyStand,
): Promise<number> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const action = job.duplicates.strategy === "skip" ? "t" : "u";
  const id = sql.id("t", importer.target.id);
  const inRange = range === null ? sql`` : sql`and s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const mayMove = action === "u" && range === null;
  const target = tableId(importer.target.table);
  const perKey = keys.flatMap((key, priority) => {
    const found = sql`select s.row_no, ${id} as id, ${sql.lit(priority)} as priority from ${rows} s`;
    const open = sql`${sql.id("s", key)} is not null ${inRange} ${sameContext(plan)}
        and not exists (select from ${match} m where m.row_no = s.row_no ${mayMove ? sql`and m.action in ('i', 'd')` : sql``})`;
    const now = sql`
      ${found} join ${target} t on ${recordKey(plan, key)} = ${stagedKey(plan, key)}
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
  return session.change(sql`
    with found as (
      select row_no, (array_agg(id order by priority, id))[1] as id, count(distinct id) > 1 as ambiguous, min(priority) as priority
      from (${sql.join(perKey, sql` union all `)}) d
      group by row_no
    )${mayMove ? movedToTable(match) : sql``}
    insert into ${match} (row_no, action, root, record_id, ambiguous)
    select row_no, ${sql.lit(action)}, row_no, id, ambiguous from found
    ${mayMove ? sql`where not exists (select from ${match} m where m.row_no = found.row_no)` : sql``}
  `);
}

/** Repeated rows leave the row they repeat for a record that an earlier key, or the same, knows. */
const movedToTable = (match: Sql) => sql`, moved as (
      update ${match} m set action = 'u', root = m.row_no, of_row = null, record_id = f.id, ambiguous = f.ambiguous
      from found f where f.row_no = m.row_no and m.action = 'c' and f.priority <= m.priority
    )`;

/**
 * Rows that change the same record form a group under its first row, so that one chunk writes the record once, in the
 * order of the file, whoever works on the other chunks.
 */
async function groupByRecord(session: Session, plan: Plan): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  // A row may repeat a row that repeats another: follow the roots until they stand.
  for (;;) {
    const followed = await session.change(sql`
      update ${match} m set root = p.root from ${match} p
      where p.row_no = m.root and p.action = 'c' and m.action = 'c' and p.root <> m.root
    `);
    if (followed === 0) break;
  }
  // Repeated rows follow the row they repeat: to its record, or to the record that it creates.
  await session.query(sql`
    update ${match} m set action = p.action, record_id = p.record_id
    from ${match} p where p.row_no = m.root and m.action = 'c' and p.action = 'u'
  `);
  await session.query(sql`
    insert into ${match} (row_no, action, root)
    select distinct root, 'c'::"char", root from ${match} where action = 'c'
  `);
  await joinGroups(session, plan, null);
}

/** Brings all rows of a record under the first of them. */
async function joinGroups(session: Session, plan: Plan, range: Range | null): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const inRange = range === null ? sql`` : sql`and m.root >= ${range.from} and m.root < ${range.to}`;
  await session.query(sql`
    update ${match} m set root = g.root
    from (
      select m.record_id, min(m.root) as root from ${match} m where m.action = 'u' ${inRange} group by m.record_id having count(*) > 1
    ) g
    where g.record_id = m.record_id and m.action = 'u' and m.root <> g.root ${inRange}
  `);
}

/**
 * Looks again for records that appeared since the match, for the rows that a chunk is about to create. Runs in the
 * chunk's transaction, under its lock on the target.
 */
export async function matchAgain(session: TargetSession, plan: Plan, range: Range): Promise<void> {
  const keys = matchKeys(plan);
  if (plan.job.duplicates.strategy === "create" || keys.length === 0) return;
  // Others wait for the lock meanwhile. A chunk's rows are few: by Postgres's default cost of a page, made for disks that
  // turn, the whole target would be read for each chunk where its indexes tell the same many times sooner.
  await session.query(sql`set local random_page_cost = 1.1`);
  await lookAgain(session, plan, keys, range);
  await session.query(sql`set local random_page_cost to default`);
}

async function lookAgain(session: TargetSession, plan: Plan, keys: string[], range: Range): Promise<void> {
  const { job, importer } = plan;
  let changed = await noteDuplicatesInTable(session, plan, keys, range);
  if (job.duplicates.strategy !== "update") return;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const perKey = keys.map(
    (key, priority) => sql`
      select m.root, s.row_no, ${id} as id, ${sql.lit(priority)} as priority
      from ${match} m
      join ${rows} s on s.row_no = m.row_no
      join ${tableId(importer.target.table)} t on ${recordKey(plan, key)} = ${stagedKey(plan, key)}
      where m.action = 'c' and m.root >= ${range.from} and m.root < ${range.to} ${sameContext(plan)}`,
  );
  // The first row of a group that a record knows decides for the group.
  changed += await session.change(sql`
    update ${match} m set action = 'u', record_id = d.id
    from (
      select root, (array_agg(id order by row_no, priority, id))[1] as id from (${sql.join(perKey, sql` union all `)}) found group by root
    ) d
    where m.root = d.root and m.action = 'c'
  `);
  await joinGroups(session, plan, range);
  // By the match's old statistics the groups' joins would be nested loops.
  if (changed >= manyChanges) await session.query(sql`analyze ${match} (row_no, action, root, record_id)`);
}

/** Changes to the match after which its statistics are no longer true enough for a plan. */
const manyChanges = 100;
