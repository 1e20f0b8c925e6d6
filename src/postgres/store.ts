/** Postgres as the engine's Store: this folder's parts put together. */

import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import { postgresUsers } from "./accounts/users.ts";
import { postgresArchive } from "./archive/archive.ts";
import { keepCells, reportedRows } from "./archive/report-rows.ts";
import { refuseUnfit } from "./check/check.ts";
import { refuseUnaccounted } from "./commit/accounted.ts";
import { chunkProgress, defaultChunkRows, forgiveChunks, planChunks } from "./commit/chunks.ts";
import { commitChunk, lockTargetFor } from "./commit/commit.ts";
import { dryRun } from "./commit/dry-run.ts";
import { type Database, isConnectionLoss, isTransient } from "./connection/connect.ts";
import { fewAtOnce } from "./connection/few-at-once.ts";
import { Listener } from "./connection/listener.ts";
import { sql } from "./connection/session.ts";
import type { Worker } from "./connection/workers.ts";
import { postgresDrafts } from "./jobs/drafts.ts";
import { appendEvent, changeJobs } from "./jobs/events.ts";
import { expire } from "./jobs/expire.ts";
import { postgresIdempotency } from "./jobs/idempotency.ts";
import * as imports from "./jobs/imports.ts";
import { errorColumns } from "./jobs/imports.ts";
import {
  claimImport,
  leaveImport,
  leaveToOthers,
  leftToOthers,
  retryLater,
  shareable,
  tellWhoIsMissing,
  unattended,
} from "./jobs/job-claims.ts";
import { postgresMeasures } from "./jobs/measures.ts";
import { postgresProgress } from "./jobs/progress.ts";
import { reopenImport } from "./jobs/reopen.ts";
import { storagePaths, sweep } from "./jobs/sweep.ts";
import { postgresTemplates, rememberMapping } from "./jobs/templates.ts";
import { postgresEvents } from "./jobs/timelines.ts";
import { postgresUploads } from "./jobs/uploads.ts";
import { matchRows } from "./match/match.ts";
import type { Parallel } from "./match/match-file.ts";
import { postgresOwners } from "./match/owners.ts";
import { postgresReview } from "./review/review.ts";
import {
  createStage,
  dropStage,
  indexStage,
  lostStage,
  StageLost,
  stagedAgain,
  stageIsIntact,
  writeBatch,
} from "./stage/stage.ts";
import { listWarnings } from "./stage/warnings.ts";
import { runOf, transactionOn } from "./target/on-target.ts";
import type { Plan } from "./target/plan.ts";
import { readTarget, type TargetTable } from "./target/target.ts";
import { postgresUndo } from "./undo/undo.ts";

/** Memory the match's hash tables may take before they go to disk. */
const matchMemory = "64MB";

/** Each holds a connection and searches on others. */
const dryRunsAtOnce = 2;

export interface StoreOptions {
  /** Rows of a chunk, for jobs that have no chunks yet. */
  chunkRows?: number;
  /** Hears what other processes tell; default: one of the store's own, by the database's address. */
  listener?: Listener;
}

export function postgresStore(
  database: Database,
  worker: Worker,
  { chunkRows = defaultChunkRows, listener = new Listener(database, null) }: StoreOptions = {},
): Store {
  const events = postgresEvents(database, listener);
  const targets = new Map<string, TargetTable>();
  const planOf = async (job: ImportJob, importer: Importer, columns: readonly StageColumn[]): Promise<Plan> => {
    let target = targets.get(importer.name);
    if (target === undefined) {
      target = await readTarget(database, importer);
      targets.set(importer.name, target);
    }
    return { job, importer, columns, target };
  };
  const parallel =
    (signal?: AbortSignal): Parallel =>
    (work) =>
      database.transaction(work, { signal, workMemory: matchMemory, planning: "whole" });
  const inTurn = fewAtOnce(dryRunsAtOnce);
  const generationOf = (job: ImportJob) => [job.id, job.stageGeneration] as const;

  return {
    events,
    progress: postgresProgress(database),
    // The catalogue is asked again: much may have changed since the import.
    undo: postgresUndo(database, async (job, importer, columns) => ({
      job,
      importer,
      columns,
      target: await readTarget(database, importer),
    })),
    archive: postgresArchive(database),
    review: postgresReview(database),
    drafts: postgresDrafts(database),
    owners: postgresOwners(database),
    templates: postgresTemplates(database),
    idempotency: postgresIdempotency(database),
    users: postgresUsers(database),
    measures: postgresMeasures(database),
    uploads: postgresUploads(database, listener),

    createImport: (fresh) => imports.createImport(database, fresh),
    getImport: (id) => imports.getImport(database, id),
    listImports: (limit) => imports.listImports(database, limit),
    findSameFile: (file) => imports.findSameFile(database, file),
    moveImport: (id, to, changes) => again(() => imports.moveImport(database, id, to, changes)),
    changeImport: (id, changes) => again(() => imports.changeImport(database, id, changes)),
    deleteImport: (id) => imports.deleteImport(database, id),
    async removeImport(id, from) {
      const job = await again(() => imports.removeImport(database, id, from));
      await dropStage(database, ...generationOf(job));
      return job;
    },
    async reopenImport(id, actor) {
      const before = await again(() => reopenImport(database, id, actor));
      await dropStage(database, ...generationOf(before));
      return before;
    },
    finishParse: (job) => imports.finishParse(database, job),
    statusCounts: () => imports.statusCounts(database),
    importCounts: (id) => imports.importCounts(database, id),
    issueCounts: (id) => imports.issueCounts(database, id),
    warnings: (id) => listWarnings(database, id),
    columnStatistics: (id) => imports.columnStatistics(database, id),
    keepCells: (id, rows) => keepCells(database, id, rows),
    reportedRows: (id, outcomes) => reportedRows(database, id, outcomes),

    sweep: () => sweep(database),
    expire: (retention) => expire(database, retention),
    storagePaths: () => storagePaths(database),
    async prepareTarget(importer) {
      await refuseUnfit(database, importer);
      const target = await readTarget(database, importer);
      targets.set(importer.name, target);
      return target.name;
    },

    claimImport: (id) => claimImport(database, worker, id),
    leaveImport: (id) => leaveImport(database, worker, id),
    retryLater: (id, failure) => retryLater(database, id, failure),
    unattended: () => unattended(database),
    leaveToOthers: (id) => leaveToOthers(database, id),
    leftToOthers: () => leftToOthers(database),
    tellWhoIsMissing: (id, reason) => tellWhoIsMissing(database, id, reason),
    shareable: () => shareable(database),
    async countParseAttempt(id) {
      const [job] = await database.query<{ attempts: number }>(sql`
        update sluice.import_jobs set parse_attempts = parse_attempts + 1 where id = ${id} returning parse_attempts as attempts
      `);
      return job.attempts;
    },

    createStage: (job, columns) => createStage(database, ...generationOf(job), columns),
    stageIsIntact: (job) => stageIsIntact(database, ...generationOf(job)),
    async restartStage(id, { generation }) {
      // Back to the parse: whoever pauses or dies in it must not find a half-made stage to commit.
      const restarted = await changeJobs(database, {
        where: sql`j.id = ${id} and j.stage_generation = ${generation} and j.status in ('queued', 'parsing', 'ready', 'committing', 'paused', 'failed')`,
        set: sql`${stagedAgain}, status = case status when 'committing' then 'queued' else status end`,
        returning: sql`id`,
      });
      if (restarted.length === 1) await dropStage(database, id, generation);
    },
    writeBatch: (job, columns, batch, onStep, signal) =>
      writeBatch(database, { id: job.id, generation: job.stageGeneration }, columns, batch, onStep, signal),
    indexStage: (job, { onEvent, signal }) =>
      indexStage(
        database,
        ...generationOf(job),
        job.duplicates.keys.filter((key) => job.mapping.columns.some(({ field }) => field === key)),
        {
          onTerminated: (backendPid) => onEvent({ name: "worker.terminated_stalled", jobId: job.id, backendPid }),
          signal,
        },
      ),
    dropStage: (job) => dropStage(database, ...generationOf(job)),

    async dryRun(job, importer, columns, options) {
      const plan = await planOf(job, importer, columns);
      return inTurn(
        () => again(() => dryRun(database, plan, { ...options, parallel: parallel(options.signal) })),
        options.signal,
      );
    },

    async enterCommit(job, importer, columns, { onEvent, signal }) {
      const plan = await planOf(job, importer, columns);
      const registered = await again(() =>
        database.transaction(
          async (session) => {
            await lockTargetFor(session, job.target, "exclusive");
            const [now] = await session.query<{ status: string }>(
              sql`select status from sluice.import_jobs where id = ${job.id}`,
            );
            // Another worker has stepped in for this job already: its match counts.
            if (now.status === "committing") return imports.getImport(database, job.id);
            await imports.moveImportIn(session, job.id, "committing", {
              phase: "commit",
              workerId: worker.id,
              errorMessage: null,
            });
            await session.change(
              sql`update sluice.import_jobs set registered_at = clock_timestamp(), matched_at = null,
                commit_started_at = coalesce(commit_started_at, now()) where id = ${job.id}`,
            );
            await forgiveChunks(session, job.id);
            return imports.getImport(session, job.id);
          },
          { signal },
        ),
      );
      if (registered.matchedAt !== null) return registered;
      await again(() =>
        transactionOn(
          database,
          runOf(plan),
          async (session) => {
            await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice plan', ${job.id}))`);
            const [now] = await session.query<{ matched: boolean; parsed: boolean }>(
              sql`select matched_at is not null as matched, parsed_at is not null as parsed from sluice.import_jobs where id = ${job.id}`,
            );
            if (now.matched) return;
            // A stage that is being made again is not to be matched half-way.
            if (!now.parsed || !(await stageIsIntact(session, ...generationOf(job))))
              throw new StageLost(...generationOf(job));
            onEvent({ name: "match.started", jobId: job.id });
            await matchRows(session, { ...plan, job: registered }, parallel(signal), () =>
              onEvent({ name: "match.duplicates_found", jobId: job.id }),
            );
            await planChunks(session, plan, chunkRows);
            const counted = await session.change(sql`
              update sluice.import_jobs set matched_at = now() where id = ${job.id} and stage_generation = ${job.stageGeneration}
            `);
            // Paused and reopened meanwhile: it is to have no chunks.
            if (counted === 0) throw new StageLost(...generationOf(job));
            // Told when the chunks can be had: others join then.
            await appendEvent(session, job.id, "import.matched");
            onEvent({ name: "match.finished", jobId: job.id });
          },
          { signal, workMemory: matchMemory, planning: "whole" },
        ),
      );
      return imports.getImport(database, job.id);
    },
    commitChunk: async (job, importer, columns, options) =>
      commitChunk(database, await planOf(job, importer, columns), options),
    chunkProgress: (id) => chunkProgress(database, id),
    async completeCommit(job, keepFileMs) {
      return database.transaction(async (session) => {
        const moved = await changeJobs(session, {
          where: sql`j.id = ${job.id} and j.status = 'committing' and j.matched_at is not null
            and not exists (select from sluice.import_chunks c where c.job_id = j.id and c.done_at is null)`,
          set: sql`status = 'completed', completed_at = now(), ${errorColumns(null)}, failures = 0,
            imported_rows = (select coalesce(sum(created + updated), 0) from sluice.import_chunks c where c.job_id = j.id),
            file_expires_at = ${keepFileMs > 0 ? sql`now() + ${keepFileMs} * interval '1 millisecond'` : sql`null`}`,
          returning: sql`id`,
        });
        if (moved.length === 0) return false;
        await refuseUnaccounted(session, job.id);
        await rememberMapping(session, job.id);
        return true;
      });
    },

    isConnectionLoss,
    lostStage,
    async close() {
      await events.close();
      await listener.close();
      await worker.stop();
      await database.close();
    },
  };
}

/** Does a transaction again after a deadlock: with a chunk of the same job that is still under way elsewhere. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === 5) throw error;
    }
  }
}
