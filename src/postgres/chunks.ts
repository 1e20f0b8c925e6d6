/**
 * The chunks of a commit: planned from row numbers, claimed one by one, released or given up.
 */
import type { ChunkProgress } from "../store.ts";
import { type Database, type Session, sql } from "./connect.ts";
import type { Plan } from "./match.ts";
import { stageTables } from "./stage.ts";
import { terminateStalled } from "./workers.ts";

/** Rows of a chunk: about half a second of work, so that cancel, pause and a crash cost no more. */
export const chunkRows = 20_000;

/** Deaths on one chunk after which the job fails and names its rows. */
export const maxAttempts = 5;

export interface Chunk {
  no: number;
  fromRow: number;
  toRow: number;
  attempts: number;
  rankBase: number;
}

const chunkColumns = sql`chunk_no as no, from_row as "fromRow", to_row as "toRow", attempts, rank_base as "rankBase"`;

/** Cuts the staged rows into chunks. Ranges derive from row numbers alone, so those that are done stay done. */
export async function planChunks(session: Session, plan: Plan): Promise<void> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row)
    select ${job.id}, k, k * ${sql.lit(chunkRows)}, (k + 1) * ${sql.lit(chunkRows)}
    from (
      select generate_series(min(row_no) / ${sql.lit(chunkRows)}, max(row_no) / ${sql.lit(chunkRows)}) as k from ${rows} where row_no > 0
    ) c
    where k is not null
    on conflict (job_id, chunk_no) do nothing
  `);
  if (job.assignment.mode !== "round-robin") return;
  await session.query(sql`
    update sluice.import_chunks c set rank_base = r.rank_base
    from (
      select k, coalesce(sum(n) over (order by k rows between unbounded preceding and 1 preceding), 0) as rank_base
      from (
        select row_no / ${sql.lit(chunkRows)} as k, count(*) as n from ${rows} s
        where row_no > 0 and not exists (
          select from ${match} m where m.row_no = s.row_no and not (m.action = 'c' and m.root = m.row_no)
        )
        group by 1
      ) creates
    ) r
    where c.job_id = ${job.id} and c.chunk_no = r.k and c.done_at is null
  `);
}

/**
 * Notes an attempt on the next chunk that nobody alive is at, in a transaction of its own: when this process dies over
 * it, the attempt stays counted.
 */
export async function attemptChunk(session: Session, jobId: number): Promise<Chunk | null> {
  const [chunk] = await session.query<Chunk>(sql`
    update sluice.import_chunks c set attempts = attempts + 1, backend_pid = me.pid, backend_start = me.backend_start
    from (select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()) me
    where c.job_id = ${jobId} and c.chunk_no = (
      select f.chunk_no from sluice.import_chunks f
      where f.job_id = ${jobId} and f.done_at is null and not exists (
        select from pg_stat_activity a
        where a.pid = f.backend_pid and a.backend_start = f.backend_start and a.pid <> pg_backend_pid()
      )
      order by f.chunk_no limit 1 for update skip locked
    )
    returning ${chunkColumns}
  `);
  return chunk ?? null;
}

/** Takes the chunk's lock for the transaction; false when it is done, or another has it. */
export async function lockChunk(session: Session, jobId: number, no: number): Promise<boolean> {
  const rows = await session.query(sql`
    select from sluice.import_chunks where job_id = ${jobId} and chunk_no = ${no} and done_at is null for update skip locked
  `);
  return rows.length === 1;
}

/** An attempt that ended in order is no death. */
export async function releaseChunk(database: Database, jobId: number, no: number): Promise<void> {
  await database.change(sql`
    update sluice.import_chunks set attempts = greatest(0, attempts - 1), backend_pid = null, backend_start = null
    where job_id = ${jobId} and chunk_no = ${no} and done_at is null
  `);
}

/** Forgets the deaths, for a retry that a person asked for. */
export async function forgiveChunks(session: Session | Database, jobId: number): Promise<void> {
  await session.change(sql`update sluice.import_chunks set attempts = 0 where job_id = ${jobId} and done_at is null`);
}

/** Ends the backends that hold undone chunks of the job without getting on. Returns their pids. */
export async function terminateStalledChunks(database: Database, jobId: number): Promise<number[]> {
  const holders = await database.query<{ pid: number; start: Date }>(sql`
    select distinct backend_pid as pid, backend_start as start from sluice.import_chunks
    where job_id = ${jobId} and done_at is null and backend_pid is not null
  `);
  const ended: number[] = [];
  for (const holder of holders) if (await terminateStalled(database, holder)) ended.push(holder.pid);
  return ended;
}

export async function chunkProgress(database: Database, jobId: number): Promise<ChunkProgress> {
  const [progress] = await database.query<ChunkProgress>(sql`
    select count(*)::int as chunks, count(c.done_at)::int as done, j.valid_rows as "rowsTotal",
      coalesce(sum(c.created + c.updated + c.unchanged + c.skipped + c.invalid + c.failed) filter (where c.done_at is not null), 0)::int8 as "rowsDone"
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id
    where j.id = ${jobId} group by j.id
  `);
  return progress ?? { chunks: 0, done: 0, rowsDone: 0, rowsTotal: 0 };
}
