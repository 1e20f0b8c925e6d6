/**
 * The stage of a job: an unlogged table per job with a typed column per mapped field, filled by COPY batch by batch,
 * dropped after use. A marker row tells whether it survived: Postgres empties unlogged tables after a crash.
 */
import type { LostStage, StageBatch, StageColumn } from "../store.ts";
import { type Database, type Session, type Sql, sql } from "./connect.ts";
import { addIssueCounts, moveCheckpoint } from "./imports.ts";
import { terminateStalled } from "./workers.ts";

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
  });
}

/** Whether the stage still holds its rows. */
export async function stageIsIntact(session: Session | Database, jobId: number, generation: number): Promise<boolean> {
  const [{ there }] = await session.query<{ there: boolean }>(
    sql`select to_regclass(${`sluice_stage.job_${jobId}_${generation}`}) is not null as there`,
  );
  if (!there) return false;
  // The marker went in first, so it is the first that a scan finds.
  const [marker] = await session.query(
    sql`select from ${stageTables(jobId, generation).rows} where row_no = ${markerRow} limit 1`,
  );
  return marker !== undefined;
}

/** How a batch goes in; every step is told, so that a test can die at each. */
export type BatchStep = "copied" | "rejects" | "checkpoint";

/**
 * One transaction: the batch's rows by COPY into the stage, the invalid ones into `import_rows`, issue counts, job
 * counters, and the checkpoint by compare-and-set.
 */
export async function writeBatch(
  database: Database,
  job: { id: number; generation: number },
  columns: readonly StageColumn[],
  batch: StageBatch,
  onStep: (step: BatchStep) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { rows } = stageTables(job.id, job.generation);
  await database.transaction(
    async (session) => {
      if (batch.rows.length > 0) {
        const names = sql.join([sql.id("row_no"), sql.id("row_offset"), ...columns.map(({ name }) => sql.id(name))]);
        await copy(session, sql`copy ${rows} (${names}) from stdin`, batch.rows);
      }
      onStep("copied");
      if (batch.rejects.length > 0) {
        await copy(
          session,
          sql`copy sluice.import_rows (job_id, row_no, outcome, issues, cells) from stdin`,
          batch.rejects,
        );
      }
      onStep("rejects");
      await addIssueCounts(session, job.id, -1, batch.issueCounts);
      await moveCheckpoint(session, job.id, batch);
      if (!(await stageIsIntact(session, job.id, job.generation))) throw new StageLost(job.id, job.generation);
      onStep("checkpoint");
    },
    { signal },
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

async function copy(session: Session, statement: Sql, bytes: Uint8Array): Promise<void> {
  const stream = session.copyIn(statement);
  await new Promise<void>((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", reject);
    // Pieces that the socket takes at once keep the server busy while the next ones are on their way.
    const piece = 256 * 1024;
    let at = 0;
    const send = (): void => {
      while (at < bytes.length) {
        const next = bytes.subarray(at, at + piece);
        at += next.length;
        if (!stream.write(next) && at < bytes.length) {
          stream.once("drain", send);
          return;
        }
      }
      stream.end();
    };
    send();
  });
}

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
  const index = sql.id(`job_${jobId}_${generation}_row_no`);
  const names = ["row_no", ...keys].map((name) => sql.id(name));
  const makeIndex = async (session: Session): Promise<void> => {
    await session.query(sql`set local lock_timeout = ${sql.lit(stageLockTimeout)}`);
    // Rows lie in their order, so a block range index finds a chunk, and takes a page where a B-tree takes thousands.
    await session.query(
      sql`create index if not exists ${index} on ${rows} using brin (row_no) with (pages_per_range = 16)`,
    );
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
      if (error.code !== "55P03") throw error;
    });
}
