/** A column of an import's rows, as a person names it who sorts or filters by it. */
import { cellKeys } from "../core/cell-keys.ts";
import { SluiceError, told } from "../core/errors.ts";
import { kindOf, stageTypeOf } from "../core/field.ts";
import type { Language } from "../core/fields/language.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { keyFields } from "../core/keys.ts";
import type { RowColumn, RowSort } from "../core/store/archive.ts";
import { CopyText } from "../values/copy-text.ts";
import { isWarning } from "../values/encode.ts";
import { short } from "./quoted.ts";
import { hasCell, slotOf } from "./slot.ts";
import { stageColumns } from "./stage-columns.ts";

/** @throws SluiceError `invalid` for one that the rows do not have. */
export function rowColumnOf(importer: Importer, job: ImportJob, name: string): RowColumn {
  const { mapping } = job;
  const columns = stageColumns(importer, mapping, job.assignment).filter((each) =>
    Object.hasOwn(importer.fields, each.name),
  );
  const at = cellKeys(mapping).indexOf(name);
  const found = columns.find((each) =>
    at >= 0 ? each.column === at || each.parts?.some((part) => part.column === at) : each.name === name,
  );
  if (found === undefined)
    throw new SluiceError("invalid", told`The rows of import ${job.id} have no column "${short(name)}".`);
  return { name, staged: found.name, type: found.type, place: at >= 0 ? at : found.column };
}

/** The same for one whose values are one each. @throws SluiceError `invalid` for one of several. */
export function valueColumnOf(importer: Importer, job: ImportJob, name: string): RowColumn {
  const column = rowColumnOf(importer, job, name);
  if (kindOf(importer.fields[column.staged]).inner !== undefined)
    throw new SluiceError(
      "invalid",
      told`A cell of the column "${short(name)}" has several values, so rows cannot be filtered by one of them. Search for it instead.`,
    );
  return column;
}

/** Labels of more choices are not looked up for every row. */
const mostLabels = 100;

/** How rows are put in order by a column. */
export function rowSortOf(
  importer: Importer,
  job: ImportJob,
  { field: name, order }: { field: string; order: "asc" | "desc" },
  language: Language,
): RowSort {
  const column = rowColumnOf(importer, job, name);
  const field = importer.fields[column.staged];
  const choices = kindOf(field).choices?.(field) ?? null;
  return {
    column,
    order,
    language,
    ...(choices !== null &&
      choices.length <= mostLabels && {
        labels: Object.fromEntries(choices.map(({ value, label }) => [value, label?.[language] ?? label?.en ?? value])),
      }),
    read: cellReader(importer, job, column),
  };
}

/** Reads cells of rejected rows as the column's field does. */
function cellReader(importer: Importer, job: ImportJob, { staged, type }: RowColumn): RowSort["read"] {
  const column = stageColumns(importer, job.mapping, job.assignment).find(({ name }) => name === staged);
  if (column === undefined || !hasCell(column) || column.parts !== undefined) return undefined;
  if (stageTypeOf(importer.fields[column.name]).category === "S" || type === "jsonb") return undefined;
  const { encode, encodeTyped } = slotOf(column, importer, job.mapping, keyFields(job.duplicates.keys));
  const out = new CopyText(256);
  return (cell, isTyped) => {
    const bytes = Buffer.from(cell);
    out.length = 0;
    const finding = (isTyped ? encodeTyped : encode)(bytes, 0, bytes.length, out);
    return (finding !== null && !isWarning(finding)) || out.length === 0 ? null : out.read(0, out.length);
  };
}
