/**
 * Cells as a person says they are to be taken: words that stand for nothing are blank, white space is trimmed. It is done to the batches
 * themselves, so that a preview, an import and its report see the same.
 */
import type { Reading } from "../../core/reading.ts";
import { type Batch, cellError, cellEscaped, type Dialect, unescapeCell } from "../../core/row.ts";

/** The same batches; where nothing is said of cells, untouched. */
export function takenCells(batches: AsyncGenerator<Batch>, dialect: Dialect): AsyncGenerator<Batch> {
  const { nulls = [], trim } = dialect;
  if (nulls.length === 0 && (trim === undefined || trim === "none")) return batches;
  return taken(batches, dialect.headerRow, new CellTaker(dialect));
}

async function* taken(batches: AsyncGenerator<Batch>, headerRow: number, taker: CellTaker): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    for (let r = 0; r < batch.rowCount; r++) if (batch.rowNumbers[r] > headerRow) taker.take(batch, r);
    yield batch;
  }
}

class CellTaker {
  readonly #nulls: readonly Uint8Array[];
  readonly #longestNull: number;
  readonly #trim: Reading["trim"];

  constructor({ nulls = [], trim }: Reading) {
    this.#nulls = nulls.map((word) => Buffer.from(word.trim()));
    this.#longestNull = Math.max(0, ...this.#nulls.map(({ length }) => length));
    this.#trim = trim;
  }

  /** Row `r` of the batch. */
  take(batch: Batch, r: number): void {
    const { bytes, cells, flags, columnCount } = batch;
    for (let cell = r * columnCount; cell < (r + 1) * columnCount; cell++) {
      const start = cells[2 * cell];
      const end = cells[2 * cell + 1];
      if (start === end) continue;
      const from = afterSpace(bytes, start, end);
      const to = beforeSpace(bytes, from, end);
      if (this.#isNull(bytes, from, to, flags[cell])) {
        cells[2 * cell + 1] = start;
        flags[cell] &= ~cellError;
      } else if (this.#trim === "ends" || this.#trim === "all") {
        cells[2 * cell] = from;
        cells[2 * cell + 1] = this.#trim === "all" ? withSingleSpaces(bytes, from, to) : to;
      }
    }
  }

  #isNull(bytes: Uint8Array, start: number, end: number, flags: number): boolean {
    // An escape makes one byte of two.
    if (end - start > 2 * this.#longestNull) return false;
    if (flags & cellEscaped) {
      const plain = new Uint8Array(end - start);
      const length = unescapeCell(bytes, start, end, plain, flags);
      return this.#nulls.some((word) => sameBytes(plain, 0, length, word));
    }
    return this.#nulls.some((word) => sameBytes(bytes, start, end, word));
  }
}

function sameBytes(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

/** Writes the cell with each run of white space inside a line as one space, in its own place; returns its end. */
function withSingleSpaces(bytes: Uint8Array, start: number, end: number): number {
  let out = start;
  for (let i = start; i < end; ) {
    let next = i;
    while (next < end && blankAt(bytes, next, end) > 0) next += blankAt(bytes, next, end);
    if (next > i) bytes[out++] = 0x20;
    else bytes[out++] = bytes[next++];
    i = next;
  }
  return out;
}

function afterSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && spaceAt(bytes, at, end) > 0) at += spaceAt(bytes, at, end);
  return at;
}

function beforeSpace(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const lead = leadOf(bytes, start, at);
    if (spaceAt(bytes, lead, at) !== at - lead) break;
    at = lead;
  }
  return at;
}

/** Where the character begins that ends at `end`. */
function leadOf(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && end - at < 4 && (bytes[at] & 0xc0) === 0x80) at--;
  return at;
}

/** Bytes of the white space at `at`, line breaks among it. */
function spaceAt(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at];
  return byte >= 0x0a && byte <= 0x0d ? 1 : blankAt(bytes, at, end);
}

/** Bytes of the white space at `at` that ends no line: blanks, tabs, and the spaces of Unicode's category Zs that are met in files. */
function blankAt(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at];
  if (byte === 0x20 || byte === 0x09) return 1;
  if (byte === 0xc2) return at + 1 < end && bytes[at + 1] === 0xa0 ? 2 : 0;
  if (byte !== 0xe2 && byte !== 0xe3) return 0;
  if (at + 2 >= end || bytes[at + 1] !== 0x80) return 0;
  const last = bytes[at + 2];
  // U+2000 to U+200A and U+202F; U+3000.
  return (byte === 0xe2 ? (last >= 0x80 && last <= 0x8a) || last === 0xaf : last === 0x80) ? 3 : 0;
}
