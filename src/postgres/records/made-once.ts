/** Values that the definition's functions make once for each new record: from the stage, where they were made with the row, else here. */
import { createdName, type RecordPlan } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isStaged, type RecordsContext, type WrittenRecord } from "./written-record.ts";

/** A column that a function fills. */
export interface MadeColumn {
  column: string;
  type: string;
  /** What a statement calls the value. */
  name: Sql;
  value: Sql;
  /** As many values as there are new records; null where the stage has them. */
  values: (string | null)[] | null;
}

/** The column of the stage that has such a value for each row. */
export function stagedName({ name }: RecordPlan, column: string): string {
  return createdName(name, column);
}

/** Those that the stage has, of a row `s`. */
export function stagedMade(record: WrittenRecord): { column: string; name: Sql; value: Sql }[] {
  return record.onCreate.map(({ column, type }, k) => ({
    column,
    name: sql.id(`made ${k}`),
    value: sql`s.${sql.id(stagedName(record.plan, column))}::${sql.raw(type)}`,
  }));
}

/** Of new records `n`: of their first rows, or, where a row makes several, as many values as there are. */
export function madeFor({ plan }: Pick<RecordsContext, "plan">, record: WrittenRecord, count: number): MadeColumn[] {
  return record.onCreate.map(({ column, type, source }, k) => {
    const name = sql.id(`made ${k}`);
    const staged = stagedName(record.plan, column);
    const isOfRow = record.plan.each.length === 0 && record.plan.path === null && isStaged(plan, staged);
    return isOfRow
      ? { column, type, name, value: sql.id("s", staged), values: null }
      : { column, type, name, value: sql`${name}.value`, values: valuesOf(plan, source.make, count) };
  });
}

/** As many values as there are rows or records. */
export function valuesOf(
  { job, importer }: Plan,
  make: WrittenRecord["onCreate"][number]["source"]["make"],
  count: number,
): (string | null)[] {
  const run = { importer: importer.name, jobId: job.id, context: job.context, user: { id: job.createdBy } };
  return Array.from({ length: count }, () => {
    const value = make(run);
    return value === null ? null : String(value);
  });
}

/** Joins them to new records `n`, numbered by `n.n` from 1, whose first rows `n.row_no` are in the range. */
export function joinMade({ job }: Plan, made: readonly MadeColumn[], range: Range): Sql {
  const { rows } = stageTables(job.id, job.stageGeneration);
  const lists = made.flatMap(({ name, values }) =>
    values === null
      ? []
      : [sql`left join unnest(${values}::text[]) with ordinality ${name} (value, n) on ${name}.n = n.n`],
  );
  const staged = made.some(({ values }) => values === null)
    ? sql`join ${rows} s on s.row_no = n.row_no and s.row_no >= ${range.from} and s.row_no < ${range.to}`
    : sql``;
  return sql.join([staged, ...lists], sql` `);
}
