/** Whether the value of a field, of the context or of Sluice itself fits the type of its column. */

import type { ContextType } from "../../core/context.ts";
import { told } from "../../core/errors.ts";
import { type Field, kindOf, stageTypeOf } from "../../core/field.ts";
import { keyColumn, targetFields } from "../../core/importer.ts";
import { keyFields } from "../../core/keys.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";
import { conversions, isComparable, type RelationColumn } from "./relation.ts";

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
    return column === undefined || field.kind === "reference" ? [] : [{ name, field, column }];
  });
  const known = await conversions(
    database,
    fed.map(({ field, column }) => conversionOf(field, column)),
  );
  return fed.flatMap(({ name, field, column }, k): Finding[] => {
    const where = `${target.name}.${column.name}`;
    if (!known[k].cast || kindOf(field).neverFits?.(column) === true)
      return [
        failure(
          told`The field "${name}" of the importer "${importer.name}" is of kind ${field.kind}, which does not fit ${where} of type ${column.type}. Choose another kind, or another column.`,
        ),
      ];
    const loss = lossOf(field, column);
    return loss === null ? [] : [advice(`${where} is ${column.type}: ${loss} (field "${name}")`)];
  });
};

/** What is cast on the way: several values one by one, into an array of another type or into jsonb. */
function conversionOf(field: Field, column: RelationColumn): { from: string; to: string | number } {
  if (field.kind !== "list" && field.kind !== "columns") return { from: stageTypeOf(field).type, to: column.baseOid };
  return { from: stageTypeOf(field.element).type, to: column.element?.baseOid ?? "text" };
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
export const findMistypedContext: Finder = async ({ database, importer, target }) => {
  const fed = Object.entries(importer.context ?? {}).flatMap(([name, { column: own, type = "text" }]) => {
    const column = target.columns.get(own ?? name);
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
        told`The context value "${name}" of the importer "${importer.name}" is of type ${type}, and ${target.name}.${column.name} is ${column.type}. Set its \`type\`: text, uuid, bigint or integer.`,
      ),
    ];
  });
};

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
