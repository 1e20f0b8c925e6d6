/**
 * The removal of a replace or a mirror, in the transaction of the chunk that does it: records are found and locked, counted against what
 * may go unasked, deleted or deactivated, and journalled as they were.
 */
import { told } from "../../core/errors.ts";
import { type Removal, RemovalStopped, refuseUnconfirmed } from "../../core/removals.ts";
import { isDataError } from "../connection/row-errors.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { recordAsJson } from "../tables/carried.ts";
import { deactivations } from "../tables/deactivations.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { idOf } from "../tables/record-key.ts";
import { isReferredBy, readReferringKeys, referring } from "../tables/referring-keys.ts";
import { changeTimes } from "../tables/set-columns.ts";
import type { Failure } from "./failures.ts";
import { namedRecords } from "./named-records.ts";
import { noteWriter } from "./record-writers.ts";
import { type Removed, removedRecords } from "./removal-scope.ts";

/** Records that go, with what else is known. */
interface Found extends Removal {
  removed: Removed[];
  going: ReadonlyMap<string, Sql>;
  /** Records of a replace that no key recognises: whether as many come as go is known when they are in. */
  isByNumber: boolean;
  /** Of a replace whose records are recognised: those that go, and which rows make them again. */
  again: { going: Sql; names: Sql } | null;
}

type Settled = Pick<Found, keyof Removal | "isByNumber" | "again">;

/**
 * What a mirror would remove, for the question before anything is written.
 *
 * @throws RemovalStopped where it is more than may go unasked
 */
export async function refuseTooMuch(session: TargetSession, plan: Plan): Promise<void> {
  const found = await findRemoved(session, plan);
  if (!found.isByNumber) refuseUnconfirmed(plan.job, plan.importer, found);
}

/**
 * Removes what goes. The removal that it comes to, for `settleRemoval` once the file's records are in.
 *
 * @throws RemovalStopped where it is more than may go unasked, or others refer to what would be deleted
 */
export async function removeRecords(
  session: TargetSession,
  plan: Plan,
  chunk: { no: number; cluster: Sql },
  { isRehearsed = false }: { isRehearsed?: boolean } = {},
): Promise<Settled> {
  const found = await findRemoved(session, plan);
  if (!isRehearsed && !found.isByNumber) refuseUnconfirmed(plan.job, plan.importer, found);
  for (const each of found.removed.toReversed()) {
    const going = found.going.get(each.name);
    if (going === undefined) continue;
    if (each.how === "delete") await refuseReferred(session, each, going, found);
    await removeFrom(session, plan, chunk, each, going);
  }
  const { records, of, rows, unknownRows, isByNumber, again } = found;
  return { records, of, rows, unknownRows, isByNumber, again };
}

/**
 * What a replace comes to, once the file's records are in. Where something recognises records, those do not come again whose rows were
 * all refused; else more have gone than have come.
 */
export async function settleRemoval(
  session: Session,
  plan: Plan,
  { isByNumber, again, ...removal }: Settled,
  failures: readonly Failure[],
): Promise<Removal> {
  if (again !== null) return { ...removal, ...(await comingAgain(session, plan, again, failures)) };
  if (!isByNumber) return removal;
  const names = removedRecords(plan).flatMap(({ name, isRoot }) => (isRoot ? [name] : []));
  const [{ made }] = await session.query<{ made: number }>(
    plan.importer.records === undefined
      ? sql`select coalesce(sum(created), 0)::int as made from sluice.import_chunks where job_id = ${plan.job.id}`
      : sql`select coalesce(sum(created), 0)::int as made from sluice.import_record_chunks
          where job_id = ${plan.job.id} and record = any (${names}::text[])`,
  );
  return { ...removal, records: Math.max(0, removal.of - made), rows: made };
}

/** Records that no row has made again, and rows that have gone in. */
async function comingAgain(
  session: Session,
  { job }: Plan,
  { going, names }: NonNullable<Found["again"]>,
  failures: readonly Failure[],
): Promise<Pick<Removal, "records" | "rows">> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const ranges = failures.map(({ range, rows: only }) => only ?? range);
  const [counts] = await session.query<{ records: number; rows: number }>(sql`
    with refused as materialized (
      select row_no from unnest(${ranges.map(({ from }) => from)}::integer[], ${ranges.map(({ to }) => to)}::integer[]) f (first, next)
        cross join lateral generate_series(first, next - 1) row_no
      union
      select row_no from ${match} where action = 'i'
      union
      select row_no from sluice.import_rows where job_id = ${job.id} and outcome = 'skipped'
    )
    select (
      select count(*)::int from ${going} g
      where not exists (select from ${names} n where n.id = g.id and n.row_no not in (select row_no from refused))
    ) as records, (
      select count(*)::int from ${rows} s where s.row_no > 0 and s.row_no not in (select row_no from refused)
    ) as rows
  `);
  return counts;
}

/** Finds and locks what goes, the roots first, then what refers to them. */
async function findRemoved(session: TargetSession, plan: Plan): Promise<Found> {
  const { job } = plan;
  const removed = removedRecords(plan);
  const view = removed.find(({ target }) => !target.isTable);
  if (view !== undefined)
    throw new RemovalStopped(
      told`The mode "${job.mode}" needs tables, and ${view.target.name} is a view or a foreign table. Choose another mode.`,
    );
  const going = new Map<string, Sql>();
  const goingOf = (name: string): Sql => {
    const table = going.get(name);
    if (table === undefined) throw new Error(`what goes of ${name} was not found`);
    return table;
  };
  const found: Found = { removed, going, isByNumber: false, again: null, records: 0, of: 0, rows: 0, unknownRows: 0 };
  const named = await namedRecords(session, plan);
  found.isByNumber = named === null;
  for (const [k, each] of removed.entries()) {
    const scope = each.scope(goingOf);
    const names = each.isMatched && named !== null ? await named.namedIn(each.table, scope) : null;
    const goes = names !== null && job.mode === "mirror" && each.isRoot ? sql`and n.id is null` : sql``;
    if (each.isRoot && job.mode === "mirror") {
      // Those that were there before: the share is the same whenever it is asked for.
      const isOld = named === null ? sql`` : sql`and not ${named.isMade}`;
      const [{ all }] = await session.tables.query<{ all: number }>(
        sql`select count(*)::int as all from ${each.table} t where ${scope} ${isOld}`,
      );
      found.of += all;
      if (each.isMatched && named !== null && all > 0) found.unknownRows = await named.unknownRows(each.table, scope);
    }
    const { table, count, lost } = await handOverGoing(session, each, k, { scope, goes, names });
    going.set(each.name, table);
    if (!each.isRoot) continue;
    if (job.mode === "replace" && names !== null) found.again = { going: table, names };
    if (job.mode === "replace") found.of += count;
    found.records += job.mode === "replace" ? lost : count;
  }
  found.rows = await rowsGoingIn(session, plan);
  return found;
}

async function handOverGoing(
  session: TargetSession,
  { table, target, known, id }: Removed,
  place: number,
  { scope, goes, names }: { scope: Sql; goes: Sql; names: Sql | null },
): Promise<{ table: Sql; count: number; lost: number }> {
  const going = await handOver(
    session,
    `sluice_going_${place}`,
    sql`record_id text, id ${sql.raw(id?.type ?? "text")}, at tid, part oid, before jsonb, before_xid bigint, is_lost boolean`,
  );
  const own = id === null ? sql`null` : sql.id("t", id.column);
  const named = names === null ? sql`` : sql`left join (select distinct id from ${names}) n on n.id = ${idOf(known)}`;
  await session.tables.query(sql`
    insert into ${going}
    select ${idOf(known)}::text, ${own}, t.ctid, t.tableoid, ${recordAsJson(target.columns.values(), "t")}, ${target.showsWriters ? sql`t.xmin::text::bigint` : sql`null::bigint`}, ${names === null ? sql`true` : sql`n.id is null`}
    from ${table} t ${named} where ${scope} ${goes}
    order by 1 for update of t
  `);
  await session.query(sql`analyze ${going} (at, part)`);
  const [counts] = await session.query<{ count: number; lost: number }>(
    sql`select count(*)::int as count, count(*) filter (where is_lost)::int as lost from ${going}`,
  );
  return { table: going, ...counts };
}

/** Rows that the match has not found invalid. */
async function rowsGoingIn(session: Session, { job }: Plan): Promise<number> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const [{ going }] = await session.query<{ going: number }>(sql`
    select count(*)::int as going from ${rows} s
    where s.row_no > 0 and not exists (select from ${match} m where m.row_no = s.row_no and m.action = 'i')
  `);
  return going;
}

/**
 * Records that stay and refer to what would be deleted would hold it back, or go with it without a trace: those of other tables, and of
 * the import's own those that do not go themselves.
 *
 * @throws RemovalStopped
 */
async function refuseReferred(
  session: Session,
  { table, target }: Removed,
  going: Sql,
  found: Pick<Found, "removed" | "going">,
): Promise<void> {
  for (const key of await readReferringKeys(session, target.name)) {
    const { name } = key;
    const goesItself = found.removed.flatMap((each) => {
      const own = each.target.name === name ? found.going.get(each.name) : undefined;
      return own === undefined
        ? []
        : [sql`and not exists (select from ${own} o where o.at = r.ctid and o.part = r.tableoid)`];
    });
    const [{ count }] = await session.query<{ count: number }>(sql`
      select count(*)::int as count from ${referring(key)}
        join ${table} t on ${isReferredBy(key)} join ${going} g on g.at = t.ctid and g.part = t.tableoid
      where true ${sql.join(goesItself, sql` `)}
    `);
    if (count === 0) continue;
    throw new RemovalStopped(
      told`Records of ${name} (${count}) refer to records of ${target.name} that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.`,
    );
  }
}

/** @throws RemovalStopped where the table does not let a record go: a trigger, a rule. */
function refuseRejected(table: string, error: unknown): never {
  if (!isDataError(error)) throw error;
  throw new RemovalStopped(
    told`The database refuses to remove a record of ${table}: ${error.message}. Nothing has been removed. Correct what holds it and resume the import, or choose another mode.`,
    { cause: error },
  );
}

async function removeFrom(
  session: TargetSession,
  plan: Plan,
  chunk: { no: number; cluster: Sql },
  { name, table, target, how, known }: Removed,
  going: Sql,
): Promise<void> {
  const { job } = plan;
  const gone = await handOver(
    session,
    "sluice_gone",
    sql`record_id text, before jsonb, after jsonb, before_xid bigint`,
  );
  const isIt = sql`t.ctid = g.at and t.tableoid = g.part`;
  const query = (statement: Sql) =>
    session.tables.query(statement).catch((error) => refuseRejected(target.name, error));
  if (how === "delete") {
    await query(sql`
      with gone as (delete from ${table} t using ${going} g where ${isIt} returning g.record_id, g.before, g.before_xid)
      insert into ${gone} select record_id, before, null, before_xid from gone
    `);
  } else {
    const columns = deactivations(target, how);
    const sets = [
      ...columns.map(({ column, value }) => sql`${sql.id(column)} = ${value}`),
      ...changeTimes(known.importer).map((column) => sql`${sql.id(column)} = now()`),
    ];
    const values = (record: Sql): Sql =>
      sql`jsonb_build_object(${sql.join(columns.map(({ column }) => sql`${sql.lit(column)}, ${record} -> ${sql.lit(column)}`))})`;
    await query(sql`
      with off as (
        update ${table} t set ${sql.join(sets)} from ${going} g where ${isIt}
        returning g.record_id, g.before, ${recordAsJson(target.columns.values(), "t")} as after, g.before_xid
      )
      insert into ${gone} select record_id, ${values(sql`before`)}, ${values(sql`after`)}, before_xid from off
    `);
  }
  const action = how === "delete" ? "deleted" : "deactivated";
  await session.query(sql`
    with noted as (
      insert into sluice.import_record_changes (job_id, chunk_no, record, place, record_id, action, before, after, before_xid)
      select ${job.id}, ${chunk.no}, ${name}, row_number() over (), record_id, ${action}, before, after, before_xid from ${gone}
      returning 1
    )
    insert into sluice.import_record_chunks as c (job_id, chunk_no, record, ${sql.id(action)})
    select ${job.id}, ${chunk.no}, ${name}, count(*) from noted having count(*) > 0
    on conflict (job_id, chunk_no, record) do update set ${sql.id(action)} = c.${sql.id(action)} + excluded.${sql.id(action)}
  `);
  if (how === "delete") return;
  // So that the chunk's row is written by the same transaction as the records.
  await session.query(
    sql`update sluice.import_chunks set attempts = attempts where job_id = ${job.id} and chunk_no = ${chunk.no}`,
  );
  await noteWriter(session, { jobId: job.id, chunk: chunk.no, cluster: chunk.cluster }, "writer");
}
