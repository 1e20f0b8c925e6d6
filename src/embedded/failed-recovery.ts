/**
 * A recovery that has failed. After a crash of a backend Postgres 18's postmaster may live on without its startup process: it answers
 * "not yet accepting connections" for good, and no exit tells anyone.
 */
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { signalProcess } from "./processes.ts";

/** How long a postmaster has to end by itself, and then by a signal. */
const GRACE_MS = 5_000;

const LOOK_MS = 1_000;

/** Enough of a log for a start and for what clients were told since. */
const LOG_BYTES = 64 * 1024;

/** Whether, of what a server's log says since it last began, the last is that its startup process has failed. */
export function hasFailedRecovery(log: string): boolean {
  const began = Math.max(log.lastIndexOf("starting PostgreSQL"), log.lastIndexOf("terminated; reinitializing"));
  const said = log.slice(Math.max(0, began));
  if (/database system is ready to accept/.test(said)) return false;
  const startup = /\[(\d+)\] LOG: {2}database system was /.exec(said)?.[1];
  return startup !== undefined && new RegExp(`\\[${startup}\\] (?:FATAL|PANIC): `).test(said);
}

/** Ends the postmaster, should its recovery fail and it not end by itself. Settles when it has ended, for whatever reason. */
export async function endAfterFailedRecovery(pid: number, exited: Promise<void>, log: string): Promise<void> {
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  let failedAt: number | null = null;
  while (!gone) {
    await Promise.race([exited, sleep(LOOK_MS, undefined, { ref: false })]);
    if (!hasFailedRecovery(await endOf(log))) failedAt = null;
    else failedAt ??= Date.now();
    if (gone || failedAt === null) continue;
    if (Date.now() > failedAt + 2 * GRACE_MS) signalProcess(pid, "SIGKILL");
    else if (Date.now() > failedAt + GRACE_MS) signalProcess(pid, "SIGQUIT");
  }
}

async function endOf(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (file === null) return "";
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - LOG_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
