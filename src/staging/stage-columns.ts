/** Which columns a job's stage has: the mapped fields, and the cell that names the owner. */

import type { Assignment } from "../core/assignment.ts";
import { kindOf } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { StageColumn } from "../core/store/stage-column.ts";

/** The stage's columns after `row_no` and `row_offset`, in the importer's order. */
export function stageColumns(importer: Importer, mapping: Mapping, assignment: Assignment): StageColumn[] {
  const columns: StageColumn[] = [];
  for (const [name, field] of Object.entries(importer.fields)) {
    const mapped = mapping.columns.find((column) => column.field === name);
    if (mapped !== undefined) columns.push({ name, type: kindOf(field).stage.type, column: mapped.column });
  }
  if (assignment.mode === "column") {
    const owner = mapping.columns.find((column) => column.header === assignment.column);
    if (owner !== undefined) columns.push({ name: "owner_key", type: "text", column: owner.column });
  }
  return columns;
}
