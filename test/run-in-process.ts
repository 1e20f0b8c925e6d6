/** Runs a command line in this process, on a terminal made of strings: for everything that needs no process of its own. */

import { peakRssBytes } from "../src/cli/peak-memory.ts";
import type { Terminal } from "../src/cli/terminal.ts";
import { run } from "../src/cli.ts";
import type { EventListener } from "../src/core/ports.ts";

export interface InProcessResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export async function runInProcess(
  args: readonly string[],
  options: {
    cwd: string;
    url?: string;
    env?: Record<string, string>;
    input?: string | Uint8Array;
    user?: string;
    onEvent?: EventListener;
    /** Aborts as Ctrl-C does. */
    signal?: AbortSignal;
  },
): Promise<InProcessResult> {
  let stdout = "";
  let stderr = "";
  const terminal: Terminal = {
    async out(text) {
      stdout += text;
    },
    err(text) {
      stderr += text;
    },
    interactive: false,
    live: false,
    columns: () => 80,
    stdin: (async function* () {
      yield Buffer.from(options.input ?? "");
    })(),
    cwd: options.cwd,
    environment: {
      LANG: "en_US.UTF-8",
      ...(options.url !== undefined && { DATABASE_URL: options.url }),
      ...options.env,
    },
    user: options.user ?? "tester",
    peakRssBytes: () => peakRssBytes(process),
    signal: options.signal ?? new AbortController().signal,
  };
  const exitCode = await run(args, terminal, options.onEvent);
  return { exitCode, stdout, stderr };
}
