/** The sheets of a workbook with their first rows, for a person who chooses among them. */
import type { Source } from "../../core/ports.ts";
import { rowCells, type SheetLook } from "../../core/row.ts";
import { lookedAtRows, maxLookedAtSheets, sheetLook } from "../workbook/sheet-look.ts";
import { sheetRows } from "./sheet-rows.ts";
import { openWorkbook } from "./workbook.ts";

/** Texts that lie far back among the shared ones are shown as "…": a look is to be quick, however large the workbook. */
const sampling = { exactBatches: 0, stringBytes: 4 * 1024 * 1024, partBytes: 1024 * 1024 };
/** Rows are gathered in this width; what is beyond comes as surplus. */
const sampleColumns = 64;
/** Characters of a cell that a look may show. */
const lookedAtChars = 200;

/** @throws SluiceError `invalid`: no workbook, or a damaged one. */
export async function surveyXlsx(source: Source, signal?: AbortSignal): Promise<SheetLook[]> {
  const workbook = await openWorkbook(source, signal);
  const found: SheetLook[] = [];
  for (const { name, index, hidden, entry } of workbook.sheets) {
    if (entry === null) continue;
    if (found.length === maxLookedAtSheets) break;
    const rows: string[][] = [];
    const options = { columnCount: sampleColumns, maxRowsPerBatch: lookedAtRows, sample: sampling, signal };
    for await (const batch of sheetRows(workbook, entry, options)) {
      for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r, lookedAtChars));
      if (rows.length > lookedAtRows) break;
    }
    found.push(sheetLook({ name, index, hidden }, rows));
  }
  return found;
}
