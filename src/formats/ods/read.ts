/** Streams the rows of a spreadsheet's table as batches, from its start or from a checkpoint, in bounded memory. */
import { SluiceError, told } from "../../core/errors.ts";
import type { ReadOptions, Source } from "../../core/ports.ts";
import type { Batch, WorkbookDialect } from "../../core/row.ts";
import { rowsPerBatch } from "../table/batch-room.ts";
import { damaged } from "../xml/element-skip.ts";
import { PartWindow } from "../xml/part-window.ts";
import { type CellStyles, readCellStyles } from "./cell-styles.ts";
import type { ColumnStyles } from "./column-styles.ts";
import { contentPieces, openSpreadsheet, type Spreadsheet } from "./content.ts";
import { TableScanner } from "./table-scanner.ts";

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface TableSizes {
  maxRowsPerBatch?: number;
  maxRowBytes?: number;
  /** Cuts the pieces of the content. */
  pieceBytes?: number;
}

/**
 * The rows of the dialect's table, the header among them when it is not read from a checkpoint. A row's place is the offset of
 * its tag in the content as it is unpacked (in UTF-8); the second and later of repeated rows have that of the table's tag, from
 * which on rows are counted again.
 *
 * @throws SluiceError `invalid`: the table is not there, damage, or a checkpoint of another file.
 */
export async function* readOds(
  source: Source,
  dialect: WorkbookDialect,
  options: ReadOptions & TableSizes = {},
): AsyncGenerator<Batch> {
  const { signal, onFinding, from } = options;
  const spreadsheet = await openSpreadsheet(source, signal);
  const { archive, what } = spreadsheet;
  const columnCount = dialect.columns.length;
  const maxRows = rowsPerBatch(columnCount, options.maxRowsPerBatch);
  const pieces = contentPieces(spreadsheet, options);
  try {
    const window = new PartWindow();
    const styles = await readCellStyles(spreadsheet, signal);
    const common = { what, columnCount, maxRows, maxRowBytes: options.maxRowBytes, styles };
    let scanner: TableScanner;
    if (from === undefined) {
      let index = 0;
      scanner = new TableScanner(window, { ...common, wanted: () => ++index === dialect.sheetIndex });
    } else {
      await skipTo(pieces, window, from.offset, source.name);
      // At the table's tag, its rows are counted again; anywhere else the next one is the checkpoint's.
      scanner = isTableTag(window)
        ? new TableScanner(window, { ...common, wanted: () => true, skipTo: from.row })
        : new TableScanner(window, {
            ...common,
            wanted: () => false,
            start: { row: from.row },
            columnStyles: await columnStylesOf(spreadsheet, { index: dialect.sheetIndex, styles, signal }),
          });
    }
    const { rows } = scanner;
    const hand = (): Batch => {
      for (const { finding, row } of scanner.takeFindings()) onFinding?.(finding, row);
      rows.batch.next = scanner.next;
      rows.batch.readBytes = archive.bytesRead;
      return rows.batch;
    };
    for (;;) {
      const stop = scanner.scan();
      if (stop === "batch_full") {
        yield hand();
        signal?.throwIfAborted();
        rows.clear();
        continue;
      }
      if (stop === "table_end") break;
      const { done, value } = await pieces.next();
      if (done) {
        if (!scanner.complete) throw damaged(what, told`ends abruptly`);
        throw new SluiceError(
          "invalid",
          told`${source.name} no longer has sheet ${dialect.sheetIndex} (${dialect.sheet}).`,
        );
      }
      window.push(value, scanner.position);
      scanner.position = 0;
    }
    const last = hand();
    // To the part's end, where its checksum is held against what was read.
    while (!(await pieces.next()).done) signal?.throwIfAborted();
    if (rows.batch.rowCount > 0) yield last;
  } finally {
    await pieces.return(undefined);
  }
}

/** What the columns of a table say of its cells, which is written before its rows; undefined: no style says anything. */
async function columnStylesOf(
  spreadsheet: Spreadsheet,
  { index, styles, signal }: { index: number; styles: CellStyles; signal?: AbortSignal },
): Promise<ColumnStyles | undefined> {
  if (styles.size === 0) return undefined;
  let count = 0;
  const window = new PartWindow();
  const scanner = new TableScanner(window, {
    what: spreadsheet.what,
    columnCount: 1,
    maxRows: 1,
    styles,
    wanted: () => ++count === index,
  });
  for await (const piece of contentPieces(spreadsheet, { signal })) {
    window.push(piece, scanner.position);
    scanner.position = 0;
    if (scanner.scan() !== "need_more") break;
  }
  return scanner.columnStyles;
}

/** Passes over the content up to an offset; the window then begins there. */
async function skipTo(
  pieces: AsyncGenerator<Uint8Array>,
  window: PartWindow,
  offset: number,
  fileName: string,
): Promise<void> {
  let at = 0;
  for await (const piece of stepsOf(pieces)) {
    if (window.end > 0) window.push(piece, 0);
    else if (at + piece.length > offset) window.push(piece.subarray(offset - at), 0);
    at += piece.length;
    // Enough to distinguish one tag from another.
    if (window.end >= 64) break;
  }
  window.base = offset;
  if (/^\s*(<|$)/.test(beginning(window)) && window.end > 0) return;
  throw new SluiceError(
    "invalid",
    told`${fileName} has no row at the checkpoint (${offset} in its content): it is not the file this import began with.`,
    { next: { code: "upload_again" } },
  );
}

/** The pieces one by one; leaving the loop does not end them. */
async function* stepsOf(pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
}

function isTableTag(window: PartWindow): boolean {
  return /^<(?:[^\s:<>/]+:)?table[\s/>]/.test(beginning(window));
}

function beginning({ bytes, end }: PartWindow): string {
  return bytes.toString("latin1", 0, Math.min(end, 64));
}
