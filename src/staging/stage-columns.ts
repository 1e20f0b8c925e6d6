/**
 * Which columns a job's stage has: the fields that have values, the cell that names the owner, and what only new records get.
 */

import type { Assignment } from "../core/assignment.ts";
import { namesColumn } from "../core/feed-names.ts";
import { stageTypeOf } from "../core/field.ts";
import type { FieldSource } from "../core/field-source.ts";
import { isFed, type Mapping, placeOfField } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { createdValues } from "../core/records.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { partsOf } from "./field-parts.ts";
import { lateMakerOf } from "./late-column.ts";

/**
 * The stage's columns after `row_no` and `row_offset`, in the importer's order; behind them the fields of several cells, what its own
 * code makes of a row's other values, and of new records.
 */
export function stageColumns(importer: Importer, mapping: Mapping, assignment: Assignment): StageColumn[] {
  const columns: StageColumn[] = [];
  const composed: StageColumn[] = [];
  const late: StageColumn[] = [];
  const bare = bareFields(importer, mapping);
  for (const [name, field] of Object.entries(importer.fields)) {
    const { type } = stageTypeOf(field);
    if (field.derive !== undefined) {
      late.push({ name, type, column: null });
      continue;
    }
    const found = partsOf(importer, mapping, name);
    if (found !== null) {
      const parts = found.map(({ column: at, name: called }) => ({ column: at, name: called }));
      composed.push({ name, type, column: parts[0].column, parts });
      if (field.kind === "columns")
        composed.push({ name: namesColumn(name), type: "text[]", column: parts[0].column, parts });
      continue;
    }
    const bareAt = bare.indexOf(name);
    const column =
      placeOfField(mapping, name) ??
      (bareAt < 0 ? null : mapping.columns.length + (mapping.fields?.length ?? 0) + bareAt);
    if (column === null) continue;
    (lateMakerOf(importer, mapping, name) === null ? columns : late).push({ name, type, column });
  }
  if (assignment.mode === "column") {
    const owner = mapping.columns.find((column) => column.header === assignment.column);
    if (owner !== undefined) columns.push({ name: "owner_key", type: "text", column: owner.column });
  }
  const created = createdValues(importer).map(
    ({ name }): StageColumn => ({ name, type: "text", column: null, isCreated: true }),
  );
  return [...columns, ...composed, ...late, ...created];
}

/** Of the cells behind the file's own where each comes from; null: from none, and it is blank unless a person fills it. */
export function cellSources(importer: Importer, mapping: Mapping): (FieldSource | null)[] {
  return [...(mapping.fields ?? []).map(({ source }) => source), ...bareFields(importer, mapping).map(() => null)];
}

/** Fields that nothing of the file feeds, and that have a default. */
export function bareFields({ fields }: Importer, mapping: Mapping): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.default === undefined || field.derive !== undefined || isFed(mapping, name) ? [] : [name],
  );
}
