/** The cells of a rejected row as a person sees them: the file's own, or by the fields that they feed. */
import { cellKeys } from "../core/cell-keys.ts";
import { fileCells, type ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { ArchivedRow } from "../core/store/archive.ts";
import { stageColumns } from "../staging/stage-columns.ts";

/** By field; what is made of several cells, or of a part of one, among them. */
export function rowByField(row: ArchivedRow, { mapping, assignment }: ImportJob, importer: Importer): ArchivedRow {
  const { cells } = row;
  if (cells === null) return row;
  const own = fileCells(mapping.columns.length, cells, row.issues);
  const isWhole = own !== cells;
  const keys = cellKeys(mapping);
  const values = stageColumns(importer, mapping, assignment).flatMap(
    ({ name, column, parts }): [string, string | null][] => {
      if (column === null || !Object.hasOwn(importer.fields, name)) return [];
      if (parts !== undefined) return parts.map((part) => [keys[part.column] ?? name, cells[part.column] ?? null]);
      if (column >= mapping.columns.length && !isWhole) return [];
      return [[name, cells[column] ?? null]];
    },
  );
  return { ...row, cells: null, values: Object.fromEntries(values) };
}

/** As the file has them. */
export function rowByColumn(row: ArchivedRow, { mapping }: ImportJob): ArchivedRow {
  return row.cells === null ? row : { ...row, cells: [...fileCells(mapping.columns.length, row.cells, row.issues)] };
}
