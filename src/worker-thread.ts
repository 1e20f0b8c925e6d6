/**
 * The worker of a server: a thread of its own, so that no request waits while a file is parsed. It finds the config itself,
 * since importers cannot be passed between threads; it ends when it is told to stop.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openApp } from "./app.ts";
import { loadConfig } from "./cli/config-file.ts";
import { logEvents } from "./log.ts";

/** What the server's thread says to this one, and this one to it. */
export type ToWorkerThread = "stop";
export type FromWorkerThread = "ready";

export interface WorkerThreadData {
  cwd: string;
  environment: Record<string, string | undefined>;
  flags: { databaseUrl?: string; dataDir?: string; lang?: string };
}

const { cwd, environment, flags } = workerData as WorkerThreadData;
const stopping = new AbortController();
parentPort?.on("message", (message: ToWorkerThread) => {
  if (message === "stop") stopping.abort(new Error("the server stops"));
});
const config = await loadConfig({ cwd, environment }, flags);
const app = await openApp(config, await logEvents(config.logLevel || "warn"), stopping.signal, "worker");
try {
  const working = app.work(stopping.signal);
  parentPort?.postMessage("ready" satisfies FromWorkerThread);
  await working;
} finally {
  await app.close();
  // What listens for messages keeps the thread alive.
  parentPort?.close();
}
