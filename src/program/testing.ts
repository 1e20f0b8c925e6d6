/**
 * `sluice/testing`: an importer run over rows in a test. The rows go the whole way, to the commit's own SQL with the table's triggers and
 * constraints, in one transaction, which is rolled back after the test has been shown what it made.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SluiceError } from "../core/errors.ts";
import type { Counts } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type IssueCode, issueSeverity, type Severity } from "../core/issue.ts";
import type { Rehearsal, RehearsedRow } from "../core/store/commits.ts";
import { checkFunctions } from "../server/mount-options.ts";
import { checkChoices } from "./check-choices.ts";
import { choiceNames, type ImportChoices } from "./choices.ts";
import { checkImporter } from "./import-file.ts";
import { newImport } from "./new-import.ts";
import { checkProgram, openProgram, type ProgramOptions } from "./options.ts";

export interface RunImporterOptions extends ProgramOptions, ImportChoices {
  /** Looks at other tables as the import has left them; what it returns is `seen`. */
  see?: (query: Rehearsal["query"]) => unknown;
}

/** What an importer made of rows, as plain data. */
export interface ImporterRun {
  counts: Counts;
  /** What became of each row: by the file's number, of objects from 1. */
  actions: { row: number; action: RehearsedRow["action"]; recordId: string | null }[];
  issues: { row: number; field: string | null; code: IssueCode; severity: Severity }[];
  /** The records of the target that were created or updated, as they were before the rollback. */
  records: Record<string, unknown>[];
  /** What `see` returned. */
  seen: unknown;
}

/**
 * Runs an importer over rows: objects by column names, or the text of a CSV file. Sluice's own notes of it (schema `sluice`) are
 * deleted at the end; of your tables only sequences have moved, as after every rollback.
 *
 * @throws SluiceError as `importFile` does.
 * @example
 * const { counts, issues, records } = await runImporter(contacts, [{ Email: "ann@example.org" }], { db: pool, context: { tenant_id: 7 } });
 */
export async function runImporter(
  importer: Importer,
  rows: readonly object[] | string,
  options: RunImporterOptions = {},
): Promise<ImporterRun> {
  checkImporter("runImporter", importer);
  checkProgram("runImporter", options, [...choiceNames, "see"]);
  checkChoices("runImporter", options);
  const isText = typeof rows === "string";
  if (!isText && !Array.isArray(rows))
    throw new SluiceError("invalid", "runImporter: the rows must be a list of objects, or the text of a CSV file.");
  const { see, ...program } = options;
  checkFunctions("runImporter", { see });
  const text = isText ? rows : textOf(rows);
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-run-"));
  try {
    // The embedded database has its own folder; files of a test are nobody's else.
    const place = options.embedded === true ? {} : { dataDir };
    const { app } = await openProgram("runImporter", { ...program, ...place }, [importer], "command");
    const { engine } = app;
    try {
      const job = await newImport(app, importer, Buffer.from(text), {
        fileName: isText ? "rows.csv" : "rows.json",
        ...options,
        language: options.language ?? "en",
        dryRun: true,
        again: false,
      });
      try {
        await engine.start(job.id);
        while ((await engine.work(job.id)) !== "done");
        const shown: { rehearsal: Pick<Rehearsal, "rows" | "records">; seen: unknown }[] = [];
        const { counts } = await engine.dryRun(job.id, {
          async onRehearsed({ rows: each, records, query }) {
            shown.push({ rehearsal: { rows: each, records }, seen: await see?.(query) });
          },
        });
        const [{ rehearsal, seen }] = shown;
        return {
          counts,
          actions: rehearsal.rows.map(({ row, action, recordId }) => ({ row, action, recordId })),
          issues: rehearsal.rows.flatMap(({ row, issues }) =>
            issues.map(({ c, f }) => ({ row, field: f ?? null, code: c, severity: issueSeverity[c] })),
          ),
          records: rehearsal.records,
          seen,
        };
      } finally {
        await engine.discard(job.id);
      }
    } finally {
      await app.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** @throws SluiceError `invalid` for objects that JSON has no form for. */
function textOf(rows: readonly object[]): string {
  try {
    // What a driver reads of a bigint column.
    return JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? String(value) : value));
  } catch (cause) {
    throw new SluiceError("invalid", `runImporter: the rows cannot be written as JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
