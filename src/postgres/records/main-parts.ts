/** What the statements of the main record are told of the row's others: its parents' ids, and what comes from no field. */
import type { PlannedSource, RecordPlan } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { type Carried, carriedTo } from "../tables/carried.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { MainParts, Range } from "../tables/plan.ts";
import { stagedName, valuesOf } from "./made-once.ts";
import { mainRows } from "./main-rows.ts";
import { joinsOf, keptOut, sourceValue } from "./row-source.ts";
import { isStaged, type RecordsContext } from "./written-record.ts";

type Maker = Extract<PlannedSource, { kind: "on_create" }>["make"];

/** Values that are made once for each row, where the stage has none. */
const madeRows = sql.id("pg_temp", "sluice_made_once");

/** Columns of the main record that come from no field, and the records that they refer to. */
interface MainColumns {
  columns: Carried[];
  now: string[];
  refs: string[];
  /** What is made once for each row, in the order of `made_once`'s columns. */
  unstaged: Maker[];
}

export function mainColumns(context: RecordsContext, main: RecordPlan): MainColumns {
  const { plan } = context;
  const { target } = plan;
  const columns: Carried[] = [];
  const now: string[] = [];
  const refs: string[] = [];
  const unstaged: Maker[] = [];
  for (const { column, source } of main.columns) {
    const known = target.columns.get(column);
    const type = known?.castType ?? "text";
    // No field can be called so.
    const add = (merge: Carried["merge"], value: Sql): void =>
      void columns.push(carriedTo(known, { name: `of ${column}`, column, merge, value }));
    if (source.kind === "now") now.push(column);
    if (source.kind === "ref") refs.push(source.record);
    if (source.kind === "ref" || source.kind === "constant")
      add("overwrite", sourceValue(context, main, source, known));
    if (source.kind !== "on_create") continue;
    const staged = stagedName(main, column);
    if (isStaged(plan, staged)) add("never", sql`s.${sql.id(staged)}::${sql.raw(type)}`);
    else {
      add("never", sql`made_once.${sql.id(`made ${unstaged.length}`)}::${sql.raw(type)}`);
      unstaged.push(source.make);
    }
  }
  return { columns, now, refs, unstaged };
}

export async function mainParts(
  session: TargetSession,
  context: RecordsContext,
  main: RecordPlan,
  range: Range,
): Promise<MainParts> {
  const { columns, now, refs, unstaged } = mainColumns(context, main);
  const joins = [joinsOf(context, refs)];
  if (unstaged.length > 0) {
    await makeOnce(session, context, range, unstaged);
    joins.push(sql`left join ${madeRows} made_once on made_once.row_no = s.row_no`);
  }
  return { rows: mainRows, settled: null, columns, joins, now };
}

async function makeOnce(
  session: TargetSession,
  context: RecordsContext,
  range: Range,
  makers: readonly Maker[],
): Promise<void> {
  const { job } = context.plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const inRange = sql`${rows} s where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0 ${keptOut(context, range)}`;
  const [{ count }] = await session.query<{ count: number }>(sql`select count(*)::int as count from ${inRange}`);
  const made = makers.map((make, k) => ({ name: sql.id(`made ${k}`), values: valuesOf(context.plan, make, count) }));
  await handOver(
    session,
    "sluice_made_once",
    sql`row_no integer${sql.join(
      made.map(({ name }) => sql`, ${name} text`),
      sql``,
    )}`,
  );
  const lists = made.map(
    ({ name, values }) => sql`join unnest(${values}::text[]) with ordinality ${name} (value, n) on ${name}.n = r.n`,
  );
  await session.query(sql`
    insert into ${madeRows}
    select r.row_no${sql.join(
      made.map(({ name }) => sql`, ${name}.value`),
      sql``,
    )} from (select s.row_no, row_number() over (order by s.row_no) as n from ${inRange}) r ${sql.join(lists, sql` `)}
  `);
}
