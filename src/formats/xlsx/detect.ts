/** Finds a workbook's dialect: the sheet that is meant, and the table in its first rows. */
import { SluiceError, textOf, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { type DetectionHints, type FileFinding, rowCells, type WorkbookDialect } from "../../core/row.ts";
import { type FoundTable, findTable, maxColumns, type SampleRow } from "../table/table.ts";
import { likelySheet, looksLikeTable } from "../workbook/likely-sheet.ts";
import { sheetByHint, sheetNames } from "./choose-sheet.ts";
import { sheetRows } from "./sheet-rows.ts";
import type { SheetScanner } from "./sheet-scanner.ts";
import { openWorkbook, type Sheet, sheetEntry, type Workbook } from "./workbook.ts";

/** The table is searched for in this many rows, and in about this many bytes of them. */
const maxSampleRows = 1000;
const maxSampleBytes = 1024 * 1024;
/** And in this much text: a short row may name a long shared one in each of its cells. */
const maxSampleChars = 16 * 1024 * 1024;
/** Rows are gathered in this width; what is beyond comes as surplus. */
const sampleColumns = 64;
/** The first rows, one of which is the header, are read exactly, wherever their texts lie. */
const rowsPerBatch = 50;
const sampling = { exactBatches: 1, stringBytes: 4 * 1024 * 1024, partBytes: Number.POSITIVE_INFINITY };
/** Whether a sheet has rows is decided on this much of it, and in this many sheets. */
const peeking = { exactBatches: 0, stringBytes: 0, partBytes: 256 * 1024 };
const maxPeekedSheets = 100;
/** The likely one is chosen from the first of those that have rows. */
const maxSampledSheets = 20;

/**
 * The dialect of a workbook: the sheet that is asked for, else the likely one of the visible ones with rows, else of the hidden ones.
 *
 * @throws SluiceError `invalid`: no workbook, no such sheet, or no sheet with rows.
 */
export async function detectXlsx(
  source: Source,
  hints: DetectionHints,
  signal?: AbortSignal,
): Promise<WorkbookDialect> {
  const workbook = await openWorkbook(source, signal);
  const { sheet, rows, whole, hiddenColumns } = await sampleTable(workbook, hints, signal);
  const table = findTable(`${source.name} (sheet "${sheet.name}")`, rows, hints.headerRow, {
    whole,
    names: hints.names,
  });
  const columns = withUnnamed(table, rows);
  const findings: FileFinding[] = [...table.findings];
  const hidden = hiddenColumns.reduce(
    (count, [first, last]) => count + Math.max(0, Math.min(last, columns.length) - first + 1),
    0,
  );
  if (hidden > 0) findings.push({ code: "columns_hidden", count: Math.min(hidden, columns.length) });
  if (sheet.hidden) findings.push({ code: "sheet_hidden", count: 1 });
  const others = hints.sheet === undefined ? await otherSheets(workbook, sheet, signal) : [];
  if (others.length > 0) {
    const names = sheetNames(others);
    const sheets = typeof names === "string" ? names : textOf(names);
    findings.push({ code: "other_sheets", count: others.length, params: { sheets } });
  }
  return {
    format: "xlsx",
    packing: "none",
    ...table,
    columns,
    findings,
    sheet: sheet.name,
    sheetIndex: sheet.index,
  };
}

interface Sample {
  sheet: Sheet;
  rows: SampleRow[];
  /** They are all the sheet has. */
  whole: boolean;
  hiddenColumns: readonly [first: number, last: number][];
}

async function sampleTable(
  workbook: Workbook,
  { sheet: hint, names }: Pick<DetectionHints, "sheet" | "names">,
  signal?: AbortSignal,
): Promise<Sample> {
  if (hint !== undefined) return sample(workbook, sheetByHint(workbook, hint), signal);
  const worksheets = workbook.sheets.filter(({ kind }) => kind === "worksheet");
  for (const hidden of [false, true]) {
    const filled: (Sample & { name: string })[] = [];
    for (const sheet of worksheets.filter((each) => each.hidden === hidden)) {
      if (filled.length === maxSampledSheets) break;
      const found = { ...(await sample(workbook, sheet, signal)), name: sheet.name };
      if (found.rows.length > 0) filled.push(found);
      if (names === undefined && looksLikeTable(found)) break;
    }
    const found = likelySheet(filled, names);
    if (found !== undefined) return found;
  }
  throw new SluiceError(
    "invalid",
    told`${workbook.archive.fileName} has no sheet with rows. Available: ${sheetNames(workbook.sheets)}.`,
  );
}

async function sample(workbook: Workbook, sheet: Sheet, signal?: AbortSignal): Promise<Sample> {
  const rows: SampleRow[] = [];
  let scanner: SheetScanner | null = null;
  const options = { columnCount: sampleColumns, maxRowsPerBatch: rowsPerBatch, sample: sampling, signal };
  const batches = sheetRows(workbook, sheetEntry(workbook, sheet), options, (made) => {
    scanner = made;
  });
  let from = -1;
  let whole = true;
  let chars = 0;
  for await (const batch of batches) {
    if (from < 0) from = batch.rowOffsets[0];
    for (let r = 0; r < batch.rowCount; r++) {
      const cells = rowCells(batch, r);
      cells.length = 1 + cells.findLastIndex((cell) => cell.trim() !== "");
      for (const cell of cells) chars += cell.length;
      if (cells.length > 0) rows.push({ number: batch.rowNumbers[r], cells });
    }
    const isShort = batch.next.offset - from < maxSampleBytes && chars < maxSampleChars;
    if (rows.length < maxSampleRows && isShort) continue;
    whole = false;
    break;
  }
  const { hiddenColumns = [] } = (scanner as SheetScanner | null) ?? {};
  return { sheet, rows, whole, hiddenColumns };
}

/** Visible sheets with rows besides the chosen one. */
async function otherSheets(workbook: Workbook, chosen: Sheet, signal?: AbortSignal): Promise<Sheet[]> {
  const others: Sheet[] = [];
  for (const sheet of workbook.sheets.slice(0, maxPeekedSheets)) {
    if (sheet === chosen || sheet.hidden || sheet.entry === null) continue;
    const options = { columnCount: 1, maxRowsPerBatch: 1, sample: peeking, signal };
    for await (const _ of sheetRows(workbook, sheet.entry, options)) {
      others.push(sheet);
      break;
    }
  }
  return others;
}

/** The table's columns, and those beyond its header that its rows fill. */
function withUnnamed({ columns, headerRow, lastRow }: FoundTable, rows: readonly SampleRow[]): string[] {
  const width = rows
    .filter(({ number }) => number >= headerRow && (lastRow === null || number <= lastRow))
    .reduce((widest, { cells }) => Math.max(widest, cells.length), 0);
  const all = [...columns];
  const taken = new Set(columns);
  while (all.length < Math.min(width, maxColumns)) {
    let name = `Column ${all.length + 1}`;
    for (let n = 2; taken.has(name); n++) name = `Column ${all.length + 1} (${n})`;
    taken.add(name);
    all.push(name);
  }
  return all;
}
