/**
 * One running Postgres server on a cluster: started, or found running and adopted, and known to accept a login to the
 * database `sluice`.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SluiceError } from "../core/errors.ts";
import { cleanEnvironment, identity, run } from "./account.ts";
import type { Cluster } from "./cluster.ts";
import { endAfterFailedRecovery } from "./failed-recovery.ts";
import type { EmbeddedHome } from "./home.ts";
import { openLog, readTail, saysDiskIsFull } from "./log.ts";
import { ensureDatabase, isWrongPassword, resetPassword } from "./login.ts";
import { belongsTo, outwaitProcesses, readPostmasterFile, signalProcess } from "./processes.ts";
import { type ServerSettings, serverSettings, thisMachine } from "./settings.ts";

export interface RunningServer {
  port: number;
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
}

/** All that a start needs to know. */
export interface ServerPlan {
  home: EmbeddedHome;
  cluster: Cluster;
  secret: string;
  /** Stand above the tuning for this start. */
  settings: ServerSettings;
}

/** The server that already runs on the cluster, else a new one, on the given port if that is still free. */
export async function ensureServer(plan: ServerPlan, port?: number): Promise<RunningServer> {
  const adopted = await adoptServer(plan);
  if (adopted) return adopted;
  await clearTheWay(plan.cluster.folder);
  const server = await startServer(plan, port);
  try {
    await ensureDatabase(server.port, plan.secret);
    return server;
  } catch (error) {
    await stopServer(server);
    if (!isWrongPassword(error)) throw error;
  }
  await resetPassword(plan.cluster, plan.secret);
  const restarted = await startServer(plan, server.port);
  await ensureDatabase(restarted.port, plan.secret);
  return restarted;
}

/** Ends the server as fast as can be done without a recovery at its next start. */
export async function stopServer(server: RunningServer): Promise<void> {
  signalProcess(server.pid, "SIGINT");
  // The last checkpoint may have much to write; beyond that, recovery at the next start is the lesser evil.
  if (await settlesWithin(server.exited, 120_000)) return;
  signalProcess(server.pid, "SIGQUIT");
  await server.exited;
}

async function settlesWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const inTime = await Promise.race([promise.then(() => true), late]);
  timer.abort();
  return inTime;
}

/** A server whose supervisor was killed. One that does not know the secret is ended, so that it can learn it. */
async function adoptServer({ home, cluster, secret }: ServerPlan): Promise<RunningServer | undefined> {
  const deadline = Date.now() + 30_000;
  let watched: number | null = null;
  for (;;) {
    const postmaster = await readPostmasterFile(cluster.folder);
    if (!postmaster || !(await belongsTo(postmaster.pid, cluster.folder))) return undefined;
    const { pid, port, status } = postmaster;
    if (watched !== pid) void endAfterFailedRecovery(pid, goneFrom(pid, cluster.folder), home.serverLog);
    watched = pid;
    if (status !== "ready") {
      await sleep(POLL_MS);
      continue;
    }
    const server = { pid, port, exited: goneFrom(pid, cluster.folder) };
    try {
      await ensureDatabase(port, secret);
      return server;
    } catch (error) {
      if (isWrongPassword(error)) await stopServer(server);
      // It may be about to stop, or have no connection left for the moment.
      else if (Date.now() > deadline) throw error;
      else await sleep(POLL_MS);
    }
  }
}

const POLL_MS = 20;

/** A process is not notified of the end of one that it did not start. */
async function goneFrom(pid: number, folder: string): Promise<void> {
  while (await belongsTo(pid, folder)) await sleep(250);
}

/** Called when no postmaster runs: its file is stale, whatever process has its number now. */
async function clearTheWay(folder: string): Promise<void> {
  await outwaitProcesses(folder, 3_000);
  await rm(join(folder, "postmaster.pid"), { force: true });
}

/** Another program may take the port between our choice and the server's. */
const PORT_ATTEMPTS = 5;

/**
 * Recovery fails ("could not create file … File exists") where a crash came between the creation of an unlogged table and
 * its commit; it has cleared the file away by then, and the next one succeeds.
 */
const RECOVERY_ATTEMPTS = 3;

async function startServer(plan: ServerPlan, preferredPort?: number): Promise<RunningServer> {
  let recoveries = 1;
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && preferredPort ? preferredPort : await freePort();
    const log = await openLog(plan.home.serverLog);
    const child = spawn(plan.cluster.binaries.postgres, await serverArguments(plan, port), {
      env: cleanEnvironment,
      cwd: "/",
      detached: true,
      stdio: ["ignore", log.file.fd, log.file.fd],
      ...identity(plan.cluster.account),
    });
    const exited = exitOf(child);
    await log.file.close();
    if (child.pid !== undefined) void endAfterFailedRecovery(child.pid, exited, plan.home.serverLog);
    if (await becomesReady(child, exited, plan.cluster.folder)) return { port, pid: child.pid as number, exited };
    const said = await readTail(plan.home.serverLog, log.startBytes);
    if (/startup process failure|immediate shutdown request/.test(said) && recoveries < RECOVERY_ATTEMPTS) {
      recoveries++;
      attempt--;
      continue;
    }
    if (!/could not create any TCP\/IP sockets/.test(said) || attempt === PORT_ATTEMPTS) throw startError(plan, said);
  }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

async function serverArguments(plan: ServerPlan, port: number): Promise<string[]> {
  const tuning = serverSettings(await thisMachine(plan.cluster.folder));
  if (await supportsLz4(plan.cluster)) tuning.wal_compression = "lz4";
  const settings = { ...tuning, ...plan.settings, port: String(port) };
  return [
    "-D",
    plan.cluster.folder,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

async function supportsLz4({ binaries, folder, account }: Cluster): Promise<boolean> {
  const { code } = await run(binaries.postgres, ["-D", folder, "-C", "wal_compression", "-c", "wal_compression=lz4"], {
    account,
  });
  return code === 0;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Recovery after a crash may take minutes, so this waits for as long as the server lives. */
async function becomesReady(child: ChildProcess, exited: Promise<void>, folder: string): Promise<boolean> {
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  while (!gone) {
    const postmaster = await readPostmasterFile(folder);
    if (postmaster?.pid === child.pid && postmaster?.status === "ready") return true;
    await sleep(POLL_MS);
  }
  return false;
}

function startError({ home, cluster }: ServerPlan, said: string): SluiceError {
  let reason = `The embedded database in ${cluster.folder} did not start.`;
  if (/startup process failure|immediate shutdown request/.test(said))
    reason =
      `The embedded database in ${cluster.folder} cannot recover from a crash. Its files are as they were. ` +
      "Start it once more; if it says so again, put a backup in its place, or move the folder away to begin with an empty database.";
  if (saysDiskIsFull(said)) reason = `The disk of ${cluster.folder} is full. Free some space and try again.`;
  if (/has invalid permissions/.test(said)) {
    reason =
      `The disk of ${cluster.folder} does not keep the permissions of files, as disks of Windows under WSL do not. ` +
      "Choose a folder on another disk (SLUICE_DATA_DIR).";
  }
  return new SluiceError("unavailable", `${reason} Its log (${home.serverLog}) says:\n${said}`);
}
