/** What an engine is made of: the ports it works through, and how it works. */
import type { Importer } from "../core/importer.ts";
import type { Attention, EventListener, Files, Format } from "../core/ports.ts";
import type { Queue } from "../core/queue.ts";
import type { Store } from "../core/store/store.ts";

/** How long a slice works before it hands on. */
export const defaultSliceMs = 60_000;
/** COPY text sent in one transaction. Larger ones save commits, smaller ones memory: two are in progress at a time. */
export const defaultBatchBytes = 8 * 1024 * 1024;
/** How long a worker waits for an absent database before it gives up; the job continues later from its checkpoint. */
export const defaultPatienceMs = 60_000;

export interface EngineOptions {
  store: Store;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  onEvent?: EventListener;
  /** Told which import's cells the thread is at. */
  attention?: Attention;
  /** Chunks committed at the same time, of all imports together. Default 2. */
  lanes?: number;
  /** COPY text sent in one transaction. Default 8 MiB. */
  batchBytes?: number;
  /** How long a database that is away is waited for. Default a minute. */
  patienceMs?: number;
  /** How long a slice works before it hands on. Default a minute. */
  sliceMs?: number;
  /**
   * `foreground` (default): a person watches. What another worker has is waited for, a failure ends the import, a stop
   * pauses it. `background`: what another has is left to it, failures are tried again, and a stop hands the import on.
   */
  mode?: "foreground" | "background";
  /** Told of every import that wants work. */
  queue?: Queue;
  /** Has sinks told of what a request has done, where no worker looks for it. */
  wakeSinks?: () => Promise<void>;
  /** Imports of one person that may wait for a worker. Default: any number. */
  waitingLimit?: number;
  /** Imports of one person that may be neither running nor finished. Default: any number. */
  unfinishedLimit?: number;
  /** How often a failure of the program or the database is tried again, and how soon at first. Default 3 times, 5 s. */
  retries?: { times: number; firstSeconds: number };
  /** Whether browsers may get stored files from where they are kept. Default: through Sluice alone. */
  linksFiles?: boolean;
  /** How long the stored file of a finished import is kept. Default 0. */
  keepFileMs?: number;
}
