/** The imports of a database, as `sluice jobs` sees them. */
import { type App, openApp } from "../app.ts";
import type { Config } from "../config.ts";
import { type ImportJob, isFinished, pausedBy, reasonOf } from "../core/import.ts";
import type { ReportedRow } from "../core/store/outcomes.ts";
import type { RowWarning } from "../core/store/stage.ts";
import { formats } from "../formats/formats.ts";
import { fieldLabel } from "../locale/locale.ts";
import { type RowToReport, rejectedRowsCsv } from "../report/report.ts";
import type { JobsBackend } from "./jobs-backend.ts";
import { recordsOf, summaryOf } from "./summary.ts";
import type { Terminal } from "./terminal.ts";
import { undoOf } from "./undo.ts";

/** `forAction`: it can tell the queue. */
export async function localJobs(terminal: Terminal, config: Config, forAction: boolean): Promise<JobsBackend> {
  const app = await openApp(config, () => {}, terminal.signal, forAction ? "server" : "command");
  const { engine } = app;
  return {
    language: config.language,
    list: (limit) => engine.imports.list(limit),
    async show(id) {
      const job = await engine.imports.get(id);
      const seconds =
        job.completedAt && job.parseStartedAt ? (job.completedAt.getTime() - job.parseStartedAt.getTime()) / 1000 : 0;
      return {
        summary: summaryOf(job, await engine.imports.counts(id), await engine.imports.issueCounts(id), {
          phases: {},
          seconds,
          peakRssBytes: 0,
        }),
        job,
        undo: await undoOf(engine, id),
        label: fieldLabel(app.importers.get(job.importer), config.language),
        records: recordsOf(app.importers.get(job.importer) ?? {}, config.language),
        step: reasonOf(job)?.next,
        next: await nextOf(app, job),
      };
    },
    async *corrected(id, format) {
      const job = await engine.imports.get(id);
      const options = { language: config.language, signal: terminal.signal };
      const { downloads } = engine;
      yield* (await (format === "csv" ? downloads.correctedCsv(job, options) : downloads.correctedXlsx(job, options)))
        .pieces;
    },
    async *report(id, outcomes) {
      const job = await engine.imports.get(id);
      const rows = outcomes.includes("warning")
        ? warnedRows(engine.outcomes.warnings(id))
        : engine.outcomes.rows(id, outcomes as ReportedRow["outcome"][]);
      // When the import is done its file is deleted: rows that were not rejected then have only their number and reason.
      const source = await app.files.open(job.storagePath).catch(() => null);
      const label = fieldLabel(app.importers.get(job.importer), config.language);
      try {
        const target = { ...job, language: config.language };
        yield* rejectedRowsCsv(target, rows, { source, format: formats, signal: terminal.signal }, label);
      } finally {
        await source?.close();
      }
    },
    async act(id, action) {
      if (action === "pause") await engine.pause(id, pausedBy(terminal.user), terminal.user);
      else await engine[action](id, terminal.user);
      return engine.imports.get(id);
    },
    editRows: (id, kind, rows) =>
      kind === "leave_out"
        ? engine.review.leaveOut(id, rows, terminal.user, terminal.signal)
        : engine.review.putBack(id, rows, terminal.user, terminal.signal),
    afterwards({ id, importer }, action) {
      if (action !== "resume" && action !== "reject" && action !== "retry") return null;
      return app.importers.has(importer)
        ? `It waits for a worker (sluice serve, sluice work). To do it here: sluice resume ${id}\n`
        : `It is waiting for a worker that has the importer "${importer}"; the config here has none of that name.\n`;
    },
    close: () => app.close(),
  };
}

async function nextOf({ engine }: App, { id, status, phase }: ImportJob): Promise<string> {
  if (phase === "undo") return isFinished(status) ? "" : `undo ${status}; goes on with: sluice undo ${id}\n`;
  if (status !== "committing" && status !== "paused" && status !== "failed") return "";
  const { chunks, done } = await engine.chunks.progress(id);
  return `phase ${phase}, ${done} of ${chunks} chunks done; goes on with: sluice resume ${id}\n`;
}

/** The rows with warnings, each warning as a line of its own. */
async function* warnedRows(warnings: AsyncIterable<RowWarning>): AsyncGenerator<RowToReport> {
  for await (const { row, offset, issue } of warnings) yield { row, offset, issues: [issue], cells: null };
}
