/**
 * Where the values of a record come from, as SQL over a row of the file: `s` is the staged row, `e` an element of its lists, `m` what
 * became of its main record, and `r <name>` a record that it refers to.
 */
import { namesColumn } from "../../core/feed-names.ts";
import type { PlannedSource, RecordPlan } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import { castTo, lookupJoins, stagedValue } from "../match/staged-value.ts";
import { stageTables } from "../stage/stage.ts";
import type { Range } from "../tables/plan.ts";
import type { TargetColumn } from "../tables/target.ts";
import { mainRows } from "./main-rows.ts";
import { isStaged, type RecordsContext, type WrittenRecord } from "./written-record.ts";

/** More than a list has elements: a row's number times this, and an element's place, order elements as the file has them. */
const elementsOfARow = sql.lit(2 ** 24);

/** The value of a source, in the column's type. */
export function sourceValue(
  context: RecordsContext,
  record: RecordPlan,
  source: PlannedSource,
  column: TargetColumn | undefined,
): Sql {
  const { plan } = context;
  const type = sql.raw(column?.castType ?? "text");
  switch (source.kind) {
    case "field": {
      const staged = plan.columns.find(({ name }) => name === source.field);
      if (staged === undefined) return sql`null::${type}`;
      if (record.each.includes(source.field)) {
        const field = plan.importer.fields[source.field];
        const element = field.kind === "list" || field.kind === "columns" ? field.element : field;
        return castTo(column?.castType ?? "text", sql.id("e", source.field), element, source.field);
      }
      return stagedValue(plan, source.field, staged.type, column);
    }
    case "name_of":
      return sql`e.${sql.id(namesColumn(source.field))}::${type}`;
    case "ref":
      return sql`${refId(context, source.record)}::${type}`;
    case "constant":
      return sql`${source.value === null ? null : String(source.value)}::text::${type}`;
    case "context":
      return sql`${plan.job.context[source.name] ?? null}::text::${type}`;
    case "now":
      return sql`now()`;
    case "on_create":
      return sql`null::${type}`;
  }
}

/** The id of a record that a row refers to. */
export function refId({ main }: RecordsContext, name: string): Sql {
  return name === main?.name ? sql`m.id` : sql.id(`r ${name}`, "id");
}

/** The condition that a source has a value. */
export function isFilled(context: RecordsContext, record: RecordPlan, source: PlannedSource): Sql {
  switch (source.kind) {
    case "field":
      if (!isStaged(context.plan, source.field)) return sql`false`;
      return record.each.includes(source.field)
        ? sql`e.${sql.id(source.field)} is not null`
        : sql`s.${sql.id(source.field)} is not null`;
    case "name_of":
      return sql`e.${sql.id(namesColumn(source.field))} is not null`;
    case "ref":
      return sql`${refId(context, source.record)} is not null`;
    case "constant":
      return source.value === null ? sql`false` : sql`true`;
    default:
      return sql`true`;
  }
}

/** Rows of a range, with what they say of a record: to be put behind `select …`. */
export interface RowRelation {
  from: Sql;
  where: Sql;
  /** A number that orders rows, and elements of a row, as the file has them. */
  pos: Sql;
}

/** `only`: rows whose main record was made of that row alone, or the others. */
export function rowRelation(
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  only: "fresh" | "others" | "all" = "all",
): RowRelation {
  const { plan, rows } = context;
  const { each } = record.plan;
  const elements = each.flatMap((field) => [field, namesColumn(field)].filter((name) => isStaged(plan, name)));
  const lists =
    each.length === 0
      ? sql``
      : sql`cross join lateral unnest(${sql.join(elements.map((name) => sql.id("s", name)))}) with ordinality e (${sql.join(
          elements.map((name) => sql.id(name)),
        )}, ord)`;
  const joins = refJoins(context, record);
  const inRange = sql`s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0`;
  const from = record.isAfterMain ? sql`from ${mainRows} m join ${rows} s on s.row_no = m.row_no` : sql`from ${rows} s`;
  const made = { fresh: sql`and m.action = 'n'`, others: sql`and m.action <> 'n'`, all: sql`` }[only];
  const filled =
    record.keys.length === 0
      ? sql`true`
      : sql`(${sql.join(
          record.keys.map((parts) =>
            sql.join(
              parts.map((part) => part.filled),
              sql` and `,
            ),
          ),
          sql` or `,
        )})`;
  return {
    from: sql`${from} ${lookupJoins({ ...plan, records: undefined })} ${lists} ${joins}`,
    where: sql`${inRange} ${record.isAfterMain ? made : keptOut(context, range)} and ${filled} ${record.own === null ? sql`` : sql`and ${record.own}`}`,
    pos: each.length === 0 ? sql`s.row_no::bigint` : sql`s.row_no::bigint * ${elementsOfARow} + e.ord`,
  };
}

/** The row that such a number belongs to. */
export function rowOfPos({ plan }: WrittenRecord, pos: Sql): Sql {
  return plan.each.length === 0 ? sql`${pos}::integer` : sql`(${pos} / ${elementsOfARow})::integer`;
}

/** The condition that the match has not kept a staged row out. */
export function keptOut({ plan }: Pick<RecordsContext, "plan">, range: Range): Sql {
  if (plan.keepsAll === true) return sql``;
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  return sql`and not exists (
    select from ${match} k where k.row_no = s.row_no and k.row_no >= ${range.from} and k.row_no < ${range.to} and k.action not in ('u', 'c'))`;
}

/** The records that a record refers to, and those by whose ids these are recognised. */
function refJoins(context: RecordsContext, record: WrittenRecord): Sql {
  const { columns, keys, link } = record.plan;
  const names = [...keys.flat(), ...columns].flatMap(({ source }) => (source.kind === "ref" ? [source.record] : []));
  if (link !== null) names.push(link.from);
  return joinsOf(context, names);
}

/** Joins records by name, and what they are recognised by before them. */
export function joinsOf(context: RecordsContext, names: readonly string[]): Sql {
  const joined = new Map<string, Sql>();
  const add = (name: string): void => {
    const record = context.records.get(name);
    if (record === undefined || joined.has(name)) return;
    for (const { source } of record.plan.keys.flat()) if (source.kind === "ref") add(source.record);
    joined.set(name, joinOf(record));
  };
  for (const name of names) add(name);
  return sql.join([...joined.values()], sql` `);
}

/** How the records of a name that were found or made are joined to a row. */
export function joinOf(record: WrittenRecord): Sql {
  const alias = sql.id(`r ${record.plan.name}`);
  if (!isKnownByKey(record)) {
    const ord = record.plan.each.length === 0 ? sql`` : sql`and ${alias}.ord = e.ord`;
    return sql`left join ${record.known} ${alias} on ${alias}.row_no = s.row_no ${ord}`;
  }
  const same = record.keys[0].map(({ name, value }) => sql`${alias}.${sql.id(name)} = ${value}`);
  return sql`left join ${record.known} ${alias} on ${sql.join(same, sql` and `)}`;
}

/** Whether a row finds the record again by its key; else it is noted row by row. */
export function isKnownByKey({ plan, keys }: WrittenRecord): boolean {
  return keys.length === 1 && plan.path === null;
}
