/** Wiring: config → adapters → engine. The one place that knows every room. */
import type { Config } from "./config.ts";
import { Engine } from "./engine.ts";
import { SluiceError } from "./errors.ts";
import { diskFiles } from "./files/disk.ts";
import { csv } from "./formats/csv/csv.ts";
import type { Importer } from "./importer.ts";
import { leads } from "./importers/leads/leads.ts";
import type { EventListener } from "./ports.ts";
import { type CheckFinding, checkImporter } from "./postgres/check.ts";
import { Database } from "./postgres/connect.ts";
import { type DescribedTable, describeTable } from "./postgres/describe-table.ts";
import { startEmbeddedPostgres } from "./postgres/embedded.ts";
import { migrate } from "./postgres/migrate.ts";
import { postgresStore } from "./postgres/store.ts";
import { createTables } from "./postgres/tables.ts";
import { startWorker } from "./postgres/workers.ts";

export type { CheckFinding } from "./postgres/check.ts";
export type { DescribedColumn, DescribedReference, DescribedTable } from "./postgres/describe-table.ts";

export interface App {
  engine: Engine;
  database: Database;
  importers: ReadonlyMap<string, Importer>;
  /** Whether each importer fits its target. */
  check(): Promise<CheckFinding[]>;
  close(): Promise<void>;
}

/** The shipped importers, and those of the config; one of the same name takes the shipped one's place. */
export function importersOf(config: Config): Map<string, Importer> {
  const importers = new Map<string, Importer>([[leads.name, leads]]);
  for (const importer of config.importers) {
    if (typeof importer?.name !== "string" || importer.fields === undefined) {
      throw new SluiceError("invalid", "sluice.config.ts: every entry of `importers` must come from defineImporter().");
    }
    importers.set(importer.name, importer);
  }
  return importers;
}

/** Connects to the config's database, or the embedded one. */
export async function openDatabase(
  config: Config,
  signal?: AbortSignal,
): Promise<{ database: Database; release: () => Promise<void> }> {
  // Heartbeat, lanes with their cancel requests, and the questions between them.
  const connections = config.lanes + 4;
  if (config.databaseUrl !== null)
    return { database: new Database(config.databaseUrl, connections), release: async () => {} };
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir, signal });
  return { database: new Database(server.url, connections), release: () => server.release() };
}

async function withDatabase<T>(
  config: Config,
  signal: AbortSignal | undefined,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { database, release } = await openDatabase(config, signal);
  try {
    return await work(database);
  } finally {
    await database.close();
    await release();
  }
}

/** Brings Sluice's own tables up to date and creates those that the importers ship; returns the migrations that ran. */
export function migrateDatabase(config: Config, signal?: AbortSignal): Promise<number[]> {
  return withDatabase(config, signal, async (database) => {
    const applied = await migrate(database);
    for (const importer of importersOf(config).values()) await createTables(database, importer);
    return applied;
  });
}

/** What an importer for a table is written from. @throws SluiceError `not_found` naming similar tables. */
export function describeTarget(
  config: Config,
  name: { schema: string; table: string },
  signal?: AbortSignal,
): Promise<DescribedTable> {
  return withDatabase(config, signal, (database) => describeTable(database, name.schema, name.table));
}

/** Everything up: database migrated, worker entered, engine ready. */
export async function openApp(config: Config, onEvent: EventListener, signal?: AbortSignal): Promise<App> {
  const importers = importersOf(config);
  const { database, release } = await openDatabase(config, signal);
  try {
    await migrate(database);
    const worker = await startWorker(database);
    const store = postgresStore(database, worker, { chunkRows: config.chunkRows });
    const engine = new Engine({
      store,
      files: diskFiles(config.dataDir),
      format: csv,
      importers,
      onEvent,
      lanes: config.lanes,
      batchBytes: config.batchBytes,
      patienceMs: config.patienceSeconds * 1000,
    });
    return {
      engine,
      database,
      importers,
      async check() {
        const findings: CheckFinding[] = [];
        for (const importer of importers.values()) findings.push(...(await checkImporter(database, importer)));
        return findings;
      },
      async close() {
        await store.close();
        await release();
      },
    };
  } catch (error) {
    await database.close();
    await release();
    throw error;
  }
}
