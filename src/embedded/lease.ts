/**
 * The lease on a data folder, for what neither sockets nor process numbers can tell: that a supervisor in another
 * container or on another machine uses the same folder through a shared volume. Two servers on one cluster would
 * destroy it, so a lease that is kept fresh elsewhere is respected.
 */

import { constants } from "node:fs";
import { readFile, readlink, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../core/errors.ts";
import { type EmbeddedHome, isErrno, openOwned, writeOwned } from "./home.ts";

/** Times in milliseconds. A beat may come late on a busy machine, but not five beats in a row. */
export interface LeaseTimes {
  beatMs: number;
  staleMs: number;
  /** How long to wait for a holder that may be stopping, as in a rolling deployment. */
  patienceMs: number;
}

const TIMES: LeaseTimes = { beatMs: 2_000, staleMs: 10_000, patienceMs: 25_000 };

export interface Lease {
  /** Gives the folder free for others. */
  release(): Promise<void>;
}

/**
 * Takes the lease and keeps it fresh. Throws `conflict` while another holder keeps it.
 *
 * @param onLost called when the folder is gone, or another holder took it over from us who seemed dead
 */
export async function takeLease(home: EmbeddedHome, onLost: () => void, times = TIMES): Promise<Lease> {
  const holder = await holderName();
  const deadline = Date.now() + times.patienceMs;
  for (;;) {
    const other = await readHolder(home);
    if (other === undefined || other === holder) break;
    if ((await leaseAgeMs(home)) > times.staleMs) break;
    if (Date.now() > deadline) throw conflict(home, other);
    await sleep(Math.min(500, times.staleMs / 4));
  }
  await writeOwned(home.leaseFile, holder);
  return keepLease(home, holder, onLost, times);
}

const TAKEN_OVER = new Error("Another holder took the lease over.");

function keepLease(home: EmbeddedHome, holder: string, onLost: () => void, times: LeaseTimes): Lease {
  const beat = async () => {
    const current = await readHolder(home);
    if (current !== undefined && current !== holder) throw TAKEN_OVER;
    const file = await openOwned(home.leaseFile, constants.O_WRONLY);
    await file.write(holder).finally(() => file.close());
  };
  let isBeating = false;
  const timer = setInterval(async () => {
    // A slow disk's beats would pile up, and each of them would tell of the loss.
    if (isBeating) return;
    isBeating = true;
    try {
      await beat();
    } catch (error) {
      // A disk that is full or slow does not take the lease away.
      if (error !== TAKEN_OVER && !isErrno(error, "ENOENT")) return;
      clearInterval(timer);
      onLost();
    } finally {
      isBeating = false;
    }
  }, times.beatMs);
  return {
    async release() {
      clearInterval(timer);
      if ((await readHolder(home)) === holder) await rm(home.leaseFile, { force: true });
    },
  };
}

/**
 * Names where this process can see others: one boot of one machine, and one container in it. Two supervisors of the
 * same name meet at the control socket and need no lease.
 */
async function holderName(): Promise<string> {
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
  const [net, pid] = await Promise.all(["net", "pid"].map((kind) => readlink(`/proc/self/ns/${kind}`).catch(() => "")));
  return [hostname(), boot, net, pid].join(" ").trim();
}

/** An empty file is being written by its holder, or was left by a power cut. */
async function readHolder(home: EmbeddedHome): Promise<string | undefined> {
  try {
    return await readFile(home.leaseFile, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Both times come from the disk's own clock, which the machines that share it agree on. */
async function leaseAgeMs(home: EmbeddedHome): Promise<number> {
  const probe = `${home.leaseFile}.${process.pid}`;
  try {
    await writeOwned(probe, "");
    const [now, last] = await Promise.all([stat(probe), stat(home.leaseFile)]);
    return now.mtimeMs - last.mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

function conflict(home: EmbeddedHome, other: string): SluiceError {
  return new SluiceError(
    "conflict",
    `${home.folder} is in use on ${other.split(" ")[0] || "another machine"}. A data folder serves one machine or ` +
      "container at a time: end Sluice there, or give all of them one Postgres by DATABASE_URL.",
  );
}
