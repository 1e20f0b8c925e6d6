/**
 * The match: set-based, it finds the rows that do not simply become a new record. They stand in a narrow table beside
 * the stage; a row that is not in it is created.
 */
import type { ImportJob } from "../import.ts";
import { type Importer, targetColumn } from "../importer.ts";
import type { StageColumn } from "../store.ts";
import { type Session, type Sql, sql, tableId } from "./connect.ts";
import { noteBrokenConstraints } from "./constraints.ts";
import { fillLookups, noteUnknownReferences } from "./lookups.ts";
import { stageTables } from "./stage.ts";
import type { TargetTable } from "./target.ts";

/**
 * What becomes of a row in the match table:
 * `i` invalid, `f` skipped as a duplicate in the file, `t` skipped as one in the table, `u` updates a record,
 * `c` is created together with rows of the same record (the group of `root`).
 */
export type MatchAction = "i" | "f" | "t" | "u" | "c";

/** Everything a statement about a job's rows needs. */
export interface Plan {
  job: ImportJob;
  importer: Importer;
  columns: readonly StageColumn[];
  target: TargetTable;
}

/** Rows of a chunk, `from` inclusive, `to` exclusive. */
export interface Range {
  from: number;
  to: number;
}

/** Makes the match table anew and fills it. Runs in the caller's transaction. */
export async function matchRows(session: Session, plan: Plan, onDuplicatesFound: () => void): Promise<void> {
  const { job, target, importer } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const idType = target.columns.get(importer.target.id)?.type ?? "text";
  await session.query(sql`drop table if exists ${match}`);
  await session.query(sql`
    create unlogged table ${match} (
      row_no integer not null,
      action "char" not null,
      root integer,
      -- The earlier row that a duplicate in the file repeats.
      of_row integer,
      record_id ${sql.raw(idType)},
      ambiguous boolean not null default false,
      issue jsonb
    ) with (autovacuum_enabled = false)
  `);
  await fillLookups(session, plan);
  await noteUnknownReferences(session, plan);
  await noteBrokenConstraints(session, plan);
  const keys = matchKeys(plan);
  if (job.duplicates.strategy !== "create" && keys.length > 0) {
    await noteDuplicatesInFile(session, plan, keys);
    onDuplicatesFound();
    await noteDuplicatesInTable(session, plan, keys, null);
    if (job.duplicates.strategy === "update") await groupByRecord(session, plan);
  }
  const name = `job_${job.id}_${job.stageGeneration}_match`;
  await session.query(sql`create index ${sql.id(`${name}_row_no`)} on ${match} (row_no)`);
  if (job.duplicates.strategy === "update") {
    await session.query(sql`create index ${sql.id(`${name}_root`)} on ${match} (root) where root is not null`);
  }
  await session.query(sql`analyze ${match} (row_no, action, root)`);
}

/** The keys that are mapped, in the order in which they decide. */
export function matchKeys({ job, columns }: Plan): string[] {
  return job.duplicates.keys.filter((key) => columns.some(({ name }) => name === key));
}

/** A staged key, normalised: e-mails and phones are already; text ignores case. */
function stagedKey({ importer }: Plan, key: string): Sql {
  const column = sql.id("s", key);
  return importer.fields[key].kind === "text" ? sql`lower(${column})` : column;
}

/** The same key of a record; as the index on it is likely written. */
function recordKey({ importer }: Plan, key: string): Sql {
  const column = sql.id("t", targetColumn(importer, key));
  const { kind } = importer.fields[key];
  return kind === "text" || kind === "email" ? sql`lower(${column})` : column;
}

/**
 * Every row that shares a key with an earlier one. A hash aggregate per key finds the values that occur twice, a join
 * the rows that have them: no sort of the whole, memory as `work_mem` allows.
 */
async function noteDuplicatesInFile(session: Session, plan: Plan, keys: string[]): Promise<void> {
  const { rows, match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const action = plan.job.duplicates.strategy === "skip" ? "f" : "c";
  const [{ excluded }] = await session.query<{ excluded: boolean }>(sql`select exists (select from ${match}) as excluded`);
  const valid = excluded ? sql`and not exists (select from ${match} m where m.row_no = s.row_no)` : sql``;
  const perKey = keys.map(
    (key) => sql`
      select s.row_no, f.first_row
      from ${rows} s
      join (
        select ${stagedKey(plan, key)} as key, min(s.row_no) as first_row
        from ${rows} s
        where ${sql.id("s", key)} is not null ${valid}
        group by 1
        having count(*) > 1
      ) f on f.key = ${stagedKey(plan, key)}
      where s.row_no > f.first_row ${valid}`,
  );
  await session.query(sql`
    insert into ${match} (row_no, action, root, of_row)
    select row_no, ${sql.lit(action)}, min(first_row), min(first_row)
    from (${sql.join(perKey, sql` union all `)}) d
    group by row_no
  `);
  if (action === "f") return;
  // A row may repeat a row that repeats another: follow the roots until they stand.
  for (;;) {
    const moved = await session.change(sql`
      update ${match} m set root = p.root from ${match} p
      where p.row_no = m.root and p.action = 'c' and m.action = 'c' and p.root <> m.root
    `);
    if (moved === 0) break;
  }
}

/**
 * Rows whose key a record has, where no earlier row of the file decides for them. Of several records the first key's
 * counts, then the oldest. `range` restricts it to the rows of a chunk, for the check before it is committed.
 */
export async function noteDuplicatesInTable(session: Session, plan: Plan, keys: string[], range: Range | null): Promise<void> {
  const { job, importer } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const action = job.duplicates.strategy === "skip" ? "t" : "u";
  const id = sql.id("t", importer.target.id);
  const inRange = range === null ? sql`` : sql`and s.row_no >= ${range.from} and s.row_no < ${range.to}`;
  const perKey = keys.map(
    (key, priority) => sql`
      select s.row_no, ${id} as id, ${sql.lit(priority)} as priority
      from ${rows} s
      join ${tableId(importer.target.table)} t on ${recordKey(plan, key)} = ${stagedKey(plan, key)}
        and ${sql.id("t", targetColumn(importer, key))} is not null
      where ${sql.id("s", key)} is not null ${inRange} ${sameContext(plan)}
        and not exists (select from ${match} m where m.row_no = s.row_no)`,
  );
  await session.query(sql`
    insert into ${match} (row_no, action, root, record_id, ambiguous)
    select row_no, ${sql.lit(action)}, row_no, (array_agg(id order by priority, id))[1], count(distinct id) > 1
    from (${sql.join(perKey, sql` union all `)}) d
    group by row_no
  `);
}

/** The condition that a record belongs to the caller's context: tenant, owner. */
export function sameContext({ job, importer }: Plan): Sql {
  const parts = Object.entries(importer.context ?? {}).map(
    ([name, { column, type }]) => sql`and ${sql.id("t", column ?? name)} = ${job.context[name]}::${sql.raw(type ?? "text")}`,
  );
  return sql.join(parts, sql` `);
}

/**
 * Rows that change the same record form a group under its first row, so that one chunk writes the record once, in the
 * order of the file, whoever works on the other chunks.
 */
async function groupByRecord(session: Session, plan: Plan): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  // Repeated rows follow the row they repeat: to its record, or to the record that it creates.
  await session.query(sql`
    update ${match} m set action = p.action, record_id = p.record_id
    from ${match} p where p.row_no = m.root and m.action = 'c' and p.action = 'u'
  `);
  await session.query(sql`
    insert into ${match} (row_no, action, root)
    select distinct root, 'c'::"char", root from ${match} where action = 'c'
  `);
  await joinGroups(session, plan, null);
}

/** Brings all rows of a record under the first of them. */
async function joinGroups(session: Session, plan: Plan, range: Range | null): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const inRange = range === null ? sql`` : sql`and root >= ${range.from} and root < ${range.to}`;
  await session.query(sql`
    update ${match} m set root = g.root
    from (
      select record_id, min(root) as root from ${match} where action = 'u' ${inRange} group by record_id having count(*) > 1
    ) g
    where g.record_id = m.record_id and m.action = 'u' and m.root <> g.root ${inRange}
  `);
}

/**
 * Looks again for records that appeared since the match, for the rows that a chunk is about to create. Runs in the
 * chunk's transaction, under its lock on the target.
 */
export async function matchAgain(session: Session, plan: Plan, range: Range): Promise<void> {
  const keys = matchKeys(plan);
  const { job, importer } = plan;
  if (job.duplicates.strategy === "create" || keys.length === 0) return;
  await noteDuplicatesInTable(session, plan, keys, range);
  if (job.duplicates.strategy !== "update") return;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const id = sql.id("t", importer.target.id);
  const perKey = keys.map(
    (key, priority) => sql`
      select s.row_no, ${id} as id, ${sql.lit(priority)} as priority
      from ${match} m
      join ${rows} s on s.row_no = m.row_no
      join ${tableId(importer.target.table)} t on ${recordKey(plan, key)} = ${stagedKey(plan, key)}
      where m.action = 'c' and m.row_no = m.root and m.root >= ${range.from} and m.root < ${range.to} ${sameContext(plan)}`,
  );
  await session.query(sql`
    update ${match} m set action = 'u', record_id = d.id
    from (
      select row_no, (array_agg(id order by priority, id))[1] as id from (${sql.join(perKey, sql` union all `)}) found group by row_no
    ) d
    where m.root = d.row_no and m.action = 'c'
  `);
  await joinGroups(session, plan, range);
}
