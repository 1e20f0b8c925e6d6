/** Postgres as the engine's Store: this folder's parts put together. */

import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import { postgresUsers } from "./accounts/users.ts";
import { postgresArchive } from "./archive/archive.ts";
import { keepCells, reportedRows } from "./archive/report-rows.ts";
import { refuseUnfit } from "./check/check.ts";
import { defaultChunkRows } from "./commit/chunks.ts";
import { postgresCommits } from "./commit/commits.ts";
import { again } from "./connection/again.ts";
import { type Database, isConnectionLoss } from "./connection/connect.ts";
import { Listener } from "./connection/listener.ts";
import { sql } from "./connection/session.ts";
import type { Worker } from "./connection/workers.ts";
import { postgresDrafts } from "./jobs/drafts.ts";
import { changeJobs } from "./jobs/events.ts";
import { expire } from "./jobs/expire.ts";
import { postgresIdempotency } from "./jobs/idempotency.ts";
import * as imports from "./jobs/imports.ts";
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
import { postgresTemplates } from "./jobs/templates.ts";
import { postgresEvents } from "./jobs/timelines.ts";
import { postgresUploads } from "./jobs/uploads.ts";
import { postgresOwners } from "./match/owners.ts";
import { postgresReview } from "./review/review.ts";
import {
  createStage,
  dropStage,
  indexStage,
  lostStage,
  stagedAgain,
  stageIsIntact,
  writeBatch,
} from "./stage/stage.ts";
import { listWarnings } from "./stage/warnings.ts";
import type { Plan } from "./target/plan.ts";
import { readTarget, type TargetTable } from "./target/target.ts";
import { postgresUndo } from "./undo/undo.ts";

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
  const generationOf = (job: ImportJob) => [job.id, job.stageGeneration] as const;

  return {
    events,
    progress: postgresProgress(database),
    commits: postgresCommits(database, worker, planOf, chunkRows),
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
