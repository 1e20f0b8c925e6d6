import { repeatsIn } from "../../core/repeats.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { correctStatistics } from "../stage/index-stage.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { openStage } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { noteCaseAlone, writtenParts } from "./case-alone.ts";
import { noteBrokenConstraints, noteBrokenCreates, noteTaken, uniqueLikenesses } from "./constraints.ts";
import { skipUndecided } from "./decided-rows.ts";
import { noteDuplicatesInTable } from "./duplicates-in-table.ts";
import { mayTakeOver, takesOver } from "./guarded-keys.ts";
import { checkNamedOwners, fillLookups, noteUnknownReferences } from "./lookups.ts";
import { findRepeats, keyLikeness, type Parallel } from "./match-file.ts";
import { groupByOneKey, groupInOrder, skipRepeats } from "./match-in-order.ts";
import { areToldApart, isSameKey, matchKeys } from "./match-keys.ts";
import { asBeforeTheJob, asTheyStand, type View, writtenByOthers } from "./match-table.ts";
import { recordsByKey, stagedOfGroups } from "./records-by-list.ts";
import { skipAllBut } from "./repeated-rows.ts";
import { hasShared, makeShared, mayShare, noteSharedInFile } from "./shared-keys.ts";
import { noteFoundWrong } from "./sql-checks.ts";
import { isSameByStronger, patternOf } from "./strength.ts";
import { forgetUnmatched, noteUnmatched } from "./unmatched.ts";

/**
 * What becomes of a row in the match table:
 * `i` invalid, `f` skipped as a duplicate in the file, `t` skipped as one in the table, `u` updates a record,
 * `c` is created together with rows of the same record (the group of `root`), `n` has no record to update where an import only
 * updates, `g` had one that is gone, `d` was settled by a chunk that is done.
 */
export type MatchAction = "i" | "f" | "t" | "u" | "c" | "n" | "g" | "d";

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
  await correctStatistics(session, job, [...new Set(matchKeys(plan).flat())]);
  await session.query(sql`drop table if exists ${match}`);
  await session.query(sql`
    create unlogged table ${match} (
      row_no integer not null,
      action "char" not null,
      root integer,
      -- The earlier row that a duplicate in the file repeats.
      of_row integer,
      record_id ${sql.raw(idType)},
      -- All records that its keys find, where there are several.
      records ${sql.raw(idType)}[],
      ambiguous boolean not null default false,
      issue jsonb
    ) with (autovacuum_enabled = false)
  `);
  const isBegun = await noteSettled(session, plan);
  // What rows share with records was noted before the first chunk: the records may have other keys by now.
  if (!isBegun || !(await hasShared(session, job))) await makeShared(session, job);
  await openStage(session, job);
  const inTheMiddle = isBegun && !seesOwnRecords(plan);
  await checkNamedOwners(session, plan);
  await fillLookups(session, plan);
  await noteUnknownReferences(session, plan);
  await noteBrokenConstraints(session, plan);
  await noteFoundWrong(session, plan, isBegun);
  await decideDuplicates(session, plan, parallel, inTheMiddle, onDuplicatesFound);
  if (job.mode === "update_only") await noteUnmatched(session, plan, null);
  else await noteBrokenCreates(session, plan);
  const name = `job_${job.id}_${job.stageGeneration}_match`;
  await session.query(sql`create index ${sql.id(`${name}_row_no`)} on ${match} (row_no)`);
  if (job.duplicates.strategy === "update") {
    await session.query(sql`create index ${sql.id(`${name}_root`)} on ${match} (root) where root is not null`);
  }
  if (mayTakeOver(plan))
    await session.query(
      sql`create index ${sql.id(`${name}_taken_over`)} on ${match} (row_no) where issue = ${takesOver}`,
    );
  await session.query(sql`analyze ${match} (row_no, action, root)`);
}

/**
 * Whether rows find what the chunks before them have written: chunks are committed in their order, and what is left of an interrupted
 * commit is matched as the table stands.
 */
function seesOwnRecords({ tables, job }: Plan): boolean {
  return tables !== undefined && job.duplicates.strategy === "update";
}

/** Which rows are duplicates, of what, and which make or change a record together. */
async function decideDuplicates(
  session: TargetSession,
  plan: Plan,
  parallel: Parallel,
  inTheMiddle: boolean,
  onDuplicatesFound: () => void,
): Promise<void> {
  const { strategy } = plan.job.duplicates;
  const keys = strategy === "create" ? [] : matchKeys(plan);
  if (strategy === "update" && keys.length === 0) return;
  const pattern = keys.length > 1 ? patternOf(keys) : null;
  const likenesses = keys.map((key) => keyLikeness(plan, key, pattern, writtenParts(plan, key)));
  // A row that repeats what must be unique is kept out like a duplicate; one that updates a record may do so.
  if (strategy !== "update") likenesses.push(...uniqueLikenesses(plan, pattern));
  const view = inTheMiddle ? await asBeforeTheJob(session, plan) : asTheyStand(plan);
  const inTable = async (): Promise<void> => {
    if (keys.length > 0) await noteDuplicatesInTable(session, plan, keys, null, view);
    // What has a value that must be unique is gone by then, or refuses it.
    if (strategy !== "update" && plan.job.mode !== "replace") await noteTaken(session, plan);
  };
  if (likenesses.length === 0) return inTable();
  const repeats = repeatsIn(plan.job);
  // Rows that find no record make none: by one key there is nothing that rows could share.
  if (plan.job.mode === "update_only" && keys.length === 1 && repeats === "all") {
    await inTable();
    onDuplicatesFound();
    return joinGroups(session, plan, null);
  }
  const repeated = await findRepeats(session, plan, likenesses, parallel, inTable);
  onDuplicatesFound();
  await noteCaseAlone(session, plan, keys);
  if (repeats !== "all" && repeated > 0) await skipAllBut(session, plan, repeats);
  if (strategy !== "update") await skipRepeats(session, plan, likenesses);
  else {
    if (keys.length === 1) await groupByOneKey(session, plan);
    else await groupInOrder(session, plan, keys, view);
    if (repeated > 0 || view.changed !== null || !areToldApart(plan, keys)) await joinGroups(session, plan, null);
    if (plan.skipsUndecided) await skipUndecided(session, plan, null);
  }
  if (mayShare(plan)) await noteSharedInFile(session, plan, keys.length);
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
    sql`select max(to_row - from_row) as size from sluice.import_chunks
      where job_id = ${job.id} and done_at is not null and from_row < to_row`,
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
    select settled.row_no, ${seesOwnRecords(plan) ? sql`'i'` : sql`case when r.row_no is null then 'd' else 'i' end`}::"char"
    from settled left join sluice.import_rows r
      on r.job_id = ${job.id} and r.row_no = settled.row_no and r.outcome in ('invalid', 'skipped', 'failed')
  `);
  await session.query(sql`analyze ${match} (row_no, action)`);
  return true;
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
  const { job } = plan;
  const view = await writtenByOthers(session, plan);
  if (job.mode === "update_only") await forgetUnmatched(session, plan, range);
  await noteDuplicatesInTable(session, plan, keys, range, view);
  if (job.mode === "update_only") {
    await noteUnmatched(session, plan, range);
    return joinGroups(session, plan, range);
  }
  if (job.duplicates.strategy === "update") await findRecordsOfGroups(session, plan, range, { view });
  if (plan.skipsUndecided) await skipUndecided(session, plan, range);
}

/** Looks for the records of groups that a range is about to make. `where`: on their rows `m` of the match. */
export async function findRecordsOfGroups(
  session: TargetSession,
  plan: Plan,
  range: Range,
  { view, where = sql`` }: { view: View; where?: Sql },
): Promise<void> {
  const { job, importer } = plan;
  const keys = matchKeys(plan);
  const { match } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const staged = stagedOfGroups(plan, range);
  const records = await recordsByKey(session, plan, range, staged);
  // The record that has their value still is not theirs.
  const isOwn = mayTakeOver(plan)
    ? sql`and not exists (select from ${match} o where o.root = m.root and o.issue = ${takesOver})`
    : sql``;
  const perKey = keys.map(
    (key, priority) => sql`
      select m.root, s.row_no, ${id} as id, ${sql.lit(priority)} as priority, ${isSameByStronger(plan, keys.slice(0, priority), view.valueOf)} as same
      from ${match} m
      join ${staged} on s.row_no = m.row_no
      join ${records[priority]} on ${isSameKey(plan, key)}
      where m.action = 'c' ${isOwn} and m.root >= ${range.from} and m.root < ${range.to} ${sameContext(plan)} ${view.unchanged(key)} ${where}`,
  );
  // The first row of a group that a record knows decides for the group, unless another one of it is told apart from that record.
  await session.tables.query(sql`
    update ${match} m set action = 'u', record_id = d.id
    from (
      select root, (array_agg(id order by row_no, priority, id))[1] as id
      from (select *, bool_and(same) over (partition by root, id) as fits from (${sql.join(perKey, sql` union all `)}) found) f
      where fits group by root
    ) d
    where m.root = d.root and m.action = 'c'
  `);
  await joinGroups(session, plan, range);
}
