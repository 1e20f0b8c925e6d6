/**
 * The others of a list that is said to be whole: links of a row's parent, or records that belong to it, which the row does not name. Of
 * several rows with the same parent the last one that has a list says it; so nothing is made that the next row would remove.
 */
import { linkName } from "../../core/records.ts";
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { isFetchedByList, listed } from "../connection/planning.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { recordAsJson } from "../tables/carried.ts";
import { deactivations, isActive } from "../tables/deactivations.ts";
import { handOver, handOverAll } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import type { RecordTable } from "../tables/record-table.ts";
import { isReferredBy, readReferringKeys, referring } from "../tables/referring-keys.ts";
import { RowsKeptOut } from "./kept-out.ts";
import { linkEnds } from "./links.ts";
import { changes, touchedRows } from "./main-rows.ts";
import type { MainSummary } from "./outcomes.ts";
import { recordsOf, recordsRelation, sameKey } from "./records-relation.ts";
import { joinOf, refId, rowRelation } from "./row-source.ts";
import { type KeyColumn, type RecordsContext, tableOf, type WrittenRecord } from "./written-record.ts";

/** How often it is looked again for what somebody else was changing meanwhile; what is there then is kept by the table itself. */
const maxLooks = 3;

/** `deciding (row_no)`: of each parent the row whose list holds. */
const decidingRows = sql.id("pg_temp", "sluice_deciding");
/** `others (row_no, at, part)`: records that a row leaves out. */
const otherRows = sql.id("pg_temp", "sluice_others");
/** The same when they are locked, with all that they have. */
const goingRows = sql.id("pg_temp", "sluice_others_going");

/** Of a record `t`; no column can be called so. */
const at = sql.id("sluice at");
const part = sql.id("sluice part");
const places = sql`, t.ctid as ${at}, t.tableoid as ${part}`;

/** What a record's rows say, where their lists are whole. */
export interface WholeLists {
  /** The record as the rows whose lists hold make it. */
  deciding: WrittenRecord;
  /** And as they name it: also with nothing to say of it. */
  listing: WrittenRecord;
  /** Whether its parents may have others. */
  mayHaveOthers: boolean;
}

/** Null: the lists of the record's rows are not whole. */
export async function wholeListsOf(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  main: MainSummary | null,
): Promise<WholeLists | null> {
  if (record.plan.others === "leave") return null;
  const named = { ...record, own: null };
  const isOfMain =
    main !== null && context.main !== undefined && parentsOf(context, record).includes(context.main.name);
  const mayHaveOthers = !isOfMain || main.otherRows > 0 || tableOf(context.plan, context.main?.table ?? "").hasTriggers;
  // Each row has a parent of its own.
  if (isOfMain && main.otherRows === main.otherRecords) return { deciding: record, listing: named, mayHaveOthers };
  const { from, where } = rowRelation(context, named, range);
  const parent = parentValues(context, record);
  await handOver(session, "sluice_deciding", sql`row_no integer`);
  await session.tables.query(sql`
    insert into ${decidingRows}
    select distinct max(s.row_no) ${from} where ${where} and ${isKnown(parent)} group by ${sql.join(parent)}
  `);
  const decides = sql`s.row_no in (select d.row_no from ${decidingRows} d)`;
  return {
    deciding: { ...record, own: record.own === null ? decides : sql`${record.own} and ${decides}` },
    listing: { ...record, own: decides },
    mayHaveOthers,
  };
}

/** The records of which a row has one, and whose list it is. */
function parentsOf(context: RecordsContext, record: WrittenRecord): string[] {
  const { link } = record.plan;
  if (link !== null) return [link.from];
  return ofParent(context, record).flatMap(({ source }) => (source.kind === "ref" ? [source.record] : []));
}

/** The parts of its key that are the same for all elements of a row. */
function ofParent({ records }: RecordsContext, { keys, plan }: WrittenRecord): KeyColumn[] {
  return keys[0].filter(({ source }) => {
    if (source.kind === "field" || source.kind === "name_of") return !plan.each.includes(source.field);
    return source.kind !== "ref" || (records.get(source.record)?.plan.each ?? []).length === 0;
  });
}

function parentValues(context: RecordsContext, record: WrittenRecord): Sql[] {
  const { link } = record.plan;
  return link === null ? ofParent(context, record).map(({ value }) => value) : [refId(context, link.from)];
}

function isKnown(values: readonly Sql[]): Sql {
  return sql.join(
    values.map((value) => sql`${value} is not null`),
    sql` and `,
  );
}

/** What goes, and from where. */
interface Leaving {
  /** As the journal calls it. */
  name: string;
  table: RecordTable;
  tableName: Sql;
  /** What the journal knows one by, of a record `t`. */
  id: Sql;
  order: Sql;
  how: Exclude<WrittenRecord["plan"]["others"], "leave">;
  now: readonly string[];
  /** Up to `others (row_no, at, part)`. */
  parts: Part[];
}

/**
 * Removes them, of links once both ends are there, and notes what they were. Returns how many.
 *
 * @throws RowsKeptOut with the rows whose others somebody refers to; RowsLeftOut where the table keeps them
 */
export async function removeOthers(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<number> {
  await handOverAll(session, {
    sluice_others: sql`row_no integer, at tid, part oid`,
    sluice_others_going: sql`row_no integer, record_id text, at tid, part oid, before jsonb, before_xid bigint`,
  });
  const leaving =
    record.plan.link === null
      ? await recordsLeaving(session, context, record, range)
      : await linksLeaving(session, context, record, range);
  let removed = 0;
  for (let look = 0; ; look++) {
    const found = await session.tables.change(sql`
      ${withParts([...leaving.parts])}
      insert into ${otherRows} select distinct on (o.part, o.at) o.row_no, o.at, o.part from others o
    `);
    if (found === 0) return removed;
    if (look === maxLooks) throw new RowsLeftOut();
    const gone = await removeFound(session, record, leaving);
    removed += gone;
    if (gone === found) return removed;
    await session.query(sql`truncate ${otherRows}, ${goingRows}`);
  }
}

async function recordsLeaving(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<Leaving> {
  const { plan, table, tableName, identity, now } = record;
  const [key] = record.keys;
  const parent = ofParent(context, record);
  const { from, where } = rowRelation(context, record, range);
  const named = sql`
    select s.row_no${sql.join(
      key.map(({ name, value }) => sql`, ${value} as ${sql.id(name)}`),
      sql``,
    )} ${from} where ${where}`;
  const names = parent.map(({ name }) => sql.id(name));
  const there = await recordsOf(session, context, record, { only: "all", rows: "named", key: parent, also: places });
  const how = howOf(record);
  const ids = identity.map(({ column }) => sql.id("t", column));
  return {
    name: plan.name,
    table,
    tableName,
    id: plan.id === null ? sql`jsonb_build_array(${sql.join(ids)})::text` : sql`${ids[0]}::text`,
    order: sql.join(ids),
    how,
    now,
    parts: [
      { name: "named", query: named, materialized: true },
      {
        name: "parents",
        query: sql`select ${sql.join(names)}, max(row_no) as row_no from named group by ${sql.join(names)}`,
        materialized: true,
      },
      {
        name: "others",
        query: sql`
          select p.row_no, t.${at} as at, t.${part} as part from parents p join ${there} on ${sameKey(parent, "t", "p")}
          where not exists (select from named n where ${sameKey(key, "n", "t")}) ${isActive(table, how)}`,
      },
    ],
  };
}

/** Those that lead to records which count, in the columns of the context that the table has. */
async function linksLeaving(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<Leaving> {
  const { plan, identity, scope } = record;
  const { link, columns, one, other, given } = linkEnds(context, record);
  const { from, where } = rowRelation(context, record, range);
  const tableName = tableId(link.table);
  const [column, to] = columns.map((name) => sql.id("t", name));
  const counts = sql.join(
    given.map(({ column: name, value }) => sql`and ${sql.id("t", name)} = ${value}`),
    sql` `,
  );
  const fetched = sql`
    (select t.*${places} from ${tableName} t where ${listed(column, sql`select one from parents`)} ${counts} offset 0) t`;
  const isServed = await isFetchedByList(
    session.tables,
    sql`
    select * from (select t.* from ${tableName} t where ${listed(column, sql`select null::${sql.raw(typeOf(context, record))}`)} offset 0) t`,
  );
  const links = isServed ? fetched : sql`(select t.*${places} from ${tableName} t where true ${counts}) t`;
  const id = sql.id("t", identity[0].column);
  // Another tenant's, or one that does not count, is nobody's to take away.
  const isBounded = scope.length > 0 || plan.where !== null;
  const own = sql`${sql.id("c", "other")} in (
    select ${id} from ${recordsRelation(record, sql`and ${listed(id, sql`select other from candidates`)}`)})`;
  return {
    name: linkName(plan.name),
    table: tableOf(context.plan, link.table),
    tableName,
    id: sql`jsonb_build_array(${column}, ${to})::text`,
    order: sql`${column}, ${to}`,
    how: "delete",
    now: [],
    parts: [
      {
        name: "named",
        query: sql`
          select s.row_no, ${one} as one, ${other} as other ${from} ${joinOf(record)}
          where ${where} and ${one} is not null and ${other} is not null`,
        materialized: true,
      },
      {
        name: "parents",
        query: sql`select one, max(row_no) as row_no from named group by one`,
        materialized: true,
      },
      {
        name: "candidates",
        query: sql`
          select p.row_no, ${to} as other, t.${at} as at, t.${part} as part from parents p join ${links} on ${column} = p.one
          where not exists (select from named n where n.one = p.one and n.other = ${to})`,
        materialized: true,
      },
      {
        name: "others",
        query: sql`select c.row_no, c.at, c.part from candidates c ${isBounded ? sql`where ${own}` : sql``}`,
      },
    ],
  };
}

function typeOf(context: RecordsContext, { plan: { link } }: WrittenRecord): string {
  if (link === null) return "text";
  return tableOf(context.plan, link.table).columns.get(link.column)?.castType ?? "text";
}

function howOf({ plan: { others } }: WrittenRecord): Leaving["how"] {
  return others === "leave" ? "delete" : others;
}

async function removeFound(session: TargetSession, record: WrittenRecord, leaving: Leaving): Promise<number> {
  const { name, table, tableName, id, order, how, now } = leaving;
  const list = listed(sql`t.ctid`, sql`select at from ${otherRows}`);
  await session.tables.query(sql`
    insert into ${goingRows}
    select o.row_no, ${id}, t.ctid, t.tableoid, ${recordAsJson(table.columns.values(), "t")}, t.xmin::text::bigint
    from ${tableName} t join ${otherRows} o on o.at = t.ctid and o.part = t.tableoid
    where ${list} order by ${order} for update of t
  `);
  if (how === "delete") await refuseReferred(session, record, leaving);
  const isIt = sql`t.ctid = g.at and t.tableoid = g.part and ${listed(sql`t.ctid`, sql`select at from ${goingRows}`)}`;
  const note = (action: string, before: Sql, after: Sql): Part[] => [
    {
      name: "noted",
      query: sql`
        insert into ${changes}
        select ${name}, row_number() over (order by g.row_no, g.record_id), g.row_no, g.record_id, ${action}, ${before}, ${after}, g.before_xid from gone g`,
    },
    {
      name: "touched",
      query: sql`insert into ${touchedRows} (row_no, record, made) select distinct row_no, ${sql.lit(name)}, false from gone`,
    },
  ];
  const remove = async (gone: Sql, noted: Part[]): Promise<number> => {
    const [{ count }] = await session.tables.query<{ count: number }>(
      sql`${withParts([{ name: "gone", query: gone }, ...noted])} select count(*)::int as count from gone`,
    );
    return count;
  };
  if (how === "delete")
    return remove(
      sql`delete from ${tableName} t using ${goingRows} g where ${isIt} returning g.*`,
      note("deleted", sql`g.before`, sql`null::jsonb`),
    );
  const columns = deactivations(table, how);
  const sets = [
    ...columns.map(({ column, value }) => sql`${sql.id(column)} = ${value}`),
    ...now.map((column) => sql`${sql.id(column)} = now()`),
  ];
  const values = (of: Sql): Sql =>
    sql`jsonb_build_object(${sql.join(columns.map(({ column }) => sql`${sql.lit(column)}, ${of} -> ${sql.lit(column)}`))})`;
  return remove(
    sql`
      update ${tableName} t set ${sql.join(sets)} from ${goingRows} g where ${isIt}
      returning g.*, ${recordAsJson(table.columns.values(), "t")} as changed`,
    note("deactivated", values(sql`g.before`), values(sql`g.changed`)),
  );
}

/**
 * Records that refer to what a row leaves out would hold it back, or go with it without a trace.
 *
 * @throws RowsKeptOut
 */
async function refuseReferred(
  session: TargetSession,
  { plan: { name, each } }: WrittenRecord,
  { table, tableName }: Leaving,
): Promise<void> {
  const keys = await readReferringKeys(session, table.name);
  if (keys.length === 0) return;
  const held = keys.map(
    (key) => sql`
      select g.row_no as row, ${key.name}::text as table
      from ${goingRows} g join ${tableName} t on t.ctid = g.at and t.tableoid = g.part join ${referring(key)} on ${isReferredBy(key)}
      where ${listed(sql`t.ctid`, sql`select at from ${goingRows}`)}
        and not exists (select from ${goingRows} o where o.at = r.ctid and o.part = r.tableoid)`,
  );
  const rows = await session.query<{ row: number; table: string }>(sql`
    select distinct on (h.row) h.* from (${sql.join(held, sql` union all `)}) h order by h.row, h.table
  `);
  if (rows.length > 0)
    throw new RowsKeptOut(
      rows.map(({ row, table: by }) => ({
        row,
        issue: { c: "record_in_use", f: each[0], p: { record: name, table: by } },
      })),
    );
}
