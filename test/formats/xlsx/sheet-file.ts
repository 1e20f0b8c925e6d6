/** Workbooks in memory as Sources, and their rows as plain data. */

import type { ReadOptions } from "../../../src/core/ports.ts";
import { type Batch, rowCells, rowIntact, type WorkbookDialect } from "../../../src/core/row.ts";
import { readXlsx } from "../../../src/formats/xlsx/read.ts";
import type { SheetSizes } from "../../../src/formats/xlsx/sheet-rows.ts";
import { type CountingSource, memorySource } from "../../memory-source.ts";
import { type WorkbookParts, writeWorkbook } from "./write-workbook.ts";

export function workbookSource(bytes: Uint8Array, name = "people.xlsx"): CountingSource {
  return memorySource(name, bytes);
}

export function workbookDialect(columns: readonly string[], more: Partial<WorkbookDialect> = {}): WorkbookDialect {
  return {
    format: "xlsx",
    packing: "none",
    headerRow: 0,
    headerRows: 1,
    lastRow: null,
    columns: [...columns],
    findings: [],
    sheet: "Sheet1",
    sheetIndex: 1,
    ...more,
  };
}

/** `["A", "B", …]` */
export function letters(count: number): string[] {
  return Array.from({ length: count }, (_, k) => (k < 26 ? String.fromCharCode(0x41 + k) : `C${k + 1}`));
}

export interface SheetRow {
  row: number;
  offset: number;
  shape: number;
  cells: string[];
  flags: number[];
}

export function rowsOf(batch: Batch): SheetRow[] {
  return Array.from({ length: batch.rowCount }, (_, r) => ({
    row: batch.rowNumbers[r],
    offset: batch.rowOffsets[r],
    shape: batch.shapes[r],
    cells: rowCells(batch, r),
    flags: [...batch.flags.subarray(r * batch.columnCount, (r + 1) * batch.columnCount)],
  }));
}

/** The rows of the first sheet. */
export async function readRows(
  file: Uint8Array | WorkbookParts,
  columnCount: number,
  options: ReadOptions & SheetSizes = {},
): Promise<SheetRow[]> {
  const bytes = file instanceof Uint8Array ? file : writeWorkbook(file);
  const rows: SheetRow[] = [];
  const dialect = workbookDialect(letters(columnCount), { sheet: Object.keys(sheetsOf(file))[0] });
  for await (const batch of readXlsx(workbookSource(bytes), dialect, options)) rows.push(...rowsOf(batch));
  return rows;
}

function sheetsOf(file: Uint8Array | WorkbookParts): Record<string, unknown> {
  return file instanceof Uint8Array || file.sheets === undefined ? { Sheet1: null } : file.sheets;
}

/** `[number, ...cells]`, and `!shape` in front of the cells where the shape is not right. */
export function plainRows(rows: readonly SheetRow[]): (string | number)[][] {
  return rows.map(({ row, shape, cells }) => [row, ...(shape === rowIntact ? [] : [`!${shape}`]), ...cells]);
}
