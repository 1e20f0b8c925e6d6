/** What stands in the file more than once: rows that share a key, or what must be unique, with an earlier one. */
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../target/plan.ts";
import { stagedKey } from "./match-keys.ts";

/** A transaction on another connection, for what can be searched at the same time. */
export type Parallel = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** What two rows may have in common. */
export interface Likeness {
  /** The values that must be the same, of a staged row `s`. */
  values: Sql[];
  /** That the row has them. */
  filled: Sql;
  /** Whether they are compared by ids that were looked up in this transaction. */
  isLookedUp: boolean;
  /** Of what must be unique: the issue of the row that repeats it, as `match.issue` has it. Null for a key that recognises a duplicate. */
  issue: string | null;
}

export function keyLikeness(plan: Plan, key: string): Likeness {
  return {
    values: [stagedKey(plan, key)],
    filled: sql`${sql.id("s", key)} is not null`,
    isLookedUp: plan.importer.fields[key].kind === "reference",
    issue: null,
  };
}

/** The rows that share a likeness with an earlier one: `row_no`, `first_row` of them all, and the likeness's place `k`. */
export const repeats = sql.id("pg_temp", "sluice_repeats");

/**
 * Fills `repeats`. Each likeness is searched on a connection of its own, as many at a time as the pool has: the searches share
 * nothing but the stage, which nobody writes to any more. `meanwhile` goes on on this one.
 */
export async function findRepeats(
  session: Session,
  plan: Plan,
  likenesses: readonly Likeness[],
  parallel: Parallel,
  meanwhile: () => Promise<void>,
): Promise<void> {
  // What this transaction has looked up, no other can see.
  const apart = likenesses.map(({ isLookedUp }) => !isLookedUp);
  const aside = likenesses.flatMap((likeness, k) => (apart[k] ? [searchAside(plan, likeness, k, parallel)] : []));
  const searched = await Promise.allSettled([keptAwake(session, Promise.all(aside)), meanwhile()]);
  for (const each of searched) if (each.status === "rejected") throw each.reason;
  await session.query(sql`drop table if exists ${repeats}`);
  await session.query(sql`
    create temporary table sluice_repeats on commit drop as
    ${sql.join(
      likenesses.map((likeness, k) =>
        apart[k]
          ? sql`select row_no, first_row, ${sql.lit(k)} as k from ${asideTable(plan, k)}`
          : sql`select d.row_no, d.first_row, ${sql.lit(k)} as k from (${repeatsOf(plan, likeness)}) d`,
      ),
      sql` union all `,
    )}
  `);
  await session.query(sql`analyze ${repeats}`);
  for (const [k] of likenesses.entries()) if (apart[k]) await session.query(sql`drop table ${asideTable(plan, k)}`);
}

/**
 * The rows whose values stand in an earlier row too. A hash aggregate finds the values that occur twice, a hash join the
 * rows that have them: no sort of the whole, memory as `work_mem` allows, disk beyond.
 */
function repeatsOf(plan: Plan, { values, filled }: Likeness): Sql {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const names = values.map((_, k) => sql.id(`value ${k}`));
  const named = values.map((value, k) => sql`${value} as ${names[k]}`);
  const same = values.map((value, k) => sql`f.${names[k]} = ${value}`);
  return sql`
    select s.row_no, f.first_row
    from ${rows} s
    join (
      select ${sql.join(named)}, min(s.row_no) as first_row
      from ${rows} s
      where s.row_no > 0 and ${filled}
      group by ${sql.join(values.map((_, k) => sql.lit(k + 1)))}
      having count(*) > 1
    ) f on ${sql.join(same, sql` and `)}
    where s.row_no > f.first_row and ${filled}`;
}

/** Searches on another connection, into a table of its own. */
function searchAside(plan: Plan, likeness: Likeness, k: number, parallel: Parallel): Promise<void> {
  const table = asideTable(plan, k);
  return parallel(async (session) => {
    await session.query(sql`drop table if exists ${table}`);
    await session.query(sql`create unlogged table ${table} as ${repeatsOf(plan, likeness)}`);
  });
}

/** While others work for it, a transaction gives a sign of life: Postgres ends one that idles for ten seconds. */
async function keptAwake<T>(session: Session, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => session.query(sql`select`).catch(() => {}), 3000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

function asideTable({ job }: Plan, k: number): Sql {
  return sql.id("sluice_stage", `job_${job.id}_${job.stageGeneration}_key_${k}`);
}
