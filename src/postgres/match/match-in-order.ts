/**
 * What becomes of rows that share keys, as if they were taken one by one. Most of it follows at once; where one decision hangs on
 * another, the rows concerned, and no others, are read once in their order, and decided by their keys' numbers alone.
 */
import { tableId } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { handOver, share } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { isDecided } from "./decided-rows.ts";
import { areGuarded, type Guard, guardsOf, takesOver } from "./guarded-keys.ts";
import { noValue, otherValue, RecordKeys } from "./key-order.ts";
import { type Likeness, repeats } from "./match-file.ts";
import { isFilled, type MatchKey, recordPart, stagedPart } from "./match-keys.ts";
import { foundByKey, type View } from "./match-table.ts";
import { recordsByKey } from "./records-by-list.ts";
import { TakenKeys } from "./taken-keys.ts";

/** More than there are row numbers: with a place times this, one number orders rows by the place of a key, then by their own. */
const rowNumbers = sql.lit(2 ** 32);
/** Rows fetched and written at a time. */
const pageRows = 20_000;

/** Rows that may belong to records, or make ones, that other rows belong to. */
const members = sql.id("pg_temp", "sluice_members");
/** The same with the numbers of their keys' values. */
const order = sql.id("pg_temp", "sluice_order");
/** Which records they find, and by which key. */
const found = sql.id("pg_temp", "sluice_found");
/** Those records, numbered by age. */
const records = sql.id("pg_temp", "sluice_records");
const decided = sql.id("pg_temp", "sluice_decided");

/**
 * Skip and create: a row that repeats one which goes in is a duplicate, or breaks a unique rule; one that repeats a row which stays
 * out itself may go in. Expects in the match what stays out already.
 */
export async function skipRepeats(session: Session, plan: Plan, likenesses: readonly Likeness[]): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const keys = likenesses.filter(({ issue }) => issue === null).length;
  const isSeveral = keys > 1;
  await session.query(sql`drop table if exists ${members}`);
  // First rows that surely go in: they repeat nothing, and nothing keeps them out.
  await session.query(sql`
    create temporary table sluice_members on commit drop as
    select distinct r.first_row from ${repeats} r
    where not exists (select from ${repeats} q where q.row_no = r.first_row)
      and not exists (select from ${match} m where m.row_no = r.first_row and m.action <> 'd')
  `);
  await session.query(sql`analyze ${members}`);
  await session.query(sql`
    insert into ${match} (row_no, action, root, of_row)
    select r.row_no, 'f', min(r.first_row), (min(r.k * ${rowNumbers} + r.first_row) % ${rowNumbers})::integer
    from ${repeats} r join ${members} sure on sure.first_row = r.first_row
    where r.k < ${sql.lit(keys)} ${isSeveral ? sql`and r.pattern & r.first_pattern & ${strongerKeys} = 0` : sql``}
      and not exists (select from ${match} m where m.row_no = r.row_no)
    group by r.row_no
  `);
  const values = likenesses.map((_, k) => sql`coalesce(min(r.first_row) filter (where r.k = ${sql.lit(k)}), r.row_no)`);
  const [{ size }] = await session.query<{ size: number }>(
    sql`select coalesce(max(row_no), 0) + 1 as size from ${repeats}`,
  );
  const taken = new TakenKeys(keys, likenesses.length - keys, size);
  const [ofRow, ofFirst] = isSeveral ? [sql`, pattern`, sql`, first_pattern`] : [sql``, sql``];
  const open = sql`
    select r.row_no as row, array[${sql.join(values)}] as values, min(r.k) filter (where sure.first_row is not null and r.k >= ${sql.lit(keys)}) as refused,
      bool_or(i.row_no is not null) as "isIn", ${isSeveral ? sql`max(r.pattern)` : sql`1`} as pattern
    from (
        select row_no, first_row, k${ofRow} from ${repeats} r
        where not exists (select from ${match} m where m.row_no = r.row_no and m.action <> 'd')
        union all
        select distinct first_row, first_row, k${ofFirst} from ${repeats} r
        where not exists (select from ${members} s where s.first_row = r.first_row)
          and not exists (select from ${match} m where m.row_no = r.first_row and m.action <> 'd')
      ) r
      left join ${members} sure on sure.first_row = r.first_row
      left join (select distinct row_no from ${match} where action = 'd') i on i.row_no = r.row_no
    group by r.row_no order by r.row_no`;
  for await (const page of inPages<OpenRow>(session, open)) {
    const out: { row: number; of: number; place: number }[] = [];
    for (const { row, values: own, refused, isIn, pattern } of page) {
      // What breaks a unique rule for sure takes nothing, but may be a duplicate all the same.
      const by = refused === null || isIn ? taken.take(row, own, pattern) : taken.find(own.slice(0, keys), pattern);
      if (isIn) continue;
      if (by !== null) out.push({ row, of: by.row, place: by.place });
      else if (refused !== null) out.push({ row, of: own[refused], place: refused });
    }
    await session.query(sql`
      insert into ${match} (row_no, action, root, of_row, issue)
      select d.row_no, case when i.issue is null then 'f' else 'i' end::"char", case when i.issue is null then d.of_row end,
        case when i.issue is null then d.of_row end, i.issue::jsonb
      from unnest(${out.map(({ row }) => row)}::integer[], ${out.map(({ of }) => of)}::integer[], ${out.map(({ place }) => place)}::integer[]) d (row_no, of_row, k)
        join unnest(${likenesses.map(({ issue }) => issue)}::text[]) with ordinality i (issue, place) on i.place = d.k + 1
    `);
  }
}

/** A row that nothing has decided yet; or, in the middle of a commit, one that has gone in. */
interface OpenRow {
  row: number;
  values: number[];
  /** The place of a unique rule that it breaks for sure. */
  refused: number | null;
  isIn: boolean;
  /** The keys that it has, as bits. */
  pattern: number;
}

/** The keys that are stronger than that of a repeat `r`, as bits. */
const strongerKeys = sql`((1 << r.k) - 1)`;

/**
 * Update by one key: rows that find a record are its group; of the others those of one value make a record together. Expects in the
 * match the rows that find records.
 */
export async function groupByOneKey(session: Session, plan: Plan): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  await session.query(sql`
    insert into ${match} (row_no, action, root)
    select row_no, 'c', root from (
      select r.row_no, min(r.row_no) over (partition by r.first_row) as root, count(*) over (partition by r.first_row) as size
      from (select row_no, first_row from ${repeats} union all select distinct first_row, first_row from ${repeats}) r
      where not exists (select from ${match} m where m.row_no = r.row_no)
    ) g where size > 1
  `);
}

/**
 * Update by several keys: a row changes the keys of its record, and so which record the rows after it belong to. Expects in the match
 * the records that each row finds as they stand before the first.
 */
export async function groupInOrder(
  session: TargetSession,
  plan: Plan,
  keys: readonly MatchKey[],
  view: View,
): Promise<void> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  for (const table of [members, order, records, decided]) await session.query(sql`drop table if exists ${table}`);
  const byKey = await recordsByKey(session, plan, null);
  const idType = sql.raw(plan.target.columns.get(plan.importer.target.id)?.type ?? "text");
  await handOver(session, "sluice_found", sql`row_no integer, id ${idType}, k integer`);
  const findFor = (from: (place: number) => Sql): Promise<unknown> =>
    session.tables.query(
      sql`insert into ${found} ${foundByKey(plan, keys, { from, where: sql`true`, view, records: byKey, all: true })}`,
    );
  const guards = guardsOf(plan, keys);
  // A key that an update may clear no longer tells its record from the rows that share a weaker one; one that a unique index guards keeps
  // them out until its record has another.
  const mayMove =
    keys.flat().some((field) => plan.importer.fields[field].merge === "clear") ||
    guards.slice(1).some((guard) => guard !== null);
  // Of the rows that have a value, one is enough: several are members in any case, as they repeat each other.
  if (mayMove)
    await findFor((place) => {
      const value = keys[place].map((field) => stagedPart(plan, keys[place], field));
      return sql`join (select min(s.row_no) as row_no from ${rows} s where ${isFilled(keys[place])} group by ${sql.join(value)}) o on o.row_no = s.row_no`;
    });
  const outvoted = mayMove ? sql`union select row_no, id from ${found}` : sql``;
  await session.query(sql`
    create temporary table sluice_members on commit drop as
    with touched as (
      select row_no, unnest(coalesce(records, array[record_id])) as id from ${match} where record_id is not null
      ${outvoted}
    )
    select s.row_no from (
      select row_no from ${repeats} union select first_row from ${repeats}
      union
      select t.row_no from touched t join (select id from touched group by id having count(*) > 1) shared on shared.id = t.id
    ) s
    where not exists (select from ${match} m where m.row_no = s.row_no and m.action = 'i')
  `);
  const [{ count }] = await session.query<{ count: number }>(sql`select count(*)::int8 as count from ${members}`);
  if (count === 0) return;
  await session.query(sql`analyze ${members}`);
  await share(session, members);
  const values = partsOf(keys).map(({ key, k, field, name }) => {
    const number =
      key.length === 1
        ? sql`coalesce(${sql.id(`r${k}`)}.first_row, s.row_no)`
        : sql`min(s.row_no) over (partition by ${stagedPart(plan, key, field)})`;
    return sql`case when s.${sql.id(field)} is null then ${sql.lit(noValue)} else ${number} end as ${name}`;
  });
  const joins = keys.map((key, k) =>
    key.length > 1
      ? sql``
      : sql`left join ${repeats} ${sql.id(`r${k}`)} on ${sql.id(`r${k}`)}.row_no = s.row_no and ${sql.id(`r${k}`)}.k = ${sql.lit(k)}`,
  );
  await session.query(sql`
    create temporary table sluice_order on commit drop as
    select s.row_no, d.row_no is not null as is_settled, ${plan.skipsUndecided ? isDecided(plan, sql`s.row_no`) : sql`true`} as updates, ${sql.join(values)}
    from ${rows} s join ${members} o on o.row_no = s.row_no ${sql.join(joins, sql` `)}
      left join (select distinct row_no from ${match} where action = 'd') d on d.row_no = s.row_no
  `);
  if (mayMove) await session.query(sql`truncate ${found}`);
  // Of the rows that have a value, one is enough to find its records: thousands may share it.
  await share(session, order);
  await findFor((place) => {
    const numbers = partsOf(keys).flatMap(({ k, name }) => (k === place ? [name] : []));
    return sql`join (select min(row_no) as row_no from ${order} group by ${sql.join(numbers)}) o on o.row_no = s.row_no`;
  });
  await session.query(sql`
    create temporary table sluice_records on commit drop as
    select id, (row_number() over (order by id) - 1)::integer as n from (select distinct id from ${found}) d
  `);
  for (const table of [order, found, records]) await session.query(sql`analyze ${table}`);
  await session.query(sql`
    create temporary table sluice_decided (row_no integer, n integer, root integer, ambiguous boolean, freed boolean) on commit drop
  `);
  await decideInOrder(session, plan, keys, { view, guards });
  await session.query(sql`analyze ${decided}`);
  await session.query(sql`delete from ${match} m using ${members} o where o.row_no = m.row_no and m.action = 'u'`);
  await session.query(sql`
    insert into ${match} (row_no, action, root, record_id, ambiguous, issue)
    select d.row_no, case when r.id is null then 'c' else 'u' end::"char", d.root, r.id, d.ambiguous, case when d.freed then ${takesOver} end
    from ${decided} d left join ${records} r on r.n = d.n
  `);
}

/** The parts of all keys, one after the other, each with the column of `order` that has its number. */
function partsOf(keys: readonly MatchKey[]): { key: MatchKey; k: number; field: string; name: Sql }[] {
  return keys.flatMap((key, k) => key.map((field, part) => ({ key, k, field, name: sql.id(`v${k} ${part}`) })));
}

async function decideInOrder(
  session: TargetSession,
  plan: Plan,
  keys: readonly MatchKey[],
  { view, guards }: { view: View; guards: readonly (Guard | null)[] },
): Promise<void> {
  const { importer } = plan;
  const rules = keys.map((key) => key.map((field) => importer.fields[field].merge));
  const [sizes] = await session.query<{ records: number; rows: number; size: number }>(sql`
    select (select count(*)::int8 from ${records}) as records, count(*)::int8 as rows, max(row_no) + 1 as size from ${order}
  `);
  for (const table of [records, order]) await share(session, table);
  const guarded = await areGuarded(session.tables, plan, guards, records);
  const known = new RecordKeys(rules, { ...sizes, makes: plan.job.mode !== "update_only", guarded });
  for await (const page of inPages<{ record: number; values: number[] }>(
    session.tables,
    valuesOfRecords(plan, keys, view),
  ))
    for (const { record, values } of page) known.starts(record, values);
  const valueOf = sql`case f.k ${sql.join(
    keys.map((_, k) => sql`when ${sql.lit(k)} then o.${sql.id(`v${k} 0`)}`),
    sql` `,
  )} end`;
  const single = keys.flatMap(({ length }, k) => (length === 1 ? [k] : []));
  const holders = sql`
    select distinct r.n as record, f.k as place, ${valueOf} as value
    from ${found} f join ${records} r on r.id = f.id join ${order} o on o.row_no = f.row_no where f.k = any (${single}::integer[])`;
  for await (const page of inPages<{ record: number; place: number; value: number }>(session, holders))
    for (const { record, place, value } of page) known.has(record, place, value);
  /** The first row of each record that is still to be written. */
  const roots = new Int32Array(sizes.records + sizes.rows);
  /** The row that makes each new record. */
  const makers = new Int32Array(sizes.records + sizes.rows);
  /** New records that are written as groups: those with more rows than the one that makes them. */
  const shared = new Uint8Array(sizes.records + sizes.rows);
  const inOrder = sql`
    select row_no as row, is_settled as "isSettled", updates, array[${sql.join(partsOf(keys).map(({ name }) => name))}] as values from ${order} order by row_no`;
  for await (const page of inPages<InOrder>(session, inOrder)) {
    const out: Decision[] = [];
    const skipped: Skipped[] = [];
    const refused: { row: number; guard: Guard }[] = [];
    for (const { row, isSettled, updates, values } of page) {
      const found = updates || isSettled ? noValue : known.find(values).record;
      if (found !== noValue) {
        skipped.push({ row, record: found, of: makers[found] });
        continue;
      }
      const { record, isNew, isAmbiguous, taken, isFreed } = known.apply(values, { isSettled });
      if (taken !== noValue) refused.push({ row, guard: guards[taken] as Guard });
      if (isSettled || record === noValue) continue;
      const isThere = record < sizes.records;
      if (isNew) makers[record] = row;
      // Its record is judged with those that free the value, not by the table as it stands.
      if (isNew && isFreed) shared[record] = freed;
      if (roots[record] === 0 && (isNew || isThere)) roots[record] = row;
      // The group of a record that a settled row made was settled with it.
      if (isNew || roots[record] === 0) continue;
      if (!isThere) shared[record] ||= 1;
      out.push({ row, record, root: roots[record], isAmbiguous: isThere && isAmbiguous, isFreed });
    }
    await keep(session, out);
    await skip(session, plan, skipped);
    await refuse(session, plan, refused);
  }
  let first: Decision[] = [];
  for (let record = sizes.records; record < roots.length; record++) {
    if (shared[record] === 0) continue;
    first.push({
      row: roots[record],
      record,
      root: roots[record],
      isAmbiguous: false,
      isFreed: shared[record] === freed,
    });
    if (first.length < pageRows) continue;
    await keep(session, first);
    first = [];
  }
  await keep(session, first);
}

/** The records' values before the first row: of keys of several parts numbered as those of the rows, of others whether there is one. */
function valuesOfRecords(plan: Plan, keys: readonly MatchKey[], view: View): Sql {
  const { job, importer } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const other = sql.lit(otherValue);
  const parts = partsOf(keys);
  const numbered = (place: number): Sql => sql.id(`numbered ${place}`);
  const values = parts.map(({ key, field }, place) => {
    const number = key.length === 1 ? other : sql`coalesce(${numbered(place)}.number, ${other})`;
    return sql`case when coalesce(${view.valueOf(field)}::text, '') = '' then ${sql.lit(noValue)} else ${number} end`;
  });
  const joins = parts.flatMap(({ key, field, name }, place) =>
    key.length === 1
      ? []
      : [
          sql`left join (
        select ${stagedPart(plan, key, field)} as value, min(o.${name}) as number from ${rows} s join ${order} o on o.row_no = s.row_no
        where ${sql.id("s", field)} is not null group by 1
      ) ${numbered(place)} on ${numbered(place)}.value = ${recordPart(plan, key, field, view.valueOf(field))}`,
        ],
  );
  const changed = view.changed === null ? sql`` : sql`left join ${view.changed} u on u.record_id = ${id}::text`;
  return sql`
    select r.n as record, array[${sql.join(values)}] as values
    from ${records} r join ${tableId(importer.target.table)} t on ${id} = r.id ${changed} ${sql.join(joins, sql` `)}`;
}

interface InOrder {
  row: number;
  isSettled: boolean;
  /** Whether it updates what it finds; else it is skipped then. */
  updates: boolean;
  values: number[];
}

/** A row that finds a record, and does not change it; `of`: the row that makes it, where it is a new one. */
interface Skipped {
  row: number;
  record: number;
  of: number;
}

async function skip(session: Session, { job }: Plan, skipped: readonly Skipped[]): Promise<void> {
  if (skipped.length === 0) return;
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    insert into ${match} (row_no, action, root, of_row, record_id)
    select d.row_no, case when r.id is null then 'f' else 't' end::"char", case when r.id is null then d.of_row else d.row_no end,
      case when r.id is null then d.of_row end, r.id
    from unnest(${skipped.map(({ row }) => row)}::integer[], ${skipped.map(({ record }) => record)}::integer[],
        ${skipped.map(({ of }) => of)}::integer[]) d (row_no, n, of_row)
      left join ${records} r on r.n = d.n
  `);
}

/** Notes rows as invalid that would give their record a key which another one has by then. */
async function refuse(
  session: Session,
  { job }: Plan,
  refused: readonly { row: number; guard: Guard }[],
): Promise<void> {
  if (refused.length === 0) return;
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    insert into ${match} (row_no, action, issue)
    select d.row_no, 'i', d.issue from unnest(${refused.map(({ row }) => row)}::integer[], ${refused.map(({ guard }) => guard.issue)}::jsonb[]) d (row_no, issue)
  `);
}

interface Decision {
  row: number;
  record: number;
  root: number;
  isAmbiguous: boolean;
  /** Whether it gives its record a guarded value that another one had before. */
  isFreed: boolean;
}

/** Of a new record: the row that makes it gives it such a value. */
const freed = 2;

async function keep(session: Session, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  await session.query(sql`
    insert into ${decided} select * from unnest(${decisions.map(({ row }) => row)}::integer[], ${decisions.map(({ record }) => record)}::integer[],
      ${decisions.map(({ root }) => root)}::integer[], ${decisions.map(({ isAmbiguous }) => isAmbiguous)}::boolean[],
      ${decisions.map(({ isFreed }) => isFreed)}::boolean[])
  `);
}

/** A query's rows, a page at a time. */
async function* inPages<Row>(session: Session, query: Sql): AsyncGenerator<Row[]> {
  await session.query(sql`declare sluice_in_order no scroll cursor for ${query}`);
  for (;;) {
    const page = await session.query<Row>(sql`fetch ${sql.lit(pageRows)} from sluice_in_order`);
    if (page.length > 0) yield page;
    if (page.length < pageRows) break;
  }
  await session.query(sql`close sluice_in_order`);
}
