/** Whether what a field, a context value or Sluice itself brings fits the type of the column that it goes to. */
import { told } from "../../core/errors.ts";
import type { Field } from "../../core/field.ts";
import { targetColumn } from "../../core/importer.ts";
import { stageTypes } from "../../core/store/stage.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";
import { conversions, isComparable, type RelationColumn } from "./relation.ts";

/** Categories of the stage's types, as Postgres has them. */
const categories: Readonly<Record<string, { base: string; category: string }>> = {
  text: { base: "text", category: "S" },
  bigint: { base: "int8", category: "N" },
  integer: { base: "int4", category: "N" },
  numeric: { base: "numeric", category: "N" },
  date: { base: "date", category: "D" },
  timestamptz: { base: "timestamptz", category: "D" },
  boolean: { base: "bool", category: "B" },
  uuid: { base: "uuid", category: "U" },
};

/** Fields whose kind Postgres cannot turn into the column's type, or only with a loss. */
export const findMistypedFields: Finder = async ({ database, importer, target }) => {
  if (importer.load !== undefined) return [];
  const fed = Object.entries(importer.fields).flatMap(([name, field]) => {
    const column = target.columns.get(targetColumn(importer, name));
    // What a reference brings is the other table's id.
    return column === undefined || field.kind === "reference" ? [] : [{ name, field, column }];
  });
  const known = await conversions(
    database,
    fed.map(({ field, column }) => ({ from: stageTypes[field.kind], to: column.baseOid })),
  );
  return fed.flatMap(({ name, field, column }, k): Finding[] => {
    const where = `${target.name}.${column.name}`;
    if (!known[k].cast || neverFits(field, column))
      return [
        failure(
          told`The field "${name}" of the importer "${importer.name}" is of the kind ${field.kind}, which does not fit ${where} of type ${column.type}. Choose another kind, or another column.`,
        ),
      ];
    const loss = lossOf(field, column);
    return loss === null ? [] : [advice(`${where} is ${column.type}: ${loss} (field "${name}")`)];
  });
};

/** Text of a shape that no value of the column has. */
function neverFits({ kind }: Field, { base, category }: RelationColumn): boolean {
  if (kind === "email") return category !== "S" && category !== "U" && category !== "E";
  if (kind === "phone") return "DBAE".includes(category) || base === "uuid";
  return false;
}

/** What of a field's values the column does not take; null: nothing. */
function lossOf(field: Field, { base, category, labels, scale }: RelationColumn): string | null {
  if (field.kind === "choice" && labels !== null) {
    const strange = Object.keys(field.values).filter((value) => !labels.includes(value));
    return strange.length === 0
      ? null
      : `it has no value ${strange.map((value) => `"${value}"`).join(", ")}, and rows that say so are refused`;
  }
  if (stageTypes[field.kind] === "text" && category !== "S")
    return "cells that Postgres cannot read as one are refused row by row";
  if (field.kind === "decimal" && /^int[248]$/.test(base)) return "decimals are rounded. Use field.integer()";
  if (field.kind === "decimal" && scale !== null && (field.scale === undefined || field.scale > scale))
    return `more than ${scale} decimals are rounded. Say scale: ${scale}`;
  if (field.kind === "datetime" && base === "date") return "the time of day is dropped. Use field.date()";
  if (field.kind === "date" && base === "timestamptz")
    return "a day begins at midnight in the time zone of the database. Use field.datetime({ timeZone })";
  return null;
}

/** Keys that Postgres cannot compare with their column. */
export const findMistypedKeys: Finder = ({ importer, target }) =>
  importer.match.keys.flatMap((name) => {
    const { kind } = importer.fields[name];
    const column = target.columns.get(targetColumn(importer, name));
    // Text is compared as text, whatever the column is of.
    if (column === undefined || ["text", "email", "reference", "choice"].includes(kind)) return [];
    if (isComparable(categories[stageTypes[kind]], column)) return [];
    return [
      failure(
        told`Duplicates cannot be matched on "${name}" of the importer "${importer.name}": ${target.name}.${column.name} is ${column.type}, which Postgres does not compare with a field of the kind ${kind}. Choose another kind, or another column.`,
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
    if (known[k].assigned && isComparable(categories[type], column)) return [];
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
