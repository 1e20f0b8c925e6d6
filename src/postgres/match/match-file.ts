/** Duplicates within the file: rows that share a key, or a value that must be unique, with an earlier one. */
import { keptAwake } from "../connection/kept-awake.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";
import { isFilled, type MatchKey, stagedPart } from "./match-keys.ts";
import { patternBits } from "./strength.ts";

/** A transaction on another connection, for what can be searched at the same time. */
export type Parallel = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** What two rows may have in common. */
export interface Likeness {
  /** The values that must be the same, of a staged row `s`. */
  values: Sql[];
  /** A number that is the same where the values are, and hardly ever elsewhere. */
  hash: Sql;
  /** That the row has them. */
  filled: Sql;
  /** Those that are told where a row has them in another case than the first; the place of each is its bit in `differs`. */
  written: Sql[];
  /** Whether they are compared by ids that were looked up in this transaction. */
  isLookedUp: boolean;
  /** Which keys the row has, where there are several: `patternOf`. Null: nobody asks. */
  pattern: Sql | null;
  /** Of what must be unique: the issue of the row that repeats it, as `match.issue` has it. Null for a key that recognises a duplicate. */
  issue: string | null;
}

/** @param written of its parts, as the file has them: those that are told where case alone is another. */
export function keyLikeness(plan: Plan, key: MatchKey, pattern: Sql | null, written: Sql[]): Likeness {
  const values = key.map((field) => stagedPart(plan, key, field));
  return {
    values,
    hash: hashOf(plan, key, values),
    filled: isFilled(key),
    written,
    isLookedUp: key.some((field) => plan.importer.fields[field].kind === "reference"),
    pattern,
    issue: null,
  };
}

/** The hash of values made of these columns of the stage; of one text without the detour by a record, which costs twice the time. */
export function hashOf({ columns }: Plan, names: readonly string[], values: readonly Sql[]): Sql {
  const isText = values.length === 1 && columns.find(({ name }) => name === names[0])?.type === "text";
  return isText ? sql`hashtextextended(${values[0]}, 0)` : hashOfRecord(values);
}

export function hashOfRecord(values: readonly Sql[]): Sql {
  return sql`hash_record_extended(row(${sql.join(values)}), 0)`;
}

/**
 * The rows that share a likeness with an earlier one: `row_no`, `first_row` of them all, `differs`, which of the values the two have
 * written in another way, as bits, and the likeness's place `k`; of several keys also `pattern` and `first_pattern`, the keys that each
 * of both has.
 */
export const repeats = sql.id("pg_temp", "sluice_repeats");

/**
 * Fills `repeats`. Each likeness is searched on a connection of its own, as many at a time as the pool has: the searches share
 * nothing but the stage, which nobody writes to any more. `meanwhile` goes on on this one. Returns how many repeats there are.
 */
export async function findRepeats(
  session: Session,
  plan: Plan,
  likenesses: readonly Likeness[],
  parallel: Parallel,
  meanwhile: () => Promise<void>,
): Promise<number> {
  // What this transaction has looked up, no other can see.
  const apart = likenesses.map(({ isLookedUp }) => !isLookedUp);
  const aside = likenesses.flatMap((likeness, k) => (apart[k] ? [searchAside(plan, likeness, k, parallel)] : []));
  const searched = await Promise.allSettled([keptAwake(session, Promise.all(aside)), meanwhile()]);
  for (const each of searched) if (each.status === "rejected") throw each.reason;
  const here = new Map<number, Sql>();
  for (const [k, likeness] of likenesses.entries())
    if (!apart[k]) here.set(k, repeatsOf(likeness, await gatherAlike(session, plan, likeness, k)));
  await session.query(sql`drop table if exists ${repeats}`);
  const number = await session.change(sql`
    create temporary table sluice_repeats on commit drop as
    ${sql.join(
      likenesses.map((_, k) =>
        apart[k]
          ? sql`select *, ${sql.lit(k)} as k from ${asideTable(plan, k)}`
          : sql`select d.*, ${sql.lit(k)} as k from (${here.get(k)}) d`,
      ),
      sql` union all `,
    )}
  `);
  await session.query(sql`analyze ${repeats} (row_no, first_row, k)`);
  for (const [k] of likenesses.entries()) if (apart[k]) await session.query(sql`drop table ${asideTable(plan, k)}`);
  return number;
}

/**
 * Gathers the rows whose values another row may have too: all that have, and the few whose hash alone is another's. The hashes are
 * sorted, numbers of eight bytes: that takes `work_mem` and a fifth of the disk that the values would, and for ten times the rows
 * little more than ten times the time, where a hash table that has outgrown its memory takes twice that. Most keys stand once, so
 * few values are left to compare; of a file where they do not, all rows are taken as they are staged.
 */
async function gatherAlike(
  session: Session,
  plan: Plan,
  { values, written, hash, filled, pattern }: Likeness,
  k: number,
): Promise<Sql> {
  const { job } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const hashes = sql.id("pg_temp", `sluice_hashes_${k}`);
  const alike = sql.id("pg_temp", `sluice_alike_${k}`);
  await session.query(sql`drop table if exists ${hashes}, ${alike}`);
  await session.query(sql`set local enable_hashagg = off`);
  await session.query(sql`
    create temporary table ${sql.id(`sluice_hashes_${k}`)} on commit drop as
    select ${hash} as hash, count(*) as number from ${rows} s where s.row_no > 0 and ${filled} group by 1 having count(*) > 1
  `);
  await session.query(sql`set local enable_hashagg = on`);
  await session.query(sql`analyze ${hashes}`);
  const [{ number }] = await session.query<{ number: number }>(
    sql`select coalesce(sum(number), 0)::int8 as number from ${hashes}`,
  );
  const named = values.map((value, n) => sql`, ${value} as ${valueName(n)}`);
  for (const [n, value] of written.entries()) named.push(sql`, ${value} as ${writtenName(n)}`);
  if (pattern !== null) named.push(sql`, ${pattern} as pattern`);
  const staged = sql`select s.row_no${sql.join(named, sql``)} from ${rows} s`;
  const open = sql`s.row_no > 0 and ${filled}`;
  if (number > job.validRows * manyAlike) return sql`(${staged} where ${open})`;
  await session.query(sql`
    create temporary table ${sql.id(`sluice_alike_${k}`)} on commit drop as
    ${staged} join ${hashes} h on h.hash = ${hash} where ${open} ${number === 0 ? sql`limit 0` : sql``}
  `);
  await session.query(
    sql`analyze ${alike} (row_no${sql.join(
      values.map((_, n) => sql`, ${valueName(n)}`),
      sql``,
    )})`,
  );
  return alike;
}

/** From this share of the rows on, writing them down apart costs more than it spares. */
const manyAlike = 0.5;

/** Of the gathered rows, those whose values an earlier one has, as `repeats` has them but for `k`. */
function repeatsOf({ values, written, pattern }: Likeness, alike: Sql): Sql {
  const names = sql.join(values.map((_, n) => valueName(n)));
  const same = values.map((_, n) => sql`f.${valueName(n)} = a.${valueName(n)}`);
  // Of a group the text of the first row, found by its number before it.
  const texts = written.map((_, n) => {
    const name = writtenName(n);
    return sql`, min((lpad(row_no::text, ${digits}, '0') || ${name}) collate "C") as ${name}`;
  });
  const differing = written.map((_, n) => {
    const name = writtenName(n);
    return sql`((substr(f.${name}, ${digits} + 1) <> a.${name} collate "C")::integer << ${sql.lit(n)})`;
  });
  const differs = written.length === 0 ? sql`0` : sql.join(differing, sql` | `);
  const bits = sql.lit(patternBits);
  const [first, firstRow, patterns] =
    pattern === null
      ? [sql`row_no`, sql`f.first`, sql``]
      : [
          sql`row_no::bigint << ${bits} | pattern`,
          sql`(f.first >> ${bits})::integer`,
          sql`, a.pattern, (f.first & ${sql.lit(2 ** patternBits - 1)})::integer as first_pattern`,
        ];
  return sql`
    select a.row_no, ${firstRow} as first_row, ${differs} as differs${patterns}
    from ${alike} a
    join (select ${names}, min(${first}) as first${sql.join(texts, sql``)} from ${alike} g group by ${names} having count(*) > 1) f
      on ${sql.join(same, sql` and `)}
    where a.row_no > ${firstRow}`;
}

/** As many as the largest row number has. */
const digits = sql.lit(10);

function valueName(n: number): Sql {
  return sql.id(`value ${n}`);
}

function writtenName(n: number): Sql {
  return sql.id(`written ${n}`);
}

/** Searches on another connection, into a table of its own. */
function searchAside(plan: Plan, likeness: Likeness, k: number, parallel: Parallel): Promise<void> {
  const table = asideTable(plan, k);
  return parallel(async (session) => {
    await session.query(sql`drop table if exists ${table}`);
    const alike = await gatherAlike(session, plan, likeness, k);
    await session.query(sql`create unlogged table ${table} as ${repeatsOf(likeness, alike)}`);
  });
}

function asideTable({ job }: Plan, k: number): Sql {
  return sql.id("sluice_stage", `job_${job.id}_${job.stageGeneration}_key_${k}`);
}
