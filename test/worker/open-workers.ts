/** A server's side and any number of background workers on a fresh database, wired as the real ones are, in this process. */
import { onTestFinished, vi } from "vitest";
import { type App, openApp } from "../../src/app.ts";
import { resolveConfig } from "../../src/config.ts";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import type { ImportJob, Status } from "../../src/core/import.ts";
import { completeOptions } from "../../src/core/import-options.ts";
import type { Importer } from "../../src/core/importer.ts";
import { keptKey } from "../../src/core/keys.ts";
import type { EngineEvent } from "../../src/core/ports.ts";
import type { Store } from "../../src/core/store/store.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { noWorker } from "../../src/postgres/connection/workers.ts";
import { postgresStore } from "../../src/postgres/store.ts";
import { type FreshDatabase, freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

export interface RunningWorker {
  app: App;
  events: EngineEvent[];
  /** Lets it hand on; resolves when it has. */
  stop(): Promise<void>;
}

export interface OpenWorkers {
  url: string;
  folder: string;
  database: Database;
  /** Takes imports in; works on none. */
  server: App;
  /** The database as an engine sees it, for a test to interfere. */
  store: Store;
  workers: RunningWorker[];
  startWorker(onEvent?: (event: EngineEvent) => void): Promise<RunningWorker>;
  create(text: string, options?: CreateOptions): Promise<ImportJob>;
  /** Creates, starts, and lets it commit by itself. */
  begin(text: string, options?: CreateOptions): Promise<ImportJob>;
  /** Resolves with the job once its status is one of these. */
  reaches(jobId: number, ...statuses: Status[]): Promise<ImportJob>;
  rows<Row = Record<string, unknown>>(statement: string): Promise<Row[]>;
}

export interface CreateOptions {
  importer?: Importer;
  createdBy?: string;
  autoCommit?: boolean;
  strategy?: DuplicateStrategy;
  context?: Record<string, string>;
}

export interface WorkersOptions {
  workers?: number;
  importers?: readonly Importer[];
  env?: Record<string, string>;
  ddl?: string;
  onEvent?: (event: EngineEvent) => void;
  /** Another's data folder. */
  folder?: string;
  /** Another's database, such as a copy. */
  on?: FreshDatabase;
  /** The address by which server and workers reach the database, such as a pooler's. */
  reachedBy?: (url: string) => Promise<Record<"DATABASE_URL", string> & Record<string, string>>;
}

/** Like people whom a server with much to do has told to try again. */
const patience = { timeout: 60_000, interval: 100 };

/** Call it in a test: everything stops when the test is over. */
export async function openWorkers(options: WorkersOptions = {}): Promise<OpenWorkers> {
  const { workers: count = 1, importers = [leads], env = {}, ddl, onEvent, reachedBy } = options;
  const { url, database } = options.on ?? (await freshDatabase());
  const folder = options.folder ?? (await freshFolder());
  if (ddl !== undefined) await database.query(sql.raw(ddl));
  const addresses = (await reachedBy?.(url)) ?? { DATABASE_URL: url };
  const config = {
    ...resolveConfig({ ...addresses, SLUICE_DATA_DIR: folder, LANG: "en", ...env }, {}, {}),
    importers: [...importers],
  };
  const server = await openApp(config, () => {}, undefined, "server");
  onTestFinished(() => server.close());
  const workers: RunningWorker[] = [];
  const startWorker: OpenWorkers["startWorker"] = async (listener = onEvent) => {
    const stopping = new AbortController();
    const events: EngineEvent[] = [];
    const app = await openApp(
      config,
      (event) => {
        events.push(event);
        listener?.(event);
      },
      undefined,
      "worker",
    );
    const working = app.work(stopping.signal);
    let stopped: Promise<void> | null = null;
    const stop = (): Promise<void> => {
      stopping.abort(new Error("stopped by the test"));
      stopped ??= working.then(() => app.close());
      return stopped;
    };
    onTestFinished(stop);
    const worker = { app, events, stop };
    workers.push(worker);
    return worker;
  };
  for (let k = 0; k < count; k++) await startWorker();

  const create: OpenWorkers["create"] = async (
    text,
    { importer = importers[0], createdBy = "tester", autoCommit = false, strategy, context } = {},
  ) => {
    const kept = await server.files.keep([Buffer.from(text)] as unknown as AsyncIterable<Uint8Array>, {
      name: "test.csv",
    });
    const source = await server.files.open(kept.storagePath);
    const { dialect, profiles } = await server.engine.inspect(source).finally(() => source.close());
    return server.engine.createImport({
      importer,
      file: { ...kept, name: "test.csv" },
      dialect,
      mapping: mapColumns(importer, profiles, []),
      options: completeOptions(importer, {
        duplicates: { strategy: strategy ?? importer.match.onDuplicate, keys: importer.match.keys.map(keptKey) },
        autoCommit,
        ...(context !== undefined && { context }),
      }),
      createdBy,
      dryRun: false,
      once: false,
    });
  };
  return {
    url,
    folder,
    database,
    server,
    store: postgresStore(database, noWorker()),
    workers,
    startWorker,
    create,
    async begin(text, beginOptions) {
      const job = await create(text, { autoCommit: true, ...beginOptions });
      return server.engine.start(job.id);
    },
    async reaches(jobId, ...statuses) {
      const watching = new AbortController();
      // First the watch, then the look: what happens between them is seen by one of the two.
      const changes = server.engine.events.watch(watching.signal);
      try {
        for (;;) {
          const job = await vi.waitFor(() => server.engine.imports.get(jobId), patience);
          if (statuses.includes(job.status)) return job;
          if (job.status === "failed" || job.status === "completed")
            throw new Error(`Import ${jobId} is ${job.status}, not ${statuses.join(" or ")}: ${job.errorMessage}`);
          for (;;) {
            const { value, done } = await changes.next();
            if (done) throw new Error("The watch has ended.");
            if (value.jobId === jobId && value.event !== undefined) break;
          }
        }
      } finally {
        watching.abort();
      }
    },
    rows: <Row>(statement: string) => database.query<Row>(sql.raw<Row>(statement)),
  };
}

/** A CSV of leads, each with an e-mail of its own. */
export function leadsCsv(rows: number, prefix = "lead"): string {
  return `email,first_name,city\n${Array.from({ length: rows }, (_, k) => `${prefix}${k}@x.fr,Anna ${k},Lyon\n`).join("")}`;
}
