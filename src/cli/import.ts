/** `sluice import` and `sluice resume`: run a job to its end and say what came of it. */
import { SluiceError, told } from "../core/errors.ts";
import { type ImportJob, isFinished, isRefused, reasonOf, type Status } from "../core/import.ts";
import { refuseNothingFed } from "../engine/start-check.ts";
import { directQueue } from "../queue/direct.ts";
import type { CommonFlags } from "../server/config-file.ts";
import { runWorker } from "../worker/worker.ts";
import { asDecision, NeedsDecision } from "./decision.ts";
import { type GivenTable, givenTables } from "./given-tables.ts";
import type { ImportFlags } from "./import-flags.ts";
import { explain, explainStop } from "./next-step.ts";
import { AlreadyImported, openImport } from "./open-import.ts";
import { type CommandOptions, type Run, withRun } from "./run.ts";
import { type Summary, summarize, summaryText } from "./summary.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export async function importCommand(
  terminal: Terminal,
  importerName: string,
  paths: readonly string[],
  flags: ImportFlags,
  options: CommandOptions = {},
): Promise<ExitCode> {
  return runAndSweep(terminal, flags, options, async (run) => {
    const tables = await givenTables(terminal, paths, flags);
    if (tables.length === 1) return importTable(run, importerName, tables[0], flags);
    let exitCode: ExitCode = exitCodes.done;
    for (const [k, table] of tables.entries()) {
      run.progress.restart();
      run.progress.message(`${k === 0 ? "" : "\n"}${k + 1} of ${tables.length}: ${table.title}`);
      const once = { ...run, startedAt: performance.now() };
      const ended = await importTable(once, importerName, table, flags).catch((error: unknown) => {
        // What is wrong with one table is its own; what is wrong with the way there is everybody's.
        if (terminal.signal.aborted || !(error instanceof SluiceError) || run.app.engine.isConnectionLost(error))
          throw error;
        run.progress.clear();
        terminal.err(`${table.title}: ${explain(error)}\n`);
        return exitCodeOf(error);
      });
      if (ended === exitCodes.interrupted) return ended;
      if (exitCode === exitCodes.done) exitCode = ended;
    }
    return exitCode;
  });
}

async function importTable(
  run: Run,
  importerName: string,
  { path, flags: which }: GivenTable,
  flags: ImportFlags,
): Promise<ExitCode> {
  const opened = await openImport(run, importerName, path, { ...flags, ...which }).catch(async (error: unknown) => {
    // The command that imported it may have died just before it put its things away.
    if (error instanceof AlreadyImported) await run.app.engine.sweep();
    throw error;
  });
  if (opened.kind === "unfinished") {
    run.progress.message(
      `This file is the one of import ${opened.job.id}, which is ${opened.job.status}: it goes on from its checkpoint. (--again starts over.)`,
    );
  }
  if (flags.rejectFailures) await run.app.engine.rejectRefused(opened.job.id);
  return runJob(run, opened.job, flags);
}

/** What a command ends with that throws it. */
export function exitCodeOf(error: SluiceError): ExitCode {
  if (error instanceof NeedsDecision) return exitCodes.decide;
  return error instanceof AlreadyImported ? exitCodes.alreadyImported : exitCodes.error;
}

export async function resumeCommand(
  terminal: Terminal,
  jobId: number | undefined,
  flags: CommonFlags & { json?: boolean; rejectFailures?: boolean; confirmRemovals?: number },
  options: CommandOptions = {},
): Promise<ExitCode> {
  return runAndSweep(terminal, flags, options, async (run) => {
    const { engine } = run.app;
    const job =
      jobId === undefined
        ? (await engine.imports.list(1000)).find((each) => !isFinished(each.status) && !each.dryRun)
        : await engine.imports.get(jobId);
    if (job === undefined) {
      if (run.json) await terminal.out(`${JSON.stringify({ id: null, status: "nothing_to_resume" })}\n`);
      else terminal.err("There is nothing to resume: every import is finished.\n");
      return exitCodes.done;
    }
    if (isFinished(job.status)) {
      if (run.json) await printSummary(run, job.id);
      else terminal.err(`Import ${job.id} is ${job.status}: there is nothing to resume.\n`);
      return exitCodes.done;
    }
    if (flags.rejectFailures) await engine.rejectRefused(job.id);
    return runJob(run, job, flags);
  });
}

/** Takes away at the end what others left halfway. */
function runAndSweep(
  terminal: Terminal,
  flags: CommonFlags & { json?: boolean },
  options: CommandOptions,
  work: (run: Run) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withRun(terminal, flags, options, async (run) => {
    const exitCode = await work(run);
    await run.app.engine.sweep();
    return exitCode;
  });
}

/** Takes the job from its current status to its end. */
async function runJob(
  run: Run,
  job: ImportJob,
  { confirmRemovals }: { confirmRemovals?: number } = {},
): Promise<ExitCode> {
  const { app, progress, terminal } = run;
  const { engine } = app;
  // Before anything is moved: an import of another app, or of another version of this one, is well where it is.
  const importer = engine.importer(job.importer);
  if (job.phase !== "undo") asDecision(() => refuseNothingFed(job, importer));
  progress.fileSizeBytes = job.fileSizeBytes;
  const queue = directQueue();
  /** A move that another worker may have made already, or that a lost answer hides. */
  const move = async (from: readonly Status[], to: (jobId: number) => Promise<unknown>): Promise<void> => {
    const once = async (): Promise<void> => {
      if (from.includes((await engine.imports.get(job.id)).status)) await to(job.id);
    };
    await engine.patiently(job.id, once, terminal.signal).catch((error) => {
      if (!(error instanceof SluiceError && error.code === "conflict")) throw error;
    });
  };
  try {
    await move(["pending"], (id) => engine.start(id));
    await move(["paused", "failed"], (id) => engine.resume(id, null, { confirmRemovals }));
    await queue.enqueue({ kind: "import", importId: job.id });
    await runWorker(engine, queue, terminal.signal);
    if (job.dryRun) return await finishDryRun(run, job);
    terminal.signal.throwIfAborted();
    await move(["ready"], (id) => engine.commit(id, null, { confirmRemovals }));
    await queue.enqueue({ kind: "import", importId: job.id });
    await runWorker(engine, queue, terminal.signal);
    terminal.signal.throwIfAborted();
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    if (job.dryRun) {
      await engine.discard(job.id);
      return exitCodes.interrupted;
    }
    progress.clear();
    if (!(await isCompleted(run, job))) {
      terminal.err(`Import ${job.id} is paused; nothing is lost. It goes on with: sluice resume ${job.id}\n`);
      if (run.json) await printSummary(run, job.id);
      return exitCodes.interrupted;
    }
  }
  const { status } = await engine.patiently(job.id, () => printSummary(run, job.id), terminal.signal);
  if (status === "completed" || status === "undone") return exitCodes.done;
  const stopped = await engine.imports.get(job.id);
  const why = stopped.errorMessage === null ? null : explainStop(stopped.errorMessage, reasonOf(stopped)?.next);
  if (status === "paused") {
    const resume = `sluice resume ${job.id}`;
    const reject = isRefused(stopped)
      ? `\nTo reject such rows and go on: ${resume} --reject-failures\nTo change its options: sluice jobs cancel ${job.id}, then import the file with --again`
      : "";
    const goesOn =
      reasonOf(stopped)?.next?.code === "confirm_removals"
        ? ""
        : `\nCorrect the table or the file, then: ${resume}${reject}`;
    terminal.err(`Import ${job.id} is paused: ${why}${goesOn}\n`);
    return exitCodes.paused;
  }
  terminal.err(
    `Import ${job.id} is ${status}${why === null ? "" : `: ${why}`}\nIt goes on with: sluice resume ${job.id}\n`,
  );
  return exitCodes.error;
}

/** Whether the stop came too late, the import being through; pauses it where it is not. */
async function isCompleted({ app }: Run, job: ImportJob): Promise<boolean> {
  try {
    await app.engine.pauseIfRunning(job.id, told`stopped by the user`);
    return (await app.engine.imports.get(job.id)).status === "completed";
  } catch (error) {
    // A database that is away cannot note the pause; the job continues from its checkpoint nevertheless.
    if (app.engine.isConnectionLost(error)) return false;
    throw error;
  }
}

async function finishDryRun(run: Run, job: ImportJob): Promise<ExitCode> {
  const { app, terminal, config } = run;
  const { counts, issues } = await app.engine.dryRun(job.id, { signal: terminal.signal });
  const now = await app.engine.imports.get(job.id);
  const summary: Summary = {
    ...(await summarize(app.engine, job.id, {
      phases: { ...run.progress.phases },
      seconds: secondsSince(run.startedAt),
      peakRssBytes: terminal.peakRssBytes(),
    })),
    ...counts,
    id: null,
    status: "dry_run",
    rows: now.totalRows,
    rejectedRowsFile: null,
    issues,
  };
  await app.engine.discard(job.id);
  run.progress.clear();
  if (run.json) await terminal.out(`${JSON.stringify(summary)}\n`);
  else await terminal.out(summaryText(app.engine, summary, config.language, terminal));
  return exitCodes.done;
}

async function printSummary(run: Run, jobId: number): Promise<Summary> {
  const { app, terminal, config } = run;
  run.progress.clear();
  const summary = await summarize(app.engine, jobId, {
    phases: { ...run.progress.phases },
    seconds: secondsSince(run.startedAt),
    peakRssBytes: terminal.peakRssBytes(),
  });
  await terminal.out(
    run.json ? `${JSON.stringify(summary)}\n` : summaryText(app.engine, summary, config.language, terminal),
  );
  return summary;
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
