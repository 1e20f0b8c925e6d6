/** The undo of an import on Postgres: entered once, worked on chunk by chunk by any number of workers, completed once. */
import { setTimeout as wait } from "node:timers/promises";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { UndoOptions, UndoStore } from "../../core/store/undo.ts";
import { firstRemoval, forgiveChunks } from "../commit/chunks.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { changeJobs } from "../jobs/events.ts";
import { errorColumns, moveImportIn } from "../jobs/move-import.ts";
import { getImport, jobColumns } from "../jobs/read-import.ts";
import type { Plan } from "../tables/plan.ts";
import { type UndoOutcome, undoChunk } from "./undo-chunk.ts";
import { type ImportUndo, planUndo } from "./undo-plan.ts";
import { previewUndo } from "./undo-preview.ts";
import { undoProgress } from "./undo-progress.ts";
import { keptRows, undoReport } from "./undo-report.ts";

/** How long a worker waits before it asks again for chunks that are in other hands. */
const waitMs = 250;
const defaultLanes = 2;

/** `planOf` tells what the catalogue says of a job's target. */
export function postgresUndo(
  database: Database,
  planOf: (job: ImportJob, importer: Importer, columns: readonly StageColumn[]) => Promise<Plan>,
): UndoStore {
  const plan = async (job: ImportJob, importer: Importer, columns: readonly StageColumn[]): Promise<ImportUndo> =>
    planUndo(database, await planOf(job, importer, columns));
  return {
    async check(job, importer, columns) {
      await plan(job, importer, columns);
    },
    preview: async (job, importer, columns, signal) =>
      previewUndo(database, await plan(job, importer, columns), signal),
    async step(job, importer, columns, options) {
      const planned = await plan(job, importer, columns);
      const entered = await enter(database, planned);
      if (entered.status !== "undoing") return "done";
      const { chunks } = await undoProgress(database, job.id);
      options.onEvent({ name: "undo.started", jobId: job.id, chunks });
      return undoAll(database, { ...planned, job: entered }, options);
    },
    report: (jobId) => undoReport(database, jobId),
    keptRows: (jobId, options) => keptRows(database, jobId, options),
  };
}

/** queued → undoing, and what is settled once for the whole undo. */
async function enter(database: Database, plan: ImportUndo): Promise<ImportJob> {
  const { job } = plan;
  return database.transaction(
    async (session) => {
      await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice undo', ${job.id}))`);
      const [now] = await session.query<{ status: string; phase: string; isPlanned: boolean }>(
        sql`select status, phase, undo_in_order is not null as "isPlanned" from sluice.import_jobs where id = ${job.id}`,
      );
      if (now.phase === "undo" && !now.isPlanned) {
        // The backend that committed a chunk may live on; it has no part in this. A chunk of a cancelled commit that is still
        // under way is waited for here, before the job's row is locked, which that chunk may need; none begins any more.
        await session.change(
          sql`update sluice.import_chunks set attempts = 0, backend_pid = null, backend_start = null where job_id = ${job.id}`,
        );
        await session.change(sql`
          update sluice.import_jobs set undo_in_order = ${await needsOrder(session, plan)}, undo_started_at = now() where id = ${job.id}
        `);
      }
      if (now.phase === "undo" && now.status === "queued") {
        await moveImportIn(session, job.id, "undoing", { from: ["queued"], errorMessage: null });
      }
      const [entered] = await session.query<ImportJob>(
        sql`select ${jobColumns} from sluice.import_jobs where id = ${job.id}`,
      );
      return entered;
    },
    { workMemory: "64MB", planning: "whole" },
  );
}

/**
 * Whether the chunks must be undone one after the other, the last first: where the import wrote a record twice (the
 * application changed keys while it was interrupted), where records may refer to earlier ones of the same table, where rows
 * make several records, which refer to those of other chunks, or have values of records that were removed for them.
 */
async function needsOrder(session: Session, plan: ImportUndo): Promise<boolean> {
  if (plan.tables.some(({ record, references }) => record !== null || references.some(({ isSelf }) => isSelf)))
    return true;
  const [{ twice }] = await session.query<{ twice: boolean }>(sql`
    with updated as materialized (
      select record_id from sluice.import_rows where job_id = ${plan.job.id} and outcome = 'updated' and before is not null
    )
    select exists (select from updated group by record_id having count(*) > 1) or exists (
      select from updated u join (
        select unnest(coalesce(created_keys, created_ids::text[])) as id from sluice.import_chunks where job_id = ${plan.job.id}
      ) c on c.id = u.record_id
    ) or exists (select from sluice.import_chunks where job_id = ${plan.job.id} and chunk_no = ${sql.lit(firstRemoval)}) as twice
  `);
  return twice;
}

async function undoAll(database: Database, plan: ImportUndo, options: UndoOptions): Promise<"again" | "done"> {
  const { job } = plan;
  const { onEvent, isOver, signal, lanes = defaultLanes } = options;
  for (;;) {
    const outcomes = await inLanes(lanes, isOver, () => undoChunk(database, plan, { onEvent, signal }), signal);
    for (const outcome of outcomes) {
      if (outcome.kind === "poisoned") {
        // Told once; whoever tries it again begins to count anew.
        await forgiveChunks(database, job.id, "undo");
        throw new SluiceError(
          "internal",
          told`Import ${job.id}: the worker died five times while undoing rows ${Math.max(1, outcome.fromRow)} to ${outcome.toRow}. Check the database's log, then resume the undo.`,
          { next: { code: "resume_undo", importId: job.id } },
        );
      }
      if (outcome.kind === "too_many_refusals") {
        await pause(
          database,
          job.id,
          told`The database refuses to undo more than 100 records in one range of rows: ${outcome.message}`,
        );
        return "done";
      }
    }
    if (outcomes.some(({ kind }) => kind === "finished")) {
      onEvent({ name: "undo.finished", jobId: job.id });
      if (await complete(database, job.id)) onEvent({ name: "import.undone", jobId: job.id });
      return "done";
    }
    if (isOver()) return "again";
    if ((await getImport(database, job.id)).status !== "undoing") return "done";
    onEvent({ name: "worker.waiting", jobId: job.id, reason: "the last chunks are in other hands" });
    await wait(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/**
 * Asks for chunk after chunk on some connections at a time; what stops one of them stops the others after their chunk, and
 * none is left running at the end.
 */
async function inLanes(
  lanes: number,
  isOver: () => boolean,
  work: () => Promise<UndoOutcome>,
  signal: AbortSignal | undefined,
): Promise<UndoOutcome[]> {
  let stopped = false;
  let tried = false;
  const results = await Promise.allSettled(
    Array.from({ length: lanes }, async (): Promise<UndoOutcome> => {
      try {
        for (;;) {
          // Planning may have taken the whole slice: a chunk is undone all the same.
          if (stopped || (tried && isOver())) return { kind: "waiting" };
          tried = true;
          const outcome = await work();
          signal?.throwIfAborted();
          if (outcome.kind === "undone") continue;
          if (outcome.kind !== "waiting") stopped = true;
          return outcome;
        }
      } catch (error) {
        stopped = true;
        throw error;
      }
    }),
  );
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

async function pause(database: Database, jobId: number, reason: Telling): Promise<void> {
  await changeJobs(database, {
    where: sql`j.id = ${jobId} and j.status = 'undoing'`,
    set: sql`status = 'paused', ${errorColumns(reason)}`,
    returning: sql`id`,
  });
}

/** Moves the job to undone if every chunk is; false when another worker did. */
async function complete(database: Database, jobId: number): Promise<boolean> {
  const sum = (column: string): Sql =>
    sql`(select coalesce(sum(${sql.id(column)}), 0) from sluice.import_chunks c where c.job_id = j.id)`;
  const moved = await changeJobs(database, {
    where: sql`j.id = ${jobId} and j.status = 'undoing'
      and not exists (select from sluice.import_chunks c where c.job_id = j.id and c.done_at is not null and c.undone_at is null)`,
    set: sql`status = 'undone', undone_at = now(), ${errorColumns(null)}, worker_id = null,
      undo_deleted = ${sum("undo_deleted")}, undo_restored = ${sum("undo_restored")}, undo_kept = ${sum("undo_kept")}`,
    returning: sql`id`,
  });
  return moved.length === 1;
}
