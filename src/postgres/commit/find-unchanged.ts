/**
 * Rows that would leave their main record as it is, where rows make other records too: told by one comparison, without a lock, so that a file
 * that is imported again writes nothing. Where the other records can be compared beside it, rows that leave all of them as they are need
 * no more than that. What is left takes the way of all groups.
 */
import { tableId } from "../connection/connect.ts";
import { keptAwake } from "../connection/kept-awake.ts";
import { withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { hasIdIn } from "../match/records-by-list.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { areComparable, type ChildCounts, type Comparison, compareRecords } from "../records/compare.ts";
import { mainColumns } from "../records/main-parts.ts";
import { mainRows, type Unchanged } from "../records/main-rows.ts";
import type { RecordsContext } from "../records/written-record.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import { isMutable } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import { wantsOf } from "./load-groups.ts";
import { groupedFields } from "./load-parts.ts";

/** How many rows the range's groups have, and whether any record has several. */
interface Groups {
  grouped: number;
  mayShare: boolean;
}

/** Does something that only reads in a transaction beside this one, with the same settings. */
export type Aside = <T>(work: (session: TargetSession) => Promise<T>) => Promise<T>;

/** From so many rows on, half of them are worth a second connection. */
const worthAside = 2000;

/**
 * Before any of a row's records is written; null where they cannot all be compared. `aside`: where nothing that the comparison reads has
 * been written in this transaction, so that two processors share the range.
 */
export async function findUnchanged(
  session: TargetSession,
  context: RecordsContext,
  range: Range,
  groups: Groups,
  aside: Aside | null,
): Promise<Unchanged | null> {
  const { plan, main } = context;
  if (main === undefined || !areComparable(context)) return null;
  const compareIn = async (by: TargetSession, part: Range): Promise<Compared> => {
    const comparison = await compareRecords(by, context, part, sql`select id from alone`);
    const { columns } = mainColumns(context, main);
    const parts = { rows: mainRows, settled: null, columns, joins: [comparison.joins], now: [] };
    return compare(by, { ...plan, records: parts }, part, groups, comparison);
  };
  const compared =
    aside === null || groups.grouped < worthAside
      ? [await compareIn(session, range)]
      : await shared(session, aside, halvesOf(range), compareIn);
  return together(session, plan, range, groups, compared);
}

/** Of the main record alone, once its parents are written, which `plan` knows. */
export async function findMainUnchanged(
  session: TargetSession,
  plan: Plan,
  range: Range,
  groups: Groups,
): Promise<Unchanged> {
  const compared = await compare(session, plan, range, groups, {
    parts: [],
    joins: sql``,
    values: [],
    relations: [],
    isOpen: sql`false`,
    // Any of them may.
    differs: sql`1`,
    kept: [],
    named: [],
    counts: [],
  });
  return together(session, plan, range, groups, [compared]);
}

function halvesOf({ from, to }: Range): Range[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

/** One of the parts aside, if a connection is free for it before this one is: none is waited for. */
async function shared(
  session: TargetSession,
  aside: Aside,
  [first, second]: readonly Range[],
  work: (session: TargetSession, part: Range) => Promise<Compared>,
): Promise<Compared[]> {
  let isTaken = false;
  const compareAside = async (other: TargetSession): Promise<Compared | null> => {
    if (isTaken) return null;
    isTaken = true;
    // Behind somebody who waits for this transaction it would wait for ever, which Postgres cannot see.
    await other.query(sql`set local lock_timeout = '1s'`);
    return work(other, second);
  };
  // What fails there is done again here, where an error of the statement is seen.
  const helped = aside(compareAside).catch(() => null);
  const done = await work(session, first);
  const there = isTaken ? await keptAwake(session, helped) : null;
  isTaken = true;
  return [done, there ?? (await work(session, second))];
}

/** What a comparison has found in its range. */
interface Compared {
  settled: number;
  kept: number;
  /** Numbers and ids of those that are kept, and numbers of all that are not settled, as the texts of arrays. */
  keptRows: string | null;
  keptIds: string | null;
  otherRows: string | null;
  /** Where those that are kept lie in the stage. */
  keptPlaces: string | null;
  /** See `Comparison`. */
  named: (string | null)[];
  counts: ChildCounts[];
  of: Pick<Comparison, "named" | "counts">;
}

async function together(
  session: TargetSession,
  plan: Plan,
  range: Range,
  groups: Groups,
  compared: readonly Compared[],
): Promise<Unchanged> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const idType = sql.raw(plan.target.columns.get(plan.importer.target.id)?.type ?? "text");
  const sum = (of: (part: Compared) => number): number => compared.reduce((all, part) => all + of(part), 0);
  const joined = (type: "integer" | "text" | "tid", of: (part: Compared) => string | null): Sql =>
    sql.join(
      compared.map((part) => sql`${of(part)}::text::${sql.raw(type)}[]`),
      sql` || `,
    );
  const [{ of }] = compared;
  const counts = new Map<string, number>();
  const spared = new Map<string, number>();
  for (const [k, { record }] of of.counts.entries()) {
    counts.set(
      record,
      sum((part) => part.counts[k].settled),
    );
    if (compared.every((part) => part.counts[k].differing === 0))
      spared.set(
        record,
        sum((part) => part.counts[k].kept),
      );
  }
  if (of.named.length > 0) {
    const different = of.named.map(
      (_, k) => sql`(select count(distinct id)::int from unnest(${joined("text", ({ named }) => named[k])}) id)`,
    );
    const [{ named }] = await session.query<{ named: number[] }>(sql`select array[${sql.join(different)}] as named`);
    for (const [k, { record }] of of.named.entries()) counts.set(record, named[k]);
  }
  return {
    settled: sum(({ settled }) => settled),
    settledRows: sql`
      select k.row_no from ${match} k
      where ${isAlone(plan, range, groups)} and k.row_no not in (select unnest(${joined("integer", ({ otherRows }) => otherRows)}))`,
    kept: sum(({ kept }) => kept),
    keptRows: sql`
      select k.row_no, k.id::${idType}
      from unnest(${joined("integer", ({ keptRows }) => keptRows)}, ${joined("text", ({ keptIds }) => keptIds)}) k (row_no, id)`,
    keptPlaces: joined("tid", ({ keptPlaces }) => keptPlaces),
    spared,
    counts,
  };
}

/** The condition that a row `k` of the match is the only one of its record. */
function isAlone({ job }: Plan, range: Range, { mayShare }: Groups): Sql {
  const { match } = stageTables(job.id, job.stageGeneration);
  const isOnly = mayShare
    ? sql`and not exists (
          select from ${match} o where o.root >= ${range.from} and o.root < ${range.to} and o.root <> o.row_no and o.root = k.root and o.action in ('u', 'c'))`
    : sql``;
  return sql`k.action = 'u' and k.root = k.row_no and not k.ambiguous and ${isIn("k", range)} ${isOnly}`;
}

function isIn(alias: string, { from, to }: Range): Sql {
  return sql`${sql.id(alias, "row_no")} >= ${from} and ${sql.id(alias, "row_no")} < ${to}`;
}

async function compare(
  session: TargetSession,
  plan: Plan,
  range: Range,
  groups: Groups,
  { parts, values, relations, isOpen, differs, kept, ...of }: Comparison,
): Promise<Compared> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = groupedFields(plan).filter(isMutable);
  const id = sql.id("t", importer.target.id);
  const own = fields.map(({ name, value, carry }) => sql`${carry(value)} as ${sql.id(name)}`);
  const current = fields.map(({ name, column, carry }) => sql`, ${carry(sql.id("t", column))} as ${sql.id(name)}`);
  const wants = wantsOf(plan).map((each) => each.wants);
  const counts = of.counts.map(
    ({ count }) =>
      sql`jsonb_build_object('settled', ${count.settled}, 'kept', ${count.kept}, 'differing', ${count.differing})`,
  );
  const [found] = await session.tables.query<Omit<Compared, "of">>(sql`
    ${withParts([
      {
        name: "alone",
        materialized: true,
        query: sql`select k.row_no, k.record_id as id from ${match} k where ${isAlone(plan, range, groups)}`,
      },
      ...parts,
      {
        name: "compared",
        materialized: true,
        query: sql`
          select ${sql.join([sql`m.row_no`, sql`m.id`, sql`m.place`, ...kept])},
            case when (${sql.join([sql`b.id is null`, isOpen, ...wants], sql` or `)}) is not true then ${differs} end as differs
          from (
            select ${sql.join([sql`m.row_no`, sql`m.id`, sql`s.ctid as place`, ...own, ...values])}
            from alone m join ${rows} s on s.row_no = m.row_no ${lookupJoins(plan)}
            where ${isIn("s", range)}
          ) m
          left join (
            select ${id} as id${sql.join(current, sql``)} from ${tableId(importer.target.table)} t
            where ${hasIdIn(plan, sql`select id from alone`)} ${sameContext(plan)} ${isMatched(importer)}
          ) b on b.id = m.id${sql.join(relations, sql``)}`,
      },
    ])}
    select (count(*) filter (where differs = 0))::int as settled, (count(*) filter (where differs > 0))::int as kept,
      (array_agg(row_no) filter (where differs > 0))::text as "keptRows", (array_agg(id::text) filter (where differs > 0))::text as "keptIds",
      (array_agg(place) filter (where differs > 0))::text as "keptPlaces",
      (array_agg(row_no) filter (where differs is distinct from 0))::text as "otherRows",
      array[${sql.join(of.named.map(({ ids }) => ids))}]::text[] as named, jsonb_build_array(${sql.join(counts)}) as counts
    from compared
  `);
  return { ...found, of };
}
