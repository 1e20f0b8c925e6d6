/**
 * The review of an import that is ready: what people change of its rows before the commit. Every edit is kept with the rows
 * before and after it, so that it can be undone, and is applied again when the stage is lost and rebuilt.
 * postgres/review*.ts are the adapter.
 */
import { SluiceError } from "../errors.ts";
import type { Actor } from "../events.ts";
import type { ImportJob } from "../import.ts";
import type { IssueCode, StoredIssue } from "../issue.ts";
import type { Demands } from "../missing-importer.ts";
import { repairKinds } from "../repairs.ts";
import type { RowFilter } from "./archive.ts";
import type { RowView } from "./row-view.ts";
import type { StageColumn } from "./stage-column.ts";

/**
 * One cell; cells of several rows; one value everywhere; find and replace, in all rows or within those of a filter; only validated again; rows that the parse left out taken in;
 * a computed repair; rows left out of the import, and put back in; or what becomes of duplicates, decided row by row.
 */
export const editKinds = [
  "cell",
  "cells",
  "replace",
  "find",
  "find_within",
  "revalidate",
  "take_in",
  "repair",
  "leave_out",
  "put_back",
  "decide",
] as const;
export type EditKind = (typeof editKinds)[number];

/** Of duplicates. `update`: they update what they repeat, where others are skipped. `rule`: what holds for all holds for them. */
export const rowDecisions = ["update", "rule"] as const;
export type RowDecision = (typeof rowDecisions)[number];

/** What decides whether a process can go on with an edit. */
export type EditDemands = Pick<Edit, "kind" | "status"> & { repair: string | null };

/** Whether this version knows how to go on with an edit, which a newer one may have begun. Any can be taken back. */
export function isKnownEdit({ kind, status, repair }: EditDemands): boolean {
  if (status === "undoing") return true;
  return (
    editKinds.includes(kind) && (kind !== "repair" || (repairKinds as readonly (string | null)[]).includes(repair))
  );
}

/** How many rows an edit has changed so far, and what became of them. */
export interface EditCounts {
  changed: number;
  /** Left out by a person. */
  leftOut: number;
  /** Invalid or left out before. */
  nowValid: number;
  /** Valid before. */
  nowInvalid: number;
  stillInvalid: number;
}

export interface NewEdit {
  kind: EditKind;
  actor: Actor;
  /** Of a cell. */
  row?: number;
  /** The field it is about; absent where it is about several. */
  field?: string;
  /** What is searched for, and its replacement: enough to continue after a crash. */
  params: Record<string, unknown>;
}

export interface Edit extends EditCounts {
  id: number;
  jobId: number;
  kind: EditKind;
  /** `undoing`: it is being taken back. */
  status: "under_way" | "done" | "undoing" | "undone";
  at: Date;
  actor: Actor;
  row: number | null;
  field: string | null;
  params: Record<string, unknown>;
  /** No process got through it: it is taken back by itself. */
  isGivenUp: boolean;
}

/** An edit is kept to rows that a dry run has found, and what it found is gone with the stage, or there was none. */
export class LostMatch extends SluiceError {}

/** A row as it is now, held for an edit. */
export interface HeldRow {
  row: number;
  /** `skipped`: the parse left it out, or a person did. */
  status: "valid" | "invalid" | "skipped";
  /** As in the file, edited ones as edited; null: only its values are known. */
  cells: string[] | null;
  /** Places of the cells that the file itself typed. */
  typed: number[];
  /** Values in the stage as text, by the stage's columns; of an invalid row those that are still valid. */
  kept: Record<string, string | null> | null;
  issues: StoredIssue[];
  warnings: StoredIssue[];
  /** What kept the row out before its newest edit; null: it was valid, or nobody has edited it. */
  issuesBefore?: StoredIssue[] | null;
  /** Where the selection asks for it, and there is one. */
  above?: CellAbove;
}

/** The value of a field in the nearest row above that has one; cut where it is too long to be repeated. */
export interface CellAbove {
  text: string;
  /** It is in plain form: a number with a point, an ISO 8601 date. */
  isTyped: boolean;
}

/** What becomes of a row. */
export interface RowChange {
  row: number;
  /** All cells of the row. */
  cells: string[];
  typed: number[];
  /** The columns of the stage that were read again; the others stay as they are. */
  fresh: string[];
  /** Their values as text that Postgres reads; of a valid row. */
  values: Record<string, string | null>;
  /** Those of them that are documents, in JSON. */
  documents: readonly string[];
  /** Null: the row is valid. */
  issues: StoredIssue[] | null;
  warnings: StoredIssue[];
  /** Warnings that it had and that are only counted, beyond the cap of those kept row by row. */
  uncapped?: StoredIssue[];
  /** The cells that were changed, by their place. */
  edited: Record<number, string>;
}

/** Null: the row stays as it is. */
export type ChangeRow = (row: HeldRow) => RowChange | null;

/** Cells of several rows, each with its new value: of each row in the order of `fields`, null for a cell that stays as it is. */
export interface CellsEdit {
  fields: readonly string[];
  rows: readonly { row: number; values: readonly (string | null)[] }[];
  /** By which its sender knows it again once its values are gone from the list of edits. */
  digest?: string;
}

/** Rows that are left out of the import, or put back in: of all that is said those that meet it. */
export interface RowsOf {
  /** Their numbers, named one by one. */
  rows?: readonly number[] | undefined;
  /** From a row to another by their numbers, both among them. */
  from?: number | undefined;
  to?: number | undefined;
  /** Those of a view. */
  within?: RowView | undefined;
}

/** Which rows an edit looks at; it may be more than it changes. */
export interface Selection {
  /** Their numbers, ascending, where they are named one by one; absent: all rows. */
  rows?: readonly number[];
  /** Those with numbers after one, up to another. */
  range?: RowRange;
  /** The rows that are left out, instead of the invalid ones; or both. */
  kept?: "skipped" | "both";
  /** Null: all rows. */
  text: string | null;
  /** `any_case` is meant for ASCII; `pattern`: the text is a regular expression of Postgres. */
  match: "equal" | "contained" | "any_case" | "pattern";
  /** Places of the cells of invalid rows that are searched. */
  cells: readonly number[];
  /** Columns of the stage that are searched; none: valid rows are left alone. */
  staged: readonly string[];
  /** Of the invalid rows those with this issue alone. */
  issue?: StoredIssue;
  /** The rows of a filter alone, of the import as it is. */
  within?: { job: ImportJob; columns: readonly StageColumn[]; filter: RowFilter };
  /** What stands above each row in this field is asked for. */
  above?: RepeatedField;
}

/** A field whose values may be repeated in the rows below. */
export interface RepeatedField {
  field: string;
  place: number;
  /** Its values in the stage are its cells' words, not a plain form of them. */
  isWords: boolean;
}

/** Row numbers: after one, up to another. */
export interface RowRange {
  after: number;
  upTo: number;
}

/** A cell with one of the issues that were asked for. */
export interface IssueCell {
  row: number;
  /** The place of the issue among those asked for. */
  at: number;
  /** Its beginning, where it is longer than a repair reads. */
  cell: string;
  /** The row has nothing else in the columns of the file. */
  isAlone: boolean;
}

/** A cell that keeps rows out, and how many. */
export interface BadValue {
  value: string;
  rows: number;
}

export interface BadValuesPage {
  code?: IssueCode;
  /** The last one of the page before. */
  after?: BadValue;
  limit: number;
}

/**
 * Every change is one transaction that holds the job's row: none runs concurrently with another, or with a commit request.
 * All of them throw SluiceError `conflict` when the import is not ready, or an edit of many rows is not finished.
 */
export interface Review {
  /** Changes one row. Null: there was nothing to change. @throws SluiceError `not_found` when there is no such row. */
  editRow(
    jobId: number,
    columns: readonly StageColumn[],
    edit: NewEdit & { row: number },
    change: ChangeRow,
  ): Promise<Edit | null>;
  /** Begins an edit of many rows. */
  begin(jobId: number, edit: NewEdit): Promise<Edit>;
  /** Changes some hundred rows more; any number of processes may work on the same edit. */
  goOn(edit: Edit, selection: Selection, change: ChangeRow): Promise<Edit>;
  /** Takes some hundred rows of an edit back, which must be the last one. */
  takeBack(edit: Edit, actor: Actor): Promise<Edit>;
  /** The edit of many rows that is not finished. */
  unfinished(jobId: number): Promise<Edit | null>;
  /**
   * The imports with an edit of many rows that nobody has worked on for some seconds. A caller that is given one counts as working on
   * it from now on, so that each goes to one process at a time. One that several in a row have abandoned is to be undone. Those of which
   * the process lacks something are left to others, and count for nothing.
   */
  claimAbandoned(isAble?: (job: Demands, edit: EditDemands) => boolean): Promise<number[]>;
  /** Marks the edit of many rows in progress to be undone by the next process that finds it. */
  giveUp(jobId: number): Promise<void>;
  /** The newest edit that was not taken back. */
  last(jobId: number): Promise<Edit | null>;
  /** The newest first; `after` is the id of the last one seen. */
  edits(jobId: number, page: { after?: number; limit: number }): Promise<Edit[]>;
  /** Different cells of a field that keep rows out, the most frequent first. */
  badValues(jobId: number, cell: { field: string; place: number }, page: BadValuesPage): Promise<BadValue[]>;
  /** Cells of invalid rows with any of some issues, in the order of their rows. `columns`: how many the file has. */
  issueCells(
    job: ImportJob,
    asked: readonly { field: string; code: IssueCode; place: number }[],
    range: RowRange & { columns: number },
  ): Promise<IssueCell[]>;
  /** Cells that match a regular expression of Postgres, of valid rows and of invalid ones in which the field has no issue. */
  matchingCells(
    job: ImportJob,
    asked: { field: string; place: number; pattern: string },
    range: RowRange,
  ): Promise<{ row: number; cell: string }[]>;
  /** What stands above each blank cell of a required field; `last`: what stands above the row that follows. `before`: what stands above the first. */
  cellsAbove(
    job: ImportJob,
    asked: RepeatedField,
    range: RowRange & { before?: CellAbove },
  ): Promise<{ rows: Map<number, CellAbove>; last: CellAbove | null }>;
  /** Does in a stage that was made again what was done in the one before. May be repeated. */
  replay(job: ImportJob): Promise<void>;
}
