/**
 * The dry run: what a commit would do, counted by the commit's own SQL over a match made for it. Where the match cannot tell (an
 * importer's own loader, a table with triggers), the rows are really loaded, and rolled back.
 */

import { SluiceError, told } from "../../core/errors.ts";
import { type Counts, noCounts, statusWords } from "../../core/import.ts";
import { targetColumn } from "../../core/importer.ts";
import type { IssueCode } from "../../core/issue.ts";
import type { DryRun, DryRunOptions, RecordChanges } from "../../core/store/commits.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { getImport } from "../jobs/read-import.ts";
import { matchRows } from "../match/match.ts";
import type { Parallel } from "../match/match-file.ts";
import { mayShare, sharedOfCreated } from "../match/shared-keys.ts";
import { StageLost, stageIsIntact, stageTables } from "../stage/stage.ts";
import { runOf, type TargetSession, transactionOn } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { defaultChunkRows } from "./chunks.ts";
import { countGroups, type ForeseenGroups, foreseeGroups } from "./foresee-groups.ts";
import { isForetold } from "./foretold.ts";
import { rehearse } from "./rehearse.ts";

/** Records of which it is shown what would change. */
const maxSamples = 20;

export async function dryRun(
  database: Database,
  plan: Plan,
  {
    parallel,
    onEvent,
    changes = false,
    chunkRows,
    onRehearsed,
    signal,
  }: DryRunOptions & { parallel: Parallel; chunkRows: number },
): Promise<DryRun> {
  const { id: jobId, stageGeneration } = plan.job;
  return transactionOn(
    database,
    runOf(plan),
    async (session) => {
      // The match is one table: neither another dry run nor a commit may make it anew before this one has counted.
      await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice plan', ${jobId}))`);
      const now = await getImport(session, jobId);
      if (now.status !== "ready" || now.stageGeneration !== stageGeneration)
        throw new SluiceError(
          "conflict",
          told`Import ${jobId} is ${statusWords[now.status]}; a dry run is only possible once it is ready.`,
        );
      if (!(await stageIsIntact(session, jobId, stageGeneration))) throw new StageLost(jobId, stageGeneration);
      onEvent({ name: "match.started", jobId });
      await matchRows(session, plan, parallel, () => onEvent({ name: "match.duplicates_found", jobId }));
      onEvent({ name: "match.finished", jobId });
      return foresee(session, plan, { changes, chunkRows, onRehearsed, signal });
    },
    { signal, workMemory: "64MB", planning: "whole", unlogged: true },
  );
}

async function foresee(
  session: TargetSession,
  plan: Plan,
  {
    changes,
    chunkRows,
    onRehearsed,
    signal,
  }: Pick<DryRunOptions, "onRehearsed" | "signal"> & { changes: boolean; chunkRows: number },
): Promise<DryRun> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const counts: Counts = { ...noCounts, invalid: job.invalidRows, skipped: job.skippedRows };
  const [{ staged, last }] = await session.query<{ staged: number; last: number }>(
    sql`select count(*)::int8 as staged, coalesce(max(row_no), 0) as last from ${rows} where row_no > 0`,
  );
  const actions = await session.query<{ action: string; rows: number }>(
    sql`select action::text, count(*)::int8 as rows from ${match} group by action`,
  );
  const matched = new Map(actions.map((each) => [each.action, each.rows]));
  counts.created = staged - [...matched.values()].reduce((sum, n) => sum + n, 0);
  counts.skipped += (matched.get("f") ?? 0) + (matched.get("t") ?? 0) + (matched.get("n") ?? 0);
  counts.invalid += matched.get("i") ?? 0;
  const isEnough = onRehearsed === undefined && (await isForetold(session, plan));
  const rehearsed = isEnough
    ? null
    : await rehearse(session, plan, { ...(plan.tables !== undefined && { chunkRows }), onRehearsed, signal });
  const written: Pick<ForeseenGroups, "fields" | "samples"> = { fields: {}, samples: [] };
  if (job.duplicates.strategy === "update" && importer.load === undefined && (changes || rehearsed === null)) {
    for (let from = 0; from <= last; from += defaultChunkRows) {
      signal?.throwIfAborted();
      const range = { from, to: from + defaultChunkRows };
      const groups: Partial<ForeseenGroups> & Awaited<ReturnType<typeof countGroups>> = changes
        ? await foreseeGroups(session, plan, range, maxSamples - written.samples.length)
        : await countGroups(session, plan, range);
      counts.created += groups.created;
      counts.updated += groups.updated;
      counts.unchanged += groups.unchanged;
      counts.skipped += groups.skipped;
      for (const [field, n] of Object.entries(groups.fields ?? {}))
        written.fields[field] = (written.fields[field] ?? 0) + n;
      written.samples.push(...(groups.samples ?? []));
    }
  }
  const told = changes ? { changes: importer.load === undefined ? changesOf(plan, written) : null } : {};
  if (rehearsed !== null) {
    rehearsed.counts.invalid += job.invalidRows;
    rehearsed.counts.skipped += job.skippedRows;
    return { ...rehearsed, ...told };
  }
  const issues = await session.query<{ field: string | null; code: IssueCode; count: number }>(sql`
    select case action when 'i' then issue -> 0 ->> 'f' end as field,
      case action when 'i' then issue -> 0 ->> 'c' when 'f' then 'duplicate_in_file' when 't' then 'duplicate_in_table' else 'no_match' end as code,
      count(*)::int8 as count
    from ${match} where action in ('i', 'f', 't', 'n') group by 1, 2
    union all
    select null, 'match_ambiguous', count(*)::int8 from ${match} where action = 'u' and ambiguous having count(*) > 0
    ${mayShare(plan) ? sql`union all select null, code, count(*)::int8 from (${sharedOfCreated(plan)}) w group by code` : sql``}
    order by 3 desc
  `);
  return { counts, issues, ...told };
}

/** By the fields that feed the columns: those of a record in the importer's order. */
function changesOf({ importer }: Plan, { fields, samples }: Pick<ForeseenGroups, "fields" | "samples">): RecordChanges {
  const names = Object.keys(importer.fields);
  const set = Object.keys(importer.target.set ?? {});
  return {
    fields: names
      .filter((field) => (fields[field] ?? 0) > 0)
      .map((field) => ({ field, rows: fields[field] }))
      .sort((a, b) => b.rows - a.rows),
    samples: samples.map(({ row, recordId, changes }) => ({
      row,
      recordId,
      // What no field feeds goes by the name of its column.
      changes: [...names, ...set].flatMap((field) => {
        const to = targetColumn(importer, field) ?? field;
        const changed = changes.find(({ column }) => column === to);
        return changed === undefined ? [] : [{ field, from: changed.from, to: changed.to }];
      }),
    })),
  };
}
