/** An import as the API returns it. */
import { z } from "@hono/zod-openapi";
import type { Progress } from "../../core/events.ts";
import type { Language } from "../../core/fields/language.ts";
import { formatNames } from "../../core/file-formats.ts";
import {
  type Counts,
  deletableStatuses,
  doubtsOf,
  holderOf,
  isRefused,
  isRunning,
  mayReopen,
  reasonOf,
  reasonToTell,
  statuses,
  transitions,
} from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import { type IssueCount, issueSeverity } from "../../core/issue.ts";
import { noNamedCounts } from "../../core/record-counts.ts";
import { type Dialect, quoteEscapes, quotes, saidOf } from "../../core/row.ts";
import type { ArchivedImport } from "../../core/store/archive.ts";
import { withoutPlaces } from "../../core/without-places.ts";
import { textsOf } from "../../locale/locale.ts";
import { stepText, subStep } from "../../locale/steps.ts";
import { inLanguage, textIn } from "../../locale/told.ts";
import { nextSchema, presentNext } from "../request/next-hint.ts";
import type { Reader } from "../request/request-context.ts";
import { json } from "../request/router.ts";
import { readingShapes } from "./options.ts";

const moment = z.iso.datetime();
const count = z.number().int();

export const countsSchema = z
  .object({ created: count, updated: count, unchanged: count, skipped: count, invalid: count, failed: count })
  .catchall(count)
  .openapi("Counts", {
    description:
      "How many rows ended how so far. At the end the sum of these six is the rows of the file. Where a row makes several records, beside " +
      "them what became of each: `created_price`, `updated_price`, `unchanged_price`, and where there are any `closed_price`, `deactivated_price`, " +
      "`deleted_price`.",
  });

const currentStep = z
  .string()
  .openapi({ description: "What it does now, in the reader's language.", example: "Creating rings…" });

export const progressSchema = z
  .object({
    phase: z.enum(["parse", "commit", "undo"]),
    step: z.enum(["reading", "indexing", "matching", "committing", "reporting", "undoing"]),
    record: z
      .object({ name: z.string(), done: count, of: count.nullable() })
      .optional()
      .openapi({ description: "The one of several records that is being written." }),
    current_step: currentStep,
    sub_step: z.string().nullable().openapi({ description: "How far it is with that.", example: "45/200" }),
    processed: count,
    total: count.nullable().openapi({ description: "Null while nobody knows, as while a file is read." }),
    percent: z.number().nullable(),
    rowsPerSecond: z.number().nullable(),
    etaSeconds: z.number().nullable(),
    counts: countsSchema,
  })
  .openapi("Progress", { description: "How far the present step is." });

export const actionNames = [
  "start",
  "dry-run",
  "commit",
  "pause",
  "resume",
  "reject",
  "retry",
  "reopen",
  "cancel",
  "undo",
  "delete",
] as const;

export const dialectSchema = z
  .object({
    format: z.enum(formatNames),
    packing: z.enum(["none", "gzip", "zip"]),
    encoding: z.string().optional(),
    delimiter: z.string().optional(),
    quote: z.enum(quotes).optional(),
    escape: z.enum(quoteEscapes).optional(),
    headerRow: count.openapi({ description: "Its number from 1; 0: the file has none." }),
    sheet: z.string().optional(),
    entry: z.string().optional().openapi({ description: "The file of a zip archive of several files." }),
    ...readingShapes,
    columns: z.array(z.string()),
  })
  .openapi("Dialect", { description: "How the file is written." });

export const noticeSchema = z.string().nullable().openapi({
  description:
    "What is worth knowing of an import with which nothing is wrong, in the reader's language: its file has a header and no rows.",
});

const example = {
  id: 42,
  importer: "leads",
  fileName: "leads.csv",
  fileHash: "72410c274257face2d56b9452b377400a69665a67f01892adf35285d28550b1f",
  fileSizeBytes: 18_213_004,
  status: "committing",
  phase: "commit",
  actions: ["pause", "cancel"],
  dialect: {
    format: "csv",
    packing: "none",
    encoding: "windows-1252",
    delimiter: ";",
    headerRow: 1,
    columns: ["E-mail", "Nom", "Téléphone"],
  },
  totalRows: 200_000,
  processedRows: 200_000,
  validRows: 198_730,
  invalidRows: 1_270,
  skippedRows: 0,
  importedRows: 0,
  warnings: 45,
  undecided: 0,
  counts: { created: 80_000, updated: 0, unchanged: 0, skipped: 312, invalid: 1_270, failed: 0 },
  progress: {
    phase: "commit",
    step: "committing",
    current_step: "Écriture des enregistrements…",
    sub_step: "80312/198730",
    processed: 80_312,
    total: 198_730,
    percent: 40.4,
    rowsPerSecond: 41_000,
    etaSeconds: 3,
    counts: { created: 80_000, updated: 0, unchanged: 0, skipped: 312, invalid: 1_270, failed: 0 },
  },
  current_step: "Écriture des enregistrements…",
  sub_step: "80312/198730",
  errorMessage: null,
  next: null,
  notice: null,
  pausedBy: null,
  createdBy: "anna",
  createdByName: "Anna Berg",
  language: "fr",
  dryRun: false,
  autoCommit: false,
  hasFile: true,
  parentId: null,
  children: [],
  failures: 0,
  retryAt: null,
  createdAt: "2026-01-31T13:30:00.000Z",
  parseStartedAt: "2026-01-31T13:30:04.000Z",
  parsedAt: "2026-01-31T13:30:07.000Z",
  commitStartedAt: "2026-01-31T13:31:12.000Z",
  completedAt: null,
  undoStartedAt: null,
  undoneAt: null,
  updatedAt: "2026-01-31T13:31:14.000Z",
};

export const importSchema = z
  .object({
    id: z.number().int(),
    importer: z.string(),
    fileName: z.string(),
    fileHash: z.string().openapi({ description: "SHA-256 of the file, in hex." }),
    fileSizeBytes: count,
    status: z.enum(statuses),
    phase: z
      .enum(["parse", "commit", "undo"])
      .openapi({ description: "Which work is queued, running, paused or failed." }),
    actions: z.array(z.enum(actionNames)).openapi({ description: "What can be done with it now." }),
    dialect: dialectSchema,
    totalRows: count,
    processedRows: count,
    validRows: count,
    invalidRows: count,
    skippedRows: count.openapi({ description: "Left out by the parse: totals of other rows." }),
    importedRows: count,
    warnings: count.optional().openapi({
      description: "Issues of the file and its rows that keep no row out, as counted so far. Left out in lists.",
    }),
    undecided: count.openapi({
      description: "Columns and fields that are read as suggested, without anybody having said that this is right.",
    }),
    counts: countsSchema.optional().openapi({ description: "Left out in lists." }),
    progress: progressSchema.nullable(),
    current_step: currentStep
      .nullable()
      .openapi({ description: "The same as in `progress`, while it is at work; else null." }),
    sub_step: z.string().nullable(),
    errorMessage: z
      .string()
      .nullable()
      .openapi({ description: "Why it is paused, failed or tried again, in the reader's language." }),
    next: nextSchema.nullable().openapi({ description: "What can be done about that." }),
    notice: noticeSchema,
    pausedBy: z.string().nullable().openapi({ description: "What they are called who hold it, where it is paused." }),
    createdBy: z.string().nullable().openapi({ description: "Id of the user." }),
    createdByName: z
      .string()
      .nullable()
      .openapi({ description: "As they are called now, or were called then; null: nobody knows." }),
    language: z.string(),
    dryRun: z.boolean(),
    autoCommit: z.boolean(),
    hasFile: z
      .boolean()
      .openapi({ description: "Whether its file is still kept; that of a finished import goes after a while." }),
    parentId: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "The import whose corrected rejects this one brings." }),
    children: z
      .array(z.number().int())
      .optional()
      .openapi({ description: "Imports that brought corrected rejects of this one. Left out in lists." }),
    failures: count,
    retryAt: moment.nullable(),
    createdAt: moment,
    parseStartedAt: moment.nullable(),
    parsedAt: moment.nullable(),
    commitStartedAt: moment.nullable(),
    completedAt: moment.nullable().openapi({ description: "When it was completed or cancelled." }),
    undoStartedAt: moment.nullable(),
    undoneAt: moment.nullable(),
    updatedAt: moment,
  })
  .openapi("Import", { example: example as never });
export type ImportView = z.infer<typeof importSchema>;

export const importAnswer = json(importSchema, "The import.");

/** Why an import has its status. */
export function errorMessageOf(job: ArchivedImport, { language, isUnbounded, places }: Reader): string | null {
  const { errorMessage: message } = job;
  if (message === null) return null;
  if (isUnbounded) return inLanguage(language, { message, told: reasonOf(job) });
  return withoutPlaces(textIn(language, reasonToTell(job)), places);
}

/** What can be done about it. */
export function nextOf(job: ArchivedImport, { isUnbounded }: Reader): ImportView["next"] {
  if (job.errorMessage === null) return null;
  const reason = reasonOf(job);
  return presentNext(reason === null && !isUnbounded ? { code: "find_reason", importId: job.id } : reason?.next);
}

/** Of a file that was read to its end and has nothing to import: otherwise only zeros would tell. */
export function noticeOf(job: ArchivedImport, { language }: Reader): string | null {
  return job.parsedAt !== null && job.totalRows === 0 ? textsOf(language).words.noRows : null;
}

/** The numbers of every record that there is, though they be none. */
export function presentCounts(counts: Counts, importer: Importer | undefined): Record<keyof Counts, number> {
  return { ...noNamedCounts(importer?.records), ...counts };
}

/** In the reader's language. */
export function presentProgress(
  progress: Progress,
  importer: Importer | undefined,
  language: Language,
): z.infer<typeof progressSchema> {
  return {
    ...progress,
    current_step: stepText(progress, importer, language),
    sub_step: subStep(progress),
    counts: presentCounts(progress.counts, importer),
  };
}

export function presentDialect(dialect: Dialect): z.infer<typeof dialectSchema> {
  const { format, packing, headerRow, columns } = dialect;
  return { format, packing, headerRow, columns, ...saidOf(dialect) };
}

/** `more`: what lists omit. */
export function presentImport(
  job: ArchivedImport,
  reader: Reader,
  more: { counts?: Counts; children?: number[]; issues?: readonly IssueCount[] } = {},
): ImportView {
  const { counts, children, issues } = more;
  const { dialect } = job;
  const importer = reader.importers.get(job.importer);
  const progress = job.progress === null ? null : presentProgress(job.progress as Progress, importer, reader.language);
  const isAtWork = isRunning(job.status);
  return {
    id: job.id,
    importer: job.importer,
    fileName: job.fileName,
    fileHash: job.fileHash,
    fileSizeBytes: job.fileSizeBytes,
    status: job.status,
    phase: job.phase,
    actions: actionsOf(job),
    dialect: presentDialect(dialect),
    totalRows: job.totalRows,
    processedRows: job.processedRows,
    validRows: job.validRows,
    invalidRows: job.invalidRows,
    skippedRows: job.skippedRows,
    importedRows: job.importedRows,
    ...(issues !== undefined && { warnings: warningsIn(issues) }),
    undecided: doubtsOf(job.mapping).length,
    ...(counts !== undefined && { counts: presentCounts(counts, importer) }),
    progress,
    current_step: isAtWork && progress !== null ? progress.current_step : null,
    sub_step: isAtWork && progress !== null ? progress.sub_step : null,
    errorMessage: errorMessageOf(job, reader),
    next: nextOf(job, reader),
    notice: noticeOf(job, reader),
    pausedBy: holderOf(job),
    createdBy: job.createdBy,
    createdByName: job.createdByName,
    language: job.language,
    dryRun: job.dryRun,
    autoCommit: job.autoCommit,
    hasFile: job.hasFile,
    parentId: job.parentId,
    ...(children !== undefined && { children }),
    failures: job.failures,
    retryAt: iso(job.retryAt),
    createdAt: job.createdAt.toISOString(),
    parseStartedAt: iso(job.parseStartedAt),
    parsedAt: iso(job.parsedAt),
    commitStartedAt: iso(job.commitStartedAt),
    completedAt: iso(job.completedAt),
    undoStartedAt: iso(job.undoStartedAt),
    undoneAt: iso(job.undoneAt),
    updatedAt: job.updatedAt.toISOString(),
  };
}

function warningsIn(issues: readonly IssueCount[]): number {
  return issues.reduce((sum, { code, count }) => sum + (issueSeverity[code] === "warning" ? count : 0), 0);
}

function iso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** What the present status allows, by the one table of transitions. */
function actionsOf(job: ArchivedImport): (typeof actionNames)[number][] {
  const { status, dryRun } = job;
  if (job.isEarlier) return ["delete"];
  const may = transitions[status];
  const actions: (typeof actionNames)[number][] = [];
  if (status === "pending") actions.push("start");
  if (status === "ready") actions.push("dry-run");
  if (status === "ready" && !dryRun) actions.push("commit");
  if (may.paused !== undefined) actions.push("pause");
  if (status === "paused" || status === "failed") actions.push("resume");
  if (isRefused(job)) actions.push("reject");
  if (status === "failed") actions.push("retry");
  if (mayReopen(job)) actions.push("reopen");
  if (may.cancelled !== undefined) actions.push("cancel");
  if (status === "completed" || status === "cancelled") actions.push("undo");
  if ((deletableStatuses as readonly string[]).includes(status)) actions.push("delete");
  return actions;
}
