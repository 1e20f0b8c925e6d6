/**
 * The dry run: what a commit would do, counted by the commit's own SQL over the match, with nothing written. An importer's
 * own loader is really run, and rolled back.
 */

import { type Counts, noCounts } from "../import.ts";
import type { IssueCode, IssueCount } from "../issue.ts";
import { defaultChunkRows, planChunks, plannedChunks } from "./chunks.ts";
import { type Database, type Session, sql } from "./connect.ts";
import { loadWithOwnStatement } from "./load.ts";
import { countGroups } from "./load-groups.ts";
import type { Plan } from "./plan.ts";
import { stageTables } from "./stage.ts";

export async function dryRun(
  database: Database,
  plan: Plan,
  signal?: AbortSignal,
): Promise<{ counts: Counts; issues: IssueCount[] }> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  return database.transaction(
    async (session) => {
      const counts: Counts = { ...noCounts, invalid: job.invalidRows };
      const [{ staged, last }] = await session.query<{ staged: number; last: number }>(
        sql`select count(*)::int8 as staged, coalesce(max(row_no), 0) as last from ${rows} where row_no > 0`,
      );
      const actions = await session.query<{ action: string; rows: number }>(
        sql`select action::text, count(*)::int8 as rows from ${match} group by action`,
      );
      const matched = new Map(actions.map((each) => [each.action, each.rows]));
      counts.created = staged - [...matched.values()].reduce((sum, n) => sum + n, 0);
      counts.skipped = (matched.get("f") ?? 0) + (matched.get("t") ?? 0);
      counts.invalid += matched.get("i") ?? 0;
      if (plan.importer.load !== undefined) {
        const loaded = await countOwnStatement(session, plan);
        counts.created = loaded.created;
        counts.updated = loaded.updated;
        counts.unchanged = loaded.unchanged;
        counts.skipped += loaded.skipped;
      } else if (job.duplicates.strategy === "update") {
        for (let from = 0; from <= last; from += defaultChunkRows) {
          signal?.throwIfAborted();
          const groups = await countGroups(session, plan, { from, to: from + defaultChunkRows });
          counts.created += groups.created;
          counts.updated += groups.updated;
          counts.unchanged += groups.unchanged;
        }
      }
      const found = await session.query<{ field: string | null; code: IssueCode; count: number }>(sql`
        select case action when 'i' then issue -> 0 ->> 'f' end as field,
          case action when 'i' then issue -> 0 ->> 'c' when 'f' then 'duplicate_in_file' else 'duplicate_in_table' end as code,
          count(*)::int8 as count
        from ${match} where action in ('i', 'f', 't') group by 1, 2
        union all
        select null, 'match_ambiguous', count(*)::int8 from ${match} where action = 'u' and ambiguous having count(*) > 0
        order by 3 desc
      `);
      return { counts, issues: found };
    },
    { signal, workMemory: "64MB" },
  );
}

async function countOwnStatement(session: Session, plan: Plan): Promise<Omit<Counts, "invalid" | "failed">> {
  const { job } = plan;
  await session.query(sql`savepoint dry_run`);
  await planChunks(session, plan);
  for (const chunk of await plannedChunks(session, job.id)) {
    await loadWithOwnStatement(session, plan, chunk, { from: chunk.fromRow, to: chunk.toRow });
  }
  const [counts] = await session.query<Omit<Counts, "invalid" | "failed">>(sql`
    select coalesce(sum(created), 0)::int8 as created, coalesce(sum(updated), 0)::int8 as updated,
      coalesce(sum(unchanged), 0)::int8 as unchanged, coalesce(sum(skipped), 0)::int8 as skipped
    from sluice.import_chunks where job_id = ${job.id}
  `);
  await session.query(sql`rollback to savepoint dry_run`);
  return counts;
}
