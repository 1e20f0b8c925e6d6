/** `sluice jobs`: the imports there were, one of them in full, its report, and what is done to it as a whole. */

import { open, rm, writeFile } from "node:fs/promises";
import { NeedsDecision } from "./decision.ts";
import type { JobAction, JobsBackend, JobsFlags, ListedJob, ReportOutcome, RowsEdit } from "./jobs-backend.ts";
import { explainStop } from "./next-step.ts";
import { openJobsBackend } from "./open-jobs.ts";
import { rowNumbers } from "./row-numbers.ts";
import { summaryLines } from "./summary.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";
import { labelsAmong, undoLines } from "./undo.ts";

export async function jobsListCommand(
  terminal: Terminal,
  flags: JobsFlags & { json?: boolean; limit?: string },
): Promise<ExitCode> {
  const limit = Number(flags.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new NeedsDecision(`--limit "${flags.limit}" is not a number of imports.`);
  }
  return withJobBook(terminal, flags, async (book) => {
    const jobs = await book.list(limit);
    if (flags.json) {
      await terminal.out(`${JSON.stringify(jobs)}\n`);
      return;
    }
    if (jobs.length === 0) terminal.err("There are no imports yet.\n");
    for (const job of jobs) await terminal.out(lineOf(job));
  });
}

export async function jobsShowCommand(
  terminal: Terminal,
  id: number,
  flags: JobsFlags & { json?: boolean },
): Promise<ExitCode> {
  return withJobBook(terminal, flags, async (book) => {
    const { summary, job, undo, label, records, step, next } = await book.show(id);
    if (flags.json) {
      await terminal.out(`${JSON.stringify({ ...summary, job, ...(undo !== null && { undo }) })}\n`);
      return;
    }
    await terminal.out(summaryLines(label, summary, book.language, terminal, records));
    const why = job.errorMessage === null ? "" : `${explainStop(job.errorMessage, step)}\n`;
    for (const lines of [undoLines(id, undo, labelsAmong(records)), why, next])
      if (lines !== "") await terminal.out(`\n${lines}`);
  });
}

const outcomes: readonly ReportOutcome[] = ["invalid", "failed", "skipped", "updated"];

export async function jobsReportCommand(
  terminal: Terminal,
  id: number,
  flags: JobsFlags & { outcome?: string },
): Promise<ExitCode> {
  const names = (flags.outcome ?? "invalid,failed").split(",").map((name) => name.trim());
  const wanted = [...outcomes, "warning" as const].filter((each) => names.includes(each));
  if (wanted.length < new Set(names).size || (wanted.includes("warning") && wanted.length > 1))
    throw new NeedsDecision(`--outcome takes some of: ${outcomes.join(",")}; or warning alone.`);
  return withJobBook(terminal, flags, async (book) => {
    for await (const piece of book.report(id, wanted)) await terminal.out(piece);
  });
}

/** To a file, or as CSV to standard output. */
export async function jobsCorrectedCommand(
  terminal: Terminal,
  id: number,
  flags: JobsFlags & { output?: string },
): Promise<ExitCode> {
  const { output } = flags;
  const format = output !== undefined && /\.xlsx$/i.test(output) ? "xlsx" : "csv";
  return withJobBook(terminal, flags, async (book) => {
    const pieces = book.corrected(id, format);
    if (output !== undefined) {
      await using file = await open(output, "wx").catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== "EEXIST") throw cause;
        throw new NeedsDecision(`${output} is there already. Name another file with --output.`);
      });
      try {
        await writeFile(file, pieces, { signal: terminal.signal });
      } catch (error) {
        // A part of it would be taken for the whole, and stand in the way of the next try.
        await rm(output);
        throw error;
      }
      return;
    }
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for await (const bytes of pieces) await terminal.out(decoder.decode(bytes, { stream: true }));
  });
}

/** Pause, resume, retry, cancel: accepted when it returns; the import's worker does the rest. */
export async function jobsActCommand(
  terminal: Terminal,
  action: JobAction,
  id: number,
  flags: JobsFlags & { json?: boolean },
): Promise<ExitCode> {
  return withJobBook(
    terminal,
    flags,
    async (book) => {
      const job = await book.act(id, action);
      await terminal.out(flags.json ? `${JSON.stringify(job)}\n` : lineOf(job));
      const more = book.afterwards(job, action);
      if (more !== null && !flags.json) terminal.err(more);
    },
    true,
  );
}

/** Rows of an import that is ready are left out of it, or put back in. */
export async function jobsRowsCommand(
  terminal: Terminal,
  kind: RowsEdit,
  id: number,
  flags: JobsFlags & { rows: string; json?: boolean },
): Promise<ExitCode> {
  const rows = rowNumbers(flags.rows);
  return withJobBook(
    terminal,
    flags,
    async (book) => {
      const counts = await book.editRows(id, kind, rows);
      const { changed } = counts;
      const what = kind === "leave_out" ? "left out" : "put back in";
      const told = `${changed === 1 ? "1 row was" : `${changed.toLocaleString("en")} rows were`} ${what}.\n`;
      await terminal.out(flags.json ? `${JSON.stringify(counts)}\n` : told);
    },
    true,
  );
}

async function withJobBook(
  terminal: Terminal,
  flags: JobsFlags,
  work: (book: JobsBackend) => Promise<void>,
  forAction = false,
): Promise<ExitCode> {
  const book = await openJobsBackend(terminal, flags, forAction);
  try {
    await work(book);
    return exitCodes.done;
  } finally {
    await book.close();
  }
}

function lineOf({ id, createdAt, status, importer, totalRows, importedRows, fileName }: ListedJob): string {
  const when = new Date(createdAt).toISOString().slice(0, 16).replace("T", " ");
  return `${String(id).padStart(6)}  ${when}  ${status.padEnd(10)}  ${importer.padEnd(12)}  ${String(totalRows).padStart(9)} ${totalRows === 1 ? "row " : "rows"}  ${String(importedRows).padStart(9)} imported  ${fileName}\n`;
}
