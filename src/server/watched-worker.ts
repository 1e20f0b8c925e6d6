/** `sluice work` without the command line: a worker in a thread, and a watchdog that notes which import has kept it busy for too long. */
import { openApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { EventListener } from "../core/ports.ts";
import { WorkerHost } from "./worker-host.ts";
import type { WorkerThreadData } from "./worker-thread.ts";

/** How long the worker may take to hand its imports on. */
const handOnMs = 4000;

export interface WatchedWorker {
  /** Resolves when its time is up. */
  ended: Promise<void>;
  /** Hands its imports on, within five seconds. */
  close(): Promise<void>;
}

export async function startWatchedWorker(
  config: Config,
  { cwd, environment, flags }: WorkerThreadData,
  onEvent: EventListener,
  signal?: AbortSignal,
): Promise<WatchedWorker> {
  const app = await openApp(config, onEvent, signal, "server");
  // An embedded database is up already; one by address is found by the thread as it was by this one.
  const database = config.databaseUrl === null ? { databaseUrl: app.database.url } : {};
  const host = new WorkerHost({ cwd, environment, flags: { ...flags, ...database } }, onEvent, {
    onStuck: (jobId, seconds) => app.engine.failStuck(jobId, seconds),
  });
  const close = async (): Promise<void> => {
    await host.stop(handOnMs);
    await app.close();
  };
  try {
    await host.start();
    return { ended: host.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}
