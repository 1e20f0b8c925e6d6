/**
 * The worker of a server: a thread of its own, so that no request waits while a file is parsed. It finds the config itself,
 * since importers cannot be passed between threads; it ends when told to stop.
 */
import { parentPort, workerData } from "node:worker_threads";
import { openApp } from "../app.ts";
import { logEvents } from "../log.ts";
import { attentionOf } from "./attention.ts";
import { loadConfig, type ServiceFlags } from "./config-file.ts";

/** What the server's thread says to this one, and this one to it. */
export type ToWorkerThread = "stop";
export type FromWorkerThread = "ready" | "ended";

export interface WorkerThreadData {
  cwd: string;
  environment: Record<string, string | undefined>;
  flags: ServiceFlags;
}

export interface WatchedThreadData extends WorkerThreadData {
  /** Where its host sees that it is alive. */
  attention: SharedArrayBuffer;
}

/** The host looks less often. */
const beatMs = 100;

const { cwd, environment, flags, attention: memory } = workerData as WatchedThreadData;
const attention = attentionOf(memory);
const stopping = new AbortController();
parentPort?.on("message", (message: ToWorkerThread) => {
  if (message === "stop") stopping.abort(new Error("the server stops"));
});
const config = await loadConfig({ cwd, environment }, flags);
const app = await openApp(config, await logEvents(config.logLevel || "warn"), stopping.signal, "worker", { attention });
const beating = setInterval(attention.beat, beatMs);
try {
  const working = app.work(stopping.signal);
  parentPort?.postMessage("ready" satisfies FromWorkerThread);
  await working;
  parentPort?.postMessage("ended" satisfies FromWorkerThread);
} finally {
  await app.close();
  clearInterval(beating);
  // What listens for messages keeps the thread alive.
  parentPort?.close();
}
