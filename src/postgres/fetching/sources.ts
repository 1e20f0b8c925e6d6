/**
 * Sources on Postgres. A source has one worker at a time, whose turn is a limit of time on its row; what a turn notes of files is a
 * compare-and-set on the version that was fetched, so that a worker that was stopped and comes back late changes nothing.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { NewSource } from "../../core/source.ts";
import type {
  FileSource,
  SourceChanges,
  SourceStanding,
  Sources,
  SourcesAtHand,
  SourceTurn,
} from "../../core/store/sources.ts";
import { noteRecipient } from "../accounts/recipients.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, type Sql, sql } from "../connection/session.ts";
import { isWithin } from "../connection/within.ts";
import { isHeld, type Worker } from "../connection/workers.ts";
import { sourceToSinks } from "../outbox/written.ts";
import { sourceFiles, waitsFor } from "./source-files.ts";

const turnSeconds = 120;
/** A config's source that no process has had for this long is forgotten, with what is known of its files. */
const forgetDays = 30;
/** Sources whose time has come that are looked at together. */
const tickLimit = 100;

const columns = sql`
  s.id, s.name, s.origin, s.importer, s.context, s.place, s.sealed, s.choices, s.files, s.schedule, s.time_zone as "timeZone", s.done,
  s.settle_seconds as "settleSeconds", s.parallel, s.same_content as "sameContent", s.created_by as "createdBy",
  s.created_by_name as "createdByName", s.notify, s.state, case when s.state = 'working' then s.next_run_at end as "nextRunAt",
  s.look_at as "lookAt", s.looked_at as "lookedAt", s.error, s.failures, ${waitsFor} as "waitsFor", s.created_at as "createdAt",
  s.updated_at as "updatedAt"`;

/** How many files of source `s` are in each state. */
const counts = sql`(
  select coalesce(jsonb_object_agg(c.state, c.files), '{}') from (
    select f.state, count(*) as files from sluice.source_files f where f.source_id = s.id group by f.state
  ) c)`;

/** Whether source `s` has something to do now. */
const isDue = sql`(s.state = 'working' and not ${isHeld(sql`s.turn_by`, sql`s.turn_until`)} and (
  s.look_at <= now()
  or exists (select from sluice.source_files f where f.source_id = s.id and f.state = 'made')
  or (s.parallel or ${waitsFor} is null)
    and exists (select from sluice.source_files f where f.source_id = s.id and f.state = 'ready' and f.next_at <= now())
  or s.done <> '"keep"' and exists (
    select from sluice.source_files f join sluice.import_jobs j on j.id = f.import_id and j.status = 'completed'
    where f.source_id = s.id and f.state in ('imported', 'same') and f.away_at is null
  )))`;

const isAtHand = ({ importers, config }: SourcesAtHand): Sql => sql`(
  s.importer = any (${[...importers]}::text[]) and (s.origin = 'api' or s.name = any (${[...config]}::text[])))`;

/** What a definition says, by its columns. */
function definition(source: Partial<NewSource>): [string, Sql][] {
  const all: [string, unknown, Sql][] = [
    ["place", source.place, jsonb(source.place)],
    ["choices", source.choices, jsonb(source.choices)],
    ["files", source.files, sql`${[...(source.files ?? [])]}::text[]`],
    ["schedule", source.schedule, sql`${source.schedule ?? null}`],
    ["time_zone", source.timeZone, sql`${source.timeZone}`],
    ["done", source.done, jsonb(source.done)],
    ["settle_seconds", source.settleSeconds, sql`${source.settleSeconds}::float8`],
    ["parallel", source.parallel, sql`${source.parallel}`],
    ["same_content", source.sameContent, sql`${source.sameContent}`],
  ];
  return all.filter(([, value]) => value !== undefined).map(([column, , value]) => [column, value]);
}

export function postgresSources(database: Database, worker: Worker): Sources {
  const one = async (id: number): Promise<SourceStanding> => {
    const [found] = await database.query<SourceStanding>(
      sql`select ${columns}, ${counts} as counts from sluice.sources s where s.id = ${id}`,
    );
    if (found === undefined) throw gone(id);
    return withCounts(found);
  };
  const set = async (id: number, sets: Sql): Promise<void> => {
    const rows = await database.change(sql`update sluice.sources s set updated_at = now(), ${sets} where s.id = ${id}`);
    if (rows === 0) throw gone(id);
  };
  return {
    ...sourceFiles(database, worker),
    async create(source) {
      const { name, importer, context, createdBy, createdByName, nextRunAt, sealed, notify } = source;
      const own = definition(source);
      const made = await database.transaction(async (session) => {
        if (notify !== undefined) await noteRecipient(session, notify);
        const [row] = await session.query<FileSource>(sql`
        with s as (
          insert into sluice.sources (name, origin, importer, context, sealed, created_by, created_by_name, notify, next_run_at,
            ${sql.join(own.map(([column]) => sql.id(column)))})
          values (${name}, 'api', ${importer}, ${jsonb(context)}, ${sealed === null ? null : Buffer.from(sealed)}, ${createdBy}, ${createdByName},
            ${notify?.id ?? null}, ${nextRunAt}::timestamptz, ${sql.join(own.map(([, value]) => value))})
          on conflict (name) do nothing returning *
        ) select ${columns} from s
      `);
        return row;
      });
      if (made !== undefined) return made;
      const problem = told`There is a source called "${name}" already. Choose another name.`;
      throw new SluiceError("conflict", problem, { wrong: { path: "name", problem } });
    },
    register: (sources) => register(database, sources),
    list(bounds, { after, limit }) {
      const within = bounds === null ? sql`true` : isWithin(bounds);
      return boundedPage<SourceStanding>(async (last, most) => {
        const key = last?.id ?? after ?? 0;
        const found = await database.query<SourceStanding>(sql`
          select ${columns}, ${counts} as counts from sluice.sources s where ${within} and s.id > ${key} order by s.id limit ${most}
        `);
        return found.map(withCounts);
      }, limit);
    },
    get: one,
    async change(id, changes: SourceChanges) {
      const sets = definition(changes).map(([column, value]) => sql`${sql.id(column)} = ${value}`);
      if (changes.sealed !== undefined)
        sets.push(sql`sealed = ${changes.sealed === null ? null : Buffer.from(changes.sealed)}`);
      if (changes.nextRunAt !== undefined) sets.push(sql`next_run_at = ${changes.nextRunAt}::timestamptz`);
      if (sets.length > 0) await set(id, sql.join(sets));
    },
    async delete(id) {
      const rows = await database.change(sql`delete from sluice.sources where id = ${id}`);
      if (rows === 0) throw gone(id);
    },
    run: (id) => set(id, sql`look_at = now(), state = 'working', error = null, failures = 0`),
    pause: (id) => set(id, sql`state = 'paused'`),
    resume: (id, nextRunAt) =>
      set(
        id,
        sql`state = 'working', error = null, failures = 0, next_run_at = ${nextRunAt}::timestamptz,
          look_at = case when s.state = 'stopped' then now() else s.look_at end`,
      ),
    async tick(next) {
      const [{ at, isTime }] = await database.query<{ at: Date; isTime: boolean }>(sql`
        select now() as at, exists (select from sluice.sources where state = 'working' and next_run_at <= now()) as "isTime"
      `);
      if (!isTime) return;
      await database.transaction(async (session) => {
        const come = await session.query<FileSource>(sql`
          select ${columns} from sluice.sources s where s.state = 'working' and s.next_run_at <= now()
          order by s.next_run_at limit ${tickLimit} for update of s skip locked
        `);
        for (const source of come)
          await session.change(sql`
            update sluice.sources set next_run_at = ${next(source, at)}::timestamptz, look_at = least(look_at, now()) where id = ${source.id}
          `);
      });
    },
    async due(can) {
      const rows = await database.query<{ id: number }>(sql`
        select s.id from sluice.sources s where ${isAtHand(can)} and ${isDue} order by s.id
      `);
      return rows.map(({ id }) => id);
    },
    dueLater: (can) =>
      database.query<{ id: number; inSeconds: number }>(sql`
        select s.id, extract(epoch from least(look.at, schedule.at, file.at) - now())::float8 as "inSeconds"
        from sluice.sources s
          cross join lateral (select case when s.look_at > now() then s.look_at end as at) look
          cross join lateral (select case when s.next_run_at > now() then s.next_run_at end as at) schedule
          cross join lateral (
            select min(f.next_at) as at from sluice.source_files f
            where f.source_id = s.id and f.state = 'ready' and f.next_at > now() and (s.parallel or ${waitsFor} is null)
          ) file
        where ${isAtHand(can)} and s.state = 'working' and least(look.at, schedule.at, file.at) is not null
        order by s.id
      `),
    async turn(id) {
      // Of two at the same moment the second sees the first's turn once it may look.
      const [turn] = await database.query<FileSource & { looks: boolean }>(sql`
        with held as (select s.id from sluice.sources s where s.id = ${id} for update), s as (
          update sluice.sources s set turn_by = ${worker.id}, turn_until = now() + ${turnSeconds} * interval '1 second'
          from held where s.id = held.id and ${isDue} returning s.*
        ) select ${columns}, coalesce(s.look_at <= now(), false) as looks from s
      `);
      if (turn === undefined) return null;
      const { looks, ...source } = turn;
      return { source, looks } satisfies SourceTurn;
    },
    async prolong(id) {
      const rows = await database.change(sql`
        update sluice.sources set turn_until = now() + ${turnSeconds} * interval '1 second'
        where id = ${id} and turn_by = ${worker.id} and turn_until > now()
      `);
      return rows === 1;
    },
    async release(id) {
      await database.change(
        sql`update sluice.sources set turn_by = null, turn_until = null where id = ${id} and turn_by = ${worker.id}`,
      );
    },
    async failed(source, error, { seconds, tells }) {
      await database.transaction(async (session) => {
        const rows = await session.change(sql`
          update sluice.sources set error = ${jsonb(error)}, failures = failures + 1,
            state = ${seconds === null ? "stopped" : "working"}, look_at = now() + ${seconds}::float8 * interval '1 second'
          where id = ${source.id} and turn_by = ${worker.id} and state = 'working'
        `);
        if (rows === 1 && tells) await sourceToSinks(session, "source.failed", source, { error });
      });
    },
    async lookAgain(source, seconds) {
      await database.change(sql`
        update sluice.sources set look_at = least(look_at, now() + ${seconds}::float8 * interval '1 second') where id = ${source.id}
      `);
    },
    async now() {
      const [{ at }] = await database.query<{ at: Date }>(sql`select now() as at`);
      return at;
    },
  };
}

async function register(
  database: Database,
  sources: readonly (NewSource & Pick<FileSource, "nextRunAt">)[],
): Promise<void> {
  await database.transaction(async (session: Session) => {
    // By name, so that processes that start together wait for each other in one order.
    for (const source of [...sources].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const own = definition(source);
      const sets = own.map(([column]) => sql`${sql.id(column)} = excluded.${sql.id(column)}`);
      const rows = await session.change(sql`
        insert into sluice.sources as s (name, origin, importer, context, next_run_at, ${sql.join(own.map(([column]) => sql.id(column)))})
        values (${source.name}, 'config', ${source.importer}, ${jsonb(source.context)}, ${source.nextRunAt}::timestamptz,
          ${sql.join(own.map(([, value]) => value))})
        on conflict (name) do update set ${sql.join(sets)}, importer = excluded.importer, context = excluded.context, seen_at = now(),
          next_run_at = case when (s.schedule, s.time_zone) is distinct from (excluded.schedule, excluded.time_zone) or s.next_run_at is null
            then excluded.next_run_at else s.next_run_at end,
          -- Whoever changes the place has seen to what stopped it.
          state = case when s.state = 'stopped' and s.place <> excluded.place then 'working' else s.state end,
          look_at = case when s.state = 'stopped' and s.place <> excluded.place then now() else s.look_at end
        where s.origin = 'config'
      `);
      if (rows === 0)
        throw new SluiceError(
          "conflict",
          `The config has a source "${source.name}", and there is one called so that was made by the API. Rename one of them.`,
        );
    }
    await session.change(sql`
      delete from sluice.sources where origin = 'config' and seen_at < now() - ${sql.lit(forgetDays)} * interval '1 day'
    `);
  });
}

function withCounts(source: SourceStanding): SourceStanding {
  const none = { new: 0, ready: 0, made: 0, imported: 0, same: 0, empty: 0, failed: 0 };
  return { ...source, counts: { ...none, ...source.counts } };
}

function gone(id: number): SluiceError {
  return new SluiceError("not_found", told`There is no source ${id}, or it is not yours.`);
}
