/** `sluice work`: a worker alone, any number of them on any number of machines, until it is told to stop. */
import { openApp } from "../app.ts";
import { logEvents } from "../log.ts";
import type { EventListener } from "../ports.ts";
import { type CommonFlags, loadConfigToOpen } from "./config-file.ts";
import { type ExitCode, exitCodes, stopWithinMs, type Terminal } from "./terminal.ts";

export async function workCommand(
  terminal: Terminal,
  flags: CommonFlags,
  { onEvent }: { onEvent?: EventListener } = {},
): Promise<ExitCode> {
  terminal.endWithin?.(stopWithinMs);
  const config = await loadConfigToOpen(terminal, flags);
  const log = await logEvents(config.logLevel || "warn");
  const app = await openApp(
    config,
    (event) => {
      log(event);
      onEvent?.(event);
    },
    terminal.signal,
    "worker",
  );
  try {
    terminal.err(`This worker takes up to ${config.concurrency} imports at a time (Ctrl-C stops it)\n`);
    await app.work(terminal.signal);
  } finally {
    await app.close();
  }
  terminal.err("This worker has stopped; what was under way goes on elsewhere, or from its checkpoint.\n");
  return exitCodes.done;
}
