/**
 * The batch a sheet's rows are gathered in: an arena of text with the cells' places in it, row by row. A row is open while its
 * cells come, in any order; its number makes sure that numbers only grow.
 */
import { type Batch, rowIntact, rowNumberRepeated, rowTooLarge, rowTooLong, type SumCell } from "../../core/row.ts";
import { batchBytes, emptyBatch, maxRowBytes, shownBytes } from "../table/batch-room.ts";
import { maxColumns } from "../table/table.ts";
import { sumFormula } from "../workbook/sum-formula.ts";
import { viewOf } from "../xml/part-window.ts";

/** Room that is always there beyond `length`: for a number or a date, whatever it is. */
export const arenaRoom = 128;
/** Longer formulas do more than add up. */
const maxSumBytes = 200;
/** Rows have no higher numbers; Excel's have at most 1,048,576. */
const maxRowNumber = 1_000_000_000;

export class RowBatch {
  readonly batch: Batch;
  /** Where the open row's text continues in `arena`. */
  length = 0;
  arena: Buffer;
  /** The same bytes, for copying by words. */
  view: DataView;
  /** Column that comes next when a cell does not say its own. */
  nextColumn = 0;
  /** Cells of the row with this many columns have their places. */
  filledTo = 0;
  /** `length` beyond this: the row is too large. */
  rowLimit = 0;
  /** Number of the row that is open, or was last. */
  number: number;
  /** First of the row's cells in `cells` and `flags`. */
  firstCell = 0;
  /** The row has become too large, and its cells are dropped. */
  dropping = false;
  /** The open row will be in the batch. */
  kept = true;
  /** Rows in the batch that are hidden, and the first one's number. */
  hiddenRows = 0;
  firstHidden = 0;
  readonly #maxRows: number;
  readonly #maxRowBytes: number;
  #rowStart = 0;
  #rowOffset = 0;
  #shape = rowIntact;
  #hidden = false;
  #surplus: number[] | null = null;
  /** Cells of the open row that add up others. */
  #sums: SumCell[] | null = null;
  /** The highest number that the file itself gave a row. */
  #highest: number;

  constructor(options: { columnCount: number; maxRows: number; row: number; maxRowBytes?: number }) {
    const { columnCount, maxRows, row } = options;
    this.#maxRows = maxRows;
    this.#maxRowBytes = options.maxRowBytes ?? maxRowBytes;
    this.number = row - 1;
    this.#highest = row - 1;
    this.arena = Buffer.allocUnsafeSlow(batchBytes + 64 * 1024);
    this.view = viewOf(this.arena);
    this.batch = emptyBatch({ columnCount, maxRows, row });
    this.batch.bytes = this.arena;
  }

  /** Takes no more rows before `clear`. */
  get full(): boolean {
    return this.batch.rowCount >= this.#maxRows || this.length >= batchBytes;
  }

  /** Empties the batch; no row is open. */
  clear(): void {
    this.batch.rowCount = 0;
    this.batch.surplus.clear();
    this.batch.sums?.clear();
    this.length = 0;
    this.hiddenRows = 0;
  }

  /** The number a row gets whose own is `own` (0: it has none). */
  numberOf(own: number): number {
    const next = this.number + 1;
    return own > next && own <= maxRowNumber && own > this.#highest ? own : next;
  }

  /** Opens the row at `offset`; one that is not `kept` only counts. */
  open(own: number, { offset, hidden, kept }: { offset: number; hidden: boolean; kept: boolean }): void {
    const number = this.numberOf(own);
    const repeated = own !== 0 && (own <= this.#highest || own > maxRowNumber);
    if (own === 0) this.#highest = Math.max(this.#highest, number);
    else if (!repeated) this.#highest = own;
    this.number = number;
    this.#shape = repeated ? rowNumberRepeated : rowIntact;
    this.#rowOffset = offset;
    this.kept = kept;
    this.#rowStart = this.length;
    this.#hidden = hidden;
    this.#surplus = null;
    this.#sums = null;
    this.rowLimit = this.length + this.#maxRowBytes;
    this.firstCell = this.batch.rowCount * this.batch.columnCount;
    this.nextColumn = 0;
    this.filledTo = 0;
    this.dropping = false;
  }

  /** Room for `count` bytes of text and `arenaRoom` more at `length`. */
  reserve(count: number): void {
    if (this.length + count + arenaRoom <= this.arena.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.arena.length, this.length + count + 2 * arenaRoom));
    this.arena.copy(grown, 0, 0, this.length);
    this.arena = grown;
    this.view = viewOf(grown);
    this.batch.bytes = grown;
  }

  /** The cell of a column that is not filled yet and below `columnCount`: its text is from `length` to `end`. */
  put(column: number, end: number, flags: number): void {
    const { batch, firstCell, length } = this;
    const { cells } = batch;
    let { filledTo } = this;
    for (; filledTo < column; filledTo++) {
      const blank = firstCell + filledTo;
      cells[2 * blank] = length;
      cells[2 * blank + 1] = length;
      batch.flags[blank] = 0;
    }
    const cell = firstCell + column;
    cells[2 * cell] = length;
    cells[2 * cell + 1] = end;
    batch.flags[cell] = flags;
    this.filledTo = column + 1;
    this.nextColumn = column + 1;
    this.length = end;
    if (end + arenaRoom > this.arena.length) this.reserve(0);
    if (end > this.rowLimit) this.#tooLarge();
  }

  /** Any cell: of a column beyond the table's, out of order, twice, or blank. */
  putAny(column: number, end: number, flags: number): void {
    const { batch, firstCell, length } = this;
    this.nextColumn = column + 1;
    if (this.dropping || end === length) return;
    if (column < batch.columnCount && column >= this.filledTo) {
      this.put(column, end, flags);
      return;
    }
    const cell = firstCell + column;
    if (column < batch.columnCount && batch.cells[2 * cell] === batch.cells[2 * cell + 1]) {
      batch.cells[2 * cell] = length;
      batch.cells[2 * cell + 1] = end;
      batch.flags[cell] = flags;
    } else {
      // A second value for a cell is kept as well: the row reports that it has too many.
      this.#surplus ??= [];
      const place = column - batch.columnCount;
      while (place >= 0 && column < maxColumns && this.#surplus.length < 3 * place) this.#surplus.push(end, end, 0);
      this.#surplus.push(length, end, flags);
    }
    this.length = end;
    if (end + arenaRoom > this.arena.length) this.reserve(0);
    if (end > this.rowLimit) this.#tooLarge();
  }

  /** The row extends beyond what a row may have: of it only the beginning is kept. */
  #tooLarge(): void {
    this.#shape = rowTooLarge;
    this.#surplus = null;
    this.dropping = true;
    this.length = Math.min(this.length, this.rowLimit, this.#rowStart + shownBytes);
    this.filledTo = 0;
    this.put(0, this.length, 0);
    this.batch.cells[2 * this.firstCell] = this.#rowStart;
  }

  /** The formula of a cell of the open row: what adds up others is remembered. */
  noteFormula(column: number, bytes: Buffer, start: number, end: number): void {
    if (end - start > maxSumBytes || column >= this.batch.columnCount) return;
    const sum = sumFormula(bytes.toString("latin1", start, end), { column, row: this.number });
    if (sum !== null) this.#sums = [...(this.#sums ?? []).filter((each) => each.column !== column), sum];
  }

  /** A cell that is too large to be read at all. */
  dropRow(): void {
    if (!this.dropping) this.#tooLarge();
  }

  /** Whether the open row has a cell with a value. */
  get hasValue(): boolean {
    return this.length > this.#rowStart || this.dropping;
  }

  /** Ends the row; one without any value is none, though it had a number. */
  close(): void {
    if (!this.kept || !this.hasValue) {
      this.length = this.#rowStart;
      return;
    }
    const { batch, length } = this;
    const { columnCount } = batch;
    const filled = this.firstCell + this.filledTo;
    if (this.filledTo < columnCount) {
      batch.cells.fill(length, 2 * filled, 2 * (this.firstCell + columnCount));
      batch.flags.fill(0, filled, this.firstCell + columnCount);
    }
    const r = batch.rowCount++;
    batch.cellCounts[r] = columnCount;
    if (this.#surplus !== null) {
      if (this.#shape === rowIntact) this.#shape = rowTooLong;
      batch.surplus.set(r, Int32Array.from(this.#surplus));
      batch.cellCounts[r] += this.#surplus.length / 3;
    }
    if (this.#sums !== null) {
      batch.sums ??= new Map();
      batch.sums.set(r, this.#sums);
    }
    batch.shapes[r] = this.#shape;
    batch.rowNumbers[r] = this.number;
    batch.rowOffsets[r] = this.#rowOffset;
    batch.rowStarts[r] = this.#rowStart;
    batch.rowEnds[r] = length;
    if (this.#hidden && this.hiddenRows++ === 0) this.firstHidden = this.number;
  }
}
