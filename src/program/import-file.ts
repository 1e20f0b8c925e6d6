/** `importFile()`: a file into the database from a script, a job, a test; the work is done in this process. */
import { SluiceError } from "../core/errors.ts";
import type { Progress } from "../core/events.ts";
import type { Counts, Status } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCount } from "../core/issue.ts";
import type { EngineEvent } from "../core/ports.ts";
import type { RecordChanges } from "../core/store/commits.ts";
import { ProgressMeter } from "../engine/progress-meter.ts";
import { checkFunctions } from "../server/mount-options.ts";
import { checkChoices, checkYesOrNo } from "./check-choices.ts";
import { choiceNames, type ImportChoices, type ImportedFile } from "./choices.ts";
import { checkProgram, configOf, openProgram, type ProgramOptions } from "./options.ts";

export interface ImportFileOptions extends ProgramOptions, ImportChoices {
  /** Counts exactly what an import would do; nothing is written to your tables. */
  dryRun?: boolean;
  /** Imports a file that was imported before once more. */
  again?: boolean;
  /** Told how far it is, some times a second. What it throws is logged, and changes nothing. */
  onProgress?: (progress: ImportProgress) => void;
  /** Pauses the import when it aborts; the same call continues it. */
  signal?: AbortSignal;
}

/** How far an import is. */
export type ImportProgress = Omit<Progress, "counts">;

/** What an import came to. */
export interface ImportReport {
  /** Null for a dry run. */
  id: number | null;
  importer: string;
  fileName: string;
  status: Status | "dry_run";
  /** Rows of the file: the sum of the counts. */
  rows: number;
  counts: Counts;
  /** By code and field, the most frequent first. */
  issues: IssueCount[];
  /** A CSV file with the rejected rows and why, to be corrected; null where there are none. */
  rejectedRowsFile: string | null;
  /** Which column fed which field; null: none. */
  mapping: { column: string; field: string | null }[];
  /** Of a dry run: which fields of records that are there would change, with some of them. */
  changes: RecordChanges | null;
}

const ownNames = ["dryRun", "again", "onProgress", "signal", ...choiceNames];
/** Minimum time between progress calls. */
const tellEveryMs = 200;

/**
 * Imports a file, or counts what would become of it. If the process is killed at any moment, the same call continues.
 *
 * @throws SluiceError `invalid` for options, a file or a mapping that do not serve; `conflict` with `importId` for a file that was
 * imported before, and for an import that the database's refusals have stopped; `unavailable` when the database is away.
 * @example
 * const { counts, issues } = await importFile(contacts, "contacts.xlsx", { db: pool, context: { tenant_id: 7 }, dryRun: true });
 */
export async function importFile(
  importer: Importer,
  file: ImportedFile,
  options: ImportFileOptions = {},
): Promise<ImportReport> {
  checkImporter("importFile", importer);
  checkProgram("importFile", options, ownNames);
  checkChoices("importFile", options);
  const { dryRun = false, again = false, signal, onProgress } = options;
  checkFunctions("importFile", { onProgress });
  checkYesOrNo("importFile", { dryRun, again });
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw new SluiceError("invalid", "importFile: `signal` must be an AbortSignal.");
  const progress = onProgress === undefined ? undefined : { as: "onProgress", hear: progressTeller(onProgress) };
  const { app } = await openProgram("importFile", options, [importer], "command", progress, signal);
  const { newImport } = await import("./new-import.ts");
  const { engine } = app;
  try {
    const { language } = configOf("importFile", options, [importer]);
    const made = await newImport(app, importer, file, { ...options, language, dryRun, again }, signal);
    const work = async (): Promise<void> => {
      while ((await engine.work(made.id, signal)) !== "done") signal?.throwIfAborted();
    };
    if (made.status === "pending") await engine.start(made.id);
    else if (made.status === "paused" || made.status === "failed") await engine.resume(made.id);
    try {
      await work();
      if (dryRun) {
        const found = await engine.dryRun(made.id, { changes: true, signal });
        const { totalRows, fileName, mapping } = await engine.imports.get(made.id);
        const report = { id: null, status: "dry_run", rows: totalRows, rejectedRowsFile: null } as const;
        const { counts, issues, changes = null } = found;
        return { ...report, importer: importer.name, fileName, counts, issues, mapping: fedBy(mapping), changes };
      }
      if ((await engine.imports.get(made.id)).status === "ready") {
        await engine.commit(made.id);
        await work();
      }
    } finally {
      if (dryRun) await engine.discard(made.id);
    }
    const job = await engine.imports.get(made.id);
    if (job.status !== "completed")
      throw new SluiceError(
        "conflict",
        `Import ${job.id} is ${job.status}${job.errorMessage === null ? "" : `: ${job.errorMessage}`} The same call goes on with it.`,
        { importId: job.id },
      );
    return {
      id: job.id,
      importer: importer.name,
      fileName: job.fileName,
      status: job.status,
      rows: job.totalRows,
      counts: await engine.imports.counts(job.id),
      issues: await engine.imports.issueCounts(job.id),
      rejectedRowsFile: job.rejectedRowsPath,
      mapping: fedBy(job.mapping),
      changes: null,
    };
  } finally {
    await app.close();
  }
}

/** @throws SluiceError `invalid` for what does not come from `defineImporter()`. */
export function checkImporter(where: string, importer: Importer): void {
  if (typeof importer !== "object" || typeof importer?.name !== "string" || importer.fields === undefined)
    throw new SluiceError("invalid", `${where}: the importer must come from defineImporter().`);
}

function fedBy({ columns }: { columns: readonly { header: string; field: string | null }[] }) {
  return columns.map(({ header, field }) => ({ column: header, field }));
}

function progressTeller(onProgress: (progress: ImportProgress) => unknown): (event: EngineEvent) => unknown {
  const meter = new ProgressMeter();
  let toldAt = Number.NEGATIVE_INFINITY;
  return (event) => {
    const now = performance.now();
    if (!meter.note(event, now)) return;
    const isEnd = event.name === "parse.finished" || event.name === "commit.finished";
    if (!isEnd && now - toldAt < tellEveryMs) return;
    toldAt = now;
    const { counts: _, ...progress } = meter.read(now);
    return onProgress(progress);
  };
}
