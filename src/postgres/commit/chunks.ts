/**
 * The chunks of a commit: planned from row numbers, claimed one by one, released or given up.
 */

import { removes } from "../../core/modes.ts";
import type { ChunkProgress } from "../../core/store/commits.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { terminateStalled } from "../connection/workers.ts";
import { removesFirst } from "../match/constraints.ts";
import { cutGroupsAtChunks } from "../match/cut-groups.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";

/** Rows of a chunk: about half a second of work, so that cancel, pause and a crash cost no more. */
export const defaultChunkRows = 20_000;

/** Deaths on one chunk after which the job fails and names its rows. */
export const maxAttempts = 5;

export interface Chunk {
  no: number;
  fromRow: number;
  toRow: number;
  attempts: number;
  rankBase: number;
  backendPid: number;
  /** Rows that it accounted for; 0 until it is done. */
  rows: number;
}

/** Whether it is the chunk of a mirror that has no rows and removes what the file does not name: its last one, or its first. */
export function isRemoval({ fromRow, toRow }: Pick<Chunk, "fromRow" | "toRow">): boolean {
  return fromRow === toRow;
}

/** Rows of the only chunk of a replace: all that a file may have. */
const allRows = 2 ** 31 - 1;

const chunkColumns = sql`chunk_no as no, from_row as "fromRow", to_row as "toRow", attempts, rank_base as "rankBase", backend_pid as "backendPid",
  created + updated + unchanged + skipped + invalid + failed as rows`;

/** What chunks are claimed for, and which of them are left to do. */
export type ChunkWork = "commit" | "undo";
const leftTo: Readonly<Record<ChunkWork, (chunk: string) => Sql>> = {
  commit: (chunk) => sql`${sql.id(chunk, "done_at")} is null`,
  undo: (chunk) => sql`${sql.id(chunk, "done_at")} is not null and ${sql.id(chunk, "undone_at")} is null`,
};

/** All chunks of a job, in the order of the file. */
export async function plannedChunks(session: Session, jobId: number): Promise<Chunk[]> {
  return session.query<Chunk>(
    sql`select ${chunkColumns} from sluice.import_chunks where job_id = ${jobId} order by chunk_no`,
  );
}

/**
 * Cuts the staged rows into chunks of `chunkRows`. Ranges derive from row numbers and from the size that the first plan
 * froze, so those that are done stay done.
 */
export async function planChunks(session: TargetSession, plan: Plan, chunkRows = defaultChunkRows): Promise<void> {
  const { job } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const asked = job.mode === "replace" ? allRows : chunkRows;
  const frozen = sql`coalesce(
    chunk_rows, (select max(to_row - from_row) from sluice.import_chunks where job_id = ${job.id}), ${asked})`;
  // A dry run freezes nothing: the import's row is not locked for as long as it takes, so that it can be cancelled meanwhile.
  const [{ rowsPerChunk }] = await session.query<{ rowsPerChunk: number }>(
    job.status === "ready"
      ? sql`select ${frozen} as "rowsPerChunk" from sluice.import_jobs where id = ${job.id}`
      : sql`update sluice.import_jobs set chunk_rows = ${frozen} where id = ${job.id} returning chunk_rows as "rowsPerChunk"`,
  );
  const size = sql.lit(rowsPerChunk);
  await session.query(sql`
    insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row)
    select ${job.id}, k, k * ${size}, (k + 1) * ${size}
    from (select generate_series(min(row_no) / ${size}, max(row_no) / ${size}) as k from ${rows} where row_no > 0) c
    where k is not null
    on conflict (job_id, chunk_no) do nothing
  `);
  if (removes(job.mode)) await planRemoval(session, plan, size);
  if (job.duplicates.strategy === "update") await reopenRanges(session, plan, size);
  if (job.assignment.mode === "round-robin") await planTurns(session, plan, size);
  // Chunks whose rows make several records are committed in their order, each row's records with its own chunk.
  if (plan.tables !== undefined && job.duplicates.strategy === "update")
    await cutGroupsAtChunks(session, plan, rowsPerChunk);
}

/** The number of a mirror's chunk that removes before the others. */
export const firstRemoval = -1;

/**
 * What is removed is removed by a chunk, though there be no rows: the only one of a replace, one of its own of a mirror. That is the last
 * one, so that an import which is cancelled has taken nothing away, but for values that its rows need.
 */
async function planRemoval(session: TargetSession, plan: Plan, size: Sql): Promise<void> {
  const { job } = plan;
  const isFirst = job.mode === "mirror" && (await removesFirst(session, plan));
  await session.query(
    job.mode === "replace"
      ? sql`
        insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row) values (${job.id}, 0, 0, ${size})
        on conflict (job_id, chunk_no) do nothing`
      : sql`
        insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row)
        select ${job.id}, ${isFirst ? sql.lit(firstRemoval) : sql`coalesce(max(chunk_no), -1) + 1`}, coalesce(max(to_row), 0), coalesce(max(to_row), 0)
        from sluice.import_chunks where job_id = ${job.id} having count(*) filter (where from_row = to_row) = 0`,
  );
}

/** Whether a mirror has removed what is absent. */
export async function hasRemoved(session: Session, jobId: number): Promise<boolean> {
  const [{ removed }] = await session.query<{ removed: boolean }>(sql`
    select exists (
      select from sluice.import_chunks where job_id = ${jobId} and from_row = to_row and done_at is not null
    ) as removed`);
  return removed;
}

/** Which of the owners' turns each chunk begins with, and how many it has. */
async function planTurns(session: Session, { job }: Plan, size: Sql): Promise<void> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  // What is done counts with what it created, what is not with what the match says it will.
  await session.query(sql`
    update sluice.import_chunks c set rank_base = r.rank_base, turns = r.n
    from (
      select k, n, coalesce(sum(n) over (order by k rows between unbounded preceding and 1 preceding), 0) as rank_base
      from (
        select k, sum(n) as n
        from (
          select row_no / ${size} as k, count(*) as n from ${rows} s
          where row_no > 0 and not exists (
            select from ${match} m where m.row_no = s.row_no and not (m.action = 'c' and m.root = m.row_no)
          )
          group by 1
          union all
          select from_row / ${size}, created from sluice.import_chunks where job_id = ${job.id} and done_at is not null
        ) counted
        group by k
      ) creates
    ) r
    where c.job_id = ${job.id} and c.from_row / ${size} = r.k and c.done_at is null
  `);
}

/**
 * Rows of a range that is done, left to the chunk of their group, whose group is another one in the present match (the
 * application has changed the record meanwhile): where no chunk is left that would write them, their range gets one more.
 */
async function reopenRanges(session: Session, { job }: Plan, size: Sql): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row)
    select ${job.id}, (select max(chunk_no) from sluice.import_chunks where job_id = ${job.id}) + row_number() over (order by k), k * ${size}, (k + 1) * ${size}
    from (
      select distinct coalesce(m.root, o.row_no) / ${size} as k
      from (select unnest(open_rows) as row_no from sluice.import_chunks where job_id = ${job.id} and done_at is not null) o
        left join ${match} m on m.row_no = o.row_no
      where m.action is distinct from 'd'
    ) left_over
    where not exists (
      select from sluice.import_chunks c where c.job_id = ${job.id} and c.from_row = k * ${size} and c.done_at is null
    )
  `);
}

/** Which chunks a commit takes: any that is free, the first one alone, or any but the one that removes, which is the last, or the first. */
export type CommitOrder = "any" | "file" | "removal_apart";

const turnOf: Readonly<Record<CommitOrder, (jobId: number) => Sql>> = {
  any: () => sql``,
  file: (jobId) => sql`and not exists (
          select from sluice.import_chunks l where l.job_id = ${jobId} and ${leftTo.commit("l")} and l.chunk_no < f.chunk_no)`,
  removal_apart: (jobId) => sql`and (f.chunk_no = ${sql.lit(firstRemoval)} or not exists (
          select from sluice.import_chunks l where l.job_id = ${jobId} and ${leftTo.commit("l")}
            and (l.chunk_no = ${sql.lit(firstRemoval)} or (f.from_row = f.to_row and l.from_row < l.to_row))))`,
};

/** A connection to Postgres as the server sees it; its number is used again, so its start belongs to it. */
export interface Backend {
  pid: number;
  start: string;
}

export async function backendOf(session: Session): Promise<Backend> {
  const [backend] = await session.query<Backend>(
    sql`select pid, backend_start::text as start from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return backend;
}

/**
 * Notes the backend's attempt on a chunk, or on the next one that nobody alive is at, in a transaction of its own: when
 * this process dies over it, the attempt stays counted. A chunk that is tried again by the same worker counts once. An undo
 * takes the last one first, and waits for those behind it where they were written in an order. `order`: what a commit waits for, see
 * `CommitOrder`.
 */
export async function attemptChunk(
  database: Database,
  jobId: number,
  backend: Backend,
  again: number | null,
  work: ChunkWork = "commit",
  order: CommitOrder = "any",
): Promise<Chunk | null> {
  const left = leftTo[work];
  const firstOnes = work === "commit" ? sql`f.chunk_no` : sql`f.done_at desc, f.chunk_no desc`;
  const inTurn =
    work === "commit"
      ? turnOf[order](jobId)
      : sql`and (not exists (select from sluice.import_jobs where id = ${jobId} and undo_in_order) or not exists (
          select from sluice.import_chunks l where l.job_id = ${jobId} and ${left("l")} and (l.done_at, l.chunk_no) > (f.done_at, f.chunk_no)))`;
  const next =
    again !== null
      ? sql`${again}`
      : sql`(
        select f.chunk_no from sluice.import_chunks f
        where f.job_id = ${jobId} and ${left("f")}
          and not exists (select from pg_stat_activity a where a.pid = f.backend_pid and a.backend_start = f.backend_start)
          ${inTurn}
        order by ${firstOnes} limit 1 for update skip locked
      )`;
  const attempt = sql<Chunk>`
    update sluice.import_chunks c set attempts = attempts + ${again === null ? 1 : 0},
      backend_pid = ${backend.pid}, backend_start = ${backend.start}::timestamptz
    where c.job_id = ${jobId} and c.chunk_no = ${next} and ${left("c")}
    returning ${chunkColumns}
  `;
  const [chunk] = await database.transaction((session) => session.query<Chunk>(attempt), {
    planning: "chunk",
    beside: true,
  });
  return chunk ?? null;
}

/** Takes the chunk's lock for the transaction; false when it is done, or another has it. */
export async function lockChunk(
  session: Session,
  jobId: number,
  no: number,
  work: ChunkWork = "commit",
): Promise<boolean> {
  const rows = await session.query(sql`
    select from sluice.import_chunks c where job_id = ${jobId} and chunk_no = ${no} and ${leftTo[work]("c")} for update skip locked
  `);
  return rows.length === 1;
}

/** An attempt that ended in order is no death. */
export async function releaseChunk(
  database: Database,
  jobId: number,
  chunk: Chunk,
  work: ChunkWork = "commit",
): Promise<void> {
  await database.change(sql`
    update sluice.import_chunks c set attempts = greatest(0, attempts - 1), backend_pid = null, backend_start = null
    where job_id = ${jobId} and chunk_no = ${chunk.no} and ${leftTo[work]("c")} and backend_pid = ${chunk.backendPid}
  `);
}

/**
 * Marks the chunk done, in its own transaction; returns its rows. A group is written whole by the chunk of its first row:
 * what this chunk so settled of others, and left of its own to others, is noted, for a match that is made again.
 */
export async function finishChunk(session: Session, plan: Plan, { no, fromRow, toRow }: Chunk): Promise<number> {
  const { job } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const outside = (column: "row_no" | "root", other: "row_no" | "root") => sql`(
    select array_agg(row_no) from ${match}
    where ${sql.id(other)} >= ${fromRow} and ${sql.id(other)} < ${toRow}
      and (${sql.id(column)} < ${fromRow} or ${sql.id(column)} >= ${toRow}) and action in ('u', 'c', 'g')
  )`;
  const groups =
    job.duplicates.strategy === "update" && plan.tables === undefined
      ? sql`, settled_rows = ${outside("row_no", "root")}, open_rows = ${outside("root", "row_no")}`
      : sql``;
  const [done] = await session.query<{ rows: number }>(sql`
    update sluice.import_chunks set done_at = clock_timestamp()${groups} where job_id = ${job.id} and chunk_no = ${no}
    returning created + updated + unchanged + skipped + invalid + failed as rows
  `);
  return done.rows;
}

/** Forgets the deaths, for a retry that a person asked for. */
export async function forgiveChunks(
  session: Session | Database,
  jobId: number,
  work: ChunkWork = "commit",
): Promise<void> {
  await session.change(
    sql`update sluice.import_chunks c set attempts = 0 where job_id = ${jobId} and ${leftTo[work]("c")}`,
  );
}

/** Ends the backends that hold undone chunks of the job without getting on. Returns their pids. */
export async function terminateStalledChunks(
  database: Database,
  jobId: number,
  work: ChunkWork = "commit",
): Promise<number[]> {
  const holders = await database.query<{ pid: number; start: Date }>(sql`
    select distinct backend_pid as pid, backend_start as start from sluice.import_chunks c
    where job_id = ${jobId} and ${leftTo[work]("c")} and backend_pid is not null
  `);
  const ended: number[] = [];
  for (const holder of holders) if (await terminateStalled(database, holder)) ended.push(holder.pid);
  return ended;
}

export async function chunkProgress(database: Database, jobId: number): Promise<ChunkProgress> {
  const progressOf = sql<ChunkProgress>`
    select count(c.chunk_no)::int as chunks, count(c.done_at)::int as done, j.valid_rows as "rowsTotal",
      coalesce(sum(c.created + c.updated + c.unchanged + c.skipped + c.invalid + c.failed) filter (where c.done_at is not null), 0)::int8 as "rowsDone"
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id
    where j.id = ${jobId} group by j.id
  `;
  const [progress] = await database.transaction((session) => session.query(progressOf), { planning: "chunk" });
  return progress ?? { chunks: 0, done: 0, rowsDone: 0, rowsTotal: 0 };
}
