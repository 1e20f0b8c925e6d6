/**
 * The outbox on Postgres: messages are claimed with the worker's name and a limit of time, so that no transaction is open while
 * they are delivered, and free again at once when the worker dies.
 */
import { type BoundRecordSink, isRecordSink } from "../../core/bound-sink.ts";
import type { Sink } from "../../core/sink.ts";
import { storableText } from "../../core/storable.ts";
import type { ClaimedMessage, DueSink, Outbox, SinkStanding } from "../../core/store/outbox.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { isHeld, type Worker } from "../connection/workers.ts";
import { forgetDeliveries } from "../webhooks/deliveries.ts";
import { postgresAlerts } from "./alerts.ts";
import { postgresRecordOutbox, recordsWait, retryRefused } from "./record-outbox.ts";

/** A claim outlives its delivery, which is given half of it. */
const claimSeconds = 60;
/** The longest wait between two attempts. */
const longestSeconds = 3600;
/** Delivered messages are kept for this long, to be looked at; given up ones for longer. */
const keepDeliveredDays = 7;
const keepDeadDays = 30;
/** A sink that no process has had for this long is forgotten, with its messages. */
const forgetSinkDays = 30;

/** Of each import of a sink the oldest message that is not delivered, and whether it can be now: the others wait for it. */
const heads = (names: Sql): Sql => sql`
  select distinct on (o.sink, o.job_id) o.sink, o.job_id, o.attempts, o.next_at, h.is_held, o.next_at <= now() and not h.is_held as is_due
  from sluice.outbox o join sluice.sinks s on s.name = o.sink and s.importer is null
    cross join lateral (select ${isHeld(sql`o.claimed_by`, sql`o.claimed_until`)} as is_held) h
  where o.done_at is null and o.sink = any (${names}) order by o.sink, o.job_id, o.id`;

/** What of a sink is kept in its row. */
function registered(sink: Sink | BoundRecordSink) {
  const { name, topics } = sink;
  const bound = isRecordSink(sink) ? { importer: sink.importer.name, record: sink.record } : {};
  return { name, topics, importer: null, record: null, ...bound };
}

export function postgresOutbox(database: Database, worker: Worker): Outbox {
  return {
    records: postgresRecordOutbox(database, worker),
    alerts: postgresAlerts(database),
    async register(sinks) {
      if (sinks.length === 0) return;
      await database.change(sql`
        insert into sluice.sinks as s (name, topics, importer, record)
        select name, array(select jsonb_array_elements_text(topics)), importer, record
        from jsonb_to_recordset(${JSON.stringify(sinks.map(registered))}::jsonb) as asked (name text, topics jsonb, importer text, record text)
        on conflict (name) do update set topics = excluded.topics, importer = excluded.importer, record = excluded.record, seen_at = now()
      `);
    },
    async due(names) {
      if (names.length === 0) return [];
      return database.query<DueSink>(sql`
        select sink, greatest(0, extract(epoch from min(next_at) - now()))::float8 as "inSeconds" from (
          select sink, next_at from (${heads(sql`${[...names]}::text[]`)}) h where not is_held
          union all
          select s.name, s.next_at from sluice.sinks s where s.name = any (${[...names]}::text[]) and ${recordsWait}
        ) waiting
        group by sink
      `);
    },
    claim: (name, most) => database.transaction((session) => claim(session, worker, name, most)),
    async delivered(messages) {
      await database.change(sql`
        update sluice.outbox set done_at = now(), error = null, claimed_by = null, claimed_until = null
        where id = any (${messages.map(({ id }) => id)}) and done_at is null
      `);
    },
    async failed(messages, reason, { attempts, firstSeconds }) {
      const waitSeconds = sql`least(${longestSeconds}::float8, ${firstSeconds}::float8 * power(4, attempts - 1))`;
      const [{ dead }] = await database.query<{ dead: number }>(sql`
        with failed as (
          update sluice.outbox set error = ${storableText(reason)}, claimed_by = null, claimed_until = null,
            next_at = now() + ${waitSeconds} * interval '1 second',
            is_dead = attempts >= ${attempts}, done_at = case when attempts >= ${attempts} then now() end
          where id = any (${messages.map(({ id }) => id)}) and done_at is null and claimed_by = ${worker.id}
          returning is_dead
        )
        select count(*) filter (where is_dead)::int as dead from failed
      `);
      return dead;
    },
    standing: () =>
      database.query<SinkStanding>(sql`
        select s.name, s.topics, s.importer, count(o.id) filter (where not o.is_dead)::int as waiting,
          case when s.stopped_at is not null then 'stopped' when s.next_at > now() or count(o.id) filter (where o.error is not null and not o.is_dead) > 0
            then 'retrying' else 'working' end as state,
          (count(o.id) filter (where o.is_dead) + (select count(*) from sluice.sink_refusals r where r.sink = s.name))::int as dead,
          coalesce(extract(epoch from now() - min(o.created_at) filter (where not o.is_dead)), 0)::float8 as "oldestSeconds",
          coalesce(s.error, (array_agg(o.error order by o.id desc) filter (where o.error is not null))[1]) as error,
          case when s.rebuild is not null then jsonb_build_object('phase', s.rebuild -> 'phase', 'loaded', s.rebuild -> 'loaded',
            'total', s.rebuild -> 'total', 'startedAt', s.rebuild -> 'startedAt') end as rebuild
        from sluice.sinks s left join sluice.outbox o on o.sink = s.name and (o.done_at is null or o.is_dead)
        group by s.name order by s.name
      `),
    async redrive() {
      const messages = await database.change(sql`
        update sluice.outbox set is_dead = false, done_at = null, attempts = 0, next_at = now() where is_dead
      `);
      return messages + (await retryRefused(database, null));
    },
  };
}

/** One worker claims at a time, so that no other takes the second message of an import whose first is being claimed. */
async function claim(session: Session, worker: Worker, name: string, most: number): Promise<ClaimedMessage[]> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice sink ' || ${name}::text, 0))`);
  const claimed = await session.query<ClaimedMessage>(sql`
    with heads as materialized (${heads(sql`array[${name}]::text[]`)}),
    -- The import that has waited longest decides how many are tried together; others come along that failed as often.
    leader as (select attempts from heads where is_due order by next_at, job_id limit 1),
    due as (select h.job_id from heads h join leader using (attempts) where h.is_due),
    picked as (
      select o.id from sluice.outbox o join due using (job_id)
      where o.sink = ${name} and o.done_at is null
      order by o.id limit (select greatest(1, ${most}::int >> least(attempts, 30)) from leader)
      for update of o skip locked
    )
    update sluice.outbox o set attempts = attempts + 1, claimed_by = ${worker.id}, claimed_until = now() + ${claimSeconds} * interval '1 second'
    from picked where o.id = picked.id
    returning o.id, o.key, o.topic, (o.payload ->> 'at')::timestamptz as at, greatest(o.job_id, 0) as "importId", o.payload ->> 'importer' as importer,
      o.payload ->> 'fileName' as "fileName", o.payload ->> 'target' as target, o.payload -> 'context' as context,
      o.payload ->> 'user' as "user", o.attempts as attempt, o.payload -> 'data' as data
  `);
  return claimed.sort((a, b) => a.id - b.id);
}

/** What was delivered long ago goes, and sinks that nobody has had for long. */
export async function forgetDelivered(session: Session | Database): Promise<void> {
  await session.change(sql`
    delete from sluice.outbox where not replays and done_at < now() - case when is_dead then ${sql.lit(keepDeadDays)} else ${sql.lit(keepDeliveredDays)} end * interval '1 day'
  `);
  await forgetDeliveries(session, { deliveredDays: keepDeliveredDays, deadDays: keepDeadDays });
  await session.change(sql`
    delete from sluice.sinks where seen_at < now() - ${sql.lit(forgetSinkDays)} * interval '1 day'
  `);
}
