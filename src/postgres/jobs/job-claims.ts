/**
 * Who works on what: a worker claims a job, keeps its claim alive, releases it; and the jobs that need a worker and have none.
 */
import { type Telling, textOf } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Claim, Claims, LeftImport, Retry, Standing, UnattendedImport } from "../../core/store/claims.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { staleAfterSeconds, type Worker, workerIsAlive } from "../connection/workers.ts";
import { appendEvent, changeJobs } from "./events.ts";
import { errorColumns } from "./move-import.ts";
import { jobOptionColumns } from "./option-columns.ts";
import { getImport, jobColumns } from "./read-import.ts";

/** A queued job that no worker has taken after this long is told of again: the message may be lost. */
const forgottenAfterSeconds = 3;
/** How long no worker may be able to run an import before it says what it waits for. Longer than a rolling deploy with old and new workers. */
const leftForSeconds = 60;
/** Imports that were left to others, read at a time. */
const leftAtOnce = 100;
/** A commit with fewer chunks left is not worth another worker's connection. */
const chunksWorthSharing = 4;

/** Nobody who lives is at job `j`: its worker left, died, or has not said for long that it is still at it. */
const isFree = sql<boolean>`(j.worker_id is null or not ${workerIsAlive(sql.ref("j.worker_id"))}
  or coalesce(j.heartbeat_at, j.updated_at) < now() - ${sql.lit(staleAfterSeconds)} * interval '1 second')`;

export function postgresClaims(database: Database, worker: Worker): Claims {
  return {
    claim: (id) => claimImport(database, worker, id),
    countParseAttempt: (id) => countParseAttempt(database, id),
    leave: (id) => leaveImport(database, worker, id),
    retryLater: (id, failure) => retryLater(database, id, failure),
    unattended: () => unattended(database),
    standing: (id) => standing(database, id),
    async workers() {
      const [{ alive }] = await database.query<{ alive: number }>(
        sql`select count(*)::int as alive from sluice.workers w where ${workerIsAlive(sql.ref("w.id"))}`,
      );
      return alive;
    },
    shareable: () => shareable(database),
    leaveToOthers: (id) => leaveToOthers(database, id),
    leftToOthers: () => leftToOthers(database),
    tellWhoIsMissing: (id, reason) => tellWhoIsMissing(database, id, reason),
  };
}

/** Takes a job whose worker is gone, or that nobody has begun. A parse has one worker; a commit and an undo are shared. */
async function claimImport(database: Database, worker: Worker, id: number): Promise<Claim> {
  const [claimed] = await changeJobs<ImportJob>(database, {
    where: sql`j.id = ${id} and (
      (j.status = 'queued' and (j.retry_at is null or j.retry_at <= now()))
      or j.status in ('committing', 'undoing')
      or (j.status in ('parsing', 'ready') and (j.worker_id = ${worker.id} or ${isFree}))
    )`,
    set: sql`heartbeat_at = now(), left_at = null,
      error_message = case when left_at is null then error_message end, error_told = case when left_at is null then error_told end,
      status = case when status = 'queued' and phase = 'parse' then 'parsing' else status end,
      parse_started_at = case when phase = 'parse' then coalesce(parse_started_at, now()) else parse_started_at end,
      worker_id = case when status in ('committing', 'undoing') and not ${isFree} then worker_id else ${worker.id} end,
      -- Nobody was at it for a while, in which the application may have made records: what is left is matched again.
      matched_at = case
        when status = 'committing' and worker_id is distinct from ${worker.id} and not ${workerIsAlive(sql.ref("j.worker_id"))} then null
        else matched_at end`,
    returning: jobColumns,
  });
  if (claimed !== undefined) {
    worker.jobs.add(id);
    return { kind: "mine", job: claimed };
  }
  const job = await getImport(database, id);
  // What is paused, failed or finished is nobody's: the worker sees so by its status.
  const isHeld = ["queued", "parsing", "ready", "committing", "undoing"].includes(job.status);
  return isHeld ? { kind: "taken", job, byWorker: job.workerId ?? "nobody yet" } : { kind: "mine", job };
}

async function countParseAttempt(database: Database, id: number): Promise<number> {
  const [job] = await database.query<{ attempts: number }>(sql`
    update sluice.import_jobs set parse_attempts = parse_attempts + 1 where id = ${id} returning parse_attempts as attempts
  `);
  return job.attempts;
}

/** A commit keeps its worker's name, so that nothing is matched again while one that was at it lives. */
async function leaveImport(database: Database, worker: Worker, id: number): Promise<void> {
  if (!worker.jobs.delete(id)) return;
  await database.change(sql`
    update sluice.import_jobs set worker_id = null
    where id = ${id} and worker_id = ${worker.id} and status in ('queued', 'parsing')
  `);
}

/** Five seconds, then four times as long each time, with the default `firstSeconds`. */
const backoff = 4;

async function retryLater(
  database: Database,
  id: number,
  { reason, maxFailures, firstSeconds }: { reason: string | Telling; maxFailures: number; firstSeconds: number },
): Promise<Retry | null> {
  const wait = sql`${firstSeconds}::float8 * power(${sql.lit(backoff)}, j.failures)`;
  const [retry] = await changeJobs<Retry>(database, {
    where: sql`j.id = ${id} and j.status in ('queued', 'parsing', 'committing', 'undoing') and j.failures < ${maxFailures}`,
    set: sql`status = 'queued', worker_id = null, ${errorColumns(reason)}, failures = failures + 1,
      retry_at = now() + ${wait} * interval '1 second'`,
    data: { retry: true },
    returning: sql`failures, extract(epoch from retry_at - now())::float8 as "afterSeconds"`,
  });
  return retry ?? null;
}

/**
 * Those whose worker died are found at once, by its connection; those whose message got lost after a few seconds. What a
 * dry run wants is its command's business.
 */
function unattended(database: Database): Promise<UnattendedImport[]> {
  return database.query<UnattendedImport>(sql`
    select j.id, j.created_by as "createdBy", j.file_size as "fileSizeBytes", j.phase,
      j.status <> 'queued' and j.worker_id is not null and not ${workerIsAlive(sql.ref("j.worker_id"))} as "workerDied"
    from sluice.import_jobs j
    where not j.dry_run and j.left_at is null and (
      (j.status = 'queued' and greatest(j.updated_at, j.retry_at) < now() - ${forgottenAfterSeconds} * interval '1 second')
      or (j.status in ('parsing', 'committing', 'undoing') and ${isFree})
    )
    order by j.id
  `);
}

/** An import that wants a worker and has none: those that were left are looked for among these. */
const wantsWorker = sql`status in ('queued', 'parsing', 'committing', 'undoing')`;

/** This worker cannot do the import, and leaves it to one that can. It is no longer told of; who can, looks for it. */
async function leaveToOthers(database: Database, id: number): Promise<void> {
  await database.change(sql`
    update sluice.import_jobs set left_at = now() where id = ${id} and left_at is null and ${wantsWorker}
  `);
}

/** Once every chunk is done, the report of rejected rows is all that is left. */
async function standing(database: Database, id: number): Promise<Standing | null> {
  const [job] = await database.query<Standing>(sql`
    select case
        when j.phase = 'parse' then 'parse'
        when j.status = 'committing' and j.matched_at is not null and c.done = c.chunks then 'error-report'
        else 'commit' end as step,
      concat_ws(' ', j.status, j.phase, j.stage_generation, j.last_checkpoint, j.matched_at, c.chunks, c.done, c.undone,
        j.error_report_path, j.failures) as mark,
      j.status = 'committing' and j.matched_at is not null and not j.dry_run
        and c.chunks - c.done >= ${sql.lit(chunksWorthSharing)} as "isShareable"
    from sluice.import_jobs j, lateral (
      select count(*) as chunks, count(done_at) as done, count(undone_at) as undone
      from sluice.import_chunks where job_id = j.id
    ) c
    where j.id = ${id}
  `);
  return job ?? null;
}

/** Imports that were left to others, the oldest first. All of them: whoever can do the last one is not kept from it by the others. */
async function* leftToOthers(database: Database): AsyncGenerator<LeftImport> {
  for (let after = 0, isMore = true; isMore; ) {
    const page = await database.query<LeftImport>(sql`
      select id, importer, phase, error_message as "errorMessage", column_mapping as mapping, ${jobOptionColumns},
        left_at < now() - ${sql.lit(leftForSeconds)} * interval '1 second' as "isLong"
      from sluice.import_jobs
      where left_at is not null and ${wantsWorker} and (retry_at is null or retry_at <= now()) and id > ${after}
      order by id limit ${leftAtOnce}
    `);
    yield* page;
    isMore = page.length === leftAtOnce;
    after = page.at(-1)?.id ?? after;
  }
}

/** Says on an import that was left for long who it waits for. */
async function tellWhoIsMissing(database: Database, id: number, reason: Telling): Promise<void> {
  await database.transaction(async (session) => {
    const told = await session.change(sql`
      update sluice.import_jobs set updated_at = now(), ${errorColumns(reason)}
      where id = ${id} and left_at is not null and ${wantsWorker} and error_message is distinct from ${textOf(reason)}::text
    `);
    if (told === 1) await appendEvent(session, id, "import.left");
  });
}

async function shareable(database: Database): Promise<number[]> {
  const jobs = await database.query<{ id: number }>(sql`
    select j.id from sluice.import_jobs j join sluice.import_chunks c on c.job_id = j.id and c.done_at is null
    where j.status = 'committing' and j.matched_at is not null and not j.dry_run
    group by j.id having count(*) >= ${chunksWorthSharing} order by count(*) desc
  `);
  return jobs.map(({ id }) => id);
}
