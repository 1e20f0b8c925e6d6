/**
 * Finds the tables of a spreadsheet (OpenDocument 1.3 part 3, section 9.1) in the bytes of its content, piece by piece, and
 * gathers the rows of those that are wanted in a batch. Repeated rows and cells are written out, as far as they hold anything.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { IssueCode } from "../../core/issue.ts";
import type { FileFinding } from "../../core/row.ts";
import { CellRows } from "../workbook/cell-rows.ts";
import { sumFormula } from "../workbook/sum-formula.ts";
import { damaged, ElementSkip, refuseLongTag } from "../xml/element-skip.ts";
import { decodeEntities } from "../xml/entities.ts";
import type { PartWindow } from "../xml/part-window.ts";
import { checkProlog } from "../xml/prolog.ts";
import { tokenEnd, tokenOther, tokenStart, XmlToken } from "../xml/token.ts";
import { TagAttributes } from "./attributes.ts";
import type { CellStyles, NumberStyle } from "./cell-styles.ts";
import { CellValue } from "./cell-value.ts";
import { ColumnStyles } from "./column-styles.ts";
import { RepeatedRow } from "./repeated-row.ts";

/** Why a scan stopped. `table_end`: the table that was wanted is over. */
export type TableStop = "need_more" | "batch_full" | "table_end";

/** A table, as its tag describes it. */
export interface FoundTable {
  name: string;
  hidden: boolean;
  /** Offset of its tag in the content. */
  offset: number;
}

/** What the scanner is inside of. */
type Place = "document" | "table" | "row" | "cell" | "paragraph";

/** No sheet has more columns; one more shows that a row does. */
const maxColumns = 16_385;
/** Sheets end at 1,048,576 rows, those of some builds of LibreOffice at 16 times as many. */
const maxRows = 1_000_000_000;
/** Filled cells that repeated rows may produce: a million rows of sixteen cells. */
const maxCopiedCells = 16 * 1024 * 1024;

/** Longer formulas do more than add up. */
const maxSumChars = 200;

const less = 0x3c;

interface Count {
  code: IssueCode;
  count: number;
}

export class TableScanner {
  /** Place in the window of what comes next. */
  position = 0;
  readonly rows: CellRows;
  /** Number of the next row of the table. */
  row: number;
  /** Columns of the table that are hidden. */
  hiddenColumns = 0;
  /** The end of the document has been seen. */
  complete = false;
  readonly #window: PartWindow;
  readonly #what: string;
  readonly #wanted: (table: FoundTable) => boolean;
  readonly #skipTo: number;
  readonly #token = new XmlToken();
  readonly #skip: ElementSkip;
  readonly #attributes = new TagAttributes();
  readonly #cell = new CellValue();
  readonly #repeated = new RepeatedRow();
  #place: Place;
  #column = 0;
  #rowsRepeated = 1;
  #copiedCells = 0;
  #paragraphs = 0;
  #tableOffset = 0;
  /** Where reading can continue with the next row. */
  #nextOffset = 0;
  /** Table styles that hide; the one that is being read. */
  readonly #styles: CellStyles;
  /** What the table's columns say of their cells. */
  readonly columnStyles: ColumnStyles;
  #rowStyle: NumberStyle | null = null;
  readonly #hidingStyles = new Set<string>();
  #style = "";
  readonly #merged: Count = { code: "cells_merged", count: 0 };
  readonly #uncalculated: Count = { code: "formula_without_value", count: 0 };

  /**
   * @param wanted called for every table: whether its rows are read.
   * @param start in the table with this next row, or else in front of everything; rows before `skipTo` are left out.
   */
  constructor(
    window: PartWindow,
    options: {
      what: string;
      columnCount: number;
      maxRows: number;
      maxRowBytes?: number;
      wanted: (table: FoundTable) => boolean;
      start?: { row: number };
      skipTo?: number;
      styles: CellStyles;
      /** Of the table that is begun in its midst. */
      columnStyles?: ColumnStyles;
    },
  ) {
    this.#window = window;
    this.#what = options.what;
    this.#wanted = options.wanted;
    this.#skipTo = options.skipTo ?? 1;
    this.#skip = new ElementSkip(options.what);
    this.#place = options.start === undefined ? "document" : "table";
    this.row = options.start?.row ?? 1;
    const { columnCount, maxRowBytes } = options;
    this.#styles = options.styles;
    this.columnStyles = options.columnStyles ?? new ColumnStyles();
    this.rows = new CellRows({ columnCount, maxRows: options.maxRows, maxRowBytes });
  }

  /** What was noticed since the last call, with the row it was noticed at. */
  takeFindings(): { finding: FileFinding; row: number }[] {
    const { rows } = this;
    const findings: { finding: FileFinding; row: number }[] = [];
    if (rows.hiddenRows > 0) {
      findings.push({ finding: { code: "rows_hidden", count: rows.hiddenRows }, row: rows.firstHidden });
      rows.hiddenRows = 0;
    }
    for (const each of [this.#merged, this.#uncalculated]) {
      if (each.count > 0) findings.push({ finding: { ...each }, row: this.row });
      each.count = 0;
    }
    return findings;
  }

  /** Where the row after the batch begins. */
  get next(): { offset: number; row: number } {
    return this.#repeated.left > 0
      ? { offset: this.#tableOffset, row: this.#repeated.number }
      : { offset: this.#nextOffset, row: this.row };
  }

  /** Skips the rest of the table that is being read. */
  leaveTable(): void {
    this.#repeated.left = 0;
    this.#skip.depth = 1;
    this.#place = "document";
  }

  /** Continues from `position`. Empty the batch (`rows.clear`) when it was full. */
  scan(): TableStop {
    const { bytes, end } = this.#window;
    const token = this.#token;
    if (this.#repeated.left > 0 && (this.#writeRepeated() || this.rows.full)) return "batch_full";
    for (;;) {
      if (this.#skip.active) {
        this.position = this.#skip.run(bytes, this.position, end);
        if (this.#skip.active) return "need_more";
        continue;
      }
      let at = this.position;
      if (this.#place === "paragraph") at = this.#cell.text.append(bytes, at, end);
      else {
        at = bytes.indexOf(less, at);
        if (at < 0 || at > end) at = end;
      }
      this.position = at;
      if (at >= end || bytes[at] !== less) return "need_more";
      if (!token.read(bytes, at, end)) {
        if (token.unclosed === "" || token.unclosed === "]]>") {
          refuseLongTag(end - at, this.#what);
          return "need_more";
        }
        this.position = this.#skip.beginAt(at, token.unclosed);
        continue;
      }
      this.position = token.next;
      if (token.kind === tokenStart) this.#start(bytes, at);
      else if (token.kind === tokenEnd) {
        const stop = this.#end();
        if (stop !== null) return stop;
      } else if (token.kind === tokenOther && this.#place === "paragraph") this.#section(bytes, at);
      else checkProlog(token, bytes, at, this.#what);
    }
  }

  #start(bytes: Buffer, at: number): void {
    const token = this.#token;
    switch (this.#place) {
      case "document":
        this.#startInDocument(at);
        return;
      case "table":
        if (token.is("table-row")) this.#openRow(bytes, at);
        else if (token.is("table-column")) {
          this.#attributes.read(token, bytes);
          if (this.#attributes.hidden) this.hiddenColumns += this.#attributes.columnsRepeated;
          if (this.#styles.size > 0) this.columnStyles.add(this.#attributes.columnsRepeated, this.#defaultStyle(bytes));
        } else if (!isGroup(token) && !token.empty) this.#skip.depth = 1;
        return;
      case "row":
        if (isCell(token)) this.#openCell(bytes);
        else if (isOfTable(token)) throw this.#misplaced();
        else if (!token.empty) this.#skip.depth = 1;
        return;
      case "cell":
        if (isCell(token) || token.is("table-row")) throw this.#misplaced();
        if (token.empty && !token.is("p")) return;
        if ((token.is("p") || token.is("h")) && this.#cell.wantsText) {
          if (this.#paragraphs++ > 0) this.#cell.text.byte(0x0a);
          if (!token.empty) this.#place = "paragraph";
        } else if (!token.empty) this.#skip.depth = 1;
        return;
      case "paragraph":
        if (isCell(token) || isOfTable(token)) throw this.#misplaced();
        this.#startInParagraph();
    }
  }

  #startInDocument(at: number): void {
    const token = this.#token;
    if (token.is("table")) {
      const name = this.#text("table:name");
      const hidden = this.#hidingStyles.has(this.#text("table:style-name"));
      const wanted = this.#wanted({ name, hidden, offset: this.#window.base + at });
      if (token.empty) return;
      if (!wanted) {
        this.#skip.depth = 1;
        return;
      }
      this.#place = "table";
      this.#tableOffset = this.#window.base + at;
      this.#nextOffset = this.#window.base + token.next;
      this.row = 1;
      this.hiddenColumns = 0;
      this.columnStyles.clear();
    } else if (token.is("style")) {
      this.#style = this.#text("style:family") === "table" ? this.#text("style:name") : "";
    } else if (token.is("table-properties")) {
      if (this.#style !== "" && this.#text("table:display") === "false") this.#hidingStyles.add(this.#style);
    } else if (token.is("encrypted-document")) {
      throw damaged(this.#what, told`is encrypted`);
    } else if ((token.is("tracked-changes") || token.is("dde-links")) && !token.empty) {
      // They hold tables of their own.
      this.#skip.depth = 1;
    }
  }

  #startInParagraph(): void {
    const token = this.#token;
    const { text } = this.#cell;
    if (token.is("s")) {
      // Section 6.1.3: this many spaces.
      const count = Math.min(Number(token.attributeText("text:c") ?? 1) || 1, 32_767);
      for (let k = 0; k < count; k++) text.byte(0x20);
    } else if (token.is("tab")) text.byte(0x09);
    else if (token.is("line-break")) text.byte(0x0a);
    else if ((token.is("annotation") || token.is("note") || token.is("frame")) && !token.empty) this.#skip.depth = 1;
    // Anything else (span, a, a field) is seen as the text that is in it.
  }

  #end(): TableStop | null {
    const token = this.#token;
    switch (this.#place) {
      case "document":
        if (token.is("document-content") || token.is("document")) this.complete = true;
        return null;
      case "table":
        if (!token.is("table")) return null;
        this.#place = "document";
        return "table_end";
      case "row":
        if (token.is("table-row")) return this.#closeRow();
        throw this.#misplaced();
      case "cell":
        if (!isCell(token)) throw this.#misplaced();
        this.#closeCell();
        return null;
      case "paragraph":
        if (token.is("p") || token.is("h")) this.#place = "cell";
        else if (isCell(token) || isOfTable(token)) throw this.#misplaced();
        return null;
    }
  }

  #section(bytes: Buffer, at: number): void {
    if (bytes[at + 1] === 0x21 && bytes[at + 2] === 0x5b) {
      this.#cell.text.appendRaw(bytes, at + 9, this.#token.next - 3);
    }
  }

  #openRow(bytes: Buffer, at: number): void {
    this.#attributes.read(this.#token, bytes);
    const { rowsRepeated, hidden } = this.#attributes;
    if (this.row + rowsRepeated > maxRows) {
      throw damaged(this.#what, told`repeats a row more times than a sheet can have rows`);
    }
    this.#rowsRepeated = rowsRepeated;
    if (this.#token.empty) {
      this.#nextRow(rowsRepeated);
      return;
    }
    if (this.#styles.size > 0) this.#rowStyle = this.#defaultStyle(bytes);
    this.rows.open(this.row, this.#window.base + at, hidden);
    this.#repeated.clear(hidden);
    this.#column = 0;
    this.#place = "row";
  }

  #closeRow(): TableStop | null {
    const { rows } = this;
    const number = this.row;
    const hasValue = rows.hasValue;
    this.#place = "table";
    this.#nextRow(this.#rowsRepeated);
    rows.close(number >= this.#skipTo);
    if (hasValue && this.#rowsRepeated > 1) {
      this.#repeated.number = Math.max(number + 1, this.#skipTo);
      this.#repeated.left = Math.max(0, this.row - this.#repeated.number);
      if (this.#writeRepeated()) return "batch_full";
    }
    return rows.full ? "batch_full" : null;
  }

  #nextRow(count: number): void {
    this.row += count;
    this.#nextOffset = this.#window.base + this.#token.next;
  }

  /** The row again, as often as it is repeated; true when the batch is full before. */
  #writeRepeated(): boolean {
    const { rows } = this;
    const repeated = this.#repeated;
    for (; repeated.left > 0 && !rows.full; repeated.left--) {
      this.#copiedCells += repeated.count;
      if (this.#copiedCells > maxCopiedCells) {
        throw new SluiceError(
          "invalid",
          told`${this.#what} repeats filled rows over ${maxCopiedCells} cells, as a file made to fill a disk does, so it was not read. If the table is real, save it as CSV.`,
        );
      }
      rows.open(repeated.number++, this.#tableOffset, repeated.hidden);
      repeated.putInto(rows);
      rows.close();
    }
    return repeated.left > 0;
  }

  #openCell(bytes: Buffer): void {
    const attributes = this.#attributes;
    attributes.read(this.#token, bytes);
    if (attributes.spans) this.#merged.count++;
    const style = this.#styles.size > 0 && attributes.valueType === "number" ? this.#styleOfCell(bytes) : null;
    this.#cell.begin(bytes, attributes, style);
    if (attributes.hasFormula)
      this.#noteFormula(bytes.toString("latin1", attributes.formulaStart, attributes.formulaEnd));
    this.#paragraphs = 0;
    if (this.#token.empty) this.#closeCell();
    else this.#place = "cell";
  }

  #noteFormula(text: string): void {
    if (text.length > maxSumChars || this.#rowsRepeated > 1) return;
    const sum = sumFormula(text, { column: this.#column, row: this.row });
    if (sum !== null) this.rows.noteSum(sum);
  }

  /** A cell's own style counts, else its row's, else its column's. */
  #styleOfCell(bytes: Buffer): NumberStyle | null {
    const { styleStart, styleEnd } = this.#attributes;
    if (styleEnd > styleStart) return this.#styles.get(bytes.toString("utf8", styleStart, styleEnd)) ?? null;
    return this.#rowStyle ?? this.columnStyles.of(this.#column);
  }

  #defaultStyle(bytes: Buffer): NumberStyle | null {
    const { defaultStyleStart, defaultStyleEnd } = this.#attributes;
    return this.#styles.get(bytes.toString("utf8", defaultStyleStart, defaultStyleEnd)) ?? null;
  }

  #closeCell(): void {
    const { rows } = this;
    const cell = this.#cell;
    this.#place = "row";
    cell.end();
    if (cell.isUncalculated) this.#uncalculated.count++;
    if (cell.length > 0) {
      const count = Math.min(cell.repeats, maxColumns - this.#column);
      if (this.#rowsRepeated > 1) this.#repeated.add(this.#column, count, cell);
      rows.put(this.#column, count, cell.bytes, cell.length, cell.flags);
    }
    this.#column = Math.min(this.#column + cell.repeats, maxColumns);
  }

  /** An element was not closed, or was never opened: what comes of it would be guessed. */
  #misplaced(): SluiceError {
    return damaged(this.#what, told`has a tag in the wrong place (in row ${this.row} of a sheet)`);
  }

  /** An attribute of the tag, as text. */
  #text(name: string): string {
    const raw = this.#token.attributeText(name) ?? "";
    return decodeEntities(Buffer.from(raw, "latin1").toString("utf8")) ?? raw;
  }
}

function isCell(token: XmlToken): boolean {
  return token.is("table-cell") || token.is("covered-table-cell");
}

function isOfTable(token: XmlToken): boolean {
  return token.is("table-row") || token.is("table");
}

/** Elements that only hold rows or columns together. */
function isGroup(token: XmlToken): boolean {
  return (
    token.is("table-rows") ||
    token.is("table-header-rows") ||
    token.is("table-row-group") ||
    token.is("table-columns") ||
    token.is("table-header-columns") ||
    token.is("table-column-group")
  );
}
