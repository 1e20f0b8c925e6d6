/** Hierarchies: a path such as "A > B > C" is a record per step, each the parent of the next, found or made level by level. */
import { withParts } from "../connection/parts.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { type Created, idsOf } from "./create.ts";
import { nothingWritten, type Written } from "./journal.ts";
import { joinMade, madeFor } from "./made-once.ts";
import { touchedRows } from "./main-rows.ts";
import { recordsRelation } from "./records-relation.ts";
import { keptOut } from "./row-source.ts";
import { hasNumberIds, isStaged, type KeyColumn, type RecordsContext, type WrittenRecord } from "./written-record.ts";

/** Each different path of the range, with its steps and the record of the step that it has come to. */
const walks = sql.id("pg_temp", "sluice_walks");
/** The records of one level: found, or to be made. */
const level = sql.id("pg_temp", "sluice_level");

/** Finds and makes the steps of every path; those who refer to the record get the last one's. `lock`: before the first is made. */
export async function writePaths(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  lock: () => Promise<void>,
): Promise<Written> {
  const { plan, step, identity } = record;
  const { field, separator } = plan.path as NonNullable<typeof plan.path>;
  const written = nothingWritten(plan.name, hasNumberIds(record));
  const idType = sql.raw(identity[0].type);
  await handOver(session, record.knownName, sql`id ${idType}, row_no integer, ord bigint`);
  if (step === null || !isStaged(context.plan, field)) return written;
  const { rows } = stageTables(context.plan.job.id, context.plan.job.stageGeneration);
  const path = sql.id("s", field);
  const inRange = sql`s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0 and ${path} is not null ${keptOut(context, range)}`;
  await handOver(session, "sluice_walks", sql`path text, first integer, steps text[], id ${idType}`);
  await handOver(
    session,
    "sluice_level",
    sql`n integer, parent ${idType}, step ${sql.raw(step.type)}, name text, first integer, id ${idType}`,
  );
  const [{ depth }] = await session.tables.query<{ depth: number }>(sql`
    with fresh as (
      insert into ${walks} (path, first, steps)
      select p.path, p.first, array(
        select btrim(u.part) from unnest(string_to_array(p.path, ${separator})) with ordinality u (part, n) where btrim(u.part) <> '' order by u.n)
      from (select ${path} as path, min(s.row_no) as first from ${rows} s where ${inRange} group by 1) p
      returning cardinality(steps) as steps
    )
    select coalesce(max(steps), 0) as depth from fresh
  `);
  let isLocked = false;
  for (let n = 1; n <= depth; n++) {
    let { missing, there } = await findLevel(session, record, step, n);
    if (missing > 0 && !isLocked) {
      isLocked = true;
      await lock();
      ({ missing, there } = await findLevel(session, record, step, n));
    }
    written.unchanged += there;
    if (missing > 0) {
      const made = await createLevel(session, context, record, range, missing);
      if (made.created !== missing) throw new RowsLeftOut();
      written.created += made.created;
      if (made.ids !== null) written.ids.push(made.ids);
    }
    await session.query(sql`
      update ${walks} w set id = l.id from ${level} l
      where l.step = ${step.compare(stepAt(step, n))} and l.parent is not distinct from w.id and cardinality(w.steps) >= ${sql.lit(n)}
    `);
  }
  await session.query(sql`
    insert into ${record.known} (id, row_no, ord)
    select w.id, s.row_no, 0 from ${rows} s join ${walks} w on w.path = ${path} where ${inRange} and w.id is not null
  `);
  return written;
}

/** A path's step, in its column's type. */
const stepAt = (step: KeyColumn, n: number): Sql => sql`(w.steps)[${sql.lit(n)}]::${sql.raw(step.columnType)}`;

/** Looks for the records of a level below those of the one before. */
async function findLevel(
  session: TargetSession,
  record: WrittenRecord,
  step: KeyColumn,
  n: number,
): Promise<{ missing: number; there: number }> {
  const { plan, identity } = record;
  const { parent } = plan.path as NonNullable<typeof plan.path>;
  const id = sql.id("t", identity[0].column);
  await session.query(sql`truncate ${level}`);
  const [counts] = await session.tables.query<{ missing: number; there: number }>(sql`
    ${withParts([
      {
        name: "nodes",
        materialized: true,
        query: sql`
          select w.id as parent, ${step.compare(stepAt(step, n))} as step, min(w.first) as first, (array_agg((w.steps)[${sql.lit(n)}] order by w.first))[1] as name
          from ${walks} w where cardinality(w.steps) >= ${sql.lit(n)} group by 1, 2`,
      },
      {
        name: "found",
        materialized: true,
        query: sql`
          select o.parent, o.step, (array_agg(${id} order by ${id}))[1] as id
          from nodes o join ${recordsRelation(record)} on t.step = o.step and ${sql.id("t", parent)} is not distinct from o.parent
          group by o.parent, o.step`,
      },
      {
        name: "fresh",
        query: sql`
          insert into ${level} (n, parent, step, name, first, id)
          select row_number() over (partition by f.id is null order by o.first), o.parent, o.step, o.name, o.first, f.id
          from nodes o left join found f on f.step = o.step and f.parent is not distinct from o.parent
          returning id`,
      },
    ])}
    select count(*) filter (where id is null)::int as missing, count(id)::int as there from fresh
  `);
  return counts;
}

/** Makes those of the level that are missing. */
async function createLevel(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  missing: number,
): Promise<Created> {
  const { plan, identity, given, now, step, tableName } = record;
  const { parent } = plan.path as NonNullable<typeof plan.path>;
  const made = madeFor(context, record, missing);
  const constants = record.columns.filter(({ isGiven }) => !isGiven);
  const values = [
    { column: step?.column ?? "", value: sql`n.name::${sql.raw(step?.columnType ?? "text")}` },
    { column: parent, value: sql`n.parent` },
    ...constants.map(({ column, value }) => ({ column, value })),
    ...made.map(({ column, type, value }) => ({ column, value: sql`${value}::${sql.raw(type)}` })),
    ...given,
    ...now.map((column) => ({ column, value: sql`now()` })),
  ];
  const [created] = await session.tables.query<Created>(sql`
    ${withParts([
      {
        name: "fresh",
        query: sql`
          insert into ${tableName} (${sql.join(values.map(({ column }) => sql.id(column)))})
          select ${sql.join(values.map(({ value }) => value))} from ${level} n ${joinMade(context.plan, made, range)} where n.id is null order by n.first, n.n
          returning ${sql.id(identity[0].column)} as ${sql.id(identity[0].name)}`,
      },
      // Made in the order in which they were sent.
      {
        name: "numbered",
        query: sql`select ${sql.id(identity[0].name)} as id, row_number() over () as n from fresh`,
        materialized: true,
      },
      {
        name: "told",
        query: sql`insert into ${level} (n, parent, step, first, id) select l.n, l.parent, l.step, l.first, f.id from ${level} l join numbered f on f.n = l.n where l.id is null`,
      },
      {
        name: "touched",
        query: sql`insert into ${touchedRows} (row_no, record, made) select distinct first, ${plan.name}, true from ${level} where id is null`,
      },
    ])}
    select count(*)::int as created, ${idsOf(record)} as ids from fresh
  `);
  await session.query(sql`delete from ${level} where id is null`);
  return created;
}
