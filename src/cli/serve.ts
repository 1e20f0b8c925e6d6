/** `sluice serve`: the HTTP API and a worker in one process, until it is told to stop. */
import { logEvents } from "../log.ts";
import type { EventListener } from "../ports.ts";
import { firstSignInLink } from "../users.ts";
import { type CommonFlags, loadConfig } from "./config-file.ts";
import { type ExitCode, exitCodes, stopWithinMs, type Terminal } from "./terminal.ts";

export interface ServeFlags extends CommonFlags {
  host?: string;
  port?: string;
}

export async function serveCommand(
  terminal: Terminal,
  flags: ServeFlags,
  { onEvent }: { onEvent?: EventListener } = {},
): Promise<ExitCode> {
  terminal.endWithin?.(stopWithinMs);
  const config = await loadConfig(terminal, flags);
  const log = await logEvents(config.logLevel);
  // Loaded by this command alone: the others start without what HTTP needs.
  const { startServer } = await import("../server.ts");
  const server = await startServer(
    config,
    { cwd: terminal.cwd, environment: { ...terminal.environment }, flags },
    {
      onEvent(event) {
        log(event);
        onEvent?.(event);
      },
      onHttpEvent: log,
    },
    terminal.signal,
  );
  terminal.err(`Sluice listens on ${server.url} (Ctrl-C stops it)\n`);
  // Where tokens of another system tell who people are, nobody signs in here.
  if (config.jwtSecret === "" && config.jwksUrl === "") {
    const link = await firstSignInLink(server.app.engine.store, config.publicUrl || server.url);
    if (link !== null) terminal.err(`Sign in as admin, once, within half an hour: ${link}\n`);
  }
  try {
    await stopped(terminal.signal);
  } finally {
    await server.close();
  }
  terminal.err("Sluice has stopped; what was under way goes on from its checkpoint.\n");
  return exitCodes.done;
}

/** Resolves when the signal has aborted. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
