/**
 * The server's processes as the operating system sees them: which of them belong to a cluster's folder. Postgres makes
 * that folder their working directory, which neither a reused process number nor another server can counterfeit.
 */

import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../core/errors.ts";
import { run } from "./account.ts";

/**
 * What a running postmaster writes into its file `postmaster.pid`.
 * @see https://www.postgresql.org/docs/18/storage-file-layout.html
 */
export interface PostmasterFile {
  pid: number;
  port: number;
  /** `starting`, `ready`, `stopping` or `standby`; empty in the first moments. */
  status: string;
}

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3]), status: lines[7] ?? "" };
}

/** Whether the process is alive and one of the cluster's own, not another program that was given its number. */
export async function belongsTo(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === "linux") {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    return cwd === (await realpath(cluster).catch(() => cluster)) && (await isPostgres(pid));
  }
  const { code, output } = await run("ps", ["-ww", "-o", "command=", "-p", String(pid)]);
  return code === 0 && output.includes("postgres") && output.includes(cluster);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The name also excludes zombies, whose `exe` can't be read. */
async function isPostgres(pid: number): Promise<boolean> {
  const exe = await readlink(`/proc/${pid}/exe`).catch(() => "");
  return /\/(postgres|initdb)( \(deleted\))?$/.test(exe);
}

/** All processes at work in a folder. Where the system has no /proc, none can be found. */
async function processesIn(folder: string): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const own = await Promise.all(pids.map((pid) => belongsTo(pid, folder)));
  return pids.filter((_, index) => own[index]);
}

/**
 * Waits until no process is at work in the folder, and kills those that are after `patienceMs`. A server whose
 * postmaster was killed leaves such processes: they exit by themselves as soon as they notice, and no new
 * server can start before.
 */
export async function outwaitProcesses(folder: string, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const pids = await processesIn(folder);
    if (pids.length === 0) return;
    if (Date.now() >= deadline) for (const pid of pids) signalProcess(pid, "SIGKILL");
    if (Date.now() >= deadline + UNKILLABLE_MS) {
      throw new SluiceError(
        "unavailable",
        `Processes ${pids.join(", ")} of a server that has ended still use ${folder} and can't be killed; they may ` +
          "wait for a disk that does not answer. Restart the machine if they don't go.",
      );
    }
    await sleep(50);
  }
}

const UNKILLABLE_MS = 15_000;

/** Sends the signal; a process that has gone in the meantime is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
