/** `sluice undo`: says what taking an import back would do, asks, does it, and lists what it had to leave. */

import { SluiceError } from "../core/errors.ts";
import { type ImportJob, reasonOf } from "../core/import.ts";
import { type KeptReason, type KeptRow, keptReasons, type UndoPreview, type UndoReport } from "../core/store/undo.ts";
import type { Engine } from "../engine/engine.ts";
import type { CommonFlags } from "../server/config-file.ts";
import { NeedsDecision } from "./decision.ts";
import { explainStop } from "./next-step.ts";
import type { Progress } from "./progress.ts";
import { recordTable } from "./record-table.ts";
import { type CommandOptions, withRun } from "./run.ts";
import { type NamedRecord, recordsOf, withLinks } from "./summary.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export interface UndoFlags extends CommonFlags {
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export async function undoCommand(
  terminal: Terminal,
  jobId: number,
  flags: UndoFlags,
  options: CommandOptions = {},
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async ({ app: { engine }, progress }) => {
    const job = await engine.imports.get(jobId);
    if (job.status === "undone") {
      if (!flags.json) terminal.err(`Import ${jobId} is undone already.\n`);
      await printReport(terminal, engine, jobId, flags);
      return exitCodes.done;
    }
    const isNew = job.status === "completed" || job.status === "cancelled";
    if (!isNew && job.phase !== "undo") {
      throw new SluiceError(
        "conflict",
        `Import ${jobId} is ${job.status}; one that is undone must be completed or cancelled. Go on with it: sluice resume ${jobId}`,
      );
    }
    const isAsked = isNew && !flags.yes;
    if (flags.dryRun || isAsked)
      await printPreview(terminal, engine, job, await engine.undoPreview(jobId, terminal.signal), flags);
    if (flags.dryRun) return exitCodes.done;
    if (isAsked) await confirm(terminal, jobId);
    if (isNew) await engine.undo(jobId, terminal.user);
    else progress.message(`The undo of import ${jobId} is ${job.status}: it goes on where it stopped.`);
    if (job.status === "paused" || job.status === "failed") await engine.resume(jobId, terminal.user);
    return runUndo(terminal, engine, jobId, flags, progress);
  });
}

/** @throws NeedsDecision where nobody can be asked, or the answer is no. */
async function confirm(terminal: Terminal, jobId: number): Promise<void> {
  if (!terminal.interactive) throw new NeedsDecision(`Nothing was undone. To do it: sluice undo ${jobId} --yes`);
  const { confirm: ask, isCancel } = await import("@clack/prompts");
  const answer = await ask({ message: `Undo import ${jobId}?`, initialValue: false });
  if (isCancel(answer) || !answer) throw new NeedsDecision("Nothing was undone.");
}

async function runUndo(
  terminal: Terminal,
  engine: Engine,
  jobId: number,
  flags: UndoFlags,
  progress: Progress,
): Promise<ExitCode> {
  try {
    while ((await engine.work(jobId, terminal.signal)) !== "done");
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    progress.clear();
    terminal.err(
      `The undo of import ${jobId} is paused; what is taken back stays so. It goes on with: sluice undo ${jobId}\n`,
    );
    if (flags.json) await printReport(terminal, engine, jobId, flags);
    return exitCodes.interrupted;
  }
  progress.clear();
  const job = await engine.imports.get(jobId);
  const { status } = job;
  const why = job.errorMessage === null ? null : explainStop(job.errorMessage, reasonOf(job)?.next);
  await printReport(terminal, engine, jobId, flags);
  if (status === "undone") return exitCodes.done;
  terminal.err(
    `The undo of import ${jobId} is ${status}${why === null ? "" : `: ${why}`}\nIt goes on with: sluice undo ${jobId}\n`,
  );
  return status === "paused" ? exitCodes.paused : exitCodes.error;
}

/** Kept records that are shown to a person, and put into JSON. */
const shownRows = 20;
export const jsonRows = 1000;

/** The state of an undo, with the first records that it kept; moments as the database or as JSON has them. */
export interface UndoOutcome extends Omit<UndoReport, "startedAt" | "undoneAt"> {
  startedAt: Date | string | null;
  undoneAt: Date | string | null;
  keptRows: Omit<KeptRow, "id">[];
}

/** What an undo came to, as JSON has it; null where none was begun. */
export async function undoOf(engine: Engine, jobId: number): Promise<UndoOutcome | null> {
  const report = await engine.undone.report(jobId);
  if (report.startedAt === null) return null;
  const rows = await engine.undone.keptRows(jobId, { limit: jsonRows });
  return { ...report, keptRows: rows.map(({ id: _, ...row }) => row) };
}

async function printReport(terminal: Terminal, engine: Engine, jobId: number, flags: UndoFlags): Promise<void> {
  if (flags.json) {
    const { status } = await engine.imports.get(jobId);
    await terminal.out(`${JSON.stringify({ id: jobId, status, ...(await undoOf(engine, jobId)) })}\n`);
    return;
  }
  const { importer } = await engine.imports.get(jobId);
  await terminal.out(undoLines(jobId, await undoOf(engine, jobId), labelsOf(engine, importer)));
}

/** What people call the records of an importer, by their names; as they are where the importer is gone. */
function labelsOf(engine: Engine, importer: string): (record: string) => string {
  try {
    return labelsAmong(recordsOf(engine.importer(importer), "en"));
  } catch (error) {
    if (error instanceof SluiceError && error.code === "not_found") return (record) => record;
    throw error;
  }
}

/** What these records and their links are called. */
export function labelsAmong(records: readonly NamedRecord[]): (record: string) => string {
  const labels = new Map(withLinks(records, "en").map(({ name, label }) => [name, label]));
  return (record) => labels.get(record) ?? record;
}

function labelled<Numbers>(records: Readonly<Record<string, Numbers>>, labelOf: (record: string) => string) {
  return Object.fromEntries(Object.entries(records).map(([name, numbers]) => [labelOf(name), numbers]));
}

const reasons: Readonly<Record<KeptReason, string>> = {
  edited_since: "kept: edited since",
  edited_in_part: "of them in part: other columns were edited since",
  referred_to: "kept: other tables refer to them",
  gone_already: "gone already",
  refused: "kept: the database refused",
};

/** The lines about an undo that a person reads; empty where none was begun. */
export function undoLines(
  jobId: number,
  undo: UndoOutcome | null,
  labelOf: (record: string) => string = (record) => record,
): string {
  if (undo === null) return "";
  const state = undo.undoneAt === null ? `, ${undo.chunksDone} of ${undo.chunks} chunks so far` : "";
  const lines = [`Undo of import ${jobId}${state}`, "", line(undo.deleted, "deleted"), line(undo.restored, "restored")];
  for (const reason of keptReasons) if (undo.kept[reason] > 0) lines.push(line(undo.kept[reason], reasons[reason]));
  if (undo.records !== undefined)
    lines.push("", ...recordTable(labelled(undo.records, labelOf), ["deleted", "restored", "kept"]));
  if (undo.keptRows.length > 0) {
    lines.push("");
    for (const row of undo.keptRows.slice(0, shownRows)) lines.push(keptLine(row));
    const total = keptReasons.reduce((sum, reason) => sum + undo.kept[reason], 0);
    if (total > shownRows) lines.push(`  … ${total - shownRows} more: sluice jobs show ${jobId} --json`);
  }
  return `${lines.join("\n")}\n`;
}

function line(count: number, what: string): string {
  return `  ${new Intl.NumberFormat("en").format(count).padStart(11)}  ${what}`;
}

function keptLine({ record, recordId, reason, columns, byJob, byTable, message }: Omit<KeptRow, "id">): string {
  const more = [
    ...(columns === null ? [] : [columns.join(", ")]),
    ...(byJob === null ? [] : [`by import ${byJob}`]),
    ...(byTable === null ? [] : [`by ${byTable}`]),
    ...(message === null ? [] : [message]),
  ];
  return `  ${record ?? "record"} ${recordId}: ${[reason, ...more].join(", ")}`;
}

async function printPreview(
  terminal: Terminal,
  engine: Engine,
  job: ImportJob,
  preview: UndoPreview,
  { json, dryRun }: UndoFlags,
): Promise<void> {
  // Without --dry-run the report comes after it, and standard output holds one object.
  if (json) {
    if (dryRun) await terminal.out(`${JSON.stringify({ id: job.id, status: job.status, ...preview })}\n`);
    return;
  }
  const { toDelete, toRestore, kept, laterImports, references, records } = preview;
  const lines = [
    `To undo import ${job.id} (${job.importer}), ${job.fileName}`,
    "",
    line(toDelete, "to delete"),
    line(toRestore, "to restore"),
  ];
  const counts: [number, KeptReason][] = [
    [kept.editedInPart, "edited_in_part"],
    [kept.edited, "edited_since"],
    [kept.referred, "referred_to"],
    [kept.gone, "gone_already"],
  ];
  for (const [count, reason] of counts) if (count > 0) lines.push(line(count, reasons[reason]));
  if (records !== undefined) {
    const titles = { toDelete: "to delete", toRestore: "to restore", kept: "kept" };
    lines.push(
      "",
      ...recordTable(labelled(records, labelsOf(engine, job.importer)), ["toDelete", "toRestore", "kept"], titles),
    );
  }
  const notes = [
    ...laterImports.map(({ jobId, records }) =>
      jobId === null
        ? `Imports of other people wrote to ${records} of these records later.`
        : `Import ${jobId} wrote to ${records} of these records later: undo it first to keep fewer.`,
    ),
    ...references
      .filter(({ records }) => records > 0)
      .map(({ table, records }) => `${table} refers to ${records} of them.`),
    ...references
      .filter(({ indexed }) => !indexed && toDelete > 0)
      .map(
        ({ table, columns }) =>
          `${table} has no index on ${columns.join(", ")}: Postgres reads it whole for each record that is deleted. Add one first where it is large.`,
      ),
  ];
  if (notes.length > 0) lines.push("", ...notes);
  await terminal.out(`${lines.join("\n")}\n`);
}
