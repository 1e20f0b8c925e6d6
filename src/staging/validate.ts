/**
 * Turns batches of cells into COPY text: the rows that are right for the stage, the others with what is wrong for
 * `import_rows`. A cell that is plain goes from the file's bytes to COPY's.
 */

import type { Assignment } from "../core/assignment.ts";
import { type Field, kindOf } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer, RowFinding } from "../core/importer.ts";
import type { IssueCode, IssueCount, IssueParams, StoredIssue } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import type { Trim } from "../core/reading.ts";
import { type CreatedValue, createdValues } from "../core/records.ts";
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
import type { Run } from "../core/run.ts";
import { storableText } from "../core/storable.ts";
import type { RowWarning } from "../core/store/stage.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { isBackslashNull } from "../values/blank-words.ts";
import { CopyText } from "../values/copy-text.ts";
import { type Encode, type Finding, isInfo, isWarning } from "../values/encode.ts";
import { blankWord } from "../values/encode-bare.ts";
import { encodePlainText } from "../values/encode-text.ts";
import { isGuarded, reportColumnCount } from "../values/report-cell.ts";
import { isNotAvailable, isSpreadsheetError } from "../values/spreadsheet-error.ts";
import { anyHighByte, classes, copyVerbatim, endsPlain, noHighByte, verbatimSlack } from "../values/verbatim.ts";
import { isBlankRow, mayBeSpace, spaceAt, spaceBefore } from "../values/white-space.ts";
import { CellView, cellErrorFinding, tooLongFinding } from "./cell-view.ts";
import { Composer } from "./composer.ts";
import { type Composite, compositeOf } from "./composite.ts";
import { IssueTally } from "./issue-tally.ts";
import { type LateColumn, lateColumnOf, lateMakerOf } from "./late-column.ts";
import { LateValues } from "./late-values.ts";
import { fileLimits, hasOwnCode, heedless, OwnCode, reviewLimits } from "./own-code.ts";
import { askOwnValue } from "./own-value.ts";
import { writeReject } from "./reject-row.ts";
import { askRowCheck } from "./row-check.ts";
import { hasCell, type Slot, slotOf } from "./slot.ts";
import { cellSources, stageColumns } from "./stage-columns.ts";

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

/** A check of a row: a function of its values, or fields of which one must have a value. */
type Checker = ((row: Record<string, unknown>) => RowFinding | null) | { names: string; slots: number[] };

/** The columns whose values are made of others, and what makes them. */
interface Late {
  values: LateValues;
  fields: readonly LateColumn[];
}

/** What a batch came to. */
export interface BatchCounts {
  valid: number;
  invalid: number;
  skipped: number;
}

/** What is known of a batch's rows before they are validated, by their places in it. */
export interface KnownRows {
  /** Rows that are left out, and why. */
  skipped: ReadonlyMap<number, StoredIssue>;
  /** What is said of rows that go in. */
  warned: ReadonlyMap<number, StoredIssue>;
}
const nothingKnown: KnownRows = { skipped: new Map(), warned: new Map() };

const shapeCodes: Record<number, IssueCode> = {
  [rowTooLong]: "row_too_long",
  [rowTooLarge]: "row_too_large",
  [rowQuoteUnclosed]: "quote_unclosed",
  [rowNumberRepeated]: "row_number_repeated",
};

export class RowValidator {
  /** COPY text of the valid rows: row_no, row_offset, then the stage's columns; null is nothing at all. */
  stage = new CopyText(64 * 1024);
  /** COPY text of the invalid rows, and of those left out: job_id, row_no, outcome, issues, cells, row_offset, typed_cells. */
  rejects = new CopyText(64 * 1024);
  readonly columns: StageColumn[];
  #slots: Slot[];
  /** Fields of several cells. */
  readonly #composites: readonly Composite[];
  readonly #cellView: CellView;
  readonly #newSlots: () => Slot[];
  /** How many of the columns have no more to them than cells; behind them are the late ones, then the created ones. */
  readonly #plainCount: number;
  /** Plain and late ones. */
  readonly #valueCount: number;
  /** By the columns; null: it is no field's. */
  readonly #fields: readonly (Field | null)[];
  /** Null where no value is made of others. */
  readonly #late: Late | null;
  readonly #created: readonly CreatedValue[];
  readonly #run: Run;
  /** What late cells come to. */
  readonly #lateText = new CopyText(1024);
  readonly #checks: readonly Checker[];
  readonly #tally = new IssueTally();
  readonly #fieldNames: readonly string[];
  readonly #jobId: number;
  readonly #importer: string;
  /** Null where the importer has no code of its own. */
  readonly #ownCode: { file: OwnCode; review: OwnCode } | null;
  readonly #columnCount: number;
  /** Null where every field's values are the cells of a column. */
  readonly #composer: Composer | null;
  /** A row whose cells are all blank may have values nevertheless. */
  readonly #fillsBlanks: boolean;
  readonly #filled: Uint8Array;
  /** The last row that went in; 0: none has. */
  lastValid = { row: 0, offset: 0 };
  /** Whether the row that was read last has a value. */
  #isFilled = false;
  /** Where the row's values begin; each ends before the tab of the next. */
  readonly #valueStarts: Int32Array;
  /** Of the batch's bytes. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** How many columns of a Sluice report precede the file's own; 0 when the file is not one. */
  readonly #reportColumns: number;
  /** Fields of text keep the white space at the ends of their cells. */
  readonly #keepsSpace: boolean;
  #scratch: Uint8Array = Buffer.alloc(4096);
  /** Warnings about the row that is being read. */
  #pending: StoredIssue[] = [];

  constructor(options: {
    importer: Importer;
    mapping: Mapping;
    assignment: Assignment;
    keys: readonly string[];
    jobId: number;
    /** What values of new records are made for. */
    context?: Readonly<Record<string, string>>;
    createdBy?: string | null;
    /** The cells of a Sluice report come without the apostrophes that guard them. */
    unguarded?: boolean;
    /** How white space at the ends of cells is taken. */
    trim?: Trim;
    attention?: Attention;
  }) {
    const {
      importer,
      mapping,
      assignment,
      keys,
      jobId,
      context = {},
      createdBy = null,
      attention = heedless,
    } = options;
    this.#keepsSpace = options.trim === "none";
    this.#fieldNames = Object.keys(importer.fields);
    this.#jobId = jobId;
    this.#columnCount = mapping.columns.length;
    this.#reportColumns = options.unguarded ? 0 : reportColumnCount(mapping.columns.map(({ header }) => header));
    const sources = cellSources(importer, mapping);
    const isReport = this.#reportColumns > 0;
    this.#composer = sources.length === 0 ? null : new Composer(sources, { columns: this.#columnCount, isReport });
    this.columns = stageColumns(importer, mapping, assignment);
    const composed = this.columns.filter(({ parts }) => parts !== undefined);
    const others = this.columns.filter(({ isCreated, parts }) => isCreated !== true && parts === undefined);
    const isLate = ({ name }: StageColumn): boolean => lateMakerOf(importer, mapping, name) !== null;
    const plain = others.filter((column) => !isLate(column)).filter(hasCell);
    const late = others.filter(isLate);
    this.#plainCount = plain.length + composed.length;
    this.#valueCount = this.#plainCount + late.length;
    this.#composites = composed
      .filter(({ name }) => Object.hasOwn(importer.fields, name))
      .map(({ name }) => compositeOf(importer, mapping, name));
    this.#cellView = new CellView(isReport);
    this.#fields = this.columns.map(({ name }) =>
      Object.hasOwn(importer.fields, name) ? importer.fields[name] : null,
    );
    this.#newSlots = () => plain.map((column) => slotOf(column, importer, mapping, keys));
    this.#slots = this.#newSlots();
    const lateFields = late.map((column) => lateColumnOf(column, importer, mapping, keys));
    this.#late = lateFields.length === 0 ? null : { values: new LateValues(importer, lateFields), fields: lateFields };
    this.#created = createdValues(importer);
    this.#run = { importer: importer.name, jobId, context, user: { id: createdBy } };
    this.#fillsBlanks =
      this.#composer !== null || this.#late !== null || this.#slots.some(({ fallback }) => fallback !== null);
    this.#importer = importer.name;
    this.#ownCode = hasOwnCode(importer)
      ? { file: new OwnCode(fileLimits, attention), review: new OwnCode(reviewLimits, attention) }
      : null;
    this.#checks = (importer.checks ?? []).flatMap((check, k): Checker[] => {
      if (typeof check === "function")
        return [(row) => askRowCheck(check, row, { importer: importer.name, place: `checks[${k}]` })];
      // A query is asked once, when all rows are staged.
      if (check.kind === "sql") return [];
      const fields: readonly string[] = check.fields;
      return [
        {
          names: fields.join(", "),
          slots: this.columns.flatMap(({ name }, s) => (fields.includes(name) ? [s] : [])),
        },
      ];
    });
    this.#filled = new Uint8Array(this.columns.length);
    this.#valueStarts = new Int32Array(this.columns.length);
  }

  /**
   * Appends the batch's rows below `headerRow` to `stage` and `rejects`; those after `lastRow` are not part of the table.
   * Rows before `countedToRow` are only staged: when the stage is made again, their issues are recorded and counted already.
   *
   * @throws StuckRow for one over which the importer's own code does not come to an end.
   */
  validate(own: Batch, bounds: RowBounds, known = nothingKnown): BatchCounts {
    const batch = { own, wide: this.#composer?.widen(own) ?? own };
    this.#view = viewOf(batch.wide.bytes);
    const counts: BatchCounts = { valid: 0, invalid: 0, skipped: 0 };
    if (this.#ownCode === null) {
      this.#validateRows(batch, 0, own.rowCount, { ...bounds, known }, counts);
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
      count: own.rowCount,
      numberOf: (r) => own.rowNumbers[r],
      run: (from, to) => {
        rollBack = mark();
        this.#validateRows(batch, from, to, { ...bounds, known }, counts);
      },
      rollBack: () => rollBack(),
    });
    return counts;
  }

  /** `own`: as the reader has it; `wide`: with the cells that are made, the same where none is. */
  #validateRows(
    { own: batch, wide }: { own: Batch; wide: Batch },
    from: number,
    to: number,
    { headerRow, lastRow, countedToRow = 0, known }: RowBounds & { known: KnownRows },
    counts: BatchCounts,
  ): void {
    const last = lastRow ?? Number.POSITIVE_INFINITY;
    const { stage } = this;
    const hasNotes = batch.notes.size > 0;
    const leavesOut = known.skipped.size > 0;
    const warns = known.warned.size > 0;
    for (let r = from; r < to; r++) {
      if (batch.rowNumbers[r] <= headerRow) continue;
      if (leavesOut && known.skipped.has(r)) {
        if (batch.rowNumbers[r] < countedToRow) continue;
        this.#keepOut(wide, r, "skipped", [known.skipped.get(r) as StoredIssue]);
        counts.skipped++;
        continue;
      }
      const mark = stage.length;
      let issues: StoredIssue[] | null = null;
      if (batch.rowNumbers[r] > last) {
        if (isBlankRow(batch, r)) continue;
        issues = [{ c: "outside_table" }];
      } else if (batch.shapes[r] !== rowIntact) {
        if (isBlankRow(batch, r)) continue;
        issues = [this.#shapeIssue(batch, r)];
      } else {
        issues = this.#encodeRow(wide, r);
        if (issues !== null && batch.rowNumbers[r] < countedToRow && issues.every(({ f }) => f === "owner_key")) {
          stage.length = mark;
          issues = this.#encodeOwnerless(wide, r);
        }
        // A row that has nothing but what is the same in every row is blank.
        if ((!this.#isFilled || this.#fillsBlanks) && isBlankRow(batch, r)) {
          stage.length = mark;
          continue;
        }
      }
      if (issues !== null) stage.length = mark;
      if (batch.rowNumbers[r] < countedToRow) continue;
      if (this.#pending.length > 0) this.#tellPending(batch, r, issues === null);
      if (issues === null) {
        counts.valid++;
        if (hasNotes || warns) this.#tellKnown(batch, r, known);
        if (r === to - 1) this.lastValid = { row: batch.rowNumbers[r], offset: batch.rowOffsets[r] };
      } else {
        // What is no row of the table has no values.
        const isRow = batch.shapes[r] === rowIntact && batch.rowNumbers[r] <= last;
        this.#keepOut(isRow ? wide : batch, r, "invalid", issues);
        counts.invalid++;
      }
    }
  }

  /** Looks at row `r` alone, which must be whole, with the cells that are made; appends and counts nothing. @throws StuckRow */
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
    return { issues, warnings: this.#pending.filter(({ c }) => !isInfo(c)), values };
  }

  /** What was found of the row that is no error; of one that stays out its warnings do not matter. */
  #tellPending({ rowNumbers, rowOffsets }: Batch, r: number, isValid: boolean): void {
    for (const issue of this.#pending) {
      if (isInfo(issue.c)) this.#tally.count(issue);
      else if (isValid) this.warn(rowNumbers[r], rowOffsets[r], issue);
    }
  }

  /** What the reader, or a look at the whole batch, has noticed of a row that goes in. */
  #tellKnown({ notes, rowNumbers, rowOffsets }: Batch, r: number, known: KnownRows): void {
    const note = notes.get(rowNumbers[r]);
    if (note !== undefined) this.warn(rowNumbers[r], rowOffsets[r], { c: note });
    const warning = known.warned.get(r);
    if (warning !== undefined) this.warn(rowNumbers[r], rowOffsets[r], warning);
  }

  /** A row that the reader knew to be none of the table: counted, and the first of each code kept, as warnings are. */
  noteLeftOut(row: number, offset: number, code: IssueCode): void {
    this.#tally.warn({ row, offset, issue: { c: code } });
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
    const owner = this.columns.filter(hasCell).find(({ name }) => name === "owner_key");
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
          if (!slot.heedsBlank) continue;
          stage.length = at;
          issues = this.#encodeBlank(s, issues);
          target = stage.bytes;
          targetView = stage.view;
          room = target.length - 2 * verbatimSlack;
          at = stage.length;
          continue;
        }
        if (
          length >= slot.least &&
          length <= slot.most &&
          (classes[bytes[start]] & slot.begins) !== 0 &&
          (classes[bytes[end - 1]] & endsPlain) !== 0 &&
          copyVerbatim(view, start, length, targetView, at, high | slot.high) === 0
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
    this.#isFilled = isFilled;
    if (this.#composites.length > 0) issues = this.#encodeComposites(batch, firstCell, issues);
    if (this.#late !== null) issues = this.#encodeLate(this.#late, batch, firstCell, issues);
    if (this.#created.length > 0 && issues === null) this.#createValues();
    stage.reserve(1);
    stage.endRow();
    for (const check of this.#checks) {
      if (typeof check === "function") {
        // A function sees values; of a row that has none for a field it would judge a hole.
        const lastEnd = this.#valueEnd(this.#valueCount - 1);
        if (issues === null) issues = this.#noteCheck(issues, check(this.#values(this.#valueCount, lastEnd)));
      } else if (!anyFilled(filled, check.slots)) {
        issues = this.#note(issues, undefined, { code: "at_least_one", params: { fields: check.names } });
      }
    }
    return issues;
  }

  /** Reads the fields of several cells into the stage. */
  #encodeComposites(batch: Batch, firstCell: number, before: StoredIssue[] | null): StoredIssue[] | null {
    const { stage } = this;
    let issues = before;
    let s = this.#slots.length;
    for (const { field, width, encode } of this.#composites) {
      const first = s;
      const isFilled = encode(
        batch,
        firstCell,
        this.#cellView,
        stage,
        (finding) => {
          if (isWarning(finding)) this.#pending.push(storedIssue(field, finding));
          else issues = this.#note(issues, field, finding);
        },
        () => {
          stage.reserve(1);
          stage.tab();
          this.#valueStarts[s++] = stage.length;
        },
      );
      this.#filled.fill(isFilled ? 1 : 0, first, first + width);
      if (isFilled) this.#isFilled = true;
    }
    return issues;
  }

  /** What the importer's own code makes of the row's other values. Its functions see right values: a row that has none is not asked. */
  #encodeLate(
    { values, fields }: Late,
    batch: Batch,
    firstCell: number,
    before: StoredIssue[] | null,
  ): StoredIssue[] | null {
    const { stage } = this;
    let issues = before;
    const own = fields.map(({ slot }, k) => {
      const s = this.#plainCount + k;
      this.#filled[s] = 0;
      if (slot === null) return null;
      const out = this.#lateText;
      out.length = 0;
      issues = this.#encodeCell(batch, firstCell + slot.column, s, issues, { slot, out });
      return this.#filled[s] === 1 ? Uint8Array.from(out.bytes.subarray(0, out.length)) : null;
    });
    if (issues !== null) return issues;
    for (const [k, { text, finding }] of values.of(this.#values(this.#plainCount, stage.length), own).entries()) {
      const { name, field } = fields[k];
      const s = this.#plainCount + k;
      if (finding !== null && !isWarning(finding)) issues = this.#note(issues, name, finding);
      else if (finding !== null) this.#pending.push(storedIssue(name, finding));
      else if (text === null && field.required) issues = this.#note(issues, name, requiredFinding);
      stage.reserve(1);
      stage.tab();
      this.#valueStarts[s] = stage.length;
      this.#filled[s] = text === null ? 0 : 1;
      if (text !== null) stage.plain(text);
    }
    return issues;
  }

  /** The values that the row's record gets if it is a new one. */
  #createValues(): void {
    const { stage } = this;
    for (const [k, { name, make }] of this.#created.entries()) {
      const of = { importer: this.#importer, place: name.replace(/^create /, "onCreate of "), kind: null };
      const text = askOwnValue(() => make(this.#run), of);
      stage.reserve(1);
      stage.tab();
      this.#valueStarts[this.columns.length - this.#created.length + k] = stage.length;
      if (text !== null) stage.text(text);
    }
  }

  /** Reads a cell of any kind into the stage; `late`: into what is appended to it later. */
  #encodeCell(
    batch: Batch,
    cell: number,
    s: number,
    before: StoredIssue[] | null,
    late?: { slot: Slot; out: CopyText },
  ): StoredIssue[] | null {
    const stage = late?.out ?? this.stage;
    const slot = late?.slot ?? this.#slots[s];
    const flag = batch.flags[cell];
    let encode = slot.quick;
    let { bytes } = batch;
    let start = batch.cells[2 * cell];
    let end = batch.cells[2 * cell + 1];
    let issues = before;
    // Most cells are plain, or quoted and plain.
    if (flag > cellQuoted) {
      if (flag & cellEscaped && !isBackslashNull(bytes, start, end)) {
        if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start);
        end = unescapeCell(bytes, start, end, this.#scratch, flag);
        start = 0;
        bytes = this.#scratch;
      }
      if (flag & cellTyped) encode = slot.encodeTyped;
      if (flag & cellRead) encode = encodePlainText;
    }
    if (this.#reportColumns > 0 && isGuarded(bytes, start, end)) start++;
    const from = start;
    const to = end;
    // Most cells begin and end with a letter or a digit: only the others are examined.
    if (start < end && mayBeSpace[bytes[start]] === 1) {
      while (start < end && spaceAt(bytes, start, end) > 0) start += spaceAt(bytes, start, end);
    }
    if (start < end && mayBeSpace[bytes[end - 1]] === 1) {
      while (start < end && spaceBefore(bytes, start, end) > 0) end -= spaceBefore(bytes, start, end);
    }
    this.#filled[s] = 0;
    if (start === end) return slot.heedsBlank ? this.#encodeBlank(s, issues) : issues;
    if (this.#keepsSpace && slot.field?.kind === "text") {
      start = from;
      end = to;
    }
    this.#filled[s] = 1;
    const isError = (flag & cellError) !== 0 || (bytes[start] === hash && isSpreadsheetError(bytes, start, end));
    const valueAt = stage.length;
    let finding = isError
      ? slot.heedsBlankWords && isNotAvailable(bytes, start, end)
        ? blankWord
        : cellErrorFinding(bytes, start, end)
      : (flag & cellTooLong) !== 0
        ? tooLongFinding
        : encode(bytes, start, end, stage);
    // What other programs did to a cell is undone where the cell as it stands is no value.
    if (finding !== null && mayBeTakenYet(slot, encode, finding)) {
      stage.length = valueAt;
      finding = slot.encode(bytes, start, end, stage);
    }
    if (finding === blankWord) {
      this.#pending.push(storedIssue(slot.name, finding));
      this.#filled[s] = 0;
      return slot.heedsBlank ? this.#encodeBlank(s, issues) : issues;
    }
    if (finding !== null) {
      if (isWarning(finding)) this.#pending.push(storedIssue(slot.name, finding));
      else issues = this.#note(issues, slot.name, finding);
    }
    const isTaken = finding === null || isWarning(finding);
    if (isTaken && late !== undefined) this.#filled[s] = late.out.length > 0 ? 1 : 0;
    else if (isTaken && slot.mayBlank) return this.#noteBlanked(s, issues);
    return issues;
  }

  /** Of a cell that is blank: what it counts as, or that a value is missing. */
  #encodeBlank(s: number, before: StoredIssue[] | null): StoredIssue[] | null {
    const slot = this.#slots[s];
    const { fallback, name } = slot;
    if (fallback === null) return this.#note(before, name, requiredFinding);
    this.#filled[s] = 1;
    const finding = fallback.encode(fallback.bytes, 0, fallback.bytes.length, this.stage);
    if (finding === null || isWarning(finding)) {
      if (finding !== null) this.#pending.push(storedIssue(name, finding));
      return slot.mayBlank ? this.#noteBlanked(s, before) : before;
    }
    return this.#note(before, name, finding);
  }

  /** Of a cell of which the field's validator may have left nothing. */
  #noteBlanked(s: number, issues: StoredIssue[] | null): StoredIssue[] | null {
    if (this.stage.length > this.#valueStarts[s]) return issues;
    this.#filled[s] = 0;
    const { required, name } = this.#slots[s];
    return required ? this.#note(issues, name, requiredFinding) : issues;
  }

  #valueEnd(s: number): number {
    return s + 1 < this.#valueStarts.length ? this.#valueStarts[s + 1] - 1 : this.stage.length - 1;
  }

  /**
   * The row as a check sees it, by its first columns, the last of which ends at `lastEnd`; read back from the stage's own text, so that
   * it sees what is stored.
   */
  #values(count: number, lastEnd: number): Record<string, unknown> {
    const values: Record<string, unknown> = Object.create(null);
    for (const name of this.#fieldNames) values[name] = null;
    for (let s = 0; s < count; s++) {
      const field = this.#fields[s];
      if (field === null || this.#filled[s] === 0) continue;
      const end = s + 1 < count ? this.#valueEnd(s) : lastEnd;
      values[this.columns[s].name] = kindOf(field).value(this.stage.read(this.#valueStarts[s], end), field);
    }
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

  /** A row that stays out, and why. */
  #keepOut(batch: Batch, r: number, outcome: "invalid" | "skipped", issues: StoredIssue[]): void {
    for (const issue of issues) this.#tally.count(issue);
    writeReject(this.rejects, batch, r, { jobId: this.#jobId, outcome, issues, isReport: this.#reportColumns > 0 });
  }

  /** Says something of a row that went in. */
  warn(row: number, offset: number, issue: StoredIssue): void {
    this.#tally.warn({ row, offset, issue });
  }
}

const requiredFinding: Finding = { code: "required" };
const hash = 0x23;
const tab = 0x09;

function storedIssue(field: string | undefined, { code, params }: Finding): StoredIssue {
  return { c: code, ...(field !== undefined && { f: field }), ...(params !== undefined && { p: params }) };
}

/** Whether the slot's own encoder may take what `encode` has refused. */
function mayBeTakenYet(slot: Slot, encode: Encode, finding: Finding): boolean {
  if (encode !== slot.quick || slot.quick === slot.encode || isWarning(finding)) return false;
  return finding !== tooLongFinding && finding.code !== "cell_error";
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function anyFilled(filled: Uint8Array, slots: readonly number[]): boolean {
  for (const s of slots) if (filled[s] === 1) return true;
  return false;
}
