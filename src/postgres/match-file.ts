/** Duplicates within the file: rows that share a key with an earlier one. */
import { type Session, type Sql, sql } from "./connect.ts";
import { stagedKey } from "./match-keys.ts";
import type { Plan } from "./plan.ts";
import { stageTables } from "./stage.ts";

/** A transaction on another connection, for what can be searched at the same time. */
export type Parallel = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/**
 * Every row that shares a key with an earlier one. Each key is searched on a connection of its own, as many at a time as
 * the pool has: the searches share nothing but the stage, which nobody writes to any more.
 */
export async function noteDuplicatesInFile(
  session: Session,
  plan: Plan,
  keys: string[],
  parallel: Parallel,
): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const action = plan.job.duplicates.strategy === "skip" ? "f" : "c";
  const [{ excluded }] = await session.query<{ excluded: boolean }>(
    sql`select exists (select from ${match}) as excluded`,
  );
  // A row that is settled may be the one that others repeat; in an update its group was settled with it.
  const settled = action === "f" ? sql`and m.action <> 'd'` : sql``;
  const firsts = excluded ? sql`and not exists (select from ${match} m where m.row_no = s.row_no ${settled})` : sql``;
  // Rows that are invalid already stand in this transaction's match table, which no other connection can see.
  // The same holds for the lookups that a reference is compared by.
  const apart = !excluded && keys.every((key) => plan.importer.fields[key].kind !== "reference");
  const found = !apart
    ? keys.map((key) =>
        duplicatesOfKey(
          plan,
          key,
          excluded ? sql`and not exists (select from ${match} m where m.row_no = s.row_no)` : sql``,
          firsts,
        ),
      )
    : await keptAwake(session, Promise.all(keys.map((key, k) => searchAside(plan, key, k, parallel))));
  await session.query(sql`
    insert into ${match} (row_no, action, root, of_row, priority)
    select row_no, ${sql.lit(action)}, (array_agg(first_row order by priority))[1], (array_agg(first_row order by priority))[1], min(priority)
    from (${sql.join(
      found.map((each, k) => sql`select d.*, ${sql.lit(k)} as priority from (${each}) d`),
      sql` union all `,
    )}) d
    group by row_no
  `);
  if (apart) for (const [k] of keys.entries()) await session.query(sql`drop table ${asideTable(plan, k)}`);
}

/**
 * The rows whose key stands in an earlier row too. A hash aggregate finds the values that occur twice, a hash join the
 * rows that have them: no sort of the whole, memory as `work_mem` allows, disk beyond.
 */
function duplicatesOfKey(plan: Plan, key: string, valid: Sql, validFirst: Sql): Sql {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  return sql`
    select s.row_no, f.first_row
    from ${rows} s
    join (
      select ${stagedKey(plan, key)} as key, min(s.row_no) as first_row
      from ${rows} s
      where ${sql.id("s", key)} is not null ${validFirst}
      group by 1
      having count(*) > 1
    ) f on f.key = ${stagedKey(plan, key)}
    where s.row_no > f.first_row ${valid}`;
}

/** Searches on another connection, into a table of its own; returns the query that reads it. */
async function searchAside(plan: Plan, key: string, k: number, parallel: Parallel): Promise<Sql> {
  const table = asideTable(plan, k);
  await parallel(async (session) => {
    await session.query(sql`drop table if exists ${table}`);
    await session.query(sql`create unlogged table ${table} as ${duplicatesOfKey(plan, key, sql``, sql``)}`);
  });
  return sql`select row_no, first_row from ${table}`;
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
