/**
 * Finds the rows of a worksheet (ECMA-376 part 1, section 18.3.1.99) in its bytes, piece by piece, and gathers them in a batch.
 * Cells written as nearly all are go from byte to byte; any other way to write them takes the general path.
 */
import { told } from "../../core/errors.ts";
import type { IssueCode } from "../../core/issue.ts";
import type { FileFinding } from "../../core/row.ts";
import { maxColumns } from "../table/table.ts";
import { damaged, ElementSkip, maxTagBytes, refuseLongTag } from "../xml/element-skip.ts";
import type { PartWindow } from "../xml/part-window.ts";
import { checkProlog } from "../xml/prolog.ts";
import { TagPrefix } from "../xml/tag-prefix.ts";
import { tokenEnd, tokenStart, XmlToken } from "../xml/token.ts";
import { type CellContext, CellReader, cellIncomplete, cellWantsString } from "./cell-reader.ts";
import { type CellReference, readReference } from "./cell-reference.ts";
import { PlainCells } from "./plain-cells.ts";
import { RowBatch } from "./row-batch.ts";
import { maxItemBytes } from "./shared-strings.ts";

/**
 * Why a scan stopped: the batch is full, the window is used up, a cell refers to a string that is not loaded (`wantedString`),
 * or the row a checkpoint names has another number now that nothing before it was read.
 */
export type SheetStop = "batch_full" | "need_more" | "need_string" | "renumbered";

const less = 0x3c;
const greater = 0x3e;
const slash = 0x2f;
const space = 0x20;
const quote = 0x22;
const apostrophe = 0x27;
const zero = 0x30;
/** Rows with higher numbers take the general path. */
const maxPlainRow = 100_000_000;

/** A row without a number has its first cell within this many bytes, or it has no number. */
const maxFirstCellBytes = 64 * 1024;

const beforeRows = 0;
const betweenRows = 1;
const inRow = 2;
const afterRows = 3;

export interface SheetScannerOptions extends CellContext {
  /** The part's name with its file, for messages. */
  what: string;
  columnCount: number;
  maxRows: number;
  maxRowBytes?: number;
  maxItemBytes?: number;
  /** The window begins at this row, in the midst of the part. */
  from?: { row: number };
  /** Rows that begin before this offset are counted, not gathered. */
  skipTo?: number;
}

export class SheetScanner {
  readonly rows: RowBatch;
  /** Where in the window the scan continues. */
  position = 0;
  /** Columns that the sheet says are hidden: first and last, from 1. Known when the first row is. */
  readonly hiddenColumns: [first: number, last: number][] = [];
  readonly #window: PartWindow;
  readonly #cells: CellReader;
  readonly #plainCells: PlainCells;
  readonly #prefix = new TagPrefix();
  readonly #what: string;
  readonly #skipTo: number;
  readonly #maxItemBytes: number;
  readonly #token = new XmlToken();
  readonly #firstCell = new XmlToken();
  readonly #skip: ElementSkip;
  readonly #reference: CellReference = { column: -1, row: 0 };
  readonly #findings: { finding: FileFinding; row: number }[] = [];
  #state = beforeRows;
  /** Bytes of something that is not whole yet; it is examined again when there are twice as many. */
  #unfinished = 0;
  /** The number that the checkpoint gives to the first row. */
  #expectedRow: number;
  #handedOver = false;
  #mergedCells = 0;
  #firstMerged = 0;

  constructor(window: PartWindow, options: SheetScannerOptions) {
    this.#window = window;
    this.#what = options.what;
    this.#skipTo = options.skipTo ?? 0;
    this.#maxItemBytes = options.maxItemBytes ?? maxItemBytes;
    this.#skip = new ElementSkip(options.what);
    this.#expectedRow = options.from?.row ?? 0;
    if (options.from !== undefined) this.#state = betweenRows;
    this.rows = new RowBatch({ ...options, row: options.from?.row ?? 1 });
    this.#plainCells = new PlainCells(window, this.rows, this.#prefix, options);
    this.#cells = new CellReader(this.rows, options, options.what);
  }

  /** What represents shared strings that are not loaded from now on: a sample does not wait for all of them. */
  set unknownString(text: string | undefined) {
    this.#cells.unknownString = text;
  }

  get wantedString(): number {
    return this.#cells.wantedString;
  }

  /** What was noticed since this was last asked. */
  takeFindings(): { finding: FileFinding; row: number }[] {
    const note = (code: IssueCode, count: number, row: number): void => {
      if (count > 0) this.#findings.push({ finding: { code, count }, row });
    };
    note("rows_hidden", this.rows.hiddenRows, this.rows.firstHidden);
    note("formula_without_value", this.#cells.formulasWithoutValue, this.#cells.firstFormulaRow);
    note("cells_merged", this.#mergedCells, this.#firstMerged);
    this.rows.hiddenRows = 0;
    this.#cells.formulasWithoutValue = 0;
    this.#mergedCells = 0;
    return this.#findings.splice(0);
  }

  /**
   * Continues from `position` to the window's end. After `batch_full` the batch is the caller's until the next scan.
   *
   * @param atEnd nothing comes after the window.
   * @throws SluiceError `invalid` for XML that is not a worksheet.
   */
  scan(atEnd: boolean): SheetStop {
    const { bytes, end } = this.#window;
    if (this.#handedOver) {
      this.rows.clear();
      this.#handedOver = false;
    }
    let i = this.position;
    if (!atEnd && end - i < 2 * this.#unfinished) return "need_more";
    this.#unfinished = 0;
    for (;;) {
      if (this.#skip.active) {
        i = this.#skip.run(bytes, i, end);
        if (this.#skip.active) break;
        continue;
      }
      if (bytes[i] !== less) {
        if (i >= end) break;
        i++;
        continue;
      }
      let next: number;
      if (this.#state === inRow) {
        const name = i + 1 + this.#prefix.length;
        if (bytes[name] === 0x63) {
          next = this.rows.dropping ? -1 : this.#plainCells.read(bytes, i);
          if (next < 0) next = this.#anyCell(bytes, i, end);
        } else if (bytes[i + 1] === slash && this.#isRowEnd(bytes, i, name + 1)) {
          next = name + 5;
          this.#closeRow();
        } else {
          next = this.#other(bytes, i, end);
        }
      } else {
        next = this.#state === betweenRows ? this.#plainRow(bytes, i) : -1;
        if (next === -1) next = this.#other(bytes, i, end);
      }
      if (next < 0) {
        this.position = i;
        if (next === cellWantsString) return "need_string";
        if (next === batchFull) return "batch_full";
        if (next === renumbered) return "renumbered";
        this.#unfinished = end - i;
        break;
      }
      i = next;
    }
    this.position = i;
    if (atEnd) this.#end(i < end || this.#skip.active);
    return "need_more";
  }

  /** Whether the end tag at `i` has `row>` at `k`. */
  #isRowEnd(bytes: Buffer, i: number, k: number): boolean {
    if (bytes[k] !== 0x72 || bytes[k + 1] !== 0x6f || bytes[k + 2] !== 0x77 || bytes[k + 3] !== greater) return false;
    return this.#prefix.holds(bytes, i, k);
  }

  #end(cut: boolean): void {
    if (cut || this.#state === betweenRows || this.#state === inRow) {
      throw damaged(this.#what, told`ends abruptly after row ${this.rows.number}`);
    }
  }

  #closeRow(): void {
    this.rows.close();
    this.#state = betweenRows;
  }

  /** `<row r="1" …>` of a row that is neither hidden nor empty, which nearly all are; returns as `#openRow` does, or -1. */
  #plainRow(bytes: Buffer, i: number): number {
    let k = i + 1 + this.#prefix.length;
    if (bytes[k] !== 0x72 || bytes[k + 1] !== 0x6f || bytes[k + 2] !== 0x77 || bytes[k + 3] !== space) return -1;
    if (bytes[k + 4] !== 0x72 || bytes[k + 5] !== 0x3d || bytes[k + 6] !== quote) return -1;
    k += 7;
    let own = 0;
    let byte = bytes[k];
    while (byte >= zero && byte <= 0x39 && own < maxPlainRow) {
      own = 10 * own + byte - zero;
      byte = bytes[++k];
    }
    if (byte !== quote || own === 0) return -1;
    byte = bytes[++k];
    while (byte !== greater) {
      if (byte === quote) {
        do byte = bytes[++k];
        while (byte !== quote && byte !== 0);
      } else if (byte === 0x68 && bytes[k + 1] === 0x69) {
        return -1;
      }
      if (byte === 0 || byte === apostrophe) return -1;
      byte = bytes[++k];
    }
    if (bytes[k - 1] === slash || !this.#prefix.holds(bytes, i, k)) return -1;
    return this.#openRow(i, k + 1, own, false);
  }

  /** A cell on the general path; one that no window holds makes its row too large. */
  #anyCell(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    if (!token.read(bytes, i, end)) {
      refuseLongTag(end - i, this.#what);
      return cellIncomplete;
    }
    if (!token.is("c")) return this.#other(bytes, i, end);
    const { next, empty } = token;
    refuseLongTag(next - i, this.#what);
    // What becomes of a cell depends on its own bytes alone, never on how much of the part is in the window.
    const limit = i + this.#maxItemBytes;
    const behind = this.#cells.read(bytes, i, Math.min(end, limit));
    if (behind !== cellIncomplete || empty || end < limit) return behind;
    this.rows.dropRow();
    this.#skip.depth = 1;
    return next;
  }

  /** Anything at `i` but a cell; returns the place after it, or why it could not. */
  #other(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    if (!token.read(bytes, i, end)) {
      const isLong = end - i > maxTagBytes;
      if (isLong && token.unclosed !== "") return this.#skip.beginAt(i, token.unclosed);
      refuseLongTag(end - i, this.#what);
      return cellIncomplete;
    }
    if (token.kind === tokenStart) {
      refuseLongTag(token.next - i, this.#what);
      if (this.#prefix.length < 0) this.#prefix.learn(bytes, i, token.nameStart);
      return this.#startTag(bytes, i);
    }
    if (token.kind === tokenEnd) this.#endTag();
    else checkProlog(token, bytes, i, this.#what);
    return token.next;
  }

  #startTag(bytes: Buffer, i: number): number {
    const token = this.#token;
    const { next, empty } = token;
    switch (this.#state) {
      case betweenRows:
        if (token.is("row")) return this.#anyRow(bytes, i);
        if (!empty) this.#skip.depth = 1;
        return next;
      case inRow:
        if (token.is("c")) return this.#anyCell(bytes, i, this.#window.end);
        if (token.is("row")) throw damaged(this.#what, told`has an unclosed row ${this.rows.number}`);
        if (!empty) this.#skip.depth = 1;
        return next;
      default:
        if (token.is("sheetData")) this.#state = empty ? afterRows : betweenRows;
        else if (token.is("col") && token.attributeIsTrue("hidden")) this.#noteHiddenColumns();
        else if (token.is("mergeCell")) this.#noteMerged(bytes);
        return next;
    }
  }

  #endTag(): void {
    const token = this.#token;
    if (this.#state === inRow && token.is("row")) this.#closeRow();
    else if (this.#state === betweenRows && token.is("sheetData")) this.#state = afterRows;
    else if (this.#state === inRow || this.#state === betweenRows) {
      throw damaged(this.#what, told`has a closing tag after row ${this.rows.number} that closes nothing`);
    }
  }

  #anyRow(bytes: Buffer, i: number): number {
    const token = this.#token;
    const { next, empty } = token;
    const own = this.#ownNumber(bytes, next, empty);
    if (own < 0) return cellIncomplete;
    const answer = this.#openRow(i, next, own, token.attributeIsTrue("hidden"));
    if (answer >= 0 && empty) this.#closeRow();
    return answer;
  }

  /** Opens the row at `i` whose tag ends at `next`; returns that, or why it could not. */
  #openRow(i: number, next: number, own: number, hidden: boolean): number {
    const { rows } = this;
    const offset = this.#window.base + i;
    if (this.#expectedRow > 0 && own !== this.#expectedRow) return renumbered;
    this.#expectedRow = 0;
    if (rows.full) {
      rows.batch.next = { offset, row: rows.numberOf(own) };
      this.#handedOver = true;
      return batchFull;
    }
    rows.open(own, { offset, hidden, kept: offset >= this.#skipTo });
    this.#state = inRow;
    return next;
  }

  /** The number that a row says it has, or else its first cell; 0: none does, -1: its first cell is not there yet. */
  #ownNumber(bytes: Buffer, next: number, empty: boolean): number {
    const token = this.#token;
    const number = token.attributeNumber("r");
    if (number >= 0 || empty) return Math.max(0, number);
    const limit = next + maxFirstCellBytes;
    const end = Math.min(this.#window.end, limit);
    const incomplete = end < limit ? -1 : 0;
    const cell = this.#firstCell;
    for (let i = next; ; i = cell.next) {
      const at = bytes.indexOf(less, i);
      if (at < 0 || at >= end || !cell.read(bytes, at, end)) return incomplete;
      if (cell.kind !== tokenStart && cell.kind !== tokenEnd) continue;
      if (cell.kind === tokenEnd || !cell.attribute("r")) return 0;
      readReference(bytes, cell.valueStart, cell.valueEnd, this.#reference);
      return this.#reference.row;
    }
  }

  #noteHiddenColumns(): void {
    const token = this.#token;
    const first = token.attributeNumber("min");
    const last = Math.min(maxColumns, token.attributeNumber("max"));
    if (first > 0 && last >= first && this.hiddenColumns.length < maxColumns) this.hiddenColumns.push([first, last]);
  }

  #noteMerged(bytes: Buffer): void {
    const token = this.#token;
    if (this.#mergedCells++ > 0 || !token.attribute("ref")) return;
    const colon = bytes.indexOf(0x3a, token.valueStart);
    const end = colon >= 0 && colon < token.valueEnd ? colon : token.valueEnd;
    readReference(bytes, token.valueStart, end, this.#reference);
    this.#firstMerged = this.#reference.row;
  }
}

/** What #other returns instead of a place, besides the cell reader's results. */
const batchFull = -3;
const renumbered = -4;
