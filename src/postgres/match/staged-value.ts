/** A field's value as a statement over staged rows (`s`) has it: in its column's type, words looked up. */
import { namesColumn } from "../../core/feed-names.ts";
import type { Field } from "../../core/field.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { integerRanges } from "../tables/kept-value.ts";
import type { Plan } from "../tables/plan.ts";
import type { TargetColumn } from "../tables/target.ts";
import { lookupsOf } from "./lookups.ts";

/** The staged value of a field in the type of `column`, which may be unknown. Reads what `lookupJoins` joins. */
export function stagedValue(
  { importer, columns, job }: Plan,
  name: string,
  stagedType: string,
  column: TargetColumn | undefined,
): Sql {
  const looked = lookupsOf(importer, columns, job.assignment).some((each) => each.name === name);
  const raw = looked ? sql`${sql.id(`l_${name}`)}.id` : sql`s.${sql.id(name)}`;
  const sameType = column === undefined || (!looked && column.type === stagedType);
  return sameType ? raw : castTo(column.castType, raw, importer.fields[name], name);
}

/** A value of a field in a type; `name`: of the field whose column's names are staged beside it. */
export function castTo(type: string, value: Sql, field: Field, name: string): Sql {
  if (field.kind === "list" || field.kind === "columns") {
    const elements = /^(.*)\[\]$/.exec(type)?.[1];
    const each = elements === undefined ? null : ownCast(elements, sql`e.value`, field.element);
    if (each !== null)
      return sql`case when ${value} is not null then array(select ${each} from unnest(${value}) with ordinality e (value, place) order by e.place) end`;
  }
  if (field.kind === "list" && (type === "jsonb" || type === "json")) return sql`${sql.raw(`to_${type}`)}(${value})`;
  if (field.kind === "columns" && (type === "jsonb" || type === "json")) {
    const names = sql`s.${sql.id(namesColumn(name))}`;
    return sql`(select ${sql.raw(`${type}_object_agg`)}(e.name, e.value) from unnest(${value}, ${names}) e (value, name))`;
  }
  return ownCast(type, value, field) ?? sql`${value}::${sql.raw(type)}`;
}

/** A value in a type whose plain cast would make another of it; null: it would not. */
function ownCast(type: string, value: Sql, field: Field): Sql | null {
  if (field.kind === "datetime" && isLocal(type)) return localTime(type, value, field.timeZone);
  // A number with decimals is refused by way of its text, where a cast would round it.
  if (field.kind === "decimal" && Object.hasOwn(integerRanges, type))
    return sql`trim_scale(${value})::text::${sql.raw(type)}`;
  return null;
}

function isLocal(type: string): boolean {
  return type === "date" || /^time.* without time zone$/.test(type);
}

/** A moment in a type without a zone, to that type's precision. The zone is the field's own: the session's must not decide. */
function localTime(type: string, moment: Sql, timeZone: string): Sql {
  return sql`(${moment} at time zone ${sql.lit(timeZone)})::${sql.raw(type)}`;
}

/** What the statements over staged rows join: the words that were looked up, and of rows with several records their parents. */
export function lookupJoins({ job, importer, columns, records }: Plan): Sql {
  const { lookup } = stageTables(job.id, job.stageGeneration);
  const joins = lookupsOf(importer, columns, job.assignment).map(({ name }) => {
    const alias = sql.id(`l_${name}`);
    return sql`left join ${lookup} ${alias} on ${alias}.name = ${sql.lit(name)} and ${alias}.word = lower(s.${sql.id(name)})`;
  });
  return sql.join([...joins, ...(records?.joins ?? [])], sql` `);
}
