/** Runs the real command line as a process of its own, in a folder of its own. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { compiled } from "./compiled.ts";

export interface CliResult {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A folder that goes when the test is over. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface RunningCli {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Ends with the process. */
  ended: Promise<CliResult>;
  /** Resolves when standard error has shown the text; rejects with all of it when the process ends first. */
  shows(text: string): Promise<void>;
  /** All that standard error has shown so far. */
  shown(): string;
}

/** `script`: another one than the command line. `deadlineMs`: it is killed after so long. */
export function startCli(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string>; input?: string; script?: string; deadlineMs?: number },
): RunningCli {
  const child = spawn(process.execPath, [options.script ?? compiled("command"), ...args], {
    cwd: options.cwd,
    env: { ...process.env, LANG: "en_US.UTF-8", LC_ALL: "", DATABASE_URL: "", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const watcher of watchers) watcher();
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const { deadlineMs } = options;
  const late =
    deadlineMs === undefined
      ? undefined
      : setTimeout(() => {
          stderr += `\nThe test killed it after ${deadlineMs / 1000} s.`;
          child.kill("SIGKILL");
        }, deadlineMs);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(late);
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  return {
    pid: child.pid as number,
    kill: (signal) => void child.kill(signal),
    ended,
    shown: () => stderr,
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stderr.includes(text)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        ended.then(() => reject(new Error(`The command ended without showing "${text}":\n${stderr}`)));
        look();
      }),
  };
}

export function runCli(args: readonly string[], options: Parameters<typeof startCli>[1]): Promise<CliResult> {
  return startCli(args, options).ended;
}
