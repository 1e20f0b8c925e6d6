/**
 * The timelines in `sluice.import_events`: a change of status and its event are one statement, and whoever listens is told
 * when it is committed.
 */
import type { Actor, Change, ImportEvent, Progress } from "../../core/events.ts";
import type { Database } from "../connection/connect.ts";
import type { Session, Sql } from "../connection/session.ts";
import { sql } from "../connection/session.ts";
import { eventsToSinks } from "../outbox/written.ts";

/** The channel on which processes tell one another what is new. The payload is a Change as JSON. */
export const changesChannel = "sluice";

/** Postgres refuses payloads of 8000 bytes and more (manual, NOTIFY); a longer event is read by whoever wants it. */
const maxPayloadBytes = 7500;

const eventColumns = sql`id, job_id as "jobId", name, at, actor, data`;

/** Tells of the rows of the CTE `events`; put its result where it is read, else it is not run. */
const tell = sql`select pg_notify(${changesChannel}, case when octet_length(p) < ${sql.lit(maxPayloadBytes)} then p
    else json_build_object('jobId', job_id, 'eventId', id)::text end)
  from (
    select id, job_id, json_build_object('jobId', job_id, 'event',
      json_build_object('id', id, 'jobId', job_id, 'name', name, 'at', at, 'actor', actor, 'data', data))::text as p
    from events
  ) e`;

/** An update of jobs that may change their status. */
export interface JobsUpdate {
  /** On `j`, the job as it is. */
  where: Sql;
  /** Assignments. */
  set: Sql;
  actor?: Actor;
  /** Goes into the event's data, beside `from` and `phase`. */
  data?: Record<string, unknown>;
  /** Columns to return of each job that was changed. */
  returning: Sql;
}

/**
 * Changes jobs, and writes an event for each whose status changed with it, and the messages to the sinks that want it: in one
 * statement, so that no status is without its event. The event's id is drawn while the job's row is locked: ids of one job go up as its statuses do.
 */
export function changeJobs<Row>(session: Session | Database, update: JobsUpdate): Promise<Row[]> {
  return session.query<Row>(sql`
    with held as (
      select j.id, j.status as was from sluice.import_jobs j where ${update.where} for update
    ), moved as (
      update sluice.import_jobs j set updated_at = now(), ${update.set} from held where j.id = held.id returning j.*, held.was
    ), events as (
      insert into sluice.import_events (job_id, name, actor, data)
      select id, 'import.' || status, ${update.actor ?? null}::text,
        jsonb_build_object('from', was, 'phase', phase) || ${JSON.stringify(update.data ?? {})}::jsonb
      from moved where status <> was
      returning *
    ), outboxed as (${eventsToSinks(sql`moved`)}), told as (${tell})
    select ${update.returning} from moved where (select count(*) from told) >= 0
  `);
}

/** Adds an event, and the messages to the sinks that want it, in the session's transaction. */
export async function appendEvent(
  session: Session | Database,
  jobId: number,
  name: string,
  { actor = null, data = {} }: { actor?: Actor; data?: Record<string, unknown> } = {},
): Promise<ImportEvent> {
  const [event] = await session.query<ImportEvent>(sql`
    with held as (
      -- Behind a change of status that is under way, so that the ids keep the order of what happened.
      select id from sluice.import_jobs where id = ${jobId} for no key update
    ), events as (
      insert into sluice.import_events (job_id, name, actor, data)
      select id, ${name}::text, ${actor}::text, ${JSON.stringify(data)}::jsonb from held
      returning *
    ), outboxed as (${eventsToSinks(sql`sluice.import_jobs`)}), told as (${tell})
    select ${eventColumns} from events where (select count(*) from told) >= 0
  `);
  return event;
}

/** Tells of a change that leaves no event behind: progress, or the end of a job. */
export async function tellChange(session: Session | Database, change: Change): Promise<void> {
  await session.query(sql`select pg_notify(${changesChannel}, ${JSON.stringify(change)}::text)`);
}

/** The events of an import after one, in their order. */
export function listEvents(database: Database, jobId: number, afterId: number, limit: number): Promise<ImportEvent[]> {
  return database.query<ImportEvent>(sql`
    select ${eventColumns}, (select u.name from sluice.users u where u.id = actor) as "actorName"
    from sluice.import_events where job_id = ${jobId} and id > ${afterId} order by id limit ${limit}
  `);
}

/** A payload of the channel as a Change; null for what no Sluice of this version wrote. */
export function readChange(payload: string): (Change & { eventId?: number }) | null {
  try {
    const change = JSON.parse(payload) as Change & { eventId?: number };
    if (typeof change.jobId !== "number") return null;
    if (change.event !== undefined) change.event.at = new Date(change.event.at);
    return change;
  } catch {
    return null;
  }
}

/** The events after an id, of all jobs; those that were committed late among them, for the reader to tell apart. */
export function recentEvents(database: Database, afterId: number): Promise<ImportEvent[]> {
  // A transaction may commit an id after a higher one was seen: the last seconds are looked through again.
  return database.query<ImportEvent>(sql`
    select ${eventColumns} from sluice.import_events
    where id > ${afterId - 2000} and (id > ${afterId} or at > clock_timestamp() - interval '15 seconds')
    order by id limit 5000
  `);
}

export async function newestEventId(database: Database): Promise<number> {
  const [{ id }] = await database.query<{ id: number }>(
    sql`select coalesce(max(id), 0)::int8 as id from sluice.import_events`,
  );
  return id;
}

/** The progress written since a moment, and the database's present moment. */
export async function recentProgress(
  database: Database,
  since: string | null,
): Promise<{ now: string; changes: { jobId: number; progress: Progress }[] }> {
  const [{ now }] = await database.query<{ now: string }>(sql`select clock_timestamp()::text as now`);
  const changes = await database.query<{ jobId: number; progress: Progress }>(sql`
    select id as "jobId", progress from sluice.import_jobs where progress_at > ${since ?? now}::timestamptz
  `);
  return { now, changes };
}
