/**
 * Turns batches of cells into COPY text: the rows that are right for the stage, the others with what is wrong for
 * `import_rows`. A cell that is plain goes from the file's bytes to COPY's.
 */

import type { Assignment } from "../core/assignment.ts";
import { kindOf } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer, RowFinding } from "../core/importer.ts";
import type { IssueCode, IssueCount, IssueParams, StoredIssue } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import {
  type Batch,
  cellError,
  cellEscaped,
  cellQuoted,
  cellRead,
  cellTooLong,
  cellTyped,
  rowIntact,
  rowNumberRepeated,
  rowQuoteUnclosed,
  rowTooLarge,
  rowTooLong,
  unescapeCell,
} from "../core/row.ts";
import type { RowWarning } from "../core/store/stage.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { CopyText, storableText } from "../values/copy-text.ts";
import { decodeCell, type Finding, isWarning } from "../values/encode.ts";
import { encodePlainText } from "../values/encode-text.ts";
import { isGuarded, reportColumnCount } from "../values/report-cell.ts";
import { isSpreadsheetError } from "../values/spreadsheet-error.ts";
import { anyHighByte, classes, copyVerbatim, endsPlain, noHighByte, verbatimSlack } from "../values/verbatim.ts";
import { isBlankRow, mayBeSpace, spaceAt, spaceBefore } from "../values/white-space.ts";
import { IssueTally } from "./issue-tally.ts";
import { fileLimits, hasOwnCode, heedless, OwnCode, reviewLimits } from "./own-code.ts";
import { writeReject } from "./reject-row.ts";
import { askRowCheck } from "./row-check.ts";
import { type Slot, slotOf } from "./slot.ts";
import { stageColumns } from "./stage-columns.ts";

/** Which rows of a file are data, and which are counted already. */
export interface RowBounds {
  headerRow: number;
  /** The table's last row; null: it goes to the file's end. */
  lastRow: number | null;
  /** Rows before it are staged, and counted already. */
  countedToRow?: number;
}

/** What was found of one row. */
export interface Examined {
  /** What keeps it out; null: it is valid. */
  issues: StoredIssue[] | null;
  warnings: StoredIssue[];
  /** By the stage's columns, as text that Postgres reads; empty where the row is not valid. */
  values: (string | null)[];
}

/** What a batch came to. */
export interface BatchCounts {
  valid: number;
  invalid: number;
}

const shapeCodes: Record<number, IssueCode> = {
  [rowTooLong]: "row_too_long",
  [rowTooLarge]: "row_too_large",
  [rowQuoteUnclosed]: "quote_unclosed",
  [rowNumberRepeated]: "row_number_repeated",
};

export class RowValidator {
  /** COPY text of the valid rows: row_no, row_offset, then the stage's columns; null is nothing at all. */
  stage = new CopyText(64 * 1024);
  /** COPY text of the invalid rows: job_id, row_no, outcome, issues, cells, row_offset, typed_cells. */
  rejects = new CopyText(64 * 1024);
  readonly columns: StageColumn[];
  #slots: Slot[];
  readonly #newSlots: () => Slot[];
  readonly #checks: (((row: Record<string, unknown>) => RowFinding | null) | { names: string; slots: number[] })[];
  readonly #tally = new IssueTally();
  readonly #fieldNames: readonly string[];
  readonly #jobId: number;
  readonly #importer: string;
  /** Null where the importer has no code of its own. */
  readonly #ownCode: { file: OwnCode; review: OwnCode } | null;
  readonly #columnCount: number;
  readonly #filled: Uint8Array;
  /** Whether the row that was read last has a value. */
  #isFilled = false;
  /** Where the row's values begin; each ends before the tab of the next. */
  readonly #valueStarts: Int32Array;
  /** Of the batch's bytes. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** How many columns of a Sluice report precede the file's own; 0 when the file is not one. */
  readonly #reportColumns: number;
  #scratch: Uint8Array = Buffer.alloc(4096);
  /** Warnings about the row that is being read. */
  #pending: StoredIssue[] = [];

  constructor(options: {
    importer: Importer;
    mapping: Mapping;
    assignment: Assignment;
    keys: readonly string[];
    jobId: number;
    /** The cells of a Sluice report come without the apostrophes that guard them. */
    unguarded?: boolean;
    attention?: Attention;
  }) {
    const { importer, mapping, assignment, keys, jobId, attention = heedless } = options;
    this.#fieldNames = Object.keys(importer.fields);
    this.#jobId = jobId;
    this.#columnCount = mapping.columns.length;
    this.#reportColumns = options.unguarded ? 0 : reportColumnCount(mapping.columns.map(({ header }) => header));
    this.columns = stageColumns(importer, mapping, assignment);
    this.#newSlots = () => this.columns.map((column) => slotOf(column, importer, mapping, keys));
    this.#slots = this.#newSlots();
    this.#importer = importer.name;
    this.#ownCode = hasOwnCode(importer)
      ? { file: new OwnCode(fileLimits, attention), review: new OwnCode(reviewLimits, attention) }
      : null;
    this.#checks = (importer.checks ?? []).map((check, k) => {
      if (typeof check === "function")
        return (row) => askRowCheck(check, row, { importer: importer.name, place: `checks[${k}]` });
      const fields: readonly string[] = check.fields;
      return {
        names: fields.join(", "),
        slots: this.columns.flatMap(({ name }, s) => (fields.includes(name) ? [s] : [])),
      };
    });
    this.#filled = new Uint8Array(this.#slots.length);
    this.#valueStarts = new Int32Array(this.#slots.length);
  }

  /**
   * Appends the batch's rows below `headerRow` to `stage` and `rejects`; those after `lastRow` are not part of the table.
   * Rows before `countedToRow` are only staged: when the stage is made again, their issues are recorded and counted already.
   *
   * @throws StuckRow for one over which the importer's own code does not come to an end.
   */
  validate(batch: Batch, bounds: RowBounds): BatchCounts {
    this.#view = viewOf(batch.bytes);
    const counts: BatchCounts = { valid: 0, invalid: 0 };
    if (this.#ownCode === null) {
      this.#validateRows(batch, 0, batch.rowCount, bounds, counts);
      return counts;
    }
    const mark = (): (() => void) => {
      const [stage, rejects, before, tally] = [
        this.stage.length,
        this.rejects.length,
        { ...counts },
        this.#tally.mark(),
      ];
      return () => {
        this.stage.length = stage;
        this.rejects.length = rejects;
        Object.assign(counts, before);
        this.#tally.restore(tally);
        // What they remember of cells may be half written.
        this.#slots = this.#newSlots();
      };
    };
    let rollBack = (): void => {};
    this.#ownCode.file.run({
      importer: this.#importer,
      jobId: this.#jobId,
      count: batch.rowCount,
      numberOf: (r) => batch.rowNumbers[r],
      run: (from, to) => {
        rollBack = mark();
        this.#validateRows(batch, from, to, bounds, counts);
      },
      rollBack: () => rollBack(),
    });
    return counts;
  }

  #validateRows(
    batch: Batch,
    from: number,
    to: number,
    { headerRow, lastRow, countedToRow = 0 }: RowBounds,
    counts: BatchCounts,
  ): void {
    const last = lastRow ?? Number.POSITIVE_INFINITY;
    const { stage } = this;
    for (let r = from; r < to; r++) {
      if (batch.rowNumbers[r] <= headerRow) continue;
      const mark = stage.length;
      let issues: StoredIssue[] | null = null;
      if (batch.rowNumbers[r] > last) {
        if (isBlankRow(batch, r)) continue;
        issues = [{ c: "outside_table" }];
      } else if (batch.shapes[r] !== rowIntact) {
        if (isBlankRow(batch, r)) continue;
        issues = [this.#shapeIssue(batch, r)];
      } else {
        issues = this.#encodeRow(batch, r);
        if (issues !== null && batch.rowNumbers[r] < countedToRow && issues.every(({ f }) => f === "owner_key")) {
          stage.length = mark;
          issues = this.#encodeOwnerless(batch, r);
        }
        if (!this.#isFilled && isBlankRow(batch, r)) {
          stage.length = mark;
          continue;
        }
      }
      if (issues !== null) stage.length = mark;
      if (batch.rowNumbers[r] < countedToRow) continue;
      if (issues === null) {
        counts.valid++;
        for (const issue of this.#pending) {
          this.#tally.warn({ row: batch.rowNumbers[r], offset: batch.rowOffsets[r], issue });
        }
      } else {
        this.#reject(batch, r, issues);
        counts.invalid++;
      }
    }
  }

  /** Looks at row `r` alone, which must be whole; appends and counts nothing. @throws StuckRow */
  examine(batch: Batch, r: number): Examined {
    const { stage } = this;
    const mark = stage.length;
    this.#view = viewOf(batch.bytes);
    let issues: StoredIssue[] | null = null;
    const encode = (): void => {
      issues = this.#encodeRow(batch, r);
    };
    if (this.#ownCode === null) encode();
    else
      this.#ownCode.review.run({
        importer: this.#importer,
        jobId: this.#jobId,
        count: 1,
        numberOf: () => batch.rowNumbers[r],
        run: encode,
        rollBack: () => {
          stage.length = mark;
          this.#slots = this.#newSlots();
        },
      });
    const starts = issues === null ? [...this.#valueStarts] : [];
    const values = starts.map((start, s) => {
      const end = this.#valueEnd(s);
      return start === end ? null : stage.read(start, end);
    });
    stage.length = mark;
    return { issues, warnings: [...this.#pending], values };
  }

  /** The issues counted since the last call, by field and code. */
  takeIssueCounts(): IssueCount[] {
    return this.#tally.takeCounts();
  }

  /** The warnings about valid rows that were noted since the last call, at most `warningRowsCap` of each code in all. */
  takeWarnings(): RowWarning[] {
    return this.#tally.takeWarnings();
  }

  /**
   * A row that was counted before its owner was asked for is not lost because its owner is not text (`#REF!`): it then names nobody.
   * One that was rejected for it is known as such.
   */
  #encodeOwnerless(batch: Batch, r: number): StoredIssue[] | null {
    const owner = this.columns.find(({ name }) => name === "owner_key");
    if (owner === undefined) return this.#encodeRow(batch, r);
    const { cells, flags, columnCount } = batch;
    const cell = r * columnCount + owner.column;
    const [end, flag] = [cells[2 * cell + 1], flags[cell]];
    cells[2 * cell + 1] = cells[2 * cell];
    flags[cell] = 0;
    const issues = this.#encodeRow(batch, r);
    cells[2 * cell + 1] = end;
    flags[cell] = flag;
    return issues;
  }

  #encodeRow(batch: Batch, r: number): StoredIssue[] | null {
    const { stage } = this;
    const { bytes, cells, flags, columnCount } = batch;
    const view = this.#view;
    const slots = this.#slots;
    const filled = this.#filled;
    const starts = this.#valueStarts;
    const firstCell = r * columnCount;
    const lastEnd = this.#reportColumns > 0 ? -1 : bytes.length - verbatimSlack;
    const high = batch.wellFormed ? noHighByte : anyHighByte;
    let issues: StoredIssue[] | null = null;
    let isFilled = false;
    if (this.#pending.length > 0) this.#pending = [];
    stage.integer(batch.rowNumbers[r]);
    stage.reserve(1);
    stage.tab();
    stage.integer(batch.rowOffsets[r]);
    let { bytes: target, view: targetView, length: at } = stage;
    let room = target.length - 2 * verbatimSlack;
    for (let s = 0; s < slots.length; s++) {
      const slot = slots[s];
      const cell = firstCell + slot.column;
      const start = cells[2 * cell];
      const end = cells[2 * cell + 1];
      const length = end - start;
      if (at + length > room) {
        stage.length = at;
        stage.reserve(length + 2 * verbatimSlack);
        target = stage.bytes;
        targetView = stage.view;
        room = target.length - 2 * verbatimSlack;
      }
      target[at++] = tab;
      starts[s] = at;
      if (flags[cell] <= cellQuoted && end <= lastEnd) {
        if (length === 0) {
          filled[s] = 0;
          if (slot.required) issues = this.#note(issues, slot.name, requiredFinding);
          continue;
        }
        if (
          length >= slot.least &&
          length <= slot.most &&
          (classes[bytes[start]] & slot.begins) !== 0 &&
          (classes[bytes[end - 1]] & endsPlain) !== 0 &&
          copyVerbatim(view, start, length, targetView, at, high) === 0
        ) {
          filled[s] = 1;
          isFilled = true;
          at += length;
          continue;
        }
      }
      stage.length = at;
      issues = this.#encodeCell(batch, cell, s, issues);
      target = stage.bytes;
      targetView = stage.view;
      room = target.length - 2 * verbatimSlack;
      at = stage.length;
      if (filled[s] === 1) isFilled = true;
    }
    stage.length = at;
    stage.reserve(1);
    stage.endRow();
    this.#isFilled = isFilled;
    for (const check of this.#checks) {
      if (typeof check === "function") {
        // A function sees values; of a row that has none for a field it would judge a hole.
        if (issues === null) issues = this.#noteCheck(issues, check(this.#values()));
      } else if (!anyFilled(filled, check.slots)) {
        issues = this.#note(issues, undefined, { code: "at_least_one", params: { fields: check.names } });
      }
    }
    return issues;
  }

  /** Reads a cell of any kind into the stage. */
  #encodeCell(batch: Batch, cell: number, s: number, before: StoredIssue[] | null): StoredIssue[] | null {
    const { stage } = this;
    const slot = this.#slots[s];
    const flag = batch.flags[cell];
    let { encode } = slot;
    let { bytes } = batch;
    let start = batch.cells[2 * cell];
    let end = batch.cells[2 * cell + 1];
    let issues = before;
    // Most cells are plain, or quoted and plain.
    if (flag > cellQuoted) {
      if (flag & cellEscaped) {
        if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start);
        end = unescapeCell(bytes, start, end, this.#scratch, flag);
        start = 0;
        bytes = this.#scratch;
      }
      if (flag & cellTyped) encode = slot.encodeTyped;
      if (flag & cellRead) encode = encodePlainText;
    }
    if (this.#reportColumns > 0 && isGuarded(bytes, start, end)) start++;
    // Most cells begin and end with a letter or a digit: only the others are examined.
    if (start < end && mayBeSpace[bytes[start]] === 1) {
      while (start < end && spaceAt(bytes, start, end) > 0) start += spaceAt(bytes, start, end);
    }
    if (start < end && mayBeSpace[bytes[end - 1]] === 1) {
      while (start < end && spaceBefore(bytes, start, end) > 0) end -= spaceBefore(bytes, start, end);
    }
    this.#filled[s] = 0;
    if (start === end) return slot.required ? this.#note(issues, slot.name, requiredFinding) : issues;
    this.#filled[s] = 1;
    const isError = (flag & cellError) !== 0 || (bytes[start] === hash && isSpreadsheetError(bytes, start, end));
    const finding = isError
      ? cellErrorFinding(bytes, start, end)
      : (flag & cellTooLong) !== 0
        ? tooLongFinding
        : encode(bytes, start, end, stage);
    if (finding !== null) {
      if (isWarning(finding)) this.#pending.push(storedIssue(slot.name, finding));
      else issues = this.#note(issues, slot.name, finding);
    }
    const isTaken = finding === null || isWarning(finding);
    if (slot.mayBlank && isTaken && stage.length === this.#valueStarts[s]) {
      this.#filled[s] = 0;
      if (slot.required) issues = this.#note(issues, slot.name, requiredFinding);
    }
    return issues;
  }

  #valueEnd(s: number): number {
    return s + 1 < this.#valueStarts.length ? this.#valueStarts[s + 1] - 1 : this.stage.length - 1;
  }

  /** The row as a check sees it; read back from the stage's own text, so that it sees what is stored. */
  #values(): Record<string, unknown> {
    const values: Record<string, unknown> = Object.create(null);
    for (const name of this.#fieldNames) values[name] = null;
    this.#slots.forEach(({ name, field }, s) => {
      if (field === null || this.#filled[s] === 0) return;
      const text = this.stage.read(this.#valueStarts[s], this.#valueEnd(s));
      values[name] = kindOf(field).value(text);
    });
    return values;
  }

  #noteCheck(issues: StoredIssue[] | null, finding: RowFinding | null): StoredIssue[] | null {
    if (finding === null) return issues;
    const params: IssueParams = { ...finding.params, message: finding.message };
    for (const [name, value] of Object.entries(params))
      if (typeof value === "string") params[name] = storableText(value);
    return this.#note(issues, finding.field, { code: "row_rejected", params });
  }

  #note(issues: StoredIssue[] | null, field: string | undefined, finding: Finding): StoredIssue[] {
    const issue = storedIssue(field, finding);
    return issues === null ? [issue] : [...issues, issue];
  }

  #shapeIssue(batch: Batch, r: number): StoredIssue {
    const code = shapeCodes[batch.shapes[r]] ?? "row_too_short";
    return { c: code, p: { cells: batch.cellCounts[r], columns: this.#columnCount } };
  }

  #reject(batch: Batch, r: number, issues: StoredIssue[]): void {
    for (const issue of issues) this.#tally.count(issue);
    writeReject(this.rejects, batch, r, { jobId: this.#jobId, issues, isReport: this.#reportColumns > 0 });
  }
}

const requiredFinding: Finding = { code: "required" };
const tooLongFinding: Finding = { code: "cell_too_long" };
const hash = 0x23;
const tab = 0x09;

function cellErrorFinding(bytes: Uint8Array, start: number, end: number): Finding {
  return { code: "cell_error", params: { value: storableText(decodeCell(bytes, start, end).slice(0, 40)) } };
}

function storedIssue(field: string | undefined, { code, params }: Finding): StoredIssue {
  return { c: code, ...(field !== undefined && { f: field }), ...(params !== undefined && { p: params }) };
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function anyFilled(filled: Uint8Array, slots: readonly number[]): boolean {
  for (const s of slots) if (filled[s] === 1) return true;
  return false;
}
