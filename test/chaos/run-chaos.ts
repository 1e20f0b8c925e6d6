/** Runs command.ts as a process of its own, with a mishap, and waits for what it says. */

import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { compiled } from "../compiled.ts";
import { type CliResult, startCli } from "../run-cli.ts";
import { countPrefix, type Mishap } from "./mishap.ts";

/** No single step of these tests takes longer, unless something hangs. */
const deadlineMs = 300_000;

export interface Place {
  url: string;
  cwd: string;
  env?: Record<string, string>;
}

export interface ChaosRun {
  pid: number;
  ended: Promise<CliResult>;
  /** Resolves when standard error has shown the text; rejects with all of it when the process ends first. */
  shows(text: string): Promise<void>;
  /** All that standard error has shown so far. */
  shown(): string;
  /** Lets a process go on that asked. */
  answer(): void;
  signal(name: NodeJS.Signals): void;
}

/** Starts it; it ends with the test at the latest. */
export function startChaos(args: readonly string[], place: Place, mishap: Mishap | null = null): ChaosRun {
  const run = spawnChaos(args, place, mishap);
  onTestFinished(async () => {
    run.signal("SIGKILL");
    await run.ended;
  });
  return run;
}

/** Runs it to its end. */
export function runChaos(args: readonly string[], place: Place, mishap: Mishap | null = null): Promise<CliResult> {
  return spawnChaos(args, place, mishap).ended;
}

function spawnChaos(args: readonly string[], { url, cwd, env }: Place, mishap: Mishap | null): ChaosRun {
  const answer = join(cwd, `chaos-answer-${randomUUID()}`);
  const { pid, ended, shows, shown, kill } = startCli(args, {
    script: compiled("chaos/command"),
    cwd,
    deadlineMs,
    env: {
      DATABASE_URL: url,
      SLUICE_CHAOS: JSON.stringify(mishap),
      SLUICE_CHAOS_ANSWER: answer,
      // Several batches and chunks out of a file that is quick to import.
      SLUICE_BATCH_BYTES: "90000",
      SLUICE_CHUNK_ROWS: "1000",
      ...env,
    },
  });
  return { pid, ended, shows, shown, answer: () => writeFileSync(answer, ""), signal: kill };
}

/** How many events a run told of that came to its end. */
export function eventsOf({ stderr }: CliResult): number {
  return Number(stderr.slice(stderr.lastIndexOf(countPrefix) + countPrefix.length));
}
