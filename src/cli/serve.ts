/** `sluice serve`: the HTTP API and a worker in one process, until told to stop. */
import type { App } from "../app.ts";
import type { EventListener } from "../core/ports.ts";
import { firstSignInLink } from "../core/users.ts";
import { logEvents } from "../log.ts";
import { loadConfigToOpen, type ServiceFlags } from "../server/config-file.ts";
import { type ExitCode, exitCodes, stopWithinMs, type Terminal } from "./terminal.ts";
import { firstRole } from "./users.ts";

export async function serveCommand(
  terminal: Terminal,
  flags: ServiceFlags,
  { onEvent }: { onEvent?: EventListener } = {},
): Promise<ExitCode> {
  terminal.endWithin?.(stopWithinMs);
  const config = await loadConfigToOpen(terminal, flags);
  const log = await logEvents(config.logLevel || "warn");
  // Loaded by this command alone: the others start without what HTTP needs.
  const { startServer } = await import("../server/serve.ts");
  const server = await startServer(
    config,
    { cwd: terminal.cwd, environment: { ...terminal.environment }, flags },
    {
      onEvent(event) {
        log(event);
        onEvent?.(event);
      },
      onHttpEvent(event) {
        if (event.name === "importer.unguarded") terminal.err(`${event.advice}\n`);
        else log(event);
      },
    },
    terminal.signal,
  );
  terminal.err(`Sluice listens on ${server.url} (Ctrl-C stops it)\n`);
  try {
    // Where tokens of another system tell who people are, nobody signs in here.
    if (config.jwtSecret === "" && config.jwksUrl === "") {
      terminal.err(await signInLine(server.app, config.publicUrl || server.url));
    }
    await stopped(terminal.signal);
  } finally {
    await server.close();
  }
  terminal.err("Sluice has stopped; what was under way goes on from its checkpoint.\n");
  return exitCodes.done;
}

/** How one comes in: the first admin, and who has been here before. A server that is listening keeps running without its database until it is back. */
async function signInLine({ engine, importers }: App, url: string): Promise<string> {
  try {
    const role = firstRole(importers.values());
    const link = await firstSignInLink(engine, url, role);
    return link === null
      ? `Signed out? \`sluice users link --url ${url}\` prints a new link.\n`
      : `Sign in as ${role}, once, within half an hour: ${link}\n`;
  } catch (error) {
    if (!engine.isConnectionLost(error)) throw error;
    return "The database does not answer. Once it is back, `sluice users link` prints a link to sign in.\n";
  }
}

/** Resolves when the signal has aborted. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
