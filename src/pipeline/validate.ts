/**
 * Turns batches of cells into COPY text: the rows that are right for the stage, the others with what is wrong for
 * `import_rows`. A cell that is plain goes from the file's bytes to COPY's.
 */

import type { Field } from "../field.ts";
import type { Assignment, Mapping } from "../import.ts";
import type { AnyRowCheck, Importer, RowFinding } from "../importer.ts";
import type { IssueCode, IssueCount, IssueParams, StoredIssue } from "../issue.ts";
import {
  type Batch,
  cellEscaped,
  rowCells,
  rowIntact,
  rowQuoteUnclosed,
  rowTooLarge,
  rowTooLong,
  unescapeCell,
} from "../row.ts";
import type { StageColumn } from "../store.ts";
import { CopyText, storableText } from "./copy-text.ts";
import type { Encode, Finding } from "./encode.ts";
import { encodePlainText } from "./encode-text.ts";
import { encoderOf } from "./encoder.ts";
import { isGuarded, reportColumnCount, unguarded } from "./report-cell.ts";
import { stageColumns } from "./stage-columns.ts";
import { isBlankRow, mayBeSpace, spaceAt, spaceBefore } from "./white-space.ts";

interface Slot {
  name: string;
  field: Field | null;
  column: number;
  required: boolean;
  /** The field's validator may make a blank of a value. */
  mayBlank: boolean;
  encode: Encode;
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
};

export class RowValidator {
  /** COPY text of the valid rows: row_no, row_offset, then the stage's columns. */
  stage = new CopyText(64 * 1024);
  /** COPY text of the invalid rows: job_id, row_no, outcome, issues, cells. */
  rejects = new CopyText(64 * 1024);
  readonly columns: StageColumn[];
  readonly #slots: Slot[];
  readonly #checks: (Extract<AnyRowCheck, (row: never) => unknown> | { names: string; slots: number[] })[];
  readonly #counts = new Map<string, number>();
  readonly #fieldNames: readonly string[];
  readonly #jobId: number;
  readonly #columnCount: number;
  readonly #filled: Uint8Array;
  readonly #valueStarts: Int32Array;
  readonly #valueEnds: Int32Array;
  /** How many columns of a Sluice report stand before the file's own; 0 when the file is none. */
  readonly #reportColumns: number;
  #scratch: Uint8Array = Buffer.alloc(4096);

  constructor(options: {
    importer: Importer;
    mapping: Mapping;
    assignment: Assignment;
    keys: readonly string[];
    jobId: number;
  }) {
    const { importer, mapping, assignment, keys, jobId } = options;
    this.#fieldNames = Object.keys(importer.fields);
    this.#jobId = jobId;
    this.#columnCount = mapping.columns.length;
    this.#reportColumns = reportColumnCount(mapping.columns.map(({ header }) => header));
    this.columns = stageColumns(importer, mapping, assignment);
    this.#slots = this.columns.map(({ name, column }) => {
      const field = Object.hasOwn(importer.fields, name) ? importer.fields[name] : null;
      const transform = mapping.columns.find((each) => each.column === column)?.transform ?? {};
      const encode = field === null ? encodePlainText : encoderOf(name, field, transform, keys.includes(name));
      const required = field?.required ?? false;
      return { name, field, column, required, mayBlank: field?.validate !== undefined, encode };
    });
    this.#checks = (importer.checks ?? []).map((check) => {
      if (typeof check === "function") return check;
      const fields: readonly string[] = check.fields;
      return {
        names: fields.join(", "),
        slots: this.columns.flatMap(({ name }, s) => (fields.includes(name) ? [s] : [])),
      };
    });
    this.#filled = new Uint8Array(this.#slots.length);
    this.#valueStarts = new Int32Array(this.#slots.length);
    this.#valueEnds = new Int32Array(this.#slots.length);
  }

  /**
   * Appends the batch's rows below `headerRow` to `stage` and `rejects`. Rows before `countedToRow` are only staged:
   * when the stage is made again, their issues are recorded and counted already.
   */
  validate(batch: Batch, headerRow: number, countedToRow = 0): BatchCounts {
    const counts: BatchCounts = { valid: 0, invalid: 0 };
    const { stage } = this;
    for (let r = 0; r < batch.rowCount; r++) {
      if (batch.rowNumbers[r] <= headerRow) continue;
      const mark = stage.length;
      let issues: StoredIssue[] | null = null;
      if (batch.shapes[r] !== rowIntact) {
        if (isBlankRow(batch, r)) continue;
        issues = [this.#shapeIssue(batch, r)];
      } else {
        issues = this.#encodeRow(batch, r);
        if (!this.#filled.includes(1) && isBlankRow(batch, r)) {
          stage.length = mark;
          continue;
        }
      }
      if (issues !== null) stage.length = mark;
      if (batch.rowNumbers[r] < countedToRow) continue;
      if (issues === null) {
        counts.valid++;
      } else {
        this.#reject(batch, r, issues);
        counts.invalid++;
      }
    }
    return counts;
  }

  /** The issues counted since the last call, by field and code. */
  takeIssueCounts(): IssueCount[] {
    const counts = [...this.#counts].map(([key, count]) => {
      const [code, field] = key.split(" ");
      return { field: field || null, code: code as IssueCode, count };
    });
    this.#counts.clear();
    return counts;
  }

  #encodeRow(batch: Batch, r: number): StoredIssue[] | null {
    const { stage } = this;
    const { cells, flags, columnCount } = batch;
    const slots = this.#slots;
    const filled = this.#filled;
    const firstCell = r * columnCount;
    let issues: StoredIssue[] | null = null;
    stage.integer(batch.rowNumbers[r]);
    stage.tab();
    stage.integer(batch.rowOffsets[r]);
    for (let s = 0; s < slots.length; s++) {
      const slot = slots[s];
      stage.reserve(8);
      stage.tab();
      const cell = firstCell + slot.column;
      let { bytes } = batch;
      let start = cells[2 * cell];
      let end = cells[2 * cell + 1];
      if (flags[cell] & cellEscaped) {
        if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start);
        end = unescapeCell(bytes, start, end, this.#scratch);
        start = 0;
        bytes = this.#scratch;
      }
      if (this.#reportColumns > 0 && isGuarded(bytes, start, end)) start++;
      // Most cells begin and end with a letter or a digit: only the others are looked at closely.
      if (start < end && mayBeSpace[bytes[start]] === 1) {
        while (start < end && spaceAt(bytes, start, end) > 0) start += spaceAt(bytes, start, end);
      }
      if (start < end && mayBeSpace[bytes[end - 1]] === 1) {
        while (start < end && spaceBefore(bytes, start, end) > 0) end -= spaceBefore(bytes, start, end);
      }
      this.#valueStarts[s] = stage.length;
      if (start === end) {
        filled[s] = 0;
        stage.null();
        if (slot.required) issues = this.#note(issues, slot.name, requiredFinding);
      } else {
        filled[s] = 1;
        const finding = slot.encode(bytes, start, end, stage);
        if (finding !== null) issues = this.#note(issues, slot.name, finding);
        else if (slot.mayBlank && isNull(stage, this.#valueStarts[s])) {
          filled[s] = 0;
          if (slot.required) issues = this.#note(issues, slot.name, requiredFinding);
        }
      }
      this.#valueEnds[s] = stage.length;
    }
    stage.reserve(1);
    stage.endRow();
    for (const check of this.#checks) {
      if (typeof check === "function") {
        // A function sees values; of a row that has none for a field it would judge a hole.
        if (issues === null) issues = this.#noteCheck(issues, check(this.#values()));
      } else if (!check.slots.some((s) => filled[s] === 1)) {
        issues = this.#note(issues, undefined, { code: "at_least_one", params: { fields: check.names } });
      }
    }
    return issues;
  }

  /** The row as a check sees it; read back from the stage's own text, so that it sees what is stored. */
  #values(): Record<string, unknown> {
    const values: Record<string, unknown> = Object.create(null);
    for (const name of this.#fieldNames) values[name] = null;
    this.#slots.forEach(({ name, field }, s) => {
      if (field === null || this.#filled[s] === 0) return;
      const text = this.stage.read(this.#valueStarts[s], this.#valueEnds[s]);
      values[name] = field.kind === "integer" ? Number(text) : field.kind === "boolean" ? text === "t" : text;
    });
    return values;
  }

  #noteCheck(issues: StoredIssue[] | null, finding: RowFinding | null | undefined): StoredIssue[] | null {
    if (finding === null || finding === undefined) return issues;
    const params: IssueParams = { ...finding.params, message: finding.message };
    for (const [name, value] of Object.entries(params))
      if (typeof value === "string") params[name] = storableText(value);
    return this.#note(issues, finding.field, { code: "row_rejected", params });
  }

  #note(issues: StoredIssue[] | null, field: string | undefined, finding: Finding): StoredIssue[] {
    const issue: StoredIssue = { c: finding.code };
    if (field !== undefined) issue.f = field;
    if (finding.params !== undefined) issue.p = finding.params;
    return issues === null ? [issue] : [...issues, issue];
  }

  #shapeIssue(batch: Batch, r: number): StoredIssue {
    const code = shapeCodes[batch.shapes[r]] ?? "row_too_short";
    return { c: code, p: { cells: batch.cellCounts[r], columns: this.#columnCount } };
  }

  #reject(batch: Batch, r: number, issues: StoredIssue[]): void {
    for (const issue of issues) {
      const key = `${issue.c} ${issue.f ?? ""}`;
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
    const { rejects } = this;
    rejects.integer(this.#jobId);
    rejects.reserve(16);
    rejects.tab();
    rejects.integer(batch.rowNumbers[r]);
    rejects.reserve(16);
    rejects.tab();
    rejects.text("invalid");
    rejects.reserve(1);
    rejects.tab();
    rejects.text(JSON.stringify(issues));
    rejects.reserve(1);
    rejects.tab();
    const cells = rowCells(batch, r);
    rejects.text(arrayLiteral(this.#reportColumns > 0 ? cells.map(unguarded) : cells));
    rejects.reserve(1);
    rejects.endRow();
  }
}

const requiredFinding: Finding = { code: "required" };

/** Whether SQL's null was written from `start` on; text that looks like it has its backslash escaped. */
function isNull(stage: CopyText, start: number): boolean {
  return stage.length === start + 2 && stage.bytes[start] === 0x5c && stage.bytes[start + 1] === 0x4e;
}

/** A text[] literal (the Postgres manual, 8.15.2): every element quoted. */
function arrayLiteral(values: string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}
