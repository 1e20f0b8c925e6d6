/** A row that is in the file once and in the sheet several times: its cells, to be added to the batch again. */
import type { CellRows } from "../workbook/cell-rows.ts";
import type { CellValue } from "./cell-value.ts";

/** A row with more text is too large for any batch, however often it is there. */
const maxTextBytes = 5 * 1024 * 1024;

export class RepeatedRow {
  /** Number of the next repetition, and how many there are still. */
  number = 0;
  left = 0;
  hidden = false;
  /** Filled cells. */
  count = 0;
  /** Column, how many columns, length, flags. */
  #cells: number[] = [];
  #text: Buffer = Buffer.alloc(0);
  #length = 0;

  clear(hidden: boolean): void {
    this.left = 0;
    this.hidden = hidden;
    this.count = 0;
    this.#cells.length = 0;
    this.#length = 0;
  }

  add(column: number, columns: number, { bytes, length, flags }: CellValue): void {
    if (this.#length > maxTextBytes) return;
    if (this.#length + length > this.#text.length) {
      const grown = Buffer.alloc(2 * this.#text.length + length + 1024);
      this.#text.copy(grown, 0, 0, this.#length);
      this.#text = grown;
    }
    bytes.copy(this.#text, this.#length, 0, length);
    this.#length += length;
    this.count += columns;
    this.#cells.push(column, columns, length, flags);
  }

  putInto(rows: CellRows): void {
    let at = 0;
    for (let k = 0; k < this.#cells.length; k += 4) {
      const length = this.#cells[k + 2];
      rows.put(this.#cells[k], this.#cells[k + 1], this.#text.subarray(at), length, this.#cells[k + 3]);
      at += length;
    }
  }
}
