/**
 * What the tests of the embedded server share: fresh data folders that are cleared with all that runs in them, and a
 * look at the processes of a folder from outside.
 */

import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { onTestFinished, vi } from "vitest";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "../../src/embedded/embedded.ts";

/** As durable as a test needs, and gone with its last user. */
export const forTests = { settings: { fsync: "off", shared_buffers: "16MB" }, lingerMs: 0 };

/** Generous, for machines that do much else; polls end as soon as their condition holds. */
export const patience = { timeout: 60_000, interval: 50 };

/**
 * A folder of this test alone; with it go its processes and its files. Other accounts may pass through, so that root's
 * servers keep their files in it.
 */
export async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sluice-embedded-")));
  await chmod(folder, 0o755);
  onTestFinished(async () => {
    await vi.waitFor(async () => {
      const left = await processesNaming(folder);
      for (const { pid } of left) signal(pid, "SIGKILL");
      if (left.length > 0) throw new Error(`Still there: ${left.map(({ command }) => command)}`);
    }, patience);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);
  return folder;
}

/** A share in a folder's server that ends with the test. */
export async function start(
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, ...forTests, ...options });
  onTestFinished(() => postgres.release());
  return postgres;
}

/** The first column of the answer's first row. */
export async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query({ text, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

export function portOf(postgres: { url: string }): string {
  return new URL(postgres.url).port;
}

/** Another process that uses the folder, as a command does that runs in another terminal. */
export async function startCommand(dataDir: string, env: NodeJS.ProcessEnv = {}, account = {}) {
  const script = fileURLToPath(new URL("./command.ts", import.meta.url));
  const child = spawn(process.execPath, [script, dataDir], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
    ...account,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  for await (const url of createInterface({ input: child.stdout })) return { child, url, ended };
  throw new Error("The command ended before its server was there.");
}

/** Processes whose command line names the folder: its supervisor and its postmaster. */
export async function processesNaming(folder: string): Promise<{ pid: number; command: string }[]> {
  const { stdout } = await promisify(execFile)("ps", ["-ww", "-e", "-o", "pid=,args="], { maxBuffer: 16_777_216 });
  return stdout
    .split("\n")
    .filter((line) => line.includes(folder) && !line.includes("embedded/command"))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, "") }));
}

export async function supervisorsOf(folder: string): Promise<number[]> {
  const processes = await processesNaming(folder);
  return processes.filter(({ command }) => command.includes("embedded/supervisor")).map(({ pid }) => pid);
}

export async function postmasterOf(folder: string): Promise<number> {
  return Number.parseInt(await readFile(join(folder, "postgres", "cluster", "postmaster.pid"), "utf8"), 10);
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
