/**
 * A row's other records beside its main one, as one statement compares them: so that a file that is imported again costs one pass, and
 * no statement for each record. Not every kind of record can be told so; see `areComparable`.
 */
import type { Part } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { pagesOf } from "../match/records-by-list.ts";
import { anyDiffers, isMutable, oldValues } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { askedKeys } from "./find-keys.ts";
import { hasBlankKey } from "./kept-out.ts";
import { recordsOf, recordsRelation, sameKey } from "./records-relation.ts";
import { isKnownByKey, joinsOf, rowRelation } from "./row-source.ts";
import { type RecordsContext, tableOf, type WrittenRecord } from "./written-record.ts";

/** What the statement has of them. Its rows are `m`, made of staged rows `s`; `m.id` is the main record's. */
export interface Comparison {
  /** Named queries that go before. */
  parts: Part[];
  /** Joined to staged rows. */
  joins: Sql;
  /** What rows have, each with its name. */
  values: Sql[];
  /** Joined to rows. */
  relations: Sql[];
  /** That a row is refused, or makes a parent. */
  isOpen: Sql;
  /** Bitmask of the records after the main one that a row changes; 0: it leaves all of them as they are. */
  differs: Sql;
  /** Columns of rows that `named` and `counts` read. */
  kept: Sql[];
  /** By record, of `compared`: the texts of arrays of the different parents that rows name. */
  named: { record: string; ids: Sql }[];
  /** By record after the main one. */
  counts: { record: string; count: ChildCounts<Sql> }[];
}

/** Of one of a row's other records, where its main record stays as it is. */
export interface ChildCounts<T = number> {
  /** How many the rows have that leave all records as they are, and the others. */
  settled: T;
  kept: T;
  /** How many of the others change it. */
  differing: T;
}

/** Bits of an integer; the last one stands for all records from there on. */
const lastBit = 30;

/** Of records that are comparable; `mainIds`: the query of the main ones' ids. */
export async function compareRecords(
  session: TargetSession,
  context: RecordsContext,
  range: Range,
  mainIds: Sql,
): Promise<Comparison> {
  const records = [...context.records.values()].map((record, k) => ({ ...record, known: sql.raw(`known_${k}`) }));
  const own = { ...context, records: new Map(records.map((record) => [record.plan.name, record])) };
  const comparison: Comparison = {
    parts: [],
    joins: joinsOf(
      own,
      records.filter(({ isAfterMain }) => !isAfterMain).map(({ plan }) => plan.name),
    ),
    values: [],
    relations: [],
    isOpen: sql`m."is open"`,
    differs: sql`0`,
    kept: [],
    named: [],
    counts: [],
  };
  const open = [hasBlankKey(context)];
  const differs: Sql[] = [];
  for (const [k, record] of records.entries()) {
    if (record.isAfterMain) {
      const bit = sql.lit(2 ** Math.min(differs.length, lastBit));
      if (record.isFed) differs.push(await addChild(session, own, record, k, { mainIds, comparison, bit }));
    } else open.push(await addParent(session, own, record, k, { range, comparison }));
  }
  comparison.values.push(sql`(${sql.join(open, sql` or `)}) as "is open"`);
  if (differs.length > 0) comparison.differs = sql.join(differs, sql` | `);
  return comparison;
}

/**
 * Parents are used as they are, and records after the main one belong to it alone, so that no row's depend on another's; of one key there is
 * one record; and no trigger makes one of the other.
 */
export function areComparable(context: RecordsContext): boolean {
  const { plan, main } = context;
  if (main === undefined || tableOf(plan, main.table).hasTriggers) return false;
  return [...context.records.values()].every((record) => {
    const { each, link } = record.plan;
    if (!isKnownByKey(record) || !record.isUnique || each.length > 0 || link !== null || record.table.hasTriggers)
      return false;
    return record.isAfterMain
      ? record.isKeyedByMain && !record.isReferred
      : record.isReferred && record.own === null && !record.columns.some(isMutable);
  });
}

/** As many rows of a range cost as much to be asked for what they name as a page of a table that is read whole. */
const rowsPerPage = 100;

/** Returns the condition that a staged row names one that is not there. */
async function addParent(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  k: number,
  { range, comparison }: { range: Range; comparison: Comparison },
): Promise<Sql> {
  const { plan, keys, identity, isFed } = record;
  const [key] = keys;
  const { parts, values, kept, named } = comparison;
  const known = `known_${k}`;
  if (!isFed) {
    const nothing = key.map(({ name, type }) => sql`, null::${sql.raw(type)} as ${sql.id(name)}`);
    parts.push({
      name: known,
      query: sql`select null::${sql.raw(identity[0].type)} as id${sql.join(nothing, sql``)} where false`,
    });
    return sql`false`;
  }
  const idOf = sql`${sql.id("t", identity[0].column)} as id`;
  const names = key.map(({ name }) => sql`, ${sql.id("t", name)}`);
  if ((await pagesOf(session, plan.table)) * rowsPerPage < range.to - range.from)
    parts.push({ name: known, query: sql`select ${idOf}${sql.join(names, sql``)} from ${recordsRelation(record)}` });
  else {
    const asked = `asked_${k}`;
    parts.push({ name: asked, query: askedKeys(record, rowRelation(context, record, range)), materialized: true });
    const there = await recordsOf(session, context, record, { only: "all", rows: asked });
    parts.push({
      name: known,
      query: sql`
        select ${idOf}${sql.join(names, sql``)} from ${sql.raw(asked)} f join ${there} on ${sameKey(key, "t", "f")}`,
      materialized: true,
    });
  }
  const id = sql.id(`r ${plan.name}`, "id");
  const name = sql.id(`id ${k}`);
  values.push(sql`${id} as ${name}`);
  kept.push(sql`m.${name}`);
  named.push({
    record: plan.name,
    ids: sql`(select array_agg(d.id)::text from (select distinct ${name}::text as id from compared where ${name} is not null) d)`,
  });
  return sql`(${allFilled(record)} and ${id} is null)`;
}

/** Returns its bit for a row that changes its own, else 0. */
async function addChild(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  k: number,
  { mainIds, comparison, bit }: { mainIds: Sql; comparison: Comparison; bit: Sql },
): Promise<Sql> {
  const { plan, identity } = record;
  const { values, relations, kept, counts } = comparison;
  const ofRecord = <T extends { name: string }>(each: T): T => ({ ...each, name: `${k} ${each.name}` });
  const [key] = record.keys;
  const mutable = record.columns.filter(isMutable).map(ofRecord);
  const says = sql.id(`says ${k}`);
  values.push(
    sql`(${allFilled(record)} and ${record.own ?? sql`true`}) as ${says}`,
    ...key.map((part) => sql`${part.value} as ${sql.id(ofRecord(part).name)}`),
    ...mutable.map(({ name, value, carry }) => sql`${carry(value)} as ${sql.id(name)}`),
  );
  const there = sql.id(`there ${k}`);
  const found = await recordsOf(session, context, record, { only: "all", rows: null, mainIds });
  const same = key.map((part) => sql`${there}.${sql.id(part.name)} = m.${sql.id(ofRecord(part).name)}`);
  relations.push(sql`
    left join (
      select ${sql.id("t", identity[0].column)} as id${sql.join(
        [...key.map(({ name }) => sql`, ${sql.id("t", name)}`), ...oldValues(mutable)],
        sql``,
      )} from ${found}
    ) ${there} on m.${says} and ${sql.join(same, sql` and `)}`);
  kept.push(sql`m.${says}`);
  const countOf = (where: Sql): Sql => sql`(count(*) filter (where ${where}))::int`;
  counts.push({
    record: plan.name,
    count: {
      settled: countOf(sql`differs = 0 and ${says}`),
      kept: countOf(sql`differs > 0 and ${says}`),
      differing: countOf(sql`differs & ${bit} > 0`),
    },
  });
  return sql`case when not m.${says} or ${there}.id is not null and not ${anyDiffers(mutable, there, sql`m`)} then 0 else ${bit} end`;
}

function allFilled({ keys: [key] }: WrittenRecord): Sql {
  return sql.join(
    key.map(({ filled }) => filled),
    sql` and `,
  );
}
