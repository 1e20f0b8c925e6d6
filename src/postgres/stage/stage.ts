/**
 * The stage of a job: an unlogged table per job with a typed column per mapped field, filled by COPY batch by batch,
 * dropped after use. A marker row tells whether it survived: Postgres empties unlogged tables after a crash.
 */

import type { LostStage, StageColumn } from "../../core/store/stage-column.ts";
import type { StageBatch } from "../../core/store/store.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { terminateStalled } from "../connection/workers.ts";
import { addIssueCounts, moveCheckpoint } from "./checkpoint.ts";
import { addWarnings } from "./warnings.ts";

export interface StageTables {
  rows: Sql;
  match: Sql;
  lookup: Sql;
}

/** The names of a job's tables; `generation` goes up when the stage was lost. */
export function stageTables(jobId: number, generation: number): StageTables {
  const name = `job_${jobId}_${generation}`;
  return {
    rows: sql.id("sluice_stage", name),
    match: sql.id("sluice_stage", `${name}_match`),
    lookup: sql.id("sluice_stage", `${name}_lookup`),
  };
}

/** Row 0 is the marker. */
const markerRow = 0;

/** Makes the stage if it is not there. */
export async function createStage(
  database: Database,
  jobId: number,
  generation: number,
  columns: readonly StageColumn[],
): Promise<void> {
  const { rows } = stageTables(jobId, generation);
  await database.transaction(async (session) => {
    await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice stage', ${jobId}))`);
    const [{ there }] = await session.query<{ there: boolean }>(
      sql`select to_regclass(${`sluice_stage.job_${jobId}_${generation}`}) is not null as there`,
    );
    if (there) return;
    await session.query(sql`
      create unlogged table ${rows} (
        row_no integer not null,
        row_offset bigint not null${sql.join(
          columns.map(({ name, type }) => sql`, ${sql.id(name)} ${sql.raw(type)}`),
          sql``,
        )}
      ) with (autovacuum_enabled = false)
    `);
    await session.query(sql`insert into ${rows} (row_no, row_offset) values (${markerRow}, 0)`);
    // Rows lie in their order, so a block range index finds a chunk, and takes a page where a B-tree takes thousands.
    await session.query(
      sql`create index ${sql.id(`job_${jobId}_${generation}_row_no`)} on ${rows} using brin (row_no) with (pages_per_range = 16)`,
    );
  });
}

/**
 * Takes the pages that are new into the stage's index. Never while a COPY into the stage is under way: since Postgres 17 a
 * statement keeps the index's first look at its range map (`BrinInsertState`), and where this makes the map longer, every 21,760
 * pages, rows that the COPY adds to a range summarized here would be in the table and not in the index. Ranges that are not
 * summarized are always read.
 */
export async function indexNewRows(session: Session, jobId: number, generation: number): Promise<void> {
  await session.query(sql`select brin_summarize_new_values(${`sluice_stage.job_${jobId}_${generation}_row_no`})`);
}

/** Whether the stage still holds its rows. */
export async function stageIsIntact(session: Session | Database, jobId: number, generation: number): Promise<boolean> {
  const [{ there }] = await session.query<{ there: boolean }>(
    sql`select to_regclass(${`sluice_stage.job_${jobId}_${generation}`}) is not null as there`,
  );
  if (!there) return false;
  // The marker went in first and is never changed, so its place is known: one page is read, whatever the planner may use.
  const [marker] = await session.query(
    sql`select from ${stageTables(jobId, generation).rows} where ctid = '(0,1)' and row_no = ${markerRow}`,
  );
  return marker !== undefined;
}

/** How a batch goes in; every step is told, so that a test can die at each. */
export type BatchStep = "copied" | "rejects" | "checkpoint";

/**
 * One transaction: the batch's rows by COPY into the stage as they come, the invalid ones into `import_rows`, issue
 * counts, job counters, and the checkpoint by compare-and-set.
 */
export async function writeBatch(
  database: Database,
  job: { id: number; generation: number },
  columns: readonly StageColumn[],
  batch: StageBatch,
  onStep: (step: BatchStep, row: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { rows } = stageTables(job.id, job.generation);
  await database.transaction(
    async (session) => {
      const names = sql.join([sql.id("row_no"), sql.id("row_offset"), ...columns.map(({ name }) => sql.id(name))]);
      await copy(session, sql`copy ${rows} (${names}) from stdin with (null '')`, batch.rows);
      const end = await batch.end;
      const { row } = end.to;
      onStep("copied", row);
      if (end.rejects.length > 0) {
        const rejects = sql`copy sluice.import_rows (job_id, row_no, outcome, issues, cells, row_offset, typed_cells) from stdin`;
        await copy(session, rejects, [end.rejects]);
      }
      onStep("rejects", row);
      await addIssueCounts(session, job.id, -1, end.issueCounts);
      await addWarnings(session, job.id, end.warnings);
      await moveCheckpoint(session, job.id, { generation: job.generation, from: batch.from, ...end });
      if (!(await stageIsIntact(session, job.id, job.generation))) throw new StageLost(job.id, job.generation);
      onStep("checkpoint", row);
    },
    { signal, planning: "chunk" },
  );
}

/** The stage is empty or gone: Postgres crashed or failed over. The engine makes it again from the stored file. */
export class StageLost extends Error {
  readonly generation: number;

  constructor(jobId: number, generation: number) {
    super(`The staged rows of import ${jobId} are gone; they are read again from the stored file.`);
    this.name = "StageLost";
    this.generation = generation;
  }
}

/**
 * The lost stage that an error tells of: the marker was gone, or a table was (42P01), because another worker took the job
 * over and dropped it.
 */
export function lostStage(error: unknown): LostStage | null {
  if (error instanceof StageLost) return { generation: error.generation };
  const { code, message } = error as { code?: string; message?: string };
  const table = code === "42P01" ? /sluice_stage\.job_\d+_(\d+)/.exec(message ?? "") : null;
  return table === null ? null : { generation: Number(table[1]) };
}

/** COPYs the pieces as they come; when getting them fails, the COPY is undone. */
async function copy(
  session: Session,
  statement: Sql,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const stream = session.copyIn(statement);
  const done = new Promise<void>((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", reject);
  });
  // It is awaited below; until then a refusal in the middle is known.
  done.catch(() => {});
  try {
    for await (const piece of pieces) {
      if (stream.write(piece)) continue;
      await Promise.race([new Promise((resolve) => stream.once("drain", resolve)), done]);
    }
    stream.end();
  } catch (error) {
    stream.destroy(error as Error);
    await done.catch(() => {});
    throw error;
  }
  await done;
}

/** Enough to tell keys that are mostly blank from full ones; every step more costs the time to read 300 pages. */
const statisticsTarget = 30;
/** A lock on the stage is waited for this long before its holders are looked at. */
const stageLockTimeout = "2s";

/**
 * Makes the rows of a range quick to find and their statistics true; once, when the parse is through. A worker that was
 * stopped in the middle of a batch still holds the stage: no timeout of Postgres ends its COPY, so it is ended here.
 */
export async function indexStage(
  database: Database,
  jobId: number,
  generation: number,
  keys: readonly string[],
  { onTerminated, signal }: { onTerminated: (backendPid: number) => void; signal?: AbortSignal },
): Promise<void> {
  const { rows } = stageTables(jobId, generation);
  const names = ["row_no", ...keys].map((name) => sql.id(name));
  const makeIndex = async (session: Session): Promise<void> => {
    await session.query(sql`
      set local lock_timeout = ${sql.lit(stageLockTimeout)};
      set local default_statistics_target = ${sql.lit(statisticsTarget)}
    `);
    // Nobody else may still be in the middle of a batch.
    await session.query(sql`lock table ${rows} in share mode`);
    await indexNewRows(session, jobId, generation);
    await session.query(sql`analyze ${rows} (${sql.join(names)})`);
  };
  for (;;) {
    try {
      return await database.transaction(makeIndex, { signal });
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
      for (const pid of await terminateStageHolders(database, jobId, generation)) onTerminated(pid);
    }
  }
}

/**
 * Makes the stage's statistics true where they are far from what is known of it: made while it was empty, or lost in a
 * crash. For the caller's transaction; one that is rolled back takes them along, and the next asks again.
 */
export async function correctStatistics(
  session: Session,
  { id, stageGeneration, validRows }: { id: number; stageGeneration: number; validRows: number },
  keys: readonly string[],
): Promise<void> {
  const { rows } = stageTables(id, stageGeneration);
  const [{ believed }] = await session.query<{ believed: number }>(
    sql`select reltuples::float8 as believed from pg_class where oid = to_regclass(${`sluice_stage.job_${id}_${stageGeneration}`})`,
  );
  if (believed > validRows / 2 && believed < validRows * 2 + 10) return;
  await session.query(sql`analyze ${rows} (${sql.join(["row_no", ...keys].map((name) => sql.id(name)))})`);
}

/** Ends the backends that hold the stage and wait for a client that does not answer. */
async function terminateStageHolders(database: Database, jobId: number, generation: number): Promise<number[]> {
  const holders = await database.query<{ pid: number; start: Date }>(sql`
    select distinct a.pid, a.backend_start as start
    from pg_locks l join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
    where l.relation = to_regclass(${`sluice_stage.job_${jobId}_${generation}`}) and l.granted and l.pid <> pg_backend_pid()
  `);
  const ended: number[] = [];
  for (const holder of holders) if (await terminateStalled(database, holder)) ended.push(holder.pid);
  return ended;
}

/** On `import_jobs`: what is set when the file is read into a stage of the next generation; what was counted and edited stays. */
export const stagedAgain = sql`stage_generation = stage_generation + 1, matched_at = null, parsed_at = null, last_checkpoint = null,
  parse_attempts = 0, phase = 'parse'`;

/** Drops what a job staged. A worker that hangs on one of the tables does not hold it up: what is left, the sweeper takes. */
export async function dropStage(database: Database, jobId: number, generation: number): Promise<void> {
  const tables = stageTables(jobId, generation);
  await database
    .transaction(async (session) => {
      await session.query(sql`set local lock_timeout = '2s'`);
      const aside = await session.query<{ name: string }>(sql`
        select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'sluice_stage' and c.relname like ${`job\\_${jobId}\\_${generation}\\_key\\__`}
      `);
      for (const { name } of aside) await session.query(sql`drop table if exists ${sql.id("sluice_stage", name)}`);
      await session.query(sql`drop table if exists ${tables.rows}, ${tables.match}, ${tables.lookup}`);
    })
    .catch((error: { code?: string }) => {
      // A deadlock: with a dry run that wants its tables at the same moment.
      if (error.code !== "55P03" && error.code !== "40P01") throw error;
    });
}
