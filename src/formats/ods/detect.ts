/** Finds a spreadsheet's dialect: the sheet that is meant, and where the table is among its first rows. */
import { told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import {
  cellText,
  type DetectionHints,
  type FileFinding,
  type SheetLook,
  type WorkbookDialect,
} from "../../core/row.ts";
import { findTable, maxColumns, type SampleRow } from "../table/table.ts";
import { isLikely } from "../workbook/likely-sheet.ts";
import { chooseSheet, type SurveyedSheet } from "../workbook/sheet-choice.ts";
import { lookedAtRows, maxLookedAtSheets, sheetLook } from "../workbook/sheet-look.ts";
import { damaged } from "../xml/element-skip.ts";
import { PartWindow } from "../xml/part-window.ts";
import { readCellStyles } from "./cell-styles.ts";
import { contentPieces, countSheets, openSpreadsheet, type Spreadsheet } from "./content.ts";
import { TableScanner } from "./table-scanner.ts";

/** The header is judged on this many rows. */
const maxSampleRows = 1000;
/** And on this much text of a sheet with wide rows. */
const maxSampleBytes = 4 * 1024 * 1024;
/** A content up to this size is looked through for all of its sheets. */
const wholeContentBytes = 16 * 1024 * 1024;
/** Sheets to choose from are searched for in this much of the content. */
const maxSurveyedBytes = 64 * 1024 * 1024;
/** A sheet, as far as it was read. */
interface Sheet extends SurveyedSheet {
  hiddenColumns: number;
  rows: SampleRow[];
}

/**
 * The dialect of an OpenDocument spreadsheet: the sheet of the hint (its name in any case, or its place from 1), else the first
 * that is visible and has rows, else the first that has rows.
 *
 * @throws SluiceError `invalid`: no spreadsheet, a password, damage, no such sheet, no rows, more than 16,384 columns.
 */
export async function detectOds(source: Source, hints: DetectionHints, signal?: AbortSignal): Promise<WorkbookDialect> {
  const spreadsheet = await openSpreadsheet(source, signal);
  const sheets = await survey(spreadsheet, hints, signal);
  const sheet = chooseSheet(source.name, sheets, hints);
  const table = findTable(source.name, sheet.rows, hints.headerRow, { names: hints.names });
  const others = sheets.filter((each) => each !== sheet && each.rows.length > 0).length;
  const unseen = Math.max(0, ((await countSheets(spreadsheet, signal)) ?? 0) - sheets.length);
  const findings: FileFinding[] = [...table.findings];
  if (others + unseen > 0) findings.push({ code: "other_sheets", count: others + unseen });
  if (sheet.hidden) findings.push({ code: "sheet_hidden", count: 1 });
  if (sheet.hiddenColumns > 0) findings.push({ code: "columns_hidden", count: sheet.hiddenColumns });
  return { format: "ods", packing: "none", sheet: sheet.name, sheetIndex: sheet.index, ...table, findings };
}

/** The sheets with their first rows, for a person who chooses. @throws SluiceError `invalid` as `detectOds` */
export async function surveyOds(source: Source, signal?: AbortSignal): Promise<SheetLook[]> {
  const spreadsheet = await openSpreadsheet(source, signal);
  const bounds = { maxRows: lookedAtRows + 1, maxBytes: maxSurveyedBytes };
  const sheets = await survey(spreadsheet, {}, signal, bounds);
  return sheets.slice(0, maxLookedAtSheets).map((sheet) =>
    sheetLook(
      sheet,
      sheet.rows.map(({ cells }) => cells),
    ),
  );
}

/**
 * The sheets with their first rows: all of a small content, of a large one up to the sheet that is meant, or, where `maxBytes` are
 * said, as far as they reach.
 */
async function survey(
  spreadsheet: Spreadsheet,
  { sheet: hint, names }: Pick<DetectionHints, "sheet" | "names">,
  signal?: AbortSignal,
  { maxRows = maxSampleRows, maxBytes = 0 } = {},
): Promise<Sheet[]> {
  const { what, content } = spreadsheet;
  let readBytes = 0;
  const sheets: Sheet[] = [];
  const window = new PartWindow();
  const scanner = new TableScanner(window, {
    what,
    columnCount: maxColumns + 1,
    maxRows: 1,
    styles: await readCellStyles(spreadsheet, signal),
    wanted: ({ name, hidden }) => {
      sheets.push({ name, index: sheets.length + 1, hidden, hiddenColumns: 0, rows: [] });
      return true;
    },
  });
  const pieces = contentPieces(spreadsheet, { signal });
  let sampleBytes = 0;
  const isFound = (): boolean => {
    const sheet = sheets[sheets.length - 1];
    if (maxBytes > 0) return readBytes > maxBytes;
    if (content.sizeBytes <= wholeContentBytes || sheet.rows.length === 0) return false;
    return hint === undefined
      ? !sheet.hidden && isLikely(sheet, names)
      : sheet.name === hint || String(sheet.index) === hint.trim();
  };
  try {
    for (;;) {
      const stop = scanner.scan();
      if (stop === "need_more") {
        const { done, value } = await pieces.next();
        if (done) break;
        window.push(value, scanner.position);
        scanner.position = 0;
        readBytes += value.length;
        if (maxBytes > 0 && readBytes > maxBytes) return sheets;
        continue;
      }
      const sheet = sheets[sheets.length - 1];
      const { batch } = scanner.rows;
      if (batch.rowCount > 0) {
        // Of the columns that a sheet can have, only those the row has.
        const cells = Array.from({ length: scanner.rows.filledTo }, (_, c) => cellText(batch, 0, c));
        sampleBytes += batch.rowEnds[0];
        sheet.rows.push({ number: batch.rowNumbers[0], cells });
      }
      sheet.hiddenColumns = Math.min(scanner.hiddenColumns, maxColumns);
      scanner.rows.clear();
      if (stop === "table_end") {
        sampleBytes = 0;
        if (isFound()) return sheets;
      } else if (sheet.rows.length === maxRows || sampleBytes > maxSampleBytes) {
        if (isFound()) return sheets;
        sampleBytes = 0;
        scanner.leaveTable();
      }
    }
  } finally {
    await pieces.return(undefined);
  }
  if (!scanner.complete) throw damaged(what, told`ends abruptly`);
  return sheets;
}
