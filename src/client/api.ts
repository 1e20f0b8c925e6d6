/**
 * What the API takes and tells, by the names that programs use; the schemas are generated from the OpenAPI document. Moments are
 * ISO 8601 in UTC.
 */

import type { ContextType } from "../core/context.ts";
import type { EventView } from "../core/events.ts";
import type { Status } from "../core/import.ts";
import type { IssueCode } from "../core/issue.ts";
import type { ImportSort, RowStatus } from "../core/store/archive.ts";
import type { Schemas } from "./schemas.ts";

export type { Assignment } from "../core/assignment.ts";
export type { DuplicateOptions, MergeRules } from "../core/duplicates.ts";
export type { EventView as ImportEvent } from "../core/events.ts";
export type { Counts, FieldChange, Phase, RowOutcome, Status, Transform } from "../core/import.ts";
export type { ImportOptions } from "../core/import-options.ts";
export type { IssueCode } from "../core/issue.ts";
export type { NextCode, NextStep } from "../core/next-step.ts";
export type { Owner, UnknownOwner, UnknownOwners } from "../core/owners.ts";
export type { DialectHints, SheetLook as Sheet } from "../core/row.ts";
export type { ImportSort, RowStatus } from "../core/store/archive.ts";
export type { BadValue, EditCounts } from "../core/store/review.ts";
export type { KeptReason, KeptRow as KeptRecord, UndoPreview } from "../core/store/undo.ts";
export type { ContextType };

/** A page of a list; `next` goes into `after` of the next call, null: this is the last. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
export interface PageQuery {
  after?: string;
  limit?: number;
}
export type ApiLanguage = "en" | "fr" | "sv";

export interface ContextChoice {
  name: string;
  /** What a person reads. */
  label: string;
  type: ContextType;
  /** The server sets it: say nothing. */
  pinned: boolean;
  /** What may be chosen, where the server knows that beforehand. */
  choices?: string[];
  /** What a person reads instead of some of them. */
  choiceLabels?: Record<string, string>;
}

export type Progress = NonNullable<Schemas["Progress"]>;
export type ImportAction = Import["actions"][number];

export interface ImportFilter extends PageQuery {
  status?: Status | readonly Status[];
  importer?: string;
  /** Whose; for admins. `me`: your own. */
  user?: string;
  /** Part of the file's name. */
  text?: string;
  /** Made then or later. */
  from?: string | Date;
  /** Made before. */
  to?: string | Date;
  parentId?: number;
  /** Default: `createdAt`. */
  sort?: ImportSort;
  /** Default: `desc`. */
  order?: "asc" | "desc";
}

export interface PreviewColumn {
  column: string;
  /** What the cells look like: `email`, `date`, `choice`, … */
  kind: string;
  /** Share of the sample, 0 to 1. */
  filled: number;
  distinct: number;
  examples: string[];
  /** The most frequent cells; of a file of few columns, up to 200. */
  /** `choice`: of a column that feeds a choice, which one the cell means; null: none. */
  top: { value: string; count: number; choice?: string | null }[];
}
export interface PreviewRow {
  row: number;
  cells: string[];
  /** False: it has too few cells, too many, or an open quote. */
  intact: boolean;
  /** Field → its value as the database will get it. Null: the row would be rejected. */
  values: Record<string, string | null> | null;
  issues: Issue[];
}

export interface RowView {
  /** A part of any cell, in any case. */
  search?: string;
  status?: RowStatus | readonly RowStatus[];
  issue?: IssueCode;
  field?: string;
  /** Rows with any of these kinds of issue: a code, or `code:field`. */
  issues?: readonly string[];
  /** By columns: in each one of the values; a blank is an empty text, of a longer value its first 200 characters are compared. */
  where?: Readonly<Record<string, readonly string[]>>;
}

export interface RowFilter extends RowView, PageQuery {
  /** The field of a column that the rows are sorted by; `after` is then a place in the list. */
  sort?: string;
  /** Default: `asc`. */
  order?: "asc" | "desc";
  /** With `offset`. `later`: the answer comes within a second, and may still be `counting`: ask again. Default: `now`. */
  total?: "now" | "later";
  /** Instead of `after`: how many rows of the list come before the page. */
  offset?: number;
  /** `field`: `values` has the cells of invalid rows by the fields that they feed. Default: `column`. */
  by?: "column" | "field";
  lang?: ApiLanguage;
}

export interface RowValueQuery extends RowView {
  column: string;
  /** Values that hold this text alone. */
  containing?: string;
}

/** `isCut`: there are more different values than these, and of these not all rows are counted. */
export interface RowValues {
  items: RowValue[];
  isCut: boolean;
}

export interface BadValueQuery extends PageQuery {
  field: string;
  issue?: IssueCode;
}

export type RecordSample = NonNullable<DryRun["samples"]>[number];

export interface RecordFilter extends PageQuery {
  /** Which of several records that a row makes, by its name. Default: the main one. */
  record?: string | undefined;
  outcome?: "created" | "updated";
  /** A part of any value, in any case. */
  search?: string;
  lang?: ApiLanguage;
}

/** Something is new about an import. */
export type Change =
  | { type: "event"; jobId: number; event: EventView }
  | { type: "progress"; jobId: number; progress: Progress }
  /** The import and its timeline are gone; the last of its changes. */
  | { type: "deleted"; jobId: number };

export type Upload = Schemas["Upload"];
/** What is said of one column, by its header. `field: null` leaves it out. */
export type GivenColumn = Schemas["GivenColumn"];
export type MappedColumn = Schemas["MappedColumn"];
export type GivenField = Schemas["GivenField"];
export type MappedField = Schemas["MappedField"];
export type FieldSource = Schemas["FieldSource"];
/** What is said of a mapping: of columns, and of fields that are not one column's. */
export type MappingChange = Partial<Schemas["MappingInput"]>;
/** A file of a zip archive. */
export type Entry = Schemas["Entry"];
export type Mapping = Schemas["Mapping"];
export type Template = NonNullable<Schemas["Template"]>;
export type NewImport = Schemas["NewImport"];
export type CreatedImport = Schemas["CreatedImport"];
export type Import = Schemas["Import"];
export type Preview = Schemas["Preview"];
export type Reading = Schemas["Reading"];
export type ReadingChoice = Schemas["ReadingChoice"];
export type Analysis = Schemas["Analysis"];
export type IssueCount = Schemas["IssueCount"];
export type Row = Schemas["Row"];
/** `column`: its header, or its place from 0. */
export type CellEdit = Schemas["CellEdit"];
/**
 * `cells`: cells of several rows, each with its value. `replace`: one value of a field, in every invalid row whose cell is exactly
 * that. `find`: a text within cells, of valid rows too. `revalidate`: every invalid row anew. `take_in`: the rows that were left out because they sum up others. `repair`: what
 * `repairs` offers. `leave_out`: rows that are not imported; `put_back`: in again.
 */
export type NewEdit = Schemas["NewEdit"];
/** A row beside the row or the record that it repeats. */
export type Duplicate = Schemas["Duplicate"];
export type RowValue = Schemas["RowValue"];
/** Rows that an edit is kept to. */
export type EditedView = Schemas["RowView"];
export type DryRun = Schemas["DryRun"];
export type Report = Schemas["Report"];
/** A record that an import has written, as it is now; values by the names of the page's columns. */
export type ImportedRecord = Schemas["ImportedRecord"];
export type UndoReport = Schemas["UndoReport"];
/** What waits for a worker, what is under way, and who is at work. For admins. */
export type QueueState = Schemas["QueueState"];
export type SinkRebuild = Schemas["SinkRebuild"];
export type RefusedRecord = Schemas["RefusedRecord"];
export type MailSettings = Schemas["MailSettings"];
export type MailSettingsChange = Schemas["MailSettingsChange"];
export type Webhook = Schemas["Webhook"];
export type WebhookEvent = Webhook["events"][number];
export type NewWebhook = Schemas["NewWebhook"];
export type WebhookChanges = Schemas["WebhookChanges"];
export type WebhookRotation = Schemas["WebhookRotation"];
/** As it is told once: when it is made, and when its secret changes. */
export type WebhookWithSecret = Schemas["WebhookWithSecret"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export interface DeliveryQuery extends PageQuery {
  state?: WebhookDelivery["state"];
  importId?: number;
}
/** A place that files are fetched from. */
export type Source = Schemas["Source"];
export type SourceKinds = Schemas["SourceKinds"];
export type SourcePlace = Schemas["SourcePlace"];
export type NewSource = Schemas["NewSource"];
export type SourceChanges = Schemas["SourceChanges"];
export type SourceFile = Schemas["SourceFile"];
export interface SourceFileQuery extends PageQuery {
  state?: SourceFile["state"] | undefined;
}
export type Issue = Schemas["Issue"];
export type ImporterWithFields = Schemas["ImporterWithFields"];
/** What is left out is the default. */
export type ImportOptionsInput = Schemas["ImportOptionsInput"];
export type Edit = Schemas["Edit"];
/** A computed repair of one kind of issue in one field, with the rows whose cell is right after it, and some of them. */
export type RepairOffer = Schemas["RepairOffer"];
export type RepairKind = Schemas["RepairKind"];
/**
 * `valid` and `invalid` count all rows of the import, whatever is asked for; `total`, with an `offset`, those that are. Where rows are
 * large it has fewer of them than were asked for, and a `next` all the same.
 */
export type RowPage = Schemas["RowPage"];
/** `count`: how many there are on all pages. */
export type ImportPage = Schemas["ImportPage"];
/** `gone`: how many of those that would have stood here are not in the table any more. */
export type RecordPage = Schemas["RecordPage"];
/** Who asks. */
export type Me = Schemas["User"];
export type ImporterSummary = Schemas["Importer"];
export type ImporterField = Schemas["Field"];
/** A file that goes on in the background: `data.jobId` is what `importStatus` asks for. */
export type AcceptedImport = Schemas["AcceptedImport"];
/** A file that a synchronous importer has imported. */
export type ImportedFile = Schemas["ImportedFile"];
export type ImportStatus = Schemas["ImportStatus"];
/** Rows sent as JSON that go on in the background. */
export interface AcceptedBatch {
  jobId: string;
  statusUrl: string;
}
