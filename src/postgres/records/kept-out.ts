/**
 * Rows that stay out for what their records need: nothing of such a row is written. They are found before their main record is, and noted in
 * the match, where the chunk counts them among the invalid ones; then the range is written again without them.
 */
import { namesColumn } from "../../core/feed-names.ts";
import type { StoredIssue } from "../../core/issue.ts";
import type { PlannedColumn, PlannedSource, RecordPlan } from "../../core/records.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isFilled, keptOut, rowRelation } from "./row-source.ts";
import { isStaged, type RecordsContext, tableOf, type WrittenRecord } from "./written-record.ts";

export interface KeptOutRow {
  row: number;
  issue: StoredIssue;
}

/** What these rows need is not there, or not to be told. */
export class RowsKeptOut extends Error {
  readonly rows: readonly KeptOutRow[];

  constructor(rows: readonly KeptOutRow[]) {
    super(`${rows.length} rows stay out`);
    this.rows = rows;
  }
}

/** Notes them in the match. Of a record that several rows make, the first of the others makes it. */
export async function keepOut(
  session: Session,
  { job }: Plan,
  range: Range,
  rows: readonly KeptOutRow[],
): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    with out as (
      select * from unnest(${rows.map(({ row }) => row)}::integer[], ${rows.map(({ issue }) => JSON.stringify([issue]))}::text[]) o (row_no, issue)
    ), known as (
      update ${match} m set action = 'i', root = null, of_row = null, record_id = null, ambiguous = false, issue = o.issue::jsonb
      from out o where o.row_no = m.row_no and m.row_no >= ${range.from} and m.row_no < ${range.to} returning m.row_no
    )
    insert into ${match} (row_no, action, issue)
    select o.row_no, 'i', o.issue::jsonb from out o where not exists (select from known k where k.row_no = o.row_no)
  `);
  if (job.duplicates.strategy !== "update") return;
  await session.query(sql`
    update ${match} m set root = g.root
    from (
      select row_no, min(row_no) over (partition by root) as root from ${match}
      where root >= ${range.from} and root < ${range.to} and action in ('u', 'c')
    ) g
    where g.row_no = m.row_no and m.row_no >= ${range.from} and m.row_no < ${range.to} and m.root <> g.root
  `);
}

/**
 * Rows whose cells speak of a record that cannot be recognised, since its key is blank, or blank in part: their values would be lost.
 *
 * @throws RowsKeptOut
 */
export async function refuseBlankKeys(session: TargetSession, context: RecordsContext, range: Range): Promise<void> {
  const { plan } = context;
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const tests = [...blankKeys(context), ...neededParents(context)];
  if (tests.length === 0) return;
  const cases = tests.map(({ condition, issue }) => sql`when ${condition} then ${JSON.stringify(issue)}`);
  const found = await session.tables.query<{ row: number; issue: string }>(sql`
    select * from (
      select s.row_no as row, case ${sql.join(cases, sql` `)} end as issue
      from ${rows} s ${lookupJoins({ ...plan, records: undefined })}
      where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0 ${keptOut(context, range)}
    ) r where issue is not null
  `);
  if (found.length > 0)
    throw new RowsKeptOut(found.map(({ row, issue }) => ({ row, issue: JSON.parse(issue) as StoredIssue })));
}

interface Test {
  condition: Sql;
  issue: StoredIssue;
}

/** Such rows `s`, where records are updated. */
export function hasBlankKey(context: RecordsContext): Sql {
  return sql`(${sql.join([sql`false`, ...blankKeys(context).map(({ condition }) => condition)], sql` or `)})`;
}

function blankKeys(context: RecordsContext): Test[] {
  const plans = context.plan.importer.records ?? [];
  return plans.flatMap((record) => {
    if (record.isMain || record.each.length > 0 || record.path !== null || record.keys.length !== 1) return [];
    const [key] = record.keys;
    const own = (columns: readonly PlannedColumn[]) =>
      columns.filter(({ source }) => source.kind === "field" && isOnlyIn(plans, record, source.field));
    const keyColumns = new Set(key.map(({ column }) => column));
    const values = own(record.columns.filter(({ column }) => !keyColumns.has(column)));
    return key.flatMap((part): Test[] => {
      const speaking = [...values, ...own(key.filter((other) => other !== part))]
        .filter(({ source }) => source.kind === "field" && isStaged(context.plan, source.field))
        .map(({ source }) => isFilled(context, record, source));
      const field = fieldOf(plans, part.source);
      if (speaking.length === 0 || field === null) return [];
      return [
        {
          condition: sql`not ${isKnown(context, record, part.source)} and (${sql.join(speaking, sql` or `)})`,
          issue: { c: "record_key_blank", f: field, p: { record: record.name } },
        },
      ];
    });
  });
}

/** Where the main record's table wants a parent, rows that name none. */
function neededParents(context: RecordsContext): Test[] {
  const { plan, main } = context;
  if (main === undefined) return [];
  const { columns } = tableOf(plan, main.table);
  return main.columns.flatMap(({ column, source }): Test[] => {
    const target = columns.get(column);
    if (source.kind !== "ref" || target?.notNull !== true || target.defaultExpression !== null) return [];
    const field = fieldOf(plan.importer.records ?? [], source);
    // A record that is there may have one.
    if (field === null || plan.job.duplicates.strategy === "update") return [];
    return [
      {
        condition: sql`not ${isKnown(context, main, source)}`,
        issue: { c: "database_not_null", f: field, p: { column } },
      },
    ];
  });
}

function isOnlyIn(plans: readonly RecordPlan[], record: RecordPlan, field: string): boolean {
  return plans.every(
    (other) =>
      other === record || !other.columns.some(({ source }) => source.kind === "field" && source.field === field),
  );
}

/** Whether a row has what a part of a key needs: the field itself, or the key of the record that it refers to. */
function isKnown(context: RecordsContext, record: RecordPlan, source: PlannedSource): Sql {
  if (source.kind !== "ref") return isFilled(context, record, source);
  const parent = (context.plan.importer.records ?? []).find(({ name }) => name === source.record);
  if (parent === undefined || parent.isMain || parent.each.length > 0 || parent.keys.length === 0) return sql`true`;
  const alternatives = parent.keys.map((parts) =>
    sql.join(
      parts.map((part) => isKnown(context, parent, part.source)),
      sql` and `,
    ),
  );
  return sql`(${sql.join(alternatives, sql` or `)})`;
}

/** The field that says it, of a reference the one that recognises the other record. */
function fieldOf(plans: readonly RecordPlan[], source: PlannedSource): string | null {
  if (source.kind === "field" || source.kind === "name_of") return source.field;
  if (source.kind !== "ref") return null;
  const parent = plans.find(({ name }) => name === source.record);
  if (parent === undefined || parent.isMain) return null;
  for (const part of parent.keys[0] ?? []) {
    const field = fieldOf(plans, part.source);
    if (field !== null) return field;
  }
  return null;
}

/**
 * The rows that mean a record of which the table has several, or one that it must have and has not.
 *
 * @throws RowsKeptOut
 */
export async function refuseRows(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<never> {
  const { from, where } = rowRelation(context, record, range);
  const keys = record.keys.map(
    (parts, alt) =>
      sql`w.alt = ${sql.lit(alt)} and ${sql.join(
        parts.map(({ name, value }) => sql`${sql.id("w", name)} = ${value}`),
        sql` and `,
      )}`,
  );
  const field =
    record.plan.keys
      .flat()
      .map(({ source }) => fieldOf(context.plan.importer.records ?? [], source))
      .find((name) => name !== null) ?? null;
  const parts = record.keys[0].filter(({ source }) => source.kind === "field" || source.kind === "name_of");
  const value =
    parts.length === 0
      ? sql`''`
      : sql`concat_ws(' / ', ${sql.join(parts.map(({ source }) => textOf(record.plan, source)))})`;
  const found = await session.tables.query<{ row: number; state: string; value: string }>(sql`
    select distinct on (s.row_no) s.row_no as row, w.state, ${value} as value
    ${from} join ${record.work} w on w.state in ('a', 'x') and (${sql.join(keys, sql` or `)})
    where ${where} order by s.row_no
  `);
  throw new RowsKeptOut(
    found.map(({ row, state, value: said }) => ({
      row,
      issue: {
        c: state === "a" ? "record_ambiguous" : "record_unknown",
        ...(field !== null && { f: field }),
        p: { record: record.plan.name, value: said },
      },
    })),
  );
}

/** As it stands in the file, whatever the column makes of it. */
function textOf({ each }: RecordPlan, source: PlannedSource): Sql {
  if (source.kind === "field") return sql`${sql.id(each.includes(source.field) ? "e" : "s", source.field)}::text`;
  return source.kind === "name_of" ? sql`${sql.id("e", namesColumn(source.field))}` : sql`null::text`;
}
