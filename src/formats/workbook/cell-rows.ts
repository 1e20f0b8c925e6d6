/**
 * The batch that the rows of a sheet are gathered in when their cells come one by one from the left: an arena of text with the
 * cells' places in it. Rows without a value are none.
 */
import { type Batch, rowIntact, rowTooLarge, rowTooLong, type SumCell } from "../../core/row.ts";
import { batchBytes, emptyBatch, maxRowBytes, shownBytes } from "../table/batch-room.ts";

export class CellRows {
  readonly batch: Batch;
  /** Rows in the batch that are hidden, and the first one's number. */
  hiddenRows = 0;
  firstHidden = 0;
  /** Cells of the open row, or of the last one, that have their places; those of the table are not more than its columns. */
  filledTo = 0;
  readonly #maxRows: number;
  readonly #maxRowBytes: number;
  #arena: Buffer = Buffer.allocUnsafeSlow(batchBytes + 64 * 1024);
  #length = 0;
  #number = 0;
  #offset = 0;
  #hidden = false;
  #rowStart = 0;
  #surplus: number[] = [];
  /** Cells of the open row that add up others. */
  #sums: SumCell[] = [];
  /** The row has become too large, and its cells are dropped. */
  #dropping = false;

  constructor(options: { columnCount: number; maxRows: number; maxRowBytes?: number }) {
    const { columnCount, maxRows } = options;
    this.#maxRows = maxRows;
    this.#maxRowBytes = options.maxRowBytes ?? maxRowBytes;
    this.batch = emptyBatch({ columnCount, maxRows, row: 1 });
    this.batch.bytes = this.#arena;
  }

  /** Takes no more rows before `clear`. */
  get full(): boolean {
    return this.batch.rowCount >= this.#maxRows || this.#length >= batchBytes;
  }

  /** Whether the open row has a value. */
  get hasValue(): boolean {
    return this.#length > this.#rowStart;
  }

  clear(): void {
    this.batch.rowCount = 0;
    this.batch.surplus.clear();
    this.batch.sums?.clear();
    this.#length = 0;
    this.hiddenRows = 0;
  }

  open(number: number, offset: number, hidden: boolean): void {
    this.#number = number;
    this.#offset = offset;
    this.#hidden = hidden;
    this.#rowStart = this.#length;
    this.#surplus.length = 0;
    if (this.#sums.length > 0) this.#sums = [];
    this.#dropping = false;
    this.filledTo = 0;
  }

  /** A value for `count` columns from `column` on, to the right of all before: the first `length` of `bytes`. */
  put(column: number, count: number, bytes: Buffer, length: number, flags: number): void {
    const { batch } = this;
    const { columnCount, cells } = batch;
    const first = batch.rowCount * columnCount;
    for (let c = column; c < column + count && length > 0 && !this.#dropping; c++) {
      if (this.#length + length - this.#rowStart > this.#maxRowBytes) {
        this.#keepBeginning(bytes, length);
        return;
      }
      this.#reserve(length);
      const start = this.#length;
      const end = start + bytes.copy(this.#arena, start, 0, length);
      this.#length = end;
      if (c < columnCount) {
        this.#blankTo(c);
        cells[2 * (first + c)] = start;
        cells[2 * (first + c) + 1] = end;
        batch.flags[first + c] = flags;
        this.filledTo = c + 1;
      } else {
        // Blank cells in between keep the others in their places.
        while (this.#surplus.length < 3 * (c - columnCount)) this.#surplus.push(start, start, 0);
        this.#surplus.push(start, end, flags);
      }
    }
  }

  /** A cell of the open row adds up others. */
  noteSum(sum: SumCell): void {
    if (sum.column < this.batch.columnCount) this.#sums.push(sum);
  }

  /** Ends the row; without a value, or unless it is to be kept, it is none. */
  close(keep = true): void {
    const { batch } = this;
    if (!keep || !this.hasValue) {
      this.#length = this.#rowStart;
      return;
    }
    const filled = this.filledTo;
    this.#blankTo(batch.columnCount);
    this.filledTo = filled;
    const r = batch.rowCount++;
    batch.shapes[r] = this.#dropping ? rowTooLarge : this.#surplus.length > 0 ? rowTooLong : rowIntact;
    batch.cellCounts[r] = this.#dropping ? 1 : batch.columnCount + this.#surplus.length / 3;
    if (this.#sums.length > 0) {
      batch.sums ??= new Map();
      batch.sums.set(r, this.#sums);
    }
    if (this.#surplus.length > 0) batch.surplus.set(r, Int32Array.from(this.#surplus));
    batch.rowNumbers[r] = this.#number;
    batch.rowOffsets[r] = this.#offset;
    batch.rowStarts[r] = this.#rowStart;
    batch.rowEnds[r] = this.#length;
    if (this.#hidden && this.hiddenRows++ === 0) this.firstHidden = this.#number;
  }

  /** The row extends beyond what a row may have: only its beginning is kept, as one cell. */
  #keepBeginning(bytes: Buffer, length: number): void {
    this.#dropping = true;
    this.#surplus.length = 0;
    const kept = Math.min(length, shownBytes);
    this.#reserve(kept);
    bytes.copy(this.#arena, this.#length, 0, kept);
    this.#length = Math.min(this.#length + kept, this.#rowStart + shownBytes);
    this.filledTo = 0;
    const cell = this.batch.rowCount * this.batch.columnCount;
    this.batch.cells[2 * cell] = this.#rowStart;
    this.batch.cells[2 * cell + 1] = this.#length;
    this.batch.flags[cell] = 0;
    this.filledTo = 1;
  }

  #blankTo(column: number): void {
    const { batch } = this;
    const first = batch.rowCount * batch.columnCount;
    if (column > this.filledTo) {
      batch.cells.fill(this.#rowStart, 2 * (first + this.filledTo), 2 * (first + column));
      batch.flags.fill(0, first + this.filledTo, first + column);
    }
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#arena.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#arena.length, this.#length + count));
    this.#arena.copy(grown, 0, 0, this.#length);
    this.#arena = grown;
    this.batch.bytes = grown;
  }
}
