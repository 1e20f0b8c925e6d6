/**
 * What a range's rows come to for one record of each: which of those in the table they mean, which are missing, and which would change.
 * One statement reads rows and table, and notes what is left to do; where it is nothing, nothing else is sent.
 */
import { type Part, withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import {
  anyDiffers,
  carriedMade,
  firstValue,
  isMutable,
  mergedValue,
  needsFirst,
  oldValues,
  wantsOther,
} from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { findOfDistinctRows } from "./find-distinct.ts";
import { findOfKeys } from "./find-keys.ts";
import type { Found } from "./found.ts";
import { touchedRows } from "./main-rows.ts";
import { recordsOf, recordsRelation, sameKey } from "./records-relation.ts";
import { isKnownByKey, rowRelation } from "./row-source.ts";
import type { RecordColumn, RecordsContext, WrittenRecord } from "./written-record.ts";

/** `rowsAreDistinct`: no two rows of the range can mean the same record. */
export async function findRecord(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  { only, rowsAreDistinct }: { only: "others" | "all"; rowsAreDistinct: boolean },
): Promise<Found> {
  const { columns, identity } = record;
  if (rowsAreDistinct && record.isUnique && !record.isReferred)
    return findOfDistinctRows(session, context, record, range, only);
  if (record.keys.length === 1 && !columns.some(isMutable)) return findOfKeys(session, context, record, range, only);
  const { from, where, pos } = rowRelation(context, record, range, only);
  const ord = record.plan.each.length === 0 ? sql`0::bigint` : sql`e.ord`;
  const keyColumns = record.keys.flat();
  const keyNames = keyColumns.map(({ name }) => sql`, ${sql.id(name)}`);
  const valueNames = columns.map(({ name }) => sql`, ${sql.id(name)}`);
  const source: Part = {
    name: "src",
    materialized: true,
    query: sql`
      select s.row_no, ${pos} as pos, ${ord} as ord${sql.join(
        [
          ...keyColumns.map(({ name, value }) => sql`, ${value} as ${sql.id(name)}`),
          ...columns.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`),
        ],
        sql``,
      )}
      ${from} where ${where}${record.plan.each.length === 0 ? sql` limit ${sql.lit(range.to - range.from)}` : sql``}`,
  };
  const isSingle = record.keys.length === 1;
  const groups: Groups = isSingle
    ? groupsOfOneKey(record, rowsAreDistinct)
    : await groupsOfKeys(session, context, record, only);
  const mutable = columns.filter(isMutable);
  const old = oldValues(mutable);
  const ids = identity.map(({ name, column }) => sql`, ${sql.id("t", column)} as ${sql.id(name)}`);
  const idNames = identity.map(({ name }) => sql`, ${sql.id("d", name)}`);
  const nobody = identity.map(({ name, type }) => sql`, null::${sql.raw(type)} as ${sql.id(name)}`);
  const nothing = mutable.map(({ name }) => sql`, f.${sql.id(name)} as ${sql.id(`old ${name}`)}`);
  const isKeyless = record.keys.length === 0;
  const found = isKeyless
    ? sql`select f.first${sql.join([...nobody, ...nothing], sql``)} from folded f where false`
    : isSingle
      ? sql`
      select f.first${sql.join([...ids, ...old], sql``)} from folded f join ${await recordsOf(session, context, record, { only, rows: "folded" })} on ${sameKey(record.keys[0], "t", "f")}`
      : sql`
      select f.first${sql.join([...ids, ...old], sql``)} from folded f join ${recordsRelation(record)} on ${sql.id("t", identity[0].column)} = f.found`;
  const once = record.isUnique || !isSingle;
  const foundOnce = once
    ? sql`select *, 1::bigint as times from found_all`
    : sql`select distinct on (first) *, count(*) over (partition by first) as times from found_all order by first${sql.join(
        identity.map(({ name }) => sql`, ${sql.id(name)}`),
        sql``,
      )}`;
  const isAmbiguityRefused = !record.isKeyedByMain;
  const decided = sql`
    select f.*${sql.join(idNames, sql``)}${sql.join(
      mutable.map(({ name }) => sql`, ${sql.id("d", `old ${name}`)}`),
      sql``,
    )}, d.first is not null as there, coalesce(d.times, 0) as times, case
        when ${isAmbiguityRefused ? sql`d.times > 1` : sql`false`} then 'a'
        when d.first is null then ${record.plan.onMissing === "issue" ? sql`'x'` : sql`'n'`}
        when ${anyDiffers(mutable, sql`d`, sql`f`)} then 'f' end as state
    from folded f left join found d on d.first = f.first`;
  const firsts = columns.map((each) => (needsFirst(each) ? sql`, ${sql.id(`first ${each.name}`)}` : sql`, null`));
  const work = sql`
    insert into ${record.work} (first, row_no, ord, state, alt${sql.join(
      [
        ...identity.map(({ name }) => sql`, ${sql.id(name)}`),
        ...keyNames,
        ...valueNames,
        ...columns.map(({ name }) => sql`, ${sql.id(`first ${name}`)}`),
      ],
      sql``,
    )})
    select first, row_no, ord, state, alt${sql.join(
      [...identity.map(({ name }) => sql`, ${sql.id(name)}`), ...keyNames, ...valueNames, ...firsts],
      sql``,
    )} from decided where state is not null`;
  const isTouched = touchedBy(record, mutable, groups.rows);
  const known = !record.isReferred
    ? null
    : isKnownByKey(record)
      ? sql`
    insert into ${record.known} (id${sql.join(keyNames, sql``)}) select ${sql.id(identity[0].name)}${sql.join(keyNames, sql``)} from decided where there and state is distinct from 'a'`
      : sql`
    insert into ${record.known} (id, row_no, ord) select d.${sql.id(identity[0].name)}, x.row_no, x.ord from ${sql.raw(groups.rows)} x join decided d on d.first = x.first where d.there`;
  const [counts] = await session.tables.query<Found>(sql`
    ${withParts([
      source,
      ...groups.parts,
      { name: "found_all", query: found },
      { name: "found", query: foundOnce, materialized: true },
      { name: "decided", query: decided, materialized: true },
      { name: "noted", query: work },
      { name: "touched", query: isTouched },
      known === null ? null : { name: "told", query: known },
    ])}
    select count(*)::int as groups, count(*) filter (where there)::int as there, count(*) filter (where not there)::int as missing,
      count(*) filter (where state = 'f')::int as differing, count(*) filter (where times > 1)::int as ambiguous
    from decided
  `);
  return counts;
}

interface Groups {
  parts: Part[];
  /** The part with every row and the first of its group. */
  rows: string;
}

/** Rows that mean the same record, by their one key: folded into one as if they came one after the other. */
function groupsOfOneKey(record: WrittenRecord, rowsAreDistinct: boolean): Groups {
  const [key] = record.keys;
  const firsts = record.columns
    .filter(needsFirst)
    .map(({ name }) => sql`, ${sql.id(name)} as ${sql.id(`first ${name}`)}`);
  const asIs = sql`select x.*, x.pos as first, 0 as alt${sql.join(firsts, sql``)} from`;
  if (rowsAreDistinct) return { parts: [{ name: "folded", query: sql`${asIs} src x` }], rows: "folded" };
  const parted = key.map(({ name, type }) => (type === "text" ? sql`${sql.id(name)} collate "C"` : sql.id(name)));
  return {
    parts: [
      {
        name: "grouped",
        query: sql`select x.*, 0 as alt, min(x.pos) over (partition by ${sql.join(parted)}) as first from src x`,
        materialized: true,
      },
      { name: "folded", query: foldOf(record) },
    ],
    rows: "grouped",
  };
}

function foldOf(record: WrittenRecord): Sql {
  const order = sql`pos`;
  const key = record.keys.flat().map(({ name }) => sql`, ${firstValue(name, order)} as ${sql.id(name)}`);
  const values = record.columns.flatMap((column) => {
    const { name } = column;
    const merged = sql`, ${mergedValue(column, order)} as ${sql.id(name)}`;
    return needsFirst(column) ? [merged, sql`, ${firstValue(name, order)} as ${sql.id(`first ${name}`)}`] : [merged];
  });
  return sql`
    select first, (array_agg(row_no order by pos))[1] as row_no, (array_agg(ord order by pos))[1] as ord, min(alt) as alt${sql.join(
      [...key, ...values],
      sql``,
    )}${record.keys.length > 1 ? sql`, (array_agg(found))[1] as found` : sql``}
    from grouped group by first`;
}

/** By several keys: those of a record that one of them finds, the first before the next; of the others those whose first key is the same. */
async function groupsOfKeys(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  only: "others" | "all",
): Promise<Groups> {
  if (record.keys.length === 0)
    return { parts: [{ name: "folded", query: sql`select x.*, x.pos as first, 0 as alt from src x` }], rows: "folded" };
  const id = sql.id("t", record.identity[0].column);
  const hits: Sql[] = [];
  for (const [alt, key] of record.keys.entries())
    hits.push(
      sql`select x.pos, ${id} as id, ${sql.lit(alt)} as alt from src x join ${await recordsOf(session, context, record, { only, rows: "src", key })} on ${sameKey(key, "t", "x")}`,
    );
  const filledAlt = sql`case ${sql.join(
    record.keys.map(
      (key, alt) =>
        sql`when ${sql.join(
          key.map(({ name }) => sql`${sql.id("x", name)} is not null`),
          sql` and `,
        )} then ${sql.lit(alt)}`,
    ),
    sql` `,
  )} end`;
  const parted = record.keys.flatMap((key, alt) =>
    key.map(({ name }) => sql`, case when alt = ${sql.lit(alt)} then ${sql.id(name)} end`),
  );
  return {
    parts: [
      {
        name: "hit",
        query: sql`select distinct on (pos) pos, id from (${sql.join(hits, sql` union all `)}) h order by pos, alt, id`,
        materialized: true,
      },
      {
        name: "keyed",
        query: sql`select x.*, h.id as found, case when h.id is null then ${filledAlt} end as alt from src x left join hit h on h.pos = x.pos`,
        materialized: true,
      },
      {
        name: "grouped",
        query: sql`select *, min(pos) over (partition by found, alt${sql.join(parted, sql``)}) as first from keyed`,
        materialized: true,
      },
      { name: "folded", query: foldOf(record) },
    ],
    rows: "grouped",
  };
}

/** Rows that make a record, or change it: a row that says what is there already does not. */
function touchedBy(record: WrittenRecord, mutable: WrittenRecord["columns"], rows: string): Sql {
  const into = sql`insert into ${touchedRows} (row_no, record, made)`;
  const name = sql.lit(record.plan.name);
  const making = sql`d.state = 'n' and x.pos = d.first`;
  if (mutable.length === 0)
    return sql`${into} select distinct d.row_no, ${name}, true from decided d where d.state = 'n'`;
  const wants = (old: (column: RecordColumn) => Sql): Sql =>
    sql`(${sql.join(
      mutable.map((each) => wantsOther(each, sql`x`, old(each))),
      sql` or `,
    )})`;
  const ofMade = wants((column) => carriedMade(column, sql`b`));
  const ofOld = wants(({ name: column }) => sql.id("d", `old ${column}`));
  return sql`
    ${into}
    select x.row_no, ${name}, bool_or(d.state = 'n')
    from ${sql.raw(rows)} x join decided d on d.first = x.first left join src b on b.pos = d.first
    where ${making} or d.state = 'n' and ${ofMade} or d.state = 'f' and ${ofOld}
    group by x.row_no`;
}
