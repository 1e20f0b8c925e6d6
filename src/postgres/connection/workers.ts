/**
 * Workers and their heartbeats: who is at work on a job, whether it still lives, and the end of one that only holds on
 * to its locks.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type Database, isConnectionLoss } from "./connect.ts";
import { type Sql, sql } from "./session.ts";

export const heartbeatMs = 2000;
/** Without a heartbeat or progress for this long, a worker counts as dead or stuck. */
export const staleAfterSeconds = 10;

/** Stands for the backend of a worker behind a pooler: that one says nothing of the worker, only its heartbeat does. */
export const pooled = 0;

export interface Worker {
  readonly id: string;
  /** The jobs it is at: its heartbeat says so of each. */
  readonly jobs: Set<number>;
  /** Ends the heartbeat and takes the worker off the list. */
  stop(): Promise<void>;
}

/** Enters this process as a worker and keeps its heartbeat. */
export async function startWorker(database: Database): Promise<Worker> {
  const id = randomUUID();
  const jobs = new Set<number>();
  const beat = async (): Promise<void> => {
    await database.session((session) =>
      session.change(sql`
        insert into sluice.workers (id, host, process_id, backend_pid, backend_start)
        select ${id}, ${hostname()}, ${process.pid}, case when pid = ${session.toldPid}::integer then pid else ${sql.lit(pooled)} end, backend_start
        from pg_stat_activity where pid = pg_backend_pid()
        on conflict (id) do update set heartbeat_at = now(), backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
      `),
    );
    if (jobs.size === 0) return;
    // A row that is being changed is left alone: whoever changes it is alive.
    await database.change(sql`
      update sluice.import_jobs set heartbeat_at = now()
      where id in (select id from sluice.import_jobs where id = any (${[...jobs]}) for no key update skip locked)
    `);
  };
  await beat();
  let last: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // A database that is away for a moment is noticed by the work itself.
    last = beat().catch(() => {});
  }, heartbeatMs);
  timer.unref();
  return {
    id,
    jobs,
    async stop() {
      clearInterval(timer);
      await last;
      await database
        .change(sql`delete from sluice.workers where id = ${id} or heartbeat_at < now() - interval '1 day'`)
        .catch((error) => {
          if (!isConnectionLoss(error)) throw error;
        });
    },
  };
}

/** For a process that never takes a job: it has no heartbeat, and nobody waits for it. */
export function noWorker(): Worker {
  return { id: "none", jobs: new Set(), stop: async () => {} };
}

/**
 * True for a worker whose heartbeat is fresh and whose database session still stands: a killed process is noticed at
 * once, a stopped or cut-off one after ten seconds, and so is a killed one behind a pooler. Its tables have names that no
 * statement around it uses: `workerId` would mean the inner one.
 */
export const workerIsAlive = (workerId: Sql) => sql<boolean>`exists (
  select from sluice.workers lw left join pg_stat_activity la on la.pid = lw.backend_pid and la.backend_start = lw.backend_start
  where lw.id = ${workerId} and lw.heartbeat_at > now() - ${staleAfterSeconds} * interval '1 second'
    and (la.pid is not null or lw.backend_pid = ${sql.lit(pooled)})
)`;

/** True of what a worker has taken until a moment: it is free before that once the worker is dead. */
export const isHeld = (workerId: Sql, until: Sql) =>
  sql<boolean>`coalesce(${until} > now() and ${workerIsAlive(workerId)}, false)`;

/**
 * Ends a backend that has waited for its client for ten seconds while it holds a chunk: its worker is stopped or cut
 * off, and no timeout of Postgres ends a COPY that waits for its client. Returns whether it was ended.
 */
export async function terminateStalled(database: Database, backend: { pid: number; start: Date }): Promise<boolean> {
  const rows = await database.query<{ ended: boolean }>(sql`
    select pg_terminate_backend(pid) as ended from pg_stat_activity
    where pid = ${backend.pid} and date_trunc('milliseconds', backend_start) = date_trunc('milliseconds', ${backend.start}::timestamptz)
      and (wait_event_type = 'Client' or state = 'idle in transaction' or state = 'idle in transaction (aborted)')
      and greatest(state_change, query_start) < now() - ${staleAfterSeconds} * interval '1 second'
  `);
  return rows[0]?.ended ?? false;
}
