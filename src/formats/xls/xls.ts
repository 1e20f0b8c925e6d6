/**
 * Excel's workbooks of 1995 to 2003 (XLS, [MS-XLS]) as a Format. They are read by a library, in a thread of its own that is
 * bounded in memory and time.
 */
import { SluiceError } from "../../core/errors.ts";
import type { Format, ReadOptions, Source } from "../../core/ports.ts";
import type { Batch, DetectionHints, FileFinding, WorkbookDialect } from "../../core/row.ts";
import { rowsPerBatch } from "../table/batch-room.ts";
import { findTable } from "../table/table.ts";
import { chooseSheet } from "../workbook/sheet-choice.ts";
import { lookedAtRows, maxLookedAtSheets, sheetLook } from "../workbook/sheet-look.ts";
import { openThread, type ThreadLimits } from "./reading-thread.ts";

/** The header is judged on this many rows. */
const maxSampleRows = 1000;

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface XlsSizes extends ThreadLimits {
  maxRowsPerBatch?: number;
}

export const xls: Format = {
  detect: detectXls,
  read(source, dialect, options) {
    if (dialect.format !== "xls") throw new SluiceError("internal", `The XLS reader was given ${dialect.format}.`);
    return readXls(source, dialect, options);
  },
  async sheets(source, signal) {
    const thread = await openThread(source, {}, signal);
    try {
      const answer = await thread.ask({ ask: "survey", maxRows: lookedAtRows + 1 }, signal);
      if (!("sheets" in answer)) throw new SluiceError("internal", "The thread answered something else.");
      return answer.sheets.slice(0, maxLookedAtSheets).map(({ name, index, hidden, rows }) =>
        sheetLook(
          { name, index, hidden },
          rows.map(({ cells }) => cells),
        ),
      );
    } finally {
      await thread.close();
    }
  },
};

/** @throws SluiceError `invalid`: damage, a password, no such sheet, no rows, more than memory or time allow. */
export async function detectXls(
  source: Source,
  hints: DetectionHints,
  signal?: AbortSignal,
  limits: ThreadLimits = {},
): Promise<WorkbookDialect> {
  const thread = await openThread(source, limits, signal);
  try {
    const answer = await thread.ask({ ask: "survey", maxRows: maxSampleRows }, signal);
    if (!("sheets" in answer)) throw new SluiceError("internal", "The thread answered something else.");
    const { sheets } = answer;
    const sheet = chooseSheet(source.name, sheets, hints);
    const table = findTable(source.name, sheet.rows, hints.headerRow, { names: hints.names });
    const others = sheets.filter((each) => each !== sheet && each.rows.length > 0).length;
    const findings: FileFinding[] = [...table.findings];
    if (others > 0) findings.push({ code: "other_sheets", count: others });
    if (sheet.hidden) findings.push({ code: "sheet_hidden", count: 1 });
    if (sheet.hiddenColumns > 0) findings.push({ code: "columns_hidden", count: sheet.hiddenColumns });
    if (sheet.mergedCells > 0) findings.push({ code: "cells_merged", count: sheet.mergedCells });
    return { format: "xls", packing: "none", sheet: sheet.name, sheetIndex: sheet.index, ...table, findings };
  } finally {
    await thread.close();
  }
}

/**
 * The rows of the dialect's sheet, the header among them when it is not read from a checkpoint. A row's place is the count of
 * rows before it.
 *
 * @throws SluiceError `invalid`, as `detectXls`.
 */
export async function* readXls(
  source: Source,
  dialect: WorkbookDialect,
  options: ReadOptions & XlsSizes = {},
): AsyncGenerator<Batch> {
  const { signal, onFinding } = options;
  const columnCount = dialect.columns.length;
  const maxRows = rowsPerBatch(columnCount, options.maxRowsPerBatch);
  const thread = await openThread(source, options, signal);
  try {
    const { sheet, sheetIndex } = dialect;
    const row = options.from?.row ?? 1;
    let answer = await thread.ask({ ask: "rows", sheet, sheetIndex, row, columnCount, maxRows }, signal);
    for (;;) {
      if (!("rows" in answer)) throw new SluiceError("internal", "The thread answered something else.");
      const { hiddenRows, firstHidden, nextRow, done, share, ...rows } = answer.rows;
      if (hiddenRows > 0) onFinding?.({ code: "rows_hidden", count: hiddenRows }, firstHidden);
      if (rows.rowCount > 0) {
        yield {
          ...rows,
          columnCount,
          notes: new Map(),
          rowOffsets: Float64Array.from(rows.rowNumbers, (number) => number - 1),
          next: { offset: nextRow - 1, row: nextRow },
          readBytes: Math.round(share * source.sizeBytes),
        };
      }
      if (done) return;
      answer = await thread.ask({ ask: "next" }, signal);
    }
  } finally {
    await thread.close();
  }
}
