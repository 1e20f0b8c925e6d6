/** A commit that is rolled back: the chunks one after the other in the transaction of a dry run, and what they came to. */
import { SluiceError, told } from "../errors.ts";
import type { Counts } from "../import.ts";
import type { IssueCode } from "../issue.ts";
import type { DryRun } from "../store.ts";
import { planChunks, plannedChunks } from "./chunks.ts";
import { recordOthers } from "./commit.ts";
import { sql } from "./connect.ts";
import { recordFailures } from "./failures.ts";
import { loadRange, TableRefuses, TooManyFailures } from "./load-range.ts";
import type { TargetSession } from "./on-target.ts";
import type { Plan } from "./plan.ts";
import { lacksRight } from "./row-errors.ts";

/**
 * The counts of the rows that were staged, and the issues that the commit finds in them.
 *
 * @throws SluiceError `conflict` where the commit would pause, with the database's message.
 */
export async function rehearse(
  session: TargetSession,
  plan: Plan,
  signal?: AbortSignal,
): Promise<Pick<DryRun, "counts" | "issues">> {
  const { job } = plan;
  await session.query(sql`savepoint rehearsal`);
  try {
    await planChunks(session, plan);
    await session.query(sql`set constraints all immediate`);
    for (const chunk of await plannedChunks(session, job.id)) {
      signal?.throwIfAborted();
      const range = { from: chunk.fromRow, to: chunk.toRow };
      const failures = await loadRange(session, plan, { ...chunk, cluster: sql`0` }, range, () => {});
      await recordFailures(session, plan, chunk, failures);
      await recordOthers(session, plan, chunk, range);
    }
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
    return { counts, issues };
  } catch (error) {
    if (error instanceof TooManyFailures || error instanceof TableRefuses || lacksRight(error))
      throw new SluiceError(
        "conflict",
        told`The commit would stop at rows that the database refuses: ${error.message}. Correct the table, or change the import's options.`,
        { cause: error },
      );
    throw error;
  } finally {
    if (signal?.aborted !== true) await session.query(sql`rollback to savepoint rehearsal`).catch(() => {});
  }
}
