/** A commit that is rolled back: the chunks one after the other in the transaction of a dry run, and what they came to. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Counts } from "../../core/import.ts";
import type { IssueCode } from "../../core/issue.ts";
import { namedCounts } from "../../core/record-counts.ts";
import { needsConfirmation, type Removal } from "../../core/removals.ts";
import type { DryRun, Rehearsal, RehearsedRow } from "../../core/store/commits.ts";
import { tableId } from "../connection/connect.ts";
import { refuseTransactionControl } from "../connection/own-transaction.ts";
import { planningSettings } from "../connection/planning.ts";
import { lacksRight } from "../connection/row-errors.ts";
import { sql } from "../connection/session.ts";
import { areFetchedById } from "../match/records-by-list.ts";
import { recordShared } from "../match/shared-keys.ts";
import { recordCounts } from "../records/record-counts.ts";
import { stageTables } from "../stage/stage.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { planChunks, plannedChunks } from "./chunks.ts";
import { recordOthers } from "./commit.ts";
import { recordFailures } from "./failures.ts";
import { loadChunk } from "./load-chunk.ts";
import { TableRefuses, TooManyFailures } from "./load-range.ts";
import { failSkippedForFailed } from "./skipped-for-failed.ts";

/**
 * The counts of the rows that were staged, and the issues that the commit finds in them.
 *
 * @throws SluiceError `conflict` where the commit would pause, with the database's message.
 */
export async function rehearse(
  session: TargetSession,
  plan: Plan,
  {
    chunkRows,
    onRehearsed,
    signal,
  }: { chunkRows?: number; onRehearsed?: (rehearsal: Rehearsal) => Promise<void>; signal?: AbortSignal },
): Promise<Pick<DryRun, "counts" | "issues" | "records" | "removal">> {
  const { job, importer } = plan;
  let removed: Removal | null = null;
  await session.savepoint("rehearsal");
  try {
    // Chunk by chunk, as the commit: up to the end of the rehearsal.
    if (plan.tables !== undefined) await session.query(sql.raw(planningSettings.chunk));
    // What is looked at afterwards must have been written.
    const loading = {
      ...plan,
      isForeseen: importer.foresee !== undefined && onRehearsed === undefined,
      isRehearsed: true,
      recordsByList: plan.tables !== undefined && (await areFetchedById(session, plan)),
    };
    await planChunks(session, plan, chunkRows);
    await session.query(sql`set constraints all immediate`);
    for (const chunk of await plannedChunks(session, job.id)) {
      signal?.throwIfAborted();
      const range = { from: chunk.fromRow, to: chunk.toRow };
      const { failures, removal } = await loadChunk(
        session,
        loading,
        { ...chunk, cluster: sql`0` },
        { isRehearsed: true },
      );
      removed = removal ?? removed;
      await recordFailures(session, plan, chunk, failures);
      await recordOthers(session, plan, chunk, range);
      await recordShared(session, plan, chunk, range);
    }
    await failSkippedForFailed(session, job.id);
    const [counts] = await session.query<Counts>(sql`
      select coalesce(sum(created), 0)::int8 as created, coalesce(sum(updated), 0)::int8 as updated,
        coalesce(sum(unchanged), 0)::int8 as unchanged, coalesce(sum(skipped), 0)::int8 as skipped,
        coalesce(sum(invalid), 0)::int8 as invalid, coalesce(sum(failed), 0)::int8 as failed
      from sluice.import_chunks where job_id = ${job.id}
    `);
    const issues = await session.query<{ field: string | null; code: IssueCode; count: number }>(sql`
      select nullif(field, '') as field, code, sum(count)::int8 as count from sluice.import_issue_counts
      where job_id = ${job.id} and chunk_no >= 0 group by 1, 2 order by 3 desc
    `);
    if (onRehearsed !== undefined)
      await onRehearsed({
        rows: await rehearsedRows(session, plan),
        records: await rehearsedRecords(session, plan),
        async query(text, values) {
          refuseTransactionControl(text);
          return (await session.text(text, values)).rows;
        },
      });
    const removal =
      removed === null ? {} : { removal: { ...(removed as Removal), why: needsConfirmation(importer, removed) } };
    if (plan.tables === undefined && removed === null) return { counts, issues };
    const records = await recordCounts(session, plan);
    const some = records.filter(({ record: _, ...each }) => Object.values(each).some((count) => count > 0));
    return { counts: { ...counts, ...namedCounts(some) }, issues, records, ...removal };
  } catch (error) {
    if (error instanceof TooManyFailures || error instanceof TableRefuses || lacksRight(error))
      throw new SluiceError(
        "conflict",
        told`The commit would stop at rows that the database rejects: ${error.message}. Correct the table, or change the import's options.`,
        { cause: error },
      );
    throw error;
  } finally {
    if (signal?.aborted !== true) await session.rollbackTo("rehearsal").catch(() => {});
  }
}

/** Every row with what became of it: what was noted of it, else what the match has made of it, else a new record. */
async function rehearsedRows(session: TargetSession, { job, importer }: Plan): Promise<RehearsedRow[]> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const loaded = importer.load === undefined ? "created" : "loaded";
  return session.query<RehearsedRow>(sql`
    select coalesce(r.row_no, s.row_no) as row, coalesce(r.outcome, case
        when m.row_no is null or m.action = 'c' and m.row_no = m.root then ${loaded}
        else 'unchanged' end) as action,
      coalesce(r.record_id, m.record_id::text) as "recordId", coalesce(r.issues, '[]') as issues
    from (select row_no from ${rows} where row_no > 0) s left join ${match} m on m.row_no = s.row_no
    full join (select * from sluice.import_rows where job_id = ${job.id}) r on r.row_no = s.row_no
    order by 1
  `);
}

async function rehearsedRecords(
  session: TargetSession,
  { job, importer, target }: Plan,
): Promise<Record<string, unknown>[]> {
  const id = sql.id("t", importer.target.id);
  const ids = await handOver(
    session,
    "sluice_written",
    sql`id ${sql.raw(target.columns.get(importer.target.id)?.type ?? "text")}`,
  );
  const idType = sql.raw(target.columns.get(importer.target.id)?.type ?? "text");
  await session.query(sql`
    insert into ${ids}
    select record_id::${idType} from sluice.import_rows where job_id = ${job.id} and outcome = 'updated'
    union
    select i.id::${idType} from sluice.import_chunks c cross join unnest(coalesce(c.created_keys, c.created_ids::text[])) i (id) where c.job_id = ${job.id}
  `);
  return session.tables.query<Record<string, unknown>>(sql`
    select t.* from ${tableId(importer.target.table)} t where ${id} in (select w.id from ${ids} w) order by ${id}
  `);
}
