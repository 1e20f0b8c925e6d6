/** Sources on a fresh database, fetched where a test says so; any number of workers, each with a turn of its own. */
import { createHash } from "node:crypto";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Importer } from "../../src/core/importer.ts";
import type { EngineEvent, Files } from "../../src/core/ports.ts";
import type { NewSource, Place, SourceAdapters } from "../../src/core/source.ts";
import { checkSources, type SourceDefinition } from "../../src/core/source-definition.ts";
import type { FileState, SourceFile } from "../../src/core/store/sources.ts";
import { Fetcher, type FetcherParts } from "../../src/engine/fetcher.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { startWorker } from "../../src/postgres/connection/workers.ts";
import { postgresStore } from "../../src/postgres/store.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";
import { type OpenEngine, openEngine, workToEnd } from "../open-engine.ts";

export const secretsKey = "a key of the tests, long enough for them";

export interface OpenSources extends OpenEngine {
  /** A folder with nothing in it. */
  place: string;
  adapters: SourceAdapters;
  events: EngineEvent[];
  /** A file of the folder; `minute`: of its time, so that files have an order. */
  put(name: string, text: string | Uint8Array, minute?: number): Promise<void>;
  /** Makes a source; default: of the folder, whose files need not settle. */
  make(given?: Partial<SourceDefinition>): Promise<number>;
  /** Of a worker of its own. */
  fetcher(parts?: Partial<FetcherParts>): Promise<{ fetcher: Fetcher; die(): Promise<void> }>;
  /** Asks for a look, and fetches until there is nothing more to do. Imports are not worked on. */
  fetch(id: number, by?: Fetcher): Promise<void>;
  /** The same, and works on whatever imports there are, until nothing happens any more. */
  fetchAll(id: number): Promise<void>;
  /** By their names: state and import. */
  files(id: number): Promise<Record<string, [FileState, number | null]>>;
  file(id: number, name: string): Promise<SourceFile>;
  /** What the sinks are told. */
  told(): Promise<{ topic: string; importId: number | null; fileName: string; reason: string }[]>;
}

/** Call it in a test: everything goes when the test is over. */
export async function openSources(importers: readonly Importer[] = [leads], ddl = ""): Promise<OpenSources> {
  let files: Files | undefined;
  const opened = await openEngine(importers, ddl, {
    filesIn(folder) {
      files = diskFiles(folder);
      return files;
    },
  });
  const { engine, database, store, folder, rows } = opened;
  const kept = files as Files;
  const place = join(folder, "incoming");
  await mkdir(place);
  await store.outbox.register([{ name: "alerts", topics: ["source.waits", "source.failed"], deliver: async () => {} }]);
  const adapters = sourceAdapters({ outbound: openOutbound({ allow: ["127.0.0.1"] }), secretsKey, folders: [folder] });
  const events: EngineEvent[] = [];
  const byName = new Map(importers.map((importer): [string, Importer] => [importer.name, importer]));
  const fetcher: OpenSources["fetcher"] = async (parts = {}) => {
    const worker = await startWorker(database);
    onTestFinished(() => worker.stop());
    const own = new Fetcher({
      engine,
      sources: postgresStore(database, worker).sources,
      files: kept,
      importers: byName,
      definitions: new Map(),
      adapters,
      register: async () => {},
      sha256: (text) => createHash("sha256").update(text).digest("hex"),
      maxBytes: 1024 * 1024,
      onEvent: (event) => events.push(event),
      ...parts,
    });
    return { fetcher: own, die: () => worker.stop() };
  };
  const { fetcher: usual } = await fetcher();
  const signal = new AbortController().signal;
  const goOn = async (id: number, by: Fetcher): Promise<void> => {
    while ((await by.fetch(id, { isOver: () => false, signal })) === "again");
  };
  const fetch: OpenSources["fetch"] = async (id, by = usual) => {
    await store.sources.run(id);
    await goOn(id, by);
    // The second look: nothing has changed since.
    await store.sources.run(id);
    await goOn(id, by);
  };
  return {
    ...opened,
    place,
    adapters,
    events,
    fetcher,
    fetch,
    async put(name, text, minute = 0) {
      await writeFile(join(place, name), text);
      const at = new Date(Date.UTC(2026, 0, 1, 8, minute));
      await utimes(join(place, name), at, at);
    },
    async make(given = {}) {
      const [source] = checkSources("test", [
        {
          name: "incoming",
          importer: importers[0].name,
          place: { kind: "folder", path: place },
          settleSeconds: 0,
          ...given,
        },
      ]);
      const { id } = await store.sources.create({
        ...(source as NewSource & { place: Place }),
        ...{ sealed: null, nextRunAt: null, createdBy: "maker", createdByName: "Maker" },
      });
      return id;
    },
    async fetchAll(id) {
      await fetch(id);
      for (;;) {
        const open = await rows<{ id: number }>(
          "select id from sluice.import_jobs where status in ('queued', 'parsing', 'matching', 'committing') order by id",
        );
        for (const job of open) await workToEnd(engine, job.id);
        await goOn(id, usual);
        if (open.length === 0) return;
      }
    },
    async files(id) {
      const { items } = await store.sources.files(id, {}, { limit: 500 });
      return Object.fromEntries(items.map(({ name, state, importId }) => [name, [state, importId]]));
    },
    async file(id, name) {
      const { items } = await store.sources.files(id, {}, { limit: 500 });
      return items.find((each) => each.name === name) as SourceFile;
    },
    told: () =>
      rows(`select topic, case when job_id > 0 then job_id end as "importId", payload ->> 'fileName' as "fileName",
        payload -> 'data' ->> 'reason' as reason from sluice.outbox where sink = 'alerts' order by id`),
  };
}
