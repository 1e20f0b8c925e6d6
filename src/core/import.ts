/**
 * An import's statuses, its phases and the one table of transitions allowed between them. postgres/imports enforces it
 * with a compare-and-set.
 */
import { SluiceError, type Telling, textOf, told, withNext } from "./errors.ts";
import { ownerOf } from "./feed-names.ts";
import { columnsOf, type FieldSource } from "./field-source.ts";
import type { KeptOptions } from "./import-options.ts";
import type { IssueCode, StoredIssue } from "./issue.ts";
import type { NamedCounts } from "./record-counts.ts";
import type { Dialect } from "./row.ts";

export const statuses = [
  "pending",
  "queued",
  "parsing",
  "ready",
  "committing",
  "completed",
  "undoing",
  "undone",
  "paused",
  "cancelled",
  "failed",
] as const;
export type Status = (typeof statuses)[number];

/** The statuses within a sentence for a person. */
export const statusWords: Readonly<Record<Status, Telling>> = {
  pending: told`pending`,
  queued: told`queued`,
  parsing: told`parsing`,
  ready: told`ready`,
  committing: told`committing`,
  completed: told`completed`,
  undoing: told`undoing`,
  undone: told`undone`,
  paused: told`paused`,
  cancelled: told`cancelled`,
  failed: told`failed`,
};

/** What a person can do with an import in this status, as the end of a sentence that refused something else. */
export const nextActs: Readonly<Record<Status, Telling>> = {
  pending: told`Start it, or cancel it.`,
  queued: told`It is waiting for a worker: pause or cancel it to stop that.`,
  parsing: told`A worker is processing it: pause or cancel it to stop that.`,
  ready: told`Commit it, change it, or cancel it.`,
  committing: told`A worker is processing it: pause or cancel it to stop that.`,
  completed: told`It can be undone.`,
  undoing: told`A worker is processing it: pause it to stop that.`,
  undone: told`Nothing is left of it: import the file again if you need it.`,
  paused: told`Resume it, or cancel it.`,
  cancelled: told`Undo it if any rows were imported, or import the file again.`,
  failed: told`Retry it, or cancel it.`,
};

/** What was asked of an import that would have made it `to`. */
export function actOf(to: Status, { from, phase }: { from?: readonly Status[]; phase?: Phase }): Telling {
  if (to === "paused") return told`be paused`;
  if (to === "cancelled") return told`be cancelled`;
  if (to === "pending") return told`be reopened`;
  if (to !== "queued") return told`become ${statusWords[to]}`;
  if (phase === "undo") return told`be undone`;
  if (phase === "commit") return told`be committed`;
  if (phase === "parse") return told`be started`;
  return from?.length === 1 && from[0] === "failed" ? told`be retried` : told`be resumed`;
}

/** @returns SluiceError `not_found`, to be thrown. */
export function noImport(id: number): SluiceError {
  return new SluiceError("not_found", told`There is no import ${id}.`, { next: { code: "list_imports" } });
}

/** @returns SluiceError `conflict`, to be thrown. */
export function notInReview({ id, status }: { id: number; status: Status }): SluiceError {
  return new SluiceError(
    "conflict",
    told`Import ${id} is ${statusWords[status]}: rows can only be edited while it is ready.`,
  );
}

/** Of an import from a table of before Sluice, which has neither a file nor notes of what it wrote. @returns SluiceError `conflict`, to be thrown. */
export function earlierImport(id: number): SluiceError {
  return new SluiceError(
    "conflict",
    told`Import ${id} was made before Sluice by another importer: it can be looked at and deleted, and nothing else.`,
    { importId: id },
  );
}

/** Which work is queued, running, paused or failed, so that resume goes back to the right place. */
export type Phase = "parse" | "commit" | "undo";

/** Why an import is paused that somebody holds. */
export function pausedBy(name: string): Telling {
  return told`paused by ${name}`;
}

/** Why an import is paused of which the database refuses more rows than are likely to be wrong. */
export function pausedByRefusals(message: string, advice: Telling | null): Telling {
  const reason =
    advice === null
      ? told`The database rejects more than 100 rows of one chunk: ${message}`
      : told`The database rejects more than 100 rows of one chunk: ${message}. ${advice}`;
  return withNext(reason, { code: "reject_failures" });
}

/** Whether it is paused for that reason. */
export function isRefused(job: Pick<ImportJob, "status" | "errorMessage" | "errorTold">): boolean {
  const reason = job.status === "paused" ? reasonOf(job) : null;
  if (reason === null) return false;
  if (reason.next?.code === "reject_failures") return true;
  // By a worker of an earlier version.
  const { template } = reason;
  return template === pausedByRefusals("", null).template || template === pausedByRefusals("", pausedBy("")).template;
}

/** Why an import has its status, for other languages; null where nothing but the English was noted. */
export function reasonOf({ errorMessage, errorTold }: Pick<ImportJob, "errorMessage" | "errorTold">): Telling | null {
  if (errorTold !== null && textOf(errorTold) === errorMessage) return errorTold;
  // By a worker of an earlier version.
  const holder = /^paused by (.+)$/s.exec(errorMessage ?? "")?.[1];
  return holder === undefined ? null : pausedBy(holder);
}

/** The same for those who only use the server: what the database or the program reports is for its operator. */
export function reasonToTell(job: Pick<ImportJob, "errorMessage" | "errorTold">): Telling {
  return (
    reasonOf(job) ??
    told`Something went wrong on the server; your file is fine. Ask whoever runs the server: its log has the reason.`
  );
}

/** Who holds a paused import; null: nobody, it could not continue. */
export function holderOf(job: Pick<ImportJob, "status" | "errorMessage" | "errorTold">): string | null {
  const reason = reasonOf(job);
  return job.status === "paused" && reason?.template === pausedBy("").template ? String(reason.values[0]) : null;
}

/** From → to, each arrow with its reason. */
export const transitions: Readonly<Record<Status, Partial<Record<Status, string>>>> = {
  pending: {
    queued: "the mapping stands and the work is handed to the queue",
    cancelled: "the user does not want it",
    failed: "the file is gone or cannot be read",
  },
  queued: {
    parsing: "a worker takes the parse",
    committing: "a worker takes the commit",
    undoing: "a worker takes the undo",
    paused: "the user or an operator holds it back before a worker came",
    cancelled: "the user does not want it",
    failed: "no worker can take it",
  },
  parsing: {
    ready: "every row is staged and matched",
    queued: "the program or the database failed, and it is tried again",
    paused: "Ctrl-C, pause, or a worker that stops cleanly",
    cancelled: "the user does not want it",
    failed: "the file or the program is wrong",
  },
  ready: {
    queued: "commit was pressed; or the file is read again: the stage is gone, or another column names the owners",
    pending: "reopen: the mapping or the options are to be changed",
    cancelled: "the user does not want it",
    failed: "the staged rows cannot be matched",
  },
  committing: {
    queued: "the stage is gone and is made again from the file, or a failure is tried again",
    completed: "every chunk is done",
    paused: "Ctrl-C, pause, or too many rows that the database rejects",
    cancelled: "the user does not want the rest",
    failed: "a chunk killed its worker five times, or the program is wrong",
  },
  completed: { queued: "undo was pressed" },
  undoing: {
    undone: "every chunk is undone",
    queued: "the program or the database failed, and it is tried again",
    paused: "Ctrl-C or pause",
    failed: "the program is wrong",
  },
  undone: {},
  paused: {
    queued: "resume",
    pending: "reopen, as long as nothing was committed",
    cancelled: "the user does not want it",
  },
  cancelled: { queued: "undo of what had gone in" },
  failed: {
    queued: "retry, from the checkpoint",
    pending: "reopen, as long as nothing was committed",
    cancelled: "the user does not want it",
  },
};

/** The statuses from which `to` may be reached. */
export function statusesBefore(to: Status): Status[] {
  return statuses.filter((from) => transitions[from][to] !== undefined);
}

/** Whether nothing more will happen to an import without someone asking for it. */
export function isFinished(status: Status): boolean {
  return status === "completed" || status === "cancelled" || status === "undone";
}

/** Whether it may become pending again: no worker has it, and it has committed nothing that another mapping would contradict. */
export function mayReopen({
  status,
  phase,
  hasCommitted,
}: Pick<ImportJob, "status" | "phase"> & { hasCommitted: boolean }): boolean {
  return transitions[status].pending !== undefined && phase !== "undo" && !hasCommitted;
}

/** Statuses in which a worker has an import. */
export const runningStatuses = ["parsing", "committing", "undoing"] as const satisfies readonly Status[];

/** Whether a worker has it, or would have if it had not died. */
export function isRunning(status: Status): boolean {
  return (runningStatuses as readonly Status[]).includes(status);
}

/** Statuses in which an import may be deleted: no worker has it, and none is to get it. */
export const deletableStatuses = [
  "pending",
  "completed",
  "undone",
  "cancelled",
  "failed",
] as const satisfies readonly Status[];

/**
 * The place of an import among those that wait: the smaller its file, the sooner. Eightfold the size is one step down, so
 * that files of about the same size keep their order.
 */
export function importPriority(job: { fileSizeBytes: number }): number {
  return Math.max(0, 12 - Math.floor(Math.log2(Math.max(1, job.fileSizeBytes)) / 3));
}

/** An import's place in the queue: among those of its owner, with its priority; an undo goes the way of a commit. */
export function queuePlace(job: Pick<ImportJob, "createdBy" | "fileSizeBytes" | "phase">): {
  group: string | null;
  priority: number;
  step: "parse" | "commit";
} {
  return { group: job.createdBy, priority: importPriority(job), step: job.phase === "parse" ? "parse" : "commit" };
}

/** From this priority on (files below 2 MiB) an import is small: workers keep a place of its own for it. */
export const smallImportPriority = 6;

/** What commit does with a row. */
export type Action = "create" | "update" | "skip" | "unchanged";

/** Where the parse continues. */
export interface Checkpoint {
  /** Byte offset in the stored file of the first row that is not staged yet. */
  offset: number;
  /** Number of the first row that is not staged yet, as a spreadsheet counts. */
  row: number;
}

/**
 * How many rows of the file ended how. Their sum is the rows of the file, always. Beside them, of an importer whose rows make several
 * records, what became of these: `created_price`.
 */
export interface Counts extends NamedCounts {
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  invalid: number;
  failed: number;
}

/** How a row of the file ended. */
export type RowOutcome = "created" | "updated" | "unchanged" | "skipped" | "invalid" | "failed";

/** What an update does to a field of a record: values as Postgres writes it; of a reference the id. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

export const noCounts: Readonly<Counts> = { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 0, failed: 0 };

/** One file's journey through an importer, as stored in `sluice.import_jobs`. */
export interface ImportJob extends KeptOptions {
  id: number;
  importer: string;
  fileName: string;
  fileHash: string;
  fileSizeBytes: number;
  storagePath: string;
  status: Status;
  phase: Phase;
  dialect: Dialect;
  mapping: Mapping;
  /** `schema.table` of the records. */
  target: string;
  /** Goes up when the stage was lost and is made again: names the stage's tables. */
  stageGeneration: number;
  checkpoint: Checkpoint | null;
  /** Rows below this number are counted; a stage that is made again does not count them twice. */
  countedToRow: number;
  /** When the job stepped in among those that write to its target. */
  registeredAt: Date | null;
  matchedAt: Date | null;
  totalRows: number;
  processedRows: number;
  validRows: number;
  invalidRows: number;
  /** Left out by the parse itself: totals of other rows. */
  skippedRows: number;
  importedRows: number;
  /** Why it is paused, failed or tried again, in English. */
  errorMessage: string | null;
  /** The same for other languages; null where it is the database's or a program's own text. */
  errorTold: Telling | null;
  rejectedRowsPath: string | null;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Rejects the rows that the database refuses, however many they are. */
  rejectFailures: boolean;
  workerId: string | null;
  /** When a worker last said that it is at this job. */
  heartbeatAt: Date | null;
  /** Failures of the program or the database since a person last started or retried it. */
  failures: number;
  /** Not to be tried again before. */
  retryAt: Date | null;
  createdAt: Date;
  parseStartedAt: Date | null;
  parsedAt: Date | null;
  commitStartedAt: Date | null;
  completedAt: Date | null;
}

/** Order of day, month and year in `01/02/2026`; `serial`: days are a spreadsheet's day numbers (`45292`), others day first. */
export type DateOrder = "dmy" | "mdy" | "ymd" | "serial";

/** How a column's cells are read where the cells alone do not say. */
export interface Transform {
  dateOrder?: DateOrder;
  /** The decimal mark in `1,5`. The other one of comma and point is read as a thousands mark. */
  decimalMark?: "," | ".";
  /** Restores one or two leading zeros that a spreadsheet removed from a text of digits, up to this length. */
  padTo?: number;
  /** Cell (folded) → choice value, on top of the field's own aliases. */
  values?: Record<string, string>;
  /** The zone of times that name none, before the field's own: `UTC`, `+02:00` or a name of the IANA database. */
  timeZone?: string;
  /** What separates the values in a list's cell: `;`, a line feed, `, `. */
  separator?: string;
  /** Cells that count as blanks, as they stand in the file: `NULL` in a text. */
  blankWords?: string[];
}

/** One column's way into a field. */
export interface ColumnMapping {
  /** Index of the column in the file, from 0. */
  column: number;
  /** Its header as in the file. */
  header: string;
  /** The field it feeds, or null when the column is left out. */
  field: string | null;
  transform?: Transform;
  /** What a blank cell counts as, read like a cell. */
  default?: string;
  /** 0 to 1: how sure the suggestion is. */
  score: number;
  /** Why: `given`, `name`, `alias`, `similar`, `values`, `rest` (it feeds nothing else), `none`. */
  reason: MappingReason;
  /** Why its order of dates or its decimal mark is what it is. Absent: a person said it, or there is nothing to say. */
  readBy?: ReadingReason;
  /** What the person must decide before the import may start without asking. */
  doubt?: MappingDoubt;
  /** What could be repaired in the column. Offered, not done: choosing it sets the transform. */
  repair?: Repair;
  /**
   * What the cells of a text column are, where that distinguishes a spreadsheet's damage from text: `identifier`, long numbers
   * (`3.36E+10` among them is damage); `fraction`, sizes, ranges and the like (`1/3`; `1-Mar` among them is damage).
   */
  nature?: "identifier" | "fraction";
  /** Words for a null in a column that feeds a text. Offered, not done: choosing it sets the transform. */
  blanks?: BlankOffer;
}

/** What could count as a blank in a column, and how many cells of the sample that are. */
export interface BlankOffer {
  words: string[];
  cells: number;
}
/**
 * Why cells are read as they are: by what the column's own cells show, by the file's other columns, by where its delimiter comes from, by
 * the language of its header, by all of its rows against what the first ones suggested, as a remembered mapping has it; or as is usual,
 * since nothing says.
 */
export const readingReasons = ["cells", "columns", "origin", "language", "whole_file", "remembered", "usual"] as const;
export type ReadingReason = (typeof readingReasons)[number];
export type MappingDoubt =
  | "ambiguous_field"
  | "date_order"
  | "date_serial"
  | "decimal_mark"
  | "separator"
  | "similar_name"
  /** Its header names a time zone by letters that mean several. */
  | "time_zone"
  /** Of a field that is made: a part of a column is suggested for it. */
  | "suggested_split";

/** Zeros that a spreadsheet took from codes of `width` digits, such as postal codes; `padTo` puts them back. */
export interface Repair {
  kind: "pad_zeros";
  width: number;
  /** How many cells of the sample are too short. 0: none there, but one further down is still reported. */
  cells: number;
}
export type MappingReason = "given" | "name" | "alias" | "similar" | "values" | "rest" | "none";

/** A field whose values are not the cells of one column. */
export interface MadeField {
  field: string;
  source: FieldSource;
  /** What a blank counts as, read like a cell. */
  default?: string;
  transform?: Transform;
  /** `given`, or `values` where the cells suggest it. */
  reason: MappingReason;
  doubt?: MappingDoubt;
}

export interface Mapping {
  /** In the order of the file: the place in the list is the column's place. */
  columns: ColumnMapping[];
  /** Absent: there are none. */
  fields?: MadeField[];
}

/** What feeds the field: a column, or what it is made of. */
export function mappedTo({ columns, fields = [] }: Mapping, name: string): ColumnMapping | MadeField | undefined {
  return columns.find(({ field }) => field === name) ?? fields.find(({ field }) => field === name);
}

/** Whether something in the mapping feeds the field. */
export function isFed(mapping: Mapping, name: string): boolean {
  return (
    mappedTo(mapping, name) !== undefined ||
    mapping.columns.some(({ field }) => field !== null && ownerOf(field) === name)
  );
}

/** Whether nothing of the file is imported: no column feeds a field, and what else does is the same in every row. */
export function feedsNothing({ columns, fields = [] }: Mapping): boolean {
  return columns.every(({ field }) => field === null) && fields.every(({ source }) => source.kind === "constant");
}

/** The place of a field's cell in a row: of its column, or behind the file's own where it is made. Null: nothing feeds it. */
export function placeOfField({ columns, fields = [] }: Mapping, name: string): number | null {
  const own = columns.find(({ field }) => field === name);
  if (own !== undefined) return own.column;
  const made = fields.findIndex(({ field }) => field === name);
  return made < 0 ? null : columns.length + made;
}

/** The field whose cell is at a place; null: it feeds none. */
export function fieldAt({ columns, fields = [] }: Mapping, place: number): string | null {
  return (columns[place] ?? fields[place - columns.length])?.field ?? null;
}

/** What is in doubt, each with the field that it is about. */
export function doubtsOf({
  columns,
  fields = [],
}: Mapping): { header: string; field: string | null; doubt: MappingDoubt }[] {
  return [
    ...columns.flatMap(({ header, field, doubt }) => (doubt === undefined ? [] : [{ header, field, doubt }])),
    ...fields.flatMap(({ field, source, doubt }) =>
      doubt === undefined
        ? []
        : [
            {
              header: columnsOf(source)
                .map((place) => columns[place]?.header ?? "")
                .join(" + "),
              field,
              doubt,
            },
          ],
    ),
  ];
}

/** What is wrong with a row as a whole: its cells are not the columns of the table. */
export const shapeIssues: ReadonlySet<IssueCode> = new Set([
  "row_too_long",
  "row_too_short",
  "row_too_large",
  "quote_unclosed",
  "outside_table",
  "row_number_repeated",
]);

/** What is wrong with a row as a whole, or was when a person left it out. */
export function shapeIssueOf(issues: readonly StoredIssue[]): IssueCode | undefined {
  const found = issues.find(({ c, p }) => shapeIssues.has(c) || p?.shape !== undefined);
  return found?.p?.shape === undefined ? found?.c : (found.p.shape as IssueCode);
}

/** Of the cells that are kept of a row the file's own, which has so many columns: those of fields that are made stand behind them. */
export function fileCells(
  columnCount: number,
  cells: readonly string[],
  issues: readonly StoredIssue[],
): readonly string[] {
  return shapeIssueOf(issues) === undefined ? cells.slice(0, columnCount) : cells;
}
