/** Rows without a record in an import that only updates: they are skipped, whether there never was one or it has gone since. */

import { tableId } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import { hasIdIn } from "./records-by-list.ts";

/** Of the file, or of a chunk: rows that the match has not decided. */
export async function noteUnmatched(session: Session, { job }: Plan, range: Range | null): Promise<void> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const inRange =
    range === null ? sql`s.row_no > 0` : sql`s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0`;
  await session.query(sql`
    insert into ${match} (row_no, action)
    select s.row_no, 'n' from ${rows} s where ${inRange} and not exists (select from ${match} m where m.row_no = s.row_no)
  `);
}

/** Rows of a chunk without a record may have one by now. */
export async function forgetUnmatched(session: Session, { job }: Plan, range: Range): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(
    sql`delete from ${match} m where m.row_no >= ${range.from} and m.row_no < ${range.to} and m.action = 'n'`,
  );
}

/**
 * Skips the rows of a chunk's groups whose record was deleted since the match, so that the load does not make it anew. The other
 * records are locked: none goes before it is updated.
 */
export async function skipGone(session: TargetSession, plan: Plan, chunk: { no: number }, range: Range): Promise<void> {
  const { job, importer, target } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const { id } = importer.target;
  const there = await handOver(session, "sluice_there", sql`id ${sql.raw(target.columns.get(id)?.type ?? "text")}`);
  const inRange = sql`m.root >= ${range.from} and m.root < ${range.to} and m.action = 'u'`;
  await session.tables.query(sql`
    insert into ${there}
    select t.${sql.id(id)} from ${tableId(importer.target.table)} t
    where ${hasIdIn(plan, sql`select m.record_id from ${match} m where ${inRange}`)} ${sameContext(plan)} ${isMatched(importer)}
    order by 1 ${target.hasPolicies ? sql`` : sql`for update`}
  `);
  await session.query(sql`
    with gone as (
      update ${match} m set action = 'g' where ${inRange} and not exists (select from ${there} h where h.id = m.record_id)
      returning m.row_no
    ), noted as (
      insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset)
      select ${job.id}, g.row_no, 'skipped', '[{"c": "no_match"}]', s.row_offset from gone g join ${rows} s on s.row_no = g.row_no
    ), counted as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${job.id}, ${chunk.no}, '', 'no_match', count(*) from gone having count(*) > 0
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    )
    update sluice.import_chunks set skipped = skipped + (select count(*) from gone)
    where job_id = ${job.id} and chunk_no = ${chunk.no} and exists (select from gone)
  `);
}
