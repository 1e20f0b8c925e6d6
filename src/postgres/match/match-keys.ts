/** The keys that recognise a duplicate, in the stage and in the target. */

import { kindOf } from "../../core/field.ts";
import type { KeyComparison } from "../../core/fields/kind.ts";
import { contextColumns, keyColumn } from "../../core/importer.ts";
import { fedKeys, partsOf } from "../../core/keys.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";

/** The fields of a key: one, or several together. */
export type MatchKey = readonly string[];

/** The keys whose fields are all mapped, the strongest first. */
export function matchKeys({ job, columns }: Pick<Plan, "job" | "columns">): MatchKey[] {
  return fedKeys(job.duplicates.keys, (field) => columns.some(({ name }) => name === field)).map(partsOf);
}

/** That a staged row has the key: a value in each of its fields. */
export function isFilled(key: MatchKey): Sql {
  return sql.join(
    key.map((field) => sql`${sql.id("s", field)} is not null`),
    sql` and `,
  );
}

/** That a record `t` has a value in each of the key's columns. */
export function isStored({ importer }: Pick<Plan, "importer">, key: MatchKey): Sql {
  return sql.join(
    key.map((field) => sql`${sql.id("t", keyColumn(importer, field))} is not null`),
    sql` and `,
  );
}

/** What a query calls the value of a part of a key. */
export function partName(part: number): Sql {
  return sql.id(`part ${part}`);
}

/** A field of a staged key, normalised: e-mails and phones are already. */
export function stagedPart(plan: Plan, key: MatchKey, field: string): Sql {
  const column = sql.id("s", field);
  switch (comparisonOf(plan, key, field)) {
    case "looked_up": {
      const { lookup } = stageTables(plan.job.id, plan.job.stageGeneration);
      return sql`(select l.id from ${lookup} l where l.name = ${sql.lit(field)} and l.word = lower(${column}))`;
    }
    case "any_case":
      return folded(plan, field, column);
    case "exact":
      return composed(plan, column);
    case "value":
      return isIdAsText(plan, field) ? sql`${column}::text` : column;
    default:
      return column;
  }
}

/** The same of a record; `value`: of its column, where that is not what it has now. */
export function recordPart(plan: Plan, key: MatchKey, field: string, value?: Sql): Sql {
  return comparedAs(plan, key, field, value ?? sql.id("t", keyColumn(plan.importer, field)), {
    folded: (text) => folded(plan, field, text),
    exact: (text) => composed(plan, text),
  });
}

/** The same as an index on it is likely written. Text that is not composed yet is another there. */
export function indexedPart(plan: Plan, key: MatchKey, field: string): Sql {
  return comparedAs(plan, key, field, sql.id("t", keyColumn(plan.importer, field)), {
    folded: (text) => sql`lower(${text})`,
    exact: (text) => text,
  });
}

/** The forms in which an index may have a staged text: composed, as it stands, decomposed. Null: it has one form. */
export function formsOf(plan: Plan, key: MatchKey, field: string): { isOne: Sql; forms: Sql[] } | null {
  const comparison = comparisonOf(plan, key, field);
  if ((comparison !== "any_case" && comparison !== "exact") || !plan.target.isUnicode) return null;
  const column = sql.id("s", field);
  const forms = [composed(plan, column), column, sql`normalize(${column}, nfd)`];
  return {
    isOne: isPlain(column),
    forms: comparison === "exact" ? forms : forms.map((form) => sql`lower(${form})`),
  };
}

/** That a record and a staged row have the same key. */
export function isSameKey(
  plan: Plan,
  key: MatchKey,
  valueOf: (field: string) => Sql | undefined = () => undefined,
): Sql {
  return sql.join(
    key.map((field) => sql`${recordPart(plan, key, field, valueOf(field))} = ${stagedPart(plan, key, field)}`),
    sql` and `,
  );
}

/**
 * Whether rows without a value in common find different records. By several keys, or in columns that take different values for the same,
 * they may find one.
 */
export function areToldApart({ importer, target }: Plan, keys: readonly MatchKey[]): boolean {
  const isToldApart = (field: string): boolean => {
    const column = keyColumn(importer, field);
    const { baseType = "", isLoose = false } = target.columns.get(column) ?? {};
    return (isText(baseType) || /^(?:smallint|integer|bigint|uuid)$/.test(baseType)) && !isLoose;
  };
  return keys.length === 1 && keys[0].every(isToldApart);
}

/** How a field of a key is compared. Text as the table tells it apart, unless the field says how. */
export function comparisonOf({ importer, target }: Plan, key: MatchKey, name: string): KeyComparison {
  const field = importer.fields[name];
  const { key: usual } = kindOf(field);
  if (usual !== "any_case") return usual;
  if (field.kind === "text" && field.compare !== undefined) return field.compare;
  const columnOf = (each: string): string => keyColumn(importer, each);
  const column = columnOf(name);
  if (!isText(target.columns.get(column)?.baseType) || target.foldedColumns.includes(column)) return usual;
  const scope = new Set(contextColumns(importer));
  const columns = key.map(columnOf);
  const isToldApart = target.exactUniques.some((unique) => {
    const own = unique.filter((each) => !scope.has(each));
    return own.length === columns.length && own.every((each) => columns.includes(each));
  });
  return isToldApart ? "exact" : usual;
}

function comparedAs(
  plan: Plan,
  key: MatchKey,
  field: string,
  value: Sql,
  as: { folded: (text: Sql) => Sql; exact: (text: Sql) => Sql },
): Sql {
  const { importer, target } = plan;
  const { type = "text", baseType = "text" } = target.columns.get(keyColumn(importer, field)) ?? {};
  // Text in a column that is none (uuid, enum) is compared as text; on text and varchar an index on lower() still serves.
  const isTextual = /^(?:text|character varying|citext)/.test(type);
  switch (comparisonOf(plan, key, field)) {
    case "looked_up":
      return sql`${value}::text`;
    case "any_case":
      return isTextual ? as.folded(baseType === "citext" ? sql`${value}::text` : value) : sql`lower(${value}::text)`;
    case "lower_case":
      return isTextual ? sql`lower(${value})` : sql`lower(${value}::text)`;
    case "exact":
      return as.exact(value);
    case "word":
      return isTextual ? value : sql`${value}::text`;
    case "value":
      return isIdAsText(plan, field) ? sql`lower(${value})` : value;
    case "none":
      return value;
  }
}

/** Whether a field of UUIDs goes to a column of text. */
function isIdAsText({ importer, target }: Plan, field: string): boolean {
  const column = target.columns.get(keyColumn(importer, field));
  return importer.fields[field].kind === "uuid" && column !== undefined && column.baseType !== "uuid";
}

function isText(type = ""): boolean {
  return type === "text" || type === "character varying";
}

/** É written as one sign, whoever wrote it as two (Unicode NFC). Most texts are plain, which costs a glance at their length. */
function composed({ target }: Plan, text: Sql): Sql {
  return target.isUnicode ? sql`case when ${isPlain(text)} then ${text} else normalize(${text}) end` : text;
}

/** The same without case. Of plain text that needs no collation's rules, which makes up for the glance. */
function folded(plan: Plan, field: string, text: Sql): Sql {
  const { importer, target } = plan;
  const isBytewise = target.isUnicode && target.columns.get(keyColumn(importer, field))?.isLoose !== true;
  if (!isBytewise) return sql`lower(${composed(plan, text)})`;
  return sql`case when ${isPlain(text)} then lower(${text} collate "C") else lower(normalize(${text})) end`;
}

/** In a database of Unicode: that a text is ASCII. */
function isPlain(text: Sql): Sql {
  return sql`octet_length(${text}) = char_length(${text})`;
}
