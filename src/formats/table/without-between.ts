/** Batches of a table's rows alone: what comes between them (between.ts) is left out, and told. */
import type { ReadOptions } from "../../core/ports.ts";
import { type Batch, type Between, type Dialect, rowCells, rowIntact, rowTooLarge } from "../../core/row.ts";
import { type BetweenKind, kindBetween } from "./between.ts";
import { pageWords } from "./title.ts";

/** A longer row is neither a title nor a header that comes again. */
const maxBytes = 64 * 1024;

/**
 * The same batches without such rows, of which a batch may have nothing left. Whether a row is one depends on its own cells
 * alone, so that it is judged the same from any checkpoint on.
 */
export async function* withoutBetween(
  batches: AsyncIterable<Batch>,
  { between, headerRow, columns }: Pick<Dialect, "between" | "headerRow" | "columns">,
  onFinding: ReadOptions["onFinding"],
): AsyncGenerator<Batch> {
  if (between === undefined) {
    yield* batches;
    return;
  }
  const judge = new BetweenJudge(between, columns.length);
  for await (const batch of batches) {
    let kept: Batch | null = null;
    for (let r = firstBelow(batch, headerRow); r < batch.rowCount; r++) {
      const kind = judge.mayBeBetween(batch, r) ? judge.kindOf(batch, r) : null;
      if (kind === null) {
        if (kept !== null) moveRow(batch, r, kept);
        continue;
      }
      kept ??= { ...batch, rowCount: r, surplus: before(batch.surplus, r), sums: before(batch.sums ?? new Map(), r) };
      onFinding?.({ code: kind, count: 1 }, batch.rowNumbers[r], batch.rowOffsets[r]);
    }
    yield kept ?? batch;
  }
}

/** What is known of the rows before row `r`, by their places in the batch. */
function before<T>(known: ReadonlyMap<number, T>, r: number): Map<number, T> {
  return new Map([...known].filter(([row]) => row < r));
}

function firstBelow({ rowCount, rowNumbers }: Batch, headerRow: number): number {
  let r = 0;
  while (r < rowCount && rowNumbers[r] <= headerRow) r++;
  return r;
}

/** Judges rows by a look at few of their bytes, and closely only those that may be none of the table. */
class BetweenJudge {
  readonly #between: Between;
  readonly #columnCount: number;
  /** 1 for what the first cell of such a row may begin with. */
  readonly #suspect = new Uint8Array(256);
  /** 1 for what a page's title may begin with. */
  readonly #titles = new Uint8Array(256);
  /** The header's rows. */
  readonly #header: readonly (readonly Buffer[])[];

  constructor(between: Between, columnCount: number) {
    this.#between = between;
    this.#columnCount = columnCount;
    this.#header = between.header.map((cells) => cells.map((cell) => Buffer.from(cell)));
    for (const [first] of this.#header) if (first !== undefined && first.length > 0) this.#suspect[first[0]] = 1;
    // Digits are zeros in them; what is left out at their beginning may be white space of several bytes.
    for (const [first] of between.titles.map((title) => Buffer.from(title)))
      for (const byte of first === 0x30 ? Buffer.from("0123456789") : [first]) this.#titles[byte] = 1;
    if (between.titles.length > 0) this.#titles.fill(1, 0xc2);
    for (let byte = 0; byte < 0xc2; byte++) this.#suspect[byte] |= this.#titles[byte];
    // White space, a byte order mark, and what rules and comments begin with, also lines that are drawn of signs of their own.
    for (const mark of " \t-=_~+|:.#*/%\xef\xe2") this.#suspect[mark.charCodeAt(0)] = 1;
  }

  /** Whether a closer look is worth it. */
  mayBeBetween({ bytes, cells, columnCount, shapes }: Batch, r: number): boolean {
    const first = 2 * r * columnCount;
    const last = first + 2 * columnCount - 2;
    return (
      cells[last] === cells[last + 1] ||
      cells[first] === cells[first + 1] ||
      this.#suspect[bytes[cells[first]]] === 1 ||
      shapes[r] !== rowIntact
    );
  }

  kindOf(batch: Batch, r: number): BetweenKind | null {
    const { bytes, rowStarts, rowEnds, shapes } = batch;
    const start = rowStarts[r];
    const end = rowEnds[r];
    if (shapes[r] === rowTooLarge || end - start > maxBytes) return null;
    // Most rows that have few cells filled are the table's: they are told by their bytes.
    const asHeader = this.#asHeader(batch, r);
    if (asHeader === "whole") return "header_repeated";
    if (asHeader === "no" && !this.#mayBeTitle(batch, r) && !isDrawn(bytes, start, end)) return null;
    return kindBetween(rowCells(batch, r), this.#between, this.#columnCount);
  }

  /** Whether so few of its cells are filled as of a title, and they begin as one does, or as a comment, or have a page's number. */
  #mayBeTitle({ bytes, cells, columnCount, cellCounts, rowStarts, rowEnds }: Batch, r: number): boolean {
    if (this.#columnCount < 2) return false;
    const count = Math.min(columnCount, cellCounts[r]);
    const at = 2 * r * columnCount;
    let filled = 0;
    let first = 0;
    for (let c = count - 1; c >= 0; c--) {
      if (cells[at + 2 * c + 1] === cells[at + 2 * c]) continue;
      filled++;
      first = at + 2 * c;
    }
    if (filled === 0) return false;
    const byte = bytes[skipBlanks(bytes, cells[first], cells[first + 1])];
    if (this.#titles[byte] === 1 && filled < columnCount) return true;
    if (filled > Math.max(1, 0.5 * columnCount)) return false;
    if (first === at && byte === this.#between.comment?.charCodeAt(0)) return true;
    return hasPageWord(bytes, rowStarts[r], rowEnds[r]);
  }

  /** Whether it is a row of the header by its bytes, or its first cell is. */
  #asHeader(batch: Batch, r: number): "whole" | "begun" | "no" {
    let found: "begun" | "no" = "no";
    for (const cells of this.#header) {
      if (!isCell(batch, r, 0, cells[0] ?? blank)) continue;
      found = "begun";
      let c = 1;
      // A header has no blank cells at its end.
      while (c < batch.columnCount && isCell(batch, r, c, cells[c] ?? blank)) c++;
      if (c === batch.columnCount && cells.length > 0 && cells.length <= c && !batch.surplus.has(r)) return "whole";
    }
    return found;
  }
}

const blank = Buffer.alloc(0);

/** Whether a cell has these bytes, but for blanks around them, and in the first cell a byte order mark. */
function isCell({ bytes, cells, columnCount, cellCounts }: Batch, r: number, c: number, text: Buffer): boolean {
  if (c >= cellCounts[r]) return text.length === 0;
  let at = cells[2 * (r * columnCount + c)];
  const end = cells[2 * (r * columnCount + c) + 1];
  if (c === 0 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  at = skipBlanks(bytes, at, end);
  if (end - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return skipBlanks(bytes, at + text.length, end) === end;
}

function skipBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at;
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isAsciiLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;

/** Whether a row has lines that are drawn of signs, and no letter and no digit. */
function isDrawn(bytes: Uint8Array, start: number, end: number): boolean {
  let isLine = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (isDigit(byte) || isAsciiLetter(byte)) return false;
    isLine ||=
      byte === 0xe2 || (lineMarks[byte] === 1 && (bytes[i + 1] === byte || bytes[i + 1] === 0x3a || byte === 0x3a));
  }
  return isLine;
}
const lineMarks = new Uint8Array(256);
for (const mark of "-=_~.#*:") lineMarks[mark.charCodeAt(0)] = 1;

/** A page's number is read in this many bytes of a row. */
const maxPageLine = 512;
/** Bytes of a blank in UTF-8. */
const longestBlank = 3;
const longestPageWord = Math.max(...[...pageWords].map((word) => Buffer.byteLength(word)));

/** Whether a number comes after a word for a page, in the same cell or the next. */
function hasPageWord(bytes: Uint8Array, start: number, end: number): boolean {
  const last = Math.min(end, start + maxPageLine);
  for (let i = start + 1; i < last; i++) {
    if (!isDigit(bytes[i]) || isDigit(bytes[i - 1])) continue;
    let wordEnd = i;
    while (wordEnd > start && pageMarks[bytes[wordEnd - 1]] === 1) wordEnd--;
    let wordStart = wordEnd;
    const least = Math.max(start, wordEnd - longestPageWord - longestBlank);
    while (wordStart > least && (isAsciiLetter(bytes[wordStart - 1]) || bytes[wordStart - 1] >= 0x80)) wordStart--;
    if (wordStart === wordEnd) continue;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + wordStart, wordEnd - wordStart).toString();
    // A blank that does not break may be before the word.
    if (pageWords.has(text.toLowerCase().split(/\s/).at(-1) ?? "")) return true;
  }
  return false;
}
const pageMarks = new Uint8Array(256);
// The last two are a blank that does not break.
for (const mark of " \t.:#,;|\"'\xc2\xa0") pageMarks[mark.charCodeAt(0)] = 1;

/** Row `r` becomes the next of those that are kept, which are never more than those before it. */
function moveRow(batch: Batch, r: number, kept: Batch): void {
  const { columnCount } = batch;
  const to = kept.rowCount++;
  batch.cells.copyWithin(2 * to * columnCount, 2 * r * columnCount, 2 * (r + 1) * columnCount);
  batch.flags.copyWithin(to * columnCount, r * columnCount, (r + 1) * columnCount);
  for (const list of [
    batch.shapes,
    batch.rowNumbers,
    batch.cellCounts,
    batch.rowOffsets,
    batch.rowStarts,
    batch.rowEnds,
  ])
    list[to] = list[r];
  const surplus = batch.surplus.get(r);
  if (surplus !== undefined) kept.surplus.set(to, surplus);
  const sums = batch.sums?.get(r);
  if (sums !== undefined) kept.sums?.set(to, sums);
}
