/**
 * What the catalogue demands of a record, tested set-based over the stage before a row can fail: not null, length, check,
 * foreign keys, unique indexes. What escapes this is found by halving the chunk.
 */
import { targetColumn } from "../importer.ts";
import { type Session, type Sql, sql, tableId } from "./connect.ts";
import { lookupsOf } from "./lookups.ts";
import type { Plan } from "./match.ts";
import { stageTables } from "./stage.ts";
import type { TargetColumn } from "./target.ts";

interface Demand {
  code: "database_not_null" | "database_too_long" | "database_check" | "database_foreign_key" | "database_unique";
  field: string | null;
  params: Record<string, string | number>;
  /** True for the rows `s` that break it. */
  broken: Sql;
}

export async function noteBrokenConstraints(session: Session, plan: Plan): Promise<void> {
  if (plan.importer.load !== undefined) return;
  const { rows, match } = stageTables(plan.job.id, plan.job.stageGeneration);
  for (const demand of demandsOf(plan)) {
    const issue = JSON.stringify([{ c: demand.code, ...(demand.field && { f: demand.field }), p: demand.params }]);
    await session.query(sql`
      insert into ${match} (row_no, action, issue)
      select s.row_no, 'i', ${issue}::jsonb
      from ${rows} s
      where s.row_no > 0 and (${demand.broken}) and not exists (select from ${match} m where m.row_no = s.row_no)
    `);
  }
}

function demandsOf(plan: Plan): Demand[] {
  const { importer, target, job, columns } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const lookups = lookupsOf(importer, columns, job.assignment);
  const demands: Demand[] = [];
  /** Target column → the stage's column that fills it, where the value goes over as it is. */
  const plain = new Map<string, string>();
  for (const { name } of columns) {
    if (name === "owner_key") continue;
    const column = target.columns.get(targetColumn(importer, name));
    if (column === undefined) continue;
    const looked = lookups.some((each) => each.name === name);
    if (!looked) plain.set(column.name, name);
    if (column.notNull && column.defaultExpression === null) {
      demands.push({ code: "database_not_null", field: name, params: { column: column.name }, broken: sql`s.${sql.id(name)} is null` });
    }
    if (column.maxLength !== null && !looked) {
      const broken = sql`length(s.${sql.id(name)}::text) > ${sql.lit(column.maxLength)}`;
      demands.push({ code: "database_too_long", field: name, params: { column: column.name, max: column.maxLength }, broken });
    }
    const range = integerRanges[column.type];
    if (range !== undefined && importer.fields[name].kind === "integer") {
      const broken = sql`s.${sql.id(name)} not between ${sql.lit(-range - 1)} and ${sql.lit(range)}`;
      demands.push({ code: "database_check", field: name, params: { constraint: column.type }, broken });
    }
  }
  for (const check of target.checks) {
    const filled = check.columns.map((column) => ({ column: target.columns.get(column), from: plain.get(column) }));
    if (!filled.every(({ column, from }) => column !== undefined && from !== undefined && keepsValue(plan, from, column))) continue;
    const values = filled.map(({ column, from }) => sql`s.${sql.id(from as string)}::${sql.raw((column as TargetColumn).type)} as ${sql.id((column as TargetColumn).name)}`);
    demands.push({
      code: "database_check",
      field: check.columns.length === 1 ? (filled[0].from as string) : null,
      params: { constraint: check.name },
      // The expression as the catalogue has it; names of columns are found in the sub-select.
      broken: sql`(select not (${sql.raw(check.expression)}) from (select ${sql.join(values)}) as checked)`,
    });
  }
  for (const key of target.foreignKeys) {
    const from = plain.get(key.column);
    const column = target.columns.get(key.column);
    if (from === undefined || column === undefined || !keepsValue(plan, from, column)) continue;
    demands.push({
      code: "database_foreign_key",
      field: from,
      params: { table: key.foreignTable },
      broken: sql`s.${sql.id(from)} is not null and not exists (
        select from ${tableId(key.foreignTable)} f where f.${sql.id(key.foreignColumn)} = s.${sql.id(from)}::${sql.raw(column.type)})`,
    });
  }
  const keys = new Set(job.duplicates.strategy === "create" ? [] : job.duplicates.keys);
  for (const unique of target.uniques) {
    const fields = unique.columns.map((column) => plain.get(column));
    const columnsOf = unique.columns.map((column) => target.columns.get(column) as TargetColumn);
    // A match key already decides what becomes of a value that is there twice.
    if (fields.some((name) => name === undefined) || fields.some((name) => keys.has(name as string))) continue;
    if (!fields.every((name, k) => keepsValue(plan, name as string, columnsOf[k]))) continue;
    const same = (other: string, pick: (k: number) => string) =>
      sql.join(fields.map((name, k) => sql`${sql.id(other, pick(k))} = s.${sql.id(name as string)}`), sql` and `);
    const earlier = sql`exists (select from ${rows} e where ${same("e", (k) => fields[k] as string)} and e.row_no < s.row_no)`;
    const there = sql`exists (select from ${tableId(importer.target.table)} t where ${same("t", (k) => unique.columns[k])})`;
    // Two tests rather than one with `or`, so that each can be a hash join.
    for (const broken of job.duplicates.strategy === "update" ? [earlier] : [earlier, there]) {
      const field = fields.length === 1 ? (fields[0] as string) : null;
      demands.push({ code: "database_unique", field, params: { index: unique.name }, broken });
    }
  }
  return demands;
}

const integerRanges: Readonly<Record<string, number>> = { smallint: 32_767, integer: 2_147_483_647 };

/** Whether the stage's value reaches the column without a cast that could fail. */
function keepsValue({ columns }: Plan, stageColumn: string, column: TargetColumn): boolean {
  const staged = columns.find(({ name }) => name === stageColumn)?.type ?? "";
  const base = column.type.replace(/\(.*\)/, "").trim();
  if (staged === "text") return base === "text" || base === "character varying" || base === "citext";
  if (staged === "bigint") return base === "bigint" || base === "numeric";
  if (staged === "timestamptz") return base.startsWith("timestamp");
  return base === staged;
}
