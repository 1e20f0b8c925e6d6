/**
 * The cluster: the folder with the database's files. It comes into being whole or not at all, stays where it was first
 * made, and is refused when another major version of Postgres wrote it.
 */

import { randomBytes } from "node:crypto";
import { chown, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SluiceError } from "../core/errors.ts";
import { type Account, canWriteIn, identity, isRoot, run, serverAccount } from "./account.ts";
import { type Binaries, embeddedPackage, usableBinaries } from "./binaries.ts";
import { type EmbeddedHome, readSecret } from "./home.ts";
import { saysDiskIsFull } from "./log.ts";
import { clusterPlace, movePlace, systemStateFolder } from "./place.ts";
import { outwaitProcesses } from "./processes.ts";

/** A cluster ready to be served, and by whom. */
export interface Cluster {
  folder: string;
  account?: Account;
  binaries: Binaries;
}

const DRAFT = "cluster.new-";

/**
 * The cluster of the data folder, made when there is none. Only one process at a time may call this for a data folder.
 *
 * @param durable whether the new files have to survive a power cut
 */
export async function openCluster(home: EmbeddedHome, durable: boolean): Promise<Cluster> {
  let place = await clusterPlace(home);
  const account = await serverAccount(home.dataDir, join(place, "cluster"));
  const spareFolder = isRoot() ? systemStateFolder() : home.folder;
  const binaries = await usableBinaries(await embeddedPackage(), account, spareFolder);
  await removeDrafts(place);
  if (!(await hasCluster(place))) {
    if (!(await accountCanEnter(place, account))) place = await movePlace(home);
    await createCluster(home, { folder: join(place, "cluster"), account, binaries }, durable);
  }
  const folder = join(place, "cluster");
  await checkVersion(folder, binaries.major);
  if (account && !(await canWriteIn(folder, account))) {
    throw new SluiceError(
      "forbidden",
      `The database in ${folder} belongs to the account ${account.name}, which can't reach that folder. Move the data ` +
        "folder to where the account may go, or choose another one (SLUICE_DATA_DIR).",
    );
  }
  return { folder, account, binaries };
}

async function hasCluster(place: string): Promise<boolean> {
  return (await lstat(join(place, "cluster")).catch(() => undefined)) !== undefined;
}

/** What a killed process left of a cluster that it had not finished, and programs that may still be writing to it. */
async function removeDrafts(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith(DRAFT)) continue;
    const draft = join(place, name);
    await outwaitProcesses(draft, 0);
    await outwaitProcesses(join(draft, "data"), 0);
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function accountCanEnter(place: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  const trial = await makeDraft(place, account);
  try {
    return await canWriteIn(trial, account);
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

async function makeDraft(place: string, account: Account | undefined): Promise<string> {
  const draft = join(place, `${DRAFT}${randomBytes(6).toString("hex")}`);
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  return draft;
}

/**
 * Compares text byte by byte, which is fast, yet knows the case of every letter: the provider is Postgres's own, so no
 * upgrade of the operating system can change the order under an index.
 * @see https://www.postgresql.org/docs/18/locale.html#LOCALE-PROVIDERS
 */
const LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];

async function createCluster(home: EmbeddedHome, cluster: Cluster, durable: boolean): Promise<void> {
  const place = join(cluster.folder, "..");
  const draft = await makeDraft(place, cluster.account);
  const data = join(draft, "data");
  const passwordFile = join(draft, "password");
  try {
    await writeFile(passwordFile, `${await readSecret(home)}\n`, { mode: 0o600, flag: "wx" });
    if (cluster.account) await chown(passwordFile, cluster.account.uid, cluster.account.gid);
    const { code, output } = await run(
      cluster.binaries.initdb,
      [
        `--pgdata=${data}`,
        "--username=sluice",
        `--pwfile=${passwordFile}`,
        "--auth-local=reject",
        "--auth-host=scram-sha-256",
        ...LOCALE,
        ...(durable ? [] : ["--no-sync"]),
      ],
      { account: cluster.account, cwd: draft },
    );
    if (code !== 0) throw initError(cluster, output);
    await rename(data, cluster.folder);
    if (durable) await syncFolder(place);
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes a rename last through a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function initError(cluster: Cluster, output: string): SluiceError {
  const said = output.trim().split("\n").slice(-5).join("\n");
  if (saysDiskIsFull(output)) {
    return new SluiceError(
      "unavailable",
      `The disk of ${cluster.folder} is full. Free some space and try again.\n${said}`,
    );
  }
  if (/could not look up effective user ID/.test(output)) {
    return new SluiceError(
      "unavailable",
      `Postgres needs the account that runs it to have a name, and number ${identity(cluster.account).uid ?? process.getuid?.()} ` +
        "has none in this system (/etc/passwd). Run Sluice as a named account, or set DATABASE_URL to a Postgres of your own.",
    );
  }
  return new SluiceError("unavailable", `The embedded database could not be made in ${cluster.folder}:\n${said}`);
}

async function checkVersion(folder: string, major: number): Promise<void> {
  const found = (await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => "")).trim();
  if (found === String(major)) return;
  if (found === "") {
    throw new SluiceError(
      "conflict",
      `${folder} is not a Postgres database (its file PG_VERSION can't be read). Restore it from a backup, or move it ` +
        "away to start with an empty database.",
    );
  }
  throw new SluiceError(
    "conflict",
    `The database in ${folder} was written by Postgres ${found}; this Sluice brings Postgres ${major}. Either dump it ` +
      `with pg_dumpall of Postgres ${found}, move the folder away, start Sluice and load the dump; or choose another ` +
      "folder (SLUICE_DATA_DIR).",
  );
}
