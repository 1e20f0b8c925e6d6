/** The records of a range that are there and become something else: updated, or closed and followed by another version. */
import { type Part, withParts } from "../connection/parts.ts";
import { isFetchedByList, listed } from "../connection/planning.ts";
import { type Sql, sql } from "../connection/session.ts";
import { carriedNew, isMutable, oldValues } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { type Created, idsOf } from "./create.ts";
import { joinMade, madeFor } from "./made-once.ts";
import { changes } from "./main-rows.ts";
import type { RecordColumn, RecordsContext, WrittenRecord } from "./written-record.ts";

/** The record's xmin before it is changed; no column can be called so. */
const xidBefore = sql.id("xid before");

/**
 * Locks them in the order of their ids, so that two chunks cannot wait for one another in a circle, and decides once more by what they
 * hold then.
 */
function lockedParts(record: WrittenRecord, listOf: ById, also: readonly string[] = []): Part[] {
  const { table, identity, columns, work } = record;
  const { versions } = record.plan;
  const mutable = columns.filter(isMutable);
  const kept = also.map((column) => sql`, ${sql.id("t", column)} as ${sql.id(`is ${column}`)}`);
  const xid = table.showsWriters ? sql`t.xmin::text::bigint` : sql`null::bigint`;
  const same = identity.map(({ name, column }) => sql`${sql.id("t", column)} = ${sql.id("w", name)}`);
  const ids = identity.map(({ column }) => sql.id("t", column));
  const fresh = mutable.map((column) => {
    const value = carriedNew(column, sql.id("l", `old ${column.name}`), sql`l`);
    return sql`, ${value} as ${sql.id(`new ${column.name}`)}`;
  });
  // Somebody else may have closed it meanwhile.
  const isOpen = versions === null ? sql`` : sql`and ${sql.id("d", `is ${versions.to}`)} is null`;
  return [
    {
      name: "locked",
      query: sql`
        select w.*, ${xid} as ${xidBefore}${sql.join([...oldValues(mutable), ...kept], sql``)} from ${record.tableName} t join ${work} w on ${sql.join(same, sql` and `)}
        where w.state = 'f' ${isCurrent(record)} ${listOf(sql`${work} where state = 'f'`)} order by ${sql.join(ids)} for update of t`,
    },
    { name: "decided", query: sql`select l.*${sql.join(fresh, sql``)} from locked l` },
    {
      name: "changed",
      query: sql`
        select d.*, ${valuesOf(mutable, "old")} as old_values, ${valuesOf(mutable, "new")} as new_values from decided d
        where (${sql.join(mutable.map(differs), sql` or `)}) ${isOpen}`,
    },
  ];
}

function differs({ name, compared }: RecordColumn): Sql {
  return sql`${compared(sql.id("d", `old ${name}`))} is distinct from ${compared(sql.id("d", `new ${name}`))}`;
}

function valuesOf(columns: readonly RecordColumn[], side: "old" | "new"): Sql {
  return sql.join(
    columns.map(
      (column) =>
        sql`case when ${differs(column)} then jsonb_build_object(${sql.lit(column.column)}, ${column.told(sql.id("d", `${side} ${column.name}`))}) else '{}' end`,
    ),
    sql` || `,
  );
}

/** Of several versions the one that holds, where they have no ids: by an id, an index over those that hold would only be in the way. */
function isCurrent({ plan }: WrittenRecord): Sql {
  return plan.versions === null || plan.id !== null ? sql`` : sql`and ${sql.id("t", plan.versions.to)} is null`;
}

/** Of a large table records are fetched by the list of their ids, which `from` has. */
type ById = (from: Sql) => Sql;

async function byId(session: TargetSession, { identity, work, tableName }: WrittenRecord): Promise<ById> {
  const [{ name, column }] = identity;
  const inList = (from: Sql): Sql => listed(sql.id("t", column), sql`select ${sql.id(name)} from ${from}`);
  const isServed = await isFetchedByList(session.tables, sql`select from ${tableName} t where ${inList(work)}`);
  return (from) => (isServed ? sql`and ${inList(from)}` : sql``);
}

/** A record as the journal knows it. */
function recordId({ plan, identity }: WrittenRecord, alias: string): Sql {
  const names = identity.map(({ name }) => sql.id(alias, name));
  return plan.id === null ? sql`jsonb_build_array(${sql.join(names)})::text` : sql`${names[0]}::text`;
}

/** Changes those that differ, and notes what they were. Returns how many. */
export async function updateChanged(session: TargetSession, record: WrittenRecord): Promise<number> {
  const { columns, identity, now, table } = record;
  const mutable = columns.filter(isMutable);
  const sets = [
    ...mutable.map(({ column, name, store }) => sql`${sql.id(column)} = ${store(sql.id("c", `new ${name}`))}`),
    ...now.map((column) => sql`${sql.id(column)} = now()`),
  ];
  const same = identity.map(({ name, column }) => sql`${sql.id("t", column)} = ${sql.id("c", name)}`);
  const returned = identity.map(({ name, column }) => sql`${sql.id("t", column)} as ${sql.id(name)}`);
  const isWritten = identity.map(({ name }) => sql`${sql.id("u", name)} = ${sql.id("c", name)}`);
  // What a trigger left as it was is no change.
  const written = table.mayLeaveOut
    ? sql`where exists (select from updated u where ${sql.join(isWritten, sql` and `)})`
    : sql``;
  const listOf = await byId(session, record);
  const [{ updated }] = await session.tables.query<{ updated: number }>(sql`
    ${withParts([
      ...lockedParts(record, listOf),
      {
        name: "updated",
        query: sql`
          update ${record.tableName} t set ${sql.join(sets)} from changed c
          where ${sql.join(same, sql` and `)} ${listOf(sql`changed`)} returning ${sql.join(returned)}`,
      },
      {
        name: "told",
        query: sql`
          insert into ${changes}
          select ${record.plan.name}, c.first, c.row_no, ${recordId(record, "c")}, 'updated', c.old_values, c.new_values, c.${xidBefore} from changed c ${written}`,
      },
    ])}
    select count(*)::int as updated from updated
  `);
  return updated;
}

/** What came of versions: each that was closed has a new one after it. */
export interface Versioned extends Created {
  closed: number;
}

/**
 * Closes the current versions that differ, and has each followed by one with the new values, which begins at the moment when it
 * ended: now, or when it began, where that is later.
 */
export async function replaceVersions(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  differing: number,
): Promise<Versioned> {
  const { plan, columns, identity, given, now, table } = record;
  const { from, to } = plan.versions as NonNullable<typeof plan.versions>;
  const typeOf = (column: string): Sql => sql.raw(table.columns.get(column)?.castType ?? "timestamptz");
  const moment = sql`greatest(now()::${typeOf(to)}, c.${sql.id(`is ${from}`)}::${typeOf(to)})`;
  const same = identity.map(({ name, column }) => sql`${sql.id("t", column)} = ${sql.id("c", name)}`);
  const kept = columns.filter((column) => !isMutable(column)).map(({ column }) => column);
  const made = madeFor(context, record, differing);
  const values = [
    ...columns.map((column) => ({
      column: column.column,
      value: isMutable(column) ? column.store(sql.id("c", `new ${column.name}`)) : sql.id("c", `is ${column.column}`),
    })),
    ...made.map(({ column, type, name }) => ({ column, value: sql`c.${name}::${sql.raw(type)}` })),
    ...given,
    ...now.map((column) => ({ column, value: sql`now()` })),
    { column: from, value: sql`c.moment::${typeOf(from)}` },
  ];
  const listOf = await byId(session, record);
  const [replaced] = await session.tables.query<Versioned>(sql`
    ${withParts([
      ...lockedParts(record, listOf, [from, to, ...kept]),
      {
        name: "closed",
        query: sql`
          update ${record.tableName} t set ${sql.id(to)} = ${moment} from changed c
          where ${sql.join(same, sql` and `)} ${isCurrent(record)} ${listOf(sql`changed`)} returning c.first, t.${sql.id(to)} as moment`,
      },
      // Each follows its own: a unique index over current versions sees the old one closed.
      {
        name: "followed",
        query: sql`
          select n.*${sql.join(
            made.map(({ name, value }) => sql`, ${value} as ${name}`),
            sql``,
          )} from (select c.*, e.moment, row_number() over (order by c.first) as n from changed c join closed e on e.first = c.first) n
            ${joinMade(context.plan, made, range)}`,
        materialized: true,
      },
      {
        name: "fresh",
        query: sql`
          insert into ${record.tableName} (${sql.join(values.map(({ column }) => sql.id(column)))})
          select ${sql.join(values.map(({ value }) => value))} from followed c order by c.first
          returning ${sql.join(identity.map(({ column, name }) => sql`${sql.id(column)} as ${sql.id(name)}`))}`,
      },
      {
        name: "told",
        query: sql`
          insert into ${changes}
          select ${plan.name}, c.first, c.row_no, ${recordId(record, "c")}, 'closed', jsonb_build_object(${sql.lit(to)}::text, null),
            jsonb_build_object(${sql.lit(to)}::text, c.moment), c.${xidBefore} from followed c`,
      },
    ])}
    select (select count(*) from closed)::int as closed, count(*)::int as created, ${idsOf(record)} as ids from fresh
  `);
  return replaced;
}
