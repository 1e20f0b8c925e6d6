/** The engine on a fresh database, and a way to put a CSV text through it in one call. In-process, so that many imports fit in a test. */
import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import type { Assignment } from "../src/core/assignment.ts";
import type { DuplicateStrategy, MergeRules } from "../src/core/duplicates.ts";
import type { Given } from "../src/core/given-mapping.ts";
import type { Counts, ImportJob } from "../src/core/import.ts";
import { completeOptions } from "../src/core/import-options.ts";
import type { Importer } from "../src/core/importer.ts";
import type { IssueCode, IssueCount } from "../src/core/issue.ts";
import { type Key, keptKey } from "../src/core/keys.ts";
import type { Mode } from "../src/core/modes.ts";
import type { EventListener, Files } from "../src/core/ports.ts";
import type { Repeats } from "../src/core/repeats.ts";
import type { DialectHints } from "../src/core/row.ts";
import type { ReportedRow } from "../src/core/store/outcomes.ts";
import type { Store } from "../src/core/store/store.ts";
import { Engine } from "../src/engine/engine.ts";
import { diskFiles } from "../src/files/disk.ts";
import { formats } from "../src/formats/formats.ts";
import { leads } from "../src/importers/leads/leads.ts";
import { mapColumns } from "../src/mapping/map.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { startWorker } from "../src/postgres/connection/workers.ts";
import { postgresStore } from "../src/postgres/store.ts";
import { endsWithin } from "../src/worker/interrupt.ts";
import { freshDatabase } from "./fresh-database.ts";
import { freshFolder } from "./run-cli.ts";

export interface ImportOptions {
  mode?: Mode;
  strategy?: DuplicateStrategy;
  keys?: Key[];
  merge?: MergeRules;
  repeats?: Repeats;
  assignment?: Assignment;
  context?: Record<string, string>;
  map?: Given[];
  /** What a person says of how the file is written. */
  dialect?: DialectHints;
  createdBy?: string;
  language?: string;
  /** Runs between the parse and the commit. */
  beforeCommit?: () => Promise<void>;
}

/** What an import came to, as plain data. */
export interface Outcome {
  job: ImportJob;
  counts: Counts;
  issueCounts: IssueCount[];
  /** `[row, field, code]` of every row that is kept with an issue. */
  issues: [number, string | null, IssueCode][];
  rows: ReportedRow[];
}

export interface OpenEngine {
  database: Database;
  url: string;
  folder: string;
  engine: Engine;
  /** What the engine asks of the database, for a test to interfere. */
  store: Store;
  importer(name: string): Importer;
  /** Takes the text in and stops before any work. */
  create(
    importer: Importer,
    text: string | Uint8Array,
    options?: ImportOptions & { dryRun?: boolean },
  ): Promise<ImportJob>;
  /** Parse, match, commit, report. The sum of the counts is checked each time. */
  importCsv(importer: Importer, text: string | Uint8Array, options?: ImportOptions): Promise<Outcome>;
  dryRun(
    importer: Importer,
    text: string | Uint8Array,
    options?: ImportOptions,
  ): Promise<{ counts: Counts; issueCounts: IssueCount[] }>;
  outcomeOf(jobId: number): Promise<Outcome>;
  /** Rows of a statement. */
  rows<Row = Record<string, unknown>>(statement: string): Promise<Row[]>;
}

/** Call it in a test: everything goes when the test is over. `ddl` makes the test's own tables. */
export async function openEngine(
  importers: readonly Importer[] = [leads],
  ddl = "",
  {
    onEvent,
    chunkRows,
    batchBytes,
    sliceMs,
    waitingLimit,
    unfinishedLimit,
    grants,
    filesIn = diskFiles,
  }: {
    onEvent?: EventListener;
    chunkRows?: number;
    batchBytes?: number;
    sliceMs?: number;
    waitingLimit?: number;
    unfinishedLimit?: number;
    /** Work as a login role that is no superuser, with these rights on the test's own tables: `grant … to app`. */
    grants?: string;
    /** Where files are kept, below a folder. Default: on disk. */
    filesIn?: (folder: string) => Files;
  } = {},
): Promise<OpenEngine> {
  const { database, url } = await freshDatabase();
  const folder = await freshFolder();
  if (ddl !== "") await database.query(sql.raw(ddl));
  const own = grants === undefined ? database : await asRole(database, url, grants);
  const worker = await startWorker(own);
  onTestFinished(() => worker.stop());
  const files = filesIn(folder);
  const byName = new Map(importers.map((each): [string, Importer] => [each.name, each]));
  const store = postgresStore(own, worker, { chunkRows });
  const engine = new Engine({
    store,
    files,
    format: formats,
    importers: byName,
    onEvent,
    batchBytes,
    sliceMs,
    waitingLimit,
    unfinishedLimit,
    attention: { begin() {}, end() {}, endsWithin },
  });

  const create: OpenEngine["create"] = async (importer, text, options = {}) => {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const kept = await files.keep([bytes] as unknown as AsyncIterable<Uint8Array>, { name: "test.csv" });
    const source = await files.open(kept.storagePath);
    const { dialect, profiles } = await engine.inspect(source, options.dialect).finally(() => source.close());
    return engine.createImport({
      importer,
      file: { ...kept, name: "test.csv" },
      dialect,
      mapping: mapColumns(importer, profiles, options.map ?? [], { dialect }),
      options: completeOptions(importer, {
        mode: options.mode,
        assignment: options.assignment,
        duplicates: {
          strategy: options.strategy ?? importer.match.onDuplicate,
          keys: (options.keys ?? importer.match.keys).map(keptKey),
        },
        merge: options.merge,
        repeats: options.repeats,
        context: options.context,
        language: options.language,
      }),
      createdBy: options.createdBy ?? "tester",
      dryRun: options.dryRun ?? false,
      once: false,
    });
  };
  const outcomeOf: OpenEngine["outcomeOf"] = async (jobId) => {
    const rows: ReportedRow[] = [];
    for await (const row of engine.outcomes.rows(jobId, ["invalid", "failed", "skipped", "updated"])) rows.push(row);
    return {
      job: await engine.imports.get(jobId),
      counts: await engine.imports.counts(jobId),
      issueCounts: await engine.imports.issueCounts(jobId),
      issues: rows.flatMap(({ row, issues }) =>
        issues.map(({ c, f }): [number, string | null, IssueCode] => [row, f ?? null, c]),
      ),
      rows,
    };
  };
  return {
    database,
    url,
    folder,
    engine,
    store,
    importer: (name) => byName.get(name) as Importer,
    create,
    outcomeOf,
    async importCsv(importer, text, options = {}) {
      const job = await create(importer, text, options);
      await engine.start(job.id);
      await workToEnd(engine, job.id);
      await options.beforeCommit?.();
      await engine.commit(job.id);
      await workToEnd(engine, job.id);
      const outcome = await outcomeOf(job.id);
      if (outcome.job.status === "completed") {
        const { created, updated, unchanged, skipped, invalid, failed } = outcome.counts;
        const sum = created + updated + unchanged + skipped + invalid + failed;
        if (sum !== outcome.job.totalRows)
          throw new Error(`${JSON.stringify(outcome.counts)} do not add up to ${outcome.job.totalRows} rows`);
      }
      return outcome;
    },
    async dryRun(importer, text, options = {}) {
      const job = await create(importer, text, { ...options, dryRun: true });
      await engine.start(job.id);
      await workToEnd(engine, job.id);
      const { counts, issues } = await engine.dryRun(job.id);
      await engine.discard(job.id);
      return { counts, issueCounts: issues };
    },
    rows: <Row>(statement: string) => database.query<Row>(sql.raw<Row>(statement)),
  };
}

/** The database as an application's role sees it. */
async function asRole(database: Database, url: string, grants: string): Promise<Database> {
  const role = `app_${randomUUID().slice(0, 8)}`;
  await database.query(
    sql.raw(`create role ${role} login password 'x';
      grant usage, create on schema sluice, sluice_stage to ${role};
      grant usage on schema sluice_stage to ${role} with grant option;
      grant all on all tables in schema sluice to ${role};
      grant all on all sequences in schema sluice to ${role};
      grant all on all functions in schema sluice to ${role};
      ${grants.replaceAll(/\bapp\b/g, role)}`),
  );
  const login = new URL(url);
  login.username = role;
  login.password = "x";
  const own = new Database(login.href, 4);
  onTestFinished(async () => {
    await own.close();
    await database.query(sql.raw(`drop owned by ${role} cascade; drop role ${role}`));
  });
  return own;
}

export async function workToEnd(engine: Engine, jobId: number): Promise<void> {
  for (;;) if ((await engine.work(jobId)) === "done") return;
}

/** The counts of rows that are not 0; those of several records have names of two words. */
export function some(counts: Counts): Partial<Counts> {
  return Object.fromEntries(Object.entries(counts).filter(([name, count]) => count > 0 && !name.includes("_")));
}
