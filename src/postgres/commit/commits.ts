/** Commits on Postgres: this folder's parts put together. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { Commits } from "../../core/store/commits.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import { again } from "../connection/again.ts";
import type { Database } from "../connection/connect.ts";
import { fewAtOnce } from "../connection/few-at-once.ts";
import type { Worker } from "../connection/workers.ts";
import type { Parallel } from "../match/match-file.ts";
import type { Plan } from "../tables/plan.ts";
import { chunkProgress } from "./chunks.ts";
import { commitChunk } from "./commit.ts";
import { completeCommit } from "./complete.ts";
import { dryRun } from "./dry-run.ts";
import { enterCommit } from "./enter.ts";
import { matchImport, matchMemory } from "./match-import.ts";
import { sideBySide } from "./side-by-side.ts";

/** Each holds a connection and searches on others. */
const dryRunsAtOnce = 2;

/** `planOf` tells what the catalogue says of a job's target. `chunkRows`: of jobs that have no chunks yet. */
export function postgresCommits(
  database: Database,
  worker: Worker,
  planOf: (job: ImportJob, importer: Importer, columns: readonly StageColumn[]) => Promise<Plan>,
  chunkRows: number,
): Commits {
  const inTurn = fewAtOnce(dryRunsAtOnce);
  const parallel =
    (signal?: AbortSignal): Parallel =>
    (work) =>
      database.transaction(work, { signal, workMemory: matchMemory, planning: "whole", beside: true, unlogged: true });
  return {
    async dryRun(job, importer, columns, options) {
      const plan = await planOf(job, importer, columns);
      return inTurn(
        () => again(() => dryRun(database, plan, { ...options, chunkRows, parallel: parallel(options.signal) })),
        options.signal,
      );
    },
    sideBySide: async (job, importer, columns, query) =>
      sideBySide(database, await planOf(job, importer, columns), query),
    enter: (job, signal) => enterCommit(database, job, worker.id, signal),
    async match(job, importer, columns, options) {
      if (job.matchedAt !== null) return job;
      const plan = await planOf(job, importer, columns);
      return matchImport(database, plan, { ...options, chunkRows, parallel: parallel(options.signal) });
    },
    commitChunk: async (job, importer, columns, options) =>
      commitChunk(database, await planOf(job, importer, columns), options),
    progress: (id) => chunkProgress(database, id),
    complete: (job, importer, keepFileMs) => completeCommit(database, job, importer, keepFileMs),
  };
}
