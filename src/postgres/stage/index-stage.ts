/** What makes a full stage quick to read: its index, and statistics that are true. */
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { terminateStalled } from "../connection/workers.ts";
import { indexNewRows, stageTables } from "./stage.ts";

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
