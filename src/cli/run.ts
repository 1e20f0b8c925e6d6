/** One run of a command on an import: the app, what the person sees of it, and since when. */
import { type App, openApp } from "../app.ts";
import type { Config } from "../config.ts";
import type { EventListener } from "../core/ports.ts";
import { logEvents } from "../log.ts";
import { type CommonFlags, loadConfigToOpen } from "../server/config-file.ts";
import { Progress } from "./progress.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** What a command may be given besides its flags: tests listen to the engine with it. */
export interface CommandOptions {
  onEvent?: EventListener;
}

export interface Run {
  app: App;
  config: Config;
  terminal: Terminal;
  progress: Progress;
  json: boolean;
  /** By `performance.now()`. */
  startedAt: number;
}

/** Opens the app for as long as `work` takes; the engine's events go to the log and the progress line. */
export async function withRun(
  terminal: Terminal,
  flags: CommonFlags & { json?: boolean },
  { onEvent }: CommandOptions,
  work: (run: Run) => Promise<ExitCode>,
): Promise<ExitCode> {
  const startedAt = performance.now();
  const config = await loadConfigToOpen(terminal, flags);
  const json = flags.json ?? false;
  const progress = new Progress(terminal, config.language, json);
  const log = await logEvents(config.logLevel || "silent");
  const app = await openApp(
    config,
    (event) => {
      log(event);
      progress.listen(event);
      onEvent?.(event);
    },
    terminal.signal,
  );
  try {
    return await work({ app, config, terminal, progress, json, startedAt });
  } finally {
    progress.clear();
    await app.close();
  }
}
