/** `sluice work`: a worker alone, any number of them on any number of machines, until told to stop. */
import { openApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { EventListener } from "../core/ports.ts";
import { logEvents } from "../log.ts";
import { loadConfigToOpen, type ServiceFlags } from "../server/config-file.ts";
import { type ExitCode, exitCodes, stopWithinMs, type Terminal } from "./terminal.ts";

export async function workCommand(
  terminal: Terminal,
  flags: ServiceFlags,
  { onEvent }: { onEvent?: EventListener } = {},
): Promise<ExitCode> {
  terminal.endWithin?.(stopWithinMs);
  const config = await loadConfigToOpen(terminal, flags);
  const log = await logEvents(config.logLevel || "warn");
  const listener: EventListener = (event) => {
    log(event);
    onEvent?.(event);
  };
  const until = config.workSeconds === 0 ? "Ctrl-C stops it" : `it ends in ${config.workSeconds} s`;
  const begun = `This worker takes up to ${config.concurrency} imports at a time (${until})\n`;
  if (onEvent === undefined) await workInThread(terminal, flags, config, listener, begun);
  else await workHere(terminal, config, listener, begun);
  terminal.err("This worker has stopped; what was under way goes on elsewhere, or from its checkpoint.\n");
  return exitCodes.done;
}

/** In a thread, which is ended and started again where one import's cells keep it busy for too long. */
async function workInThread(
  terminal: Terminal,
  flags: ServiceFlags,
  config: Config,
  listener: EventListener,
  begun: string,
): Promise<void> {
  const { startWatchedWorker } = await import("../server/watched-worker.ts");
  const data = { cwd: terminal.cwd, environment: { ...terminal.environment }, flags };
  const worker = await startWatchedWorker(config, data, listener, terminal.signal);
  try {
    terminal.err(begun);
    await Promise.race([stopped(terminal.signal), worker.ended]);
  } finally {
    await worker.close();
  }
}

/** For tests that observe each event as it happens. */
async function workHere(terminal: Terminal, config: Config, listener: EventListener, begun: string): Promise<void> {
  const app = await openApp(config, listener, terminal.signal, "worker");
  try {
    terminal.err(begun);
    await app.work(terminal.signal);
  } finally {
    await app.close();
  }
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
