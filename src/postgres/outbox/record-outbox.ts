/**
 * The outbox of record sinks on Postgres. A sink has one worker at a time, whose turn is a limit of time on its row; every note of
 * where it has got to asks for the turn again, so that a worker that was stopped and comes back late changes nothing.
 */
import type { BoundRecordSink } from "../../core/bound-sink.ts";
import { SluiceError, told } from "../../core/errors.ts";
import { storableText } from "../../core/storable.ts";
import type {
  Progressed,
  RebuildState,
  RecordOutbox,
  SetAside,
  SinkRun,
  TakenMessage,
} from "../../core/store/record-outbox.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, type Sql, sql } from "../connection/session.ts";
import { isHeld, type Worker } from "../connection/workers.ts";
import { sinkRecords } from "./sink-records.ts";

/** A turn outlives its longest delivery, which is a minute. */
const turnSeconds = 120;
/** Messages that are taken together at most, and bytes of them as they are stored. */
const takenMessages = 100;
const takenBytes = 30_000;

/** Characters of what a sink says that are kept. */
const mostReason = 2000;

/** What a sink says as Postgres takes it. */
function kept(reason: string): string {
  return storableText(reason.slice(0, mostReason));
}

/** Whether a record sink `s` has something to do that nobody is at, now or from its `next_at` on. */
export const recordsWait: Sql = sql`(
  s.importer is not null and s.stopped_at is null and not ${isHeld(sql`s.turn_by`, sql`s.turn_until`)}
  and (s.rebuild is not null or s.pending is not null or exists (select from sluice.outbox o where o.sink = s.name and o.done_at is null)))`;

export function postgresRecordOutbox(database: Database, worker: Worker): RecordOutbox {
  /** What changes of the sink whose turn this worker has. */
  const inTurn = (name: string, sets: Sql, and = sql``): Promise<boolean> =>
    database
      .change(sql`
        update sluice.sinks set ${sets} where name = ${name} and turn_by = ${worker.id} and turn_until > now() ${and}
      `)
      .then((rows) => rows === 1);
  return {
    ...sinkRecords(database),
    async turn(name) {
      const [turn] = await database.query<Awaited<ReturnType<RecordOutbox["turn"]>>>(sql`
        update sluice.sinks s set turn_by = ${worker.id}, turn_until = now() + ${turnSeconds} * interval '1 second'
        where s.name = ${name} and s.next_at <= now() and ${recordsWait}
        returning s.attempts, s.pending
      `);
      return turn ?? null;
    },
    prolong: (name) => inTurn(name, sql`turn_until = now() + ${turnSeconds} * interval '1 second'`),
    release: async (name) => void (await inTurn(name, sql`turn_by = null, turn_until = null`)),
    take: (sink, limit, replay) => take(database, sink, limit, replay),
    async progress(name, { ids, refused, run, then }) {
      return database.transaction(async (session) => {
        // First the turn: what is noted below is noted by whoever has it.
        const mine = await session.change(sql`
          update sluice.sinks set pending = null, attempts = 0, error = null, turn_until = now() + ${turnSeconds} * interval '1 second',
            rebuild = ${rebuildAfter(then)}
          where name = ${name} and turn_by = ${worker.id} and turn_until > now()
        `);
        if (mine === 0) return false;
        if (then.kind !== "loaded") await notePlaces(session, name, then);
        await noteRefusals(session, name, ids, refused, run);
        return true;
      });
    },
    keepPending: (name, pending) => inTurn(name, sql`pending = ${jsonb(pending)}`),
    async wait(name, reason, seconds, counts) {
      await inTurn(
        name,
        sql`error = ${kept(reason)}, next_at = now() + ${seconds}::float8 * interval '1 second', attempts = attempts + ${counts ? 1 : 0}`,
      );
    },
    async stop(name, reason) {
      await inTurn(name, sql`error = ${kept(reason)}, stopped_at = now()`);
    },
    async rebuildOf(name) {
      const [row] = await database.query<{ rebuild: RebuildState | null }>(
        sql`select rebuild from sluice.sinks where name = ${name}`,
      );
      return row?.rebuild ?? null;
    },
    keepRebuild: (name, from, rebuild) =>
      inTurn(
        name,
        sql`rebuild = ${jsonb(rebuild)}, attempts = 0, error = null`,
        sql`and rebuild ->> 'phase' = ${from}`,
      ),
    async endRebuild(name, from) {
      const ended = await inTurn(
        name,
        sql`rebuild = null, attempts = 0, error = null`,
        sql`and rebuild ->> 'phase' = ${from}`,
      );
      if (ended) await database.change(sql`update sluice.outbox set replays = false where sink = ${name} and replays`);
      return ended;
    },
    async askRebuild(name, actor) {
      await theSink(database, name);
      const startedAt = new Date().toISOString();
      const nothing = { drops: null, after: null, loaded: 0, total: null };
      const asked: RebuildState = {
        suffix: startedAt.replace(/\D/g, "").slice(0, 14),
        phase: "making",
        ...nothing,
        startedAt,
        actor,
      };
      // Whoever has the sink's turn sees it when it has done its batch. What was left for a replay by one that was given up is not this one's.
      const rows = await database.change(sql`
        with unmarked as (update sluice.outbox set replays = false where sink = ${name} and replays)
        update sluice.sinks set rebuild = ${jsonb(asked)}, stopped_at = null, next_at = now(), attempts = 0
        where name = ${name} and rebuild is null
      `);
      if (rows === 0)
        throw new SluiceError(
          "conflict",
          told`The index of "${name}" is being rebuilt already. Wait for it, or cancel it.`,
        );
      return asked;
    },
    async cancelRebuild(name) {
      await theSink(database, name);
      const rows = await database.change(sql`
        update sluice.sinks set rebuild = jsonb_set(rebuild, '{phase}', '"cancelling"'), pending = null, stopped_at = null, next_at = now()
        where name = ${name} and rebuild ->> 'phase' in ('making', 'loading', 'replaying', 'cancelling')
      `);
      if (rows === 0)
        throw new SluiceError("conflict", told`No rebuild of "${name}" is under way that could be cancelled.`);
    },
    async retry(name) {
      await theSink(database, name);
      return retryRefused(database, name);
    },
    async setAside(name, { limit, offset }) {
      await theSink(database, name);
      return database.query<SetAside>(sql`
        select record_id as id, reason, (run ->> 'jobId')::bigint as "jobId", at from sluice.sink_refusals
        where sink = ${name} order by at desc, record_id limit ${limit} offset ${offset}
      `);
    },
  };
}

/** Puts in again what a sink, or every one (null), refused, and starts those that have stopped. Returns how many records that is. */
export async function retryRefused(database: Database, name: string | null): Promise<number> {
  const [{ records }] = await database.query<{ records: number }>(sql`
    with gone as (
      delete from sluice.sink_refusals where ${name === null ? sql`true` : sql`sink = ${name}`} returning sink, record_id, run
    ), told as (
      insert into sluice.outbox (sink, topic, job_id, payload)
      select sink, 'chunk.committed', coalesce((run ->> 'jobId')::bigint, 0),
        jsonb_build_object('run', run, 'data', jsonb_build_object('ids', jsonb_agg(record_id)))
      from gone group by sink, run
    ), started as (
      update sluice.sinks set stopped_at = null, attempts = 0, next_at = now()
      where importer is not null and ${name === null ? sql`stopped_at is not null` : sql`name = ${name}`}
    )
    select count(*)::int as records from gone
  `);
  return records;
}

/** @throws SluiceError `not_found` naming those there are. */
async function theSink(database: Database, name: string): Promise<void> {
  const sinks = await database.query<{ name: string }>(
    sql`select name from sluice.sinks where importer is not null order by name`,
  );
  if (sinks.some((sink) => sink.name === name)) return;
  const known = sinks.map((sink) => sink.name).join(", ") || told`none`;
  throw new SluiceError(
    "not_found",
    told`There is no sink "${name}" in an importer's afterCommit. There is: ${known}. One is known once a worker or server has started with it.`,
  );
}

/** From the oldest on, as many as have about that many records together; one alone may have more. */
async function take(
  database: Database,
  { name, record, isMain }: BoundRecordSink,
  limit: number,
  replay: boolean,
): Promise<TakenMessage[]> {
  // Beside the chunk's own, which are the main record's: what was deleted of it is among those of its name.
  const own = isMain
    ? sql`coalesce(nullif(w.payload -> 'data' -> 'created', 'null'), '[]') || coalesce(nullif(w.payload -> 'data' -> 'updated', 'null'), '[]')`
    : sql`'[]'::jsonb`;
  const rows = await database.query<Omit<TakenMessage, "run"> & { run: SinkRun | null }>(sql`
    with listed as (
      -- By their stored sizes: a message of 10,000 ids is only read where its turn has come.
      select o.id, o.job_id, o.payload, o.place, sum(pg_column_size(o.payload)) over (order by o.id) - pg_column_size(o.payload) as bytes_before
      from sluice.outbox o where o.sink = ${name} and ${replay ? sql`o.replays` : sql`o.done_at is null`}
      order by o.id limit ${takenMessages}
    ), waiting as (
      select id, job_id, payload, place from listed where bytes_before < ${takenBytes}
    ), told as (
      select w.id, w.job_id, w.payload, w.place, r.ids, cardinality(r.ids) as total
      from waiting w cross join lateral (
        select array(
          -- In an order of their own, so that a place in it stays what it is.
          select i.id collate "C" from jsonb_array_elements_text(coalesce(w.payload -> 'data' -> 'ids', ${own})) i (id)
          union
          select i.id collate "C" from jsonb_each(w.payload -> 'data' -> 'records') named (record, outcomes)
            cross join jsonb_each(named.outcomes) by_outcome (outcome, listed) cross join jsonb_array_elements_text(by_outcome.listed) i (id)
          where named.record = ${record}::text or ${record}::text is null
          order by 1
        ) as ids
      ) r
    ), counted as (
      select *, sum(total - place) over (order by id) - (total - place) as before from told
    )
    select id, place, total, ids[place + 1 : place + ${limit}::integer - before::integer] as ids,
      case when payload ? 'run' then payload -> 'run'
        else jsonb_build_object('jobId', job_id, 'context', payload -> 'context', 'user', payload -> 'user') end as run
    from counted where before < ${limit} order by id
  `);
  return rows.map((row) => ({ ...row, run: row.run ?? null }));
}

async function notePlaces(
  session: Session,
  name: string,
  { kind, places }: Extract<Progressed, { kind: "messages" | "replayed" }>,
): Promise<void> {
  const given = sql`unnest(${places.map(({ id }) => id)}::bigint[], ${places.map(({ place }) => place)}::integer[],
    ${places.map(({ isDone }) => isDone)}::boolean[]) as given (id, place, is_done)`;
  await session.change(
    kind === "messages"
      ? // While an index is being rebuilt, it gets the message again from its beginning.
        sql`
        update sluice.outbox o set place = case when given.is_done then 0 else given.place end, attempts = 1, error = null,
          done_at = case when given.is_done then now() end,
          replays = o.replays or given.is_done and exists (select from sluice.sinks s where s.name = ${name} and s.rebuild is not null)
        from ${given} where o.id = given.id and o.sink = ${name}`
      : sql`
        update sluice.outbox o set place = case when given.is_done then 0 else given.place end, replays = not given.is_done
        from ${given} where o.id = given.id and o.sink = ${name}`,
  );
}

/** A document that is in is not refused any longer, whoever had sent it. */
async function noteRefusals(
  session: Session,
  name: string,
  ids: readonly string[],
  refused: readonly { id: string; reason: string }[],
  run: SinkRun | null,
): Promise<void> {
  if (ids.length > 0)
    await session.change(sql`
      delete from sluice.sink_refusals where sink = ${name} and record_id = any (${[...ids]}::text[])
    `);
  if (refused.length > 0)
    await session.change(sql`
      insert into sluice.sink_refusals (sink, record_id, reason, run)
      select ${name}, r.id, r.reason, ${jsonb(run)} from unnest(${refused.map(({ id }) => id)}::text[], ${refused.map(({ reason }) => kept(reason))}::text[]) r (id, reason)
      on conflict (sink, record_id) do update set reason = excluded.reason, run = excluded.run, at = now()
    `);
}

function rebuildAfter(then: Progressed): Sql {
  // A rebuild that was cancelled meanwhile stays so: only what it has loaded is added.
  return then.kind === "loaded"
    ? sql`rebuild || jsonb_build_object('after', ${then.after}::text, 'loaded', (rebuild ->> 'loaded')::bigint + ${then.count}::bigint)`
    : sql`rebuild`;
}
