/** `sluice jobs`: the imports there were, one of them in full, and its report. */

import { openApp } from "../app.ts";
import { diskFiles } from "../files/disk.ts";
import { formats } from "../formats/formats.ts";
import { isFinished } from "../import.ts";
import { fieldLabel } from "../locale/locale.ts";
import { rejectedRowsCsv } from "../pipeline/report.ts";
import type { ReportedRow, RowWarning } from "../store.ts";
import { type CommonFlags, loadConfig } from "./config-file.ts";
import { NeedsDecision } from "./decision.ts";
import { summaryOf, summaryText } from "./summary.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";
import { undoOf, undoText } from "./undo.ts";

export async function jobsListCommand(
  terminal: Terminal,
  flags: CommonFlags & { json?: boolean; limit?: string },
): Promise<ExitCode> {
  const limit = Number(flags.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new NeedsDecision(`--limit "${flags.limit}" is not a number of imports.`);
  }
  const config = await loadConfig(terminal, flags);
  const app = await openApp(config, () => {}, terminal.signal);
  try {
    const jobs = await app.engine.store.listImports(limit);
    if (flags.json) {
      await terminal.out(`${JSON.stringify(jobs)}\n`);
      return exitCodes.done;
    }
    if (jobs.length === 0) terminal.err("There are no imports yet.\n");
    for (const job of jobs) {
      const when = job.createdAt.toISOString().slice(0, 16).replace("T", " ");
      await terminal.out(
        `${String(job.id).padStart(6)}  ${when}  ${job.status.padEnd(10)}  ${job.importer.padEnd(12)}  ${String(job.totalRows).padStart(9)} rows  ${String(job.importedRows).padStart(9)} imported  ${job.fileName}\n`,
      );
    }
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

export async function jobsShowCommand(
  terminal: Terminal,
  id: number,
  flags: CommonFlags & { json?: boolean },
): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const app = await openApp(config, () => {}, terminal.signal);
  try {
    const { store } = app.engine;
    const job = await store.getImport(id);
    const seconds =
      job.completedAt && job.parseStartedAt ? (job.completedAt.getTime() - job.parseStartedAt.getTime()) / 1000 : 0;
    const summary = summaryOf(job, await store.importCounts(id), await store.issueCounts(id), {
      phases: {},
      seconds,
      peakRssBytes: 0,
    });
    if (flags.json) {
      const undo = await undoOf(app.engine, id);
      await terminal.out(`${JSON.stringify({ ...summary, job, ...(undo !== null && { undo }) })}\n`);
      return exitCodes.done;
    }
    await terminal.out(summaryText(app.engine, summary, config.language, terminal));
    const undo = await undoText(app.engine, id);
    if (undo !== "") await terminal.out(`\n${undo}`);
    if (job.errorMessage !== null) await terminal.out(`\n${job.errorMessage}\n`);
    if (job.phase === "undo") {
      if (!isFinished(job.status)) await terminal.out(`\nundo ${job.status}; goes on with: sluice undo ${id}\n`);
    } else if (job.status === "committing" || job.status === "paused" || job.status === "failed") {
      const { chunks, done } = await store.chunkProgress(id);
      await terminal.out(`\nphase ${job.phase}, ${done} of ${chunks} chunks done; goes on with: sluice resume ${id}\n`);
    }
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

const outcomes: readonly ReportedRow["outcome"][] = ["invalid", "failed", "skipped", "updated"];
/** Rows that went in, of which something is to be said. */
const warning = "warning";

export async function jobsReportCommand(
  terminal: Terminal,
  id: number,
  flags: CommonFlags & { outcome?: string },
): Promise<ExitCode> {
  const wanted = (flags.outcome ?? "invalid,failed")
    .split(",")
    .map((name) => [...outcomes, warning].find((each) => each === name.trim()));
  if (wanted.includes(undefined) || (wanted.includes(warning) && wanted.length > 1))
    throw new NeedsDecision(`--outcome takes some of: ${outcomes.join(",")}; or ${warning} alone.`);
  const config = await loadConfig(terminal, flags);
  const app = await openApp(config, () => {}, terminal.signal);
  try {
    const job = await app.engine.store.getImport(id);
    const rows = wanted.includes(warning)
      ? warnedRows(app.engine.store.warnings(id))
      : app.engine.store.reportedRows(id, wanted as ReportedRow["outcome"][]);
    // When the import is done its file is put away: rows that were not rejected then stand with their number and reason.
    const source = await diskFiles(config.dataDir)
      .open(job.storagePath)
      .catch(() => null);
    const label = fieldLabel(app.engine.importer(job.importer), config.language);
    try {
      for await (const piece of rejectedRowsCsv(
        { ...job, language: config.language },
        rows,
        { source, format: formats, signal: terminal.signal },
        label,
      ))
        await terminal.out(piece);
    } finally {
      await source?.close();
    }
    return exitCodes.done;
  } finally {
    await app.close();
  }
}

/** The rows with warnings, each warning as a line of its own. */
async function* warnedRows(warnings: AsyncIterable<RowWarning>): AsyncGenerator<ReportedRow> {
  for await (const { row, offset, issue } of warnings)
    yield { row, offset, outcome: "updated", issues: [issue], cells: null, recordId: null, edited: null };
}
