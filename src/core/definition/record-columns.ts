/** What the planned records fill: no column twice, no field for nothing, and a main record where something needs one. */
import type { Fields, ImporterDefinition } from "../importer.ts";
import { mainRecord, type PlannedSource, type RecordPlan } from "../records.ts";
import { firstOf } from "../shape/shape.ts";
import { filledTwice } from "./target-columns.ts";

type Definition = Pick<ImporterDefinition<Fields>, "fields" | "checks" | "assign" | "history">;

/** What is wrong with the columns of a definition's records; null: nothing. */
export function recordColumnsProblem(definition: Definition, plans: readonly RecordPlan[]): string | null {
  return (
    firstOf(plans, (plan) => columnsProblem(definition, plan)) ??
    mainProblem(definition, plans) ??
    idleProblem(definition, plans)
  );
}

function columnsProblem({ assign }: Definition, plan: RecordPlan): string | null {
  const { name, columns, versions, path, isMain } = plan;
  const filled: [column: string, by: string][] = columns.map(({ column, source }) => [column, said(source)]);
  if (versions !== null) filled.push([versions.from, "versions.from"], [versions.to, "versions.to"]);
  if (path !== null) filled.push([path.parent, "path.parent"]);
  if (isMain && assign !== undefined) filled.push([assign.column, "assign.column"]);
  const both = filledTwice(filled);
  if (both !== null) return `records.${name}: ${both}`;
  if (!isMain) return null;
  const fed = columns.flatMap(({ source }) => (source.kind === "field" ? [source.field] : []));
  const twice = fed.find((field, k) => fed.indexOf(field) < k);
  return twice === undefined
    ? null
    : `records.${name} is the record that a row is about, and the field "${twice}" goes to two of its columns. Add a field for the other one, with derive: (row) => row.${twice}`;
}

/** As it stands in the definition. */
function said(source: PlannedSource): string {
  switch (source.kind) {
    case "field":
      return `the field "${source.field}"`;
    case "ref":
      return `ref("${source.record}")`;
    case "context":
      return `the context value "${source.name}"`;
    case "name_of":
      return `nameOf("${source.field}")`;
    case "constant":
      return `constant(${JSON.stringify(source.value)})`;
    case "now":
      return "now()";
    case "on_create":
      return "onCreate()";
  }
}

/** Owners and a history belong to the record that a row is about. */
function mainProblem({ assign, history }: Definition, plans: readonly RecordPlan[]): string | null {
  const option = assign !== undefined ? "assign" : history !== undefined ? "history" : null;
  if (option === null || mainRecord({ records: plans }) !== undefined) return null;
  return (
    `${option} is about the record that a row stands for, and there is none: it has an id and a key of fields, is bounded by the ` +
    "whole context, and has no each, versions, link or path. Omit it"
  );
}

/** A field whose values would be read and thrown away. */
function idleProblem({ fields, checks = [] }: Definition, plans: readonly RecordPlan[]): string | null {
  const used = new Set(
    plans.flatMap(({ columns, each }) => [
      ...each,
      ...columns.flatMap(({ source }) => ("field" in source ? [source.field] : [])),
    ]),
  );
  for (const check of checks) {
    // A function and a query may look at any of them.
    if (typeof check === "function" || check.kind === "sql") return null;
    for (const field of check.fields) used.add(field);
  }
  // So may what other fields are made from.
  if (Object.values(fields).some((field) => "derive" in field || typeof field.default === "function")) return null;
  const idle = Object.keys(fields).find((name) => !used.has(name));
  return idle === undefined
    ? null
    : `the field "${idle}" goes to no record, and no check looks at it. Put it into \`set\` of a record, or remove it`;
}
