/** Streams the rows of a workbook's sheet as batches, from its start or from a checkpoint, in bounded memory. */
import type { ReadOptions, Source } from "../../core/ports.ts";
import type { Batch, WorkbookDialect } from "../../core/row.ts";
import { chosenSheet } from "./choose-sheet.ts";
import { type SheetSizes, sheetRows } from "./sheet-rows.ts";
import { openWorkbook, sheetEntry } from "./workbook.ts";

/**
 * The rows of the dialect's sheet, the header among them when it is not read from a checkpoint. A row's place is the offset of
 * its tag in the sheet's part as it is unpacked (in UTF-8).
 *
 * @throws SluiceError `invalid`: the sheet is not there, damage, or a checkpoint of another file.
 */
export async function* readXlsx(
  source: Source,
  dialect: WorkbookDialect,
  options: ReadOptions & SheetSizes = {},
): AsyncGenerator<Batch> {
  const workbook = await openWorkbook(source, options.signal);
  const entry = sheetEntry(workbook, chosenSheet(workbook, dialect));
  yield* sheetRows(workbook, entry, { ...options, columnCount: dialect.columns.length });
}
