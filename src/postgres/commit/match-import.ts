/** The match of a whole import, and its chunks: once, whichever worker comes first. */
import type { ImportJob } from "../../core/import.ts";
import type { EventListener } from "../../core/ports.ts";
import { again } from "../connection/again.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { appendEvent } from "../jobs/events.ts";
import { getImport } from "../jobs/read-import.ts";
import { matchRows } from "../match/match.ts";
import type { Parallel } from "../match/match-file.ts";
import { StageLost, stageIsIntact } from "../stage/stage.ts";
import { runOf, transactionOn } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { hasRemoved, planChunks } from "./chunks.ts";
import { refuseTooMuch } from "./remove.ts";

/** Memory the match's hash tables may take before they go to disk. */
export const matchMemory = "64MB";

/** @throws StageLost when the stage is gone, or is being made again; RemovalStopped where a mirror would remove too much. */
export async function matchImport(
  database: Database,
  plan: Plan,
  {
    parallel,
    chunkRows,
    onEvent,
    signal,
  }: { parallel: Parallel; chunkRows: number; onEvent: EventListener; signal?: AbortSignal },
): Promise<ImportJob> {
  const { id, stageGeneration } = plan.job;
  await again(() =>
    transactionOn(
      database,
      runOf(plan),
      async (session) => {
        await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice plan', ${id}))`);
        const [now] = await session.query<{ isMatched: boolean; isParsed: boolean }>(sql`
          select matched_at is not null as "isMatched", parsed_at is not null as "isParsed" from sluice.import_jobs where id = ${id}
        `);
        if (now.isMatched) return;
        // A stage that is being made again is not to be matched half-way.
        if (!now.isParsed || !(await stageIsIntact(session, id, stageGeneration)))
          throw new StageLost(id, stageGeneration);
        onEvent({ name: "match.started", jobId: id });
        await matchRows(session, plan, parallel, () => onEvent({ name: "match.duplicates_found", jobId: id }));
        // Before the first chunk: what a replace would remove is told by its only one.
        if (plan.job.mode === "mirror" && !(await hasRemoved(session, id))) await refuseTooMuch(session, plan);
        await planChunks(session, plan, chunkRows);
        const counted = await session.change(sql`
          update sluice.import_jobs set matched_at = now() where id = ${id} and stage_generation = ${stageGeneration}
        `);
        // Paused and reopened meanwhile: it is to have no chunks.
        if (counted === 0) throw new StageLost(id, stageGeneration);
        // Told when the chunks can be had: others join then.
        await appendEvent(session, id, "import.matched");
        onEvent({ name: "match.finished", jobId: id });
      },
      { signal, workMemory: matchMemory, planning: "whole", unlogged: true },
    ),
  );
  return getImport(database, id);
}
