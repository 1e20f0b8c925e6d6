/** Whether the value of a field, of the context or of Sluice itself fits the type of its column. */

import type { ContextType } from "../../core/context.ts";
import { told } from "../../core/errors.ts";
import { type Field, kindOf, stageTypeOf } from "../../core/field.ts";
import type { TargetColumnType } from "../../core/fields/kind.ts";
import { keyColumn, targetFields } from "../../core/importer.ts";
import { keyFields } from "../../core/keys.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { advice, type Finder, type Finding, failure, type Subject } from "./finding.ts";
import { conversions, type ElementType, isComparable, type Relation, type RelationColumn } from "./relation.ts";

/** Types of context values, as Postgres has them. */
const contextCategories: Readonly<Record<ContextType, { base: string; category: string }>> = {
  text: { base: "text", category: "S" },
  bigint: { base: "int8", category: "N" },
  integer: { base: "int4", category: "N" },
  uuid: { base: "uuid", category: "U" },
};

/** Fields whose kind Postgres cannot turn into the column's type, or only with a loss. */
export const findMistypedFields: Finder = async ({ database, importer, target }) => {
  if (importer.load !== undefined) return [];
  const fed = targetFields(importer).flatMap(([name, to]) => {
    const field = importer.fields[name];
    const column = target.columns.get(to);
    // A reference's value is the other table's id.
    return column === undefined || field.kind === "reference" ? [] : [{ name, field, column, ...oneOf(field, column) }];
  });
  const known = await conversions(
    database,
    fed.map(({ value, type }) => ({ from: stageTypeOf(value).type, to: type?.baseOid ?? "text" })),
  );
  const findings: Finding[] = [];
  for (const [k, { name, field, column, value, type }] of fed.entries()) {
    const where = `${target.name}.${column.name}`;
    const most = type?.maxLength ?? null;
    const lengths = most === null || !known[k].cast ? null : await lengthsOf(database, value);
    if (!known[k].cast || neverFits(field, column) || neverFits(value, type) || isLonger(lengths?.least, most))
      findings.push(
        failure(
          told`The field "${name}" of the importer "${importer.name}" is of kind ${field.kind}, which does not fit ${where} of type ${column.type}. Choose another kind, or another column.`,
        ),
      );
    else {
      const loss = isLonger(lengths?.most, most)
        ? `values of more than ${most} characters are refused row by row`
        : lossOf(field, column);
      if (loss !== null) findings.push(advice(`${where} is ${column.type}: ${loss} (field "${name}")`));
    }
  }
  return findings;
};

/** What is cast on the way: of several values each, into an element of an array or, null, into a document. */
function oneOf(field: Field, column: RelationColumn): { value: Field; type: RelationColumn | ElementType | null } {
  const isList = field.kind === "list" || field.kind === "columns";
  return isList ? { value: field.element, type: column.element } : { value: field, type: column };
}

function neverFits(field: Field, type: TargetColumnType | null): boolean {
  return type !== null && kindOf(field).neverFits?.(type) === true;
}

/** How long values are as text, where they are all written alike: yes and no, days and times, UUIDs. Null: that depends on the value. */
async function lengthsOf(database: Database, field: Field): Promise<{ least: number; most: number } | null> {
  const { type, category, base } = stageTypeOf(field);
  if (!"BD".includes(category) && base !== "uuid") return null;
  const samples = [...kindOf(field).samples(field)];
  const [lengths] = await database.query<{ least: number; most: number }>(sql`
    select min(length(v::${sql.raw(type)}::text)) as least, max(length(v::${sql.raw(type)}::text)) as most from unnest(${samples}::text[]) v
  `);
  return lengths;
}

function isLonger(length: number | undefined, most: number | null): boolean {
  return length !== undefined && most !== null && length > most;
}

/** What of a field's values the column does not take; null: nothing. */
function lossOf(field: Field, column: RelationColumn): string | null {
  const { loss, choices } = kindOf(field);
  const stage = stageTypeOf(field);
  const own = loss?.(field, column) ?? null;
  if (own !== null) return own;
  const isEnum = choices !== undefined && column.labels !== null;
  return stage.category === "S" && column.category !== "S" && !isEnum
    ? "cells that Postgres cannot read as one are refused row by row"
    : null;
}

/** Keys that Postgres cannot compare with their column. */
export const findMistypedKeys: Finder = ({ importer, target }) =>
  keyFields(importer.match.keys).flatMap((name) => {
    const field = importer.fields[name];
    const column = target.columns.get(keyColumn(importer, name));
    const { key } = kindOf(field);
    const stage = stageTypeOf(field);
    // Text is compared as text, whatever the column is of.
    if (column === undefined || key !== "value") return [];
    // A UUID is compared as text with text.
    if (isComparable(stage, column) || (field.kind === "uuid" && column.category === "S")) return [];
    return [
      failure(
        told`Duplicates cannot be matched on "${name}" of the importer "${importer.name}": ${target.name}.${column.name} is ${column.type}, which Postgres cannot compare with a field of kind ${field.kind}. Choose another kind, or another column.`,
      ),
    ];
  });

/** Context values, which are compared with their column and stored in it as they are. */
export const findMistypedContext: Finder = (subject) =>
  mistypedContext(
    subject,
    subject.target,
    Object.entries(subject.importer.context ?? {}).map(([name, { column = name, type = "text" }]) => ({
      name,
      column,
      type,
    })),
  );

/** Context values that do not fit columns of a table. */
export async function mistypedContext(
  { database, importer }: Pick<Subject, "database" | "importer">,
  relation: Relation,
  given: readonly { name: string; column: string; type: ContextType }[],
): Promise<Finding[]> {
  const fed = given.flatMap(({ name, type, column: own }) => {
    const column = relation.columns.get(own);
    return column === undefined ? [] : [{ name, type, column }];
  });
  const known = await conversions(
    database,
    fed.map(({ type, column }) => ({ from: type, to: column.baseOid })),
  );
  return fed.flatMap(({ name, type, column }, k) => {
    if (known[k].assigned && isComparable(contextCategories[type], column)) return [];
    return [
      failure(
        told`The context value "${name}" of the importer "${importer.name}" is of type ${type}, and ${relation.name}.${column.name} is ${column.type}. Set its \`type\`: text, uuid, bigint or integer.`,
      ),
    ];
  });
}

/** What Sluice itself writes into the target: the import's number, the time of an update. */
export const findMistypedOwn: Finder = async ({ database, importer, target }) => {
  if (importer.load !== undefined) return [];
  const { job, updatedAt } = importer.target;
  const own = [
    { option: "target.job", from: "bigint", column: job },
    { option: "target.updatedAt", from: "timestamptz", column: updatedAt },
  ].flatMap(({ option, from, column: name }) => {
    const column = name === undefined ? undefined : target.columns.get(name);
    return column === undefined ? [] : [{ option, from, column }];
  });
  const known = await conversions(
    database,
    own.map(({ from, column }) => ({ from, to: column.baseOid })),
  );
  return own.flatMap(({ option, from, column }, k) =>
    known[k].assigned
      ? []
      : [
          failure(
            told`\`${option}\` of the importer "${importer.name}" writes ${from}, and ${target.name}.${column.name} is ${column.type}. Name another column.`,
          ),
        ],
  );
};
