/**
 * The account that the embedded server runs as. Postgres refuses to run as root, so root lends it another existing
 * account; everyone else runs it as themselves. Accounts are never added.
 */

import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { SluiceError } from "../core/errors.ts";

/** An account to run programs as; `undefined` elsewhere means: as this process itself. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Whether this process may act for any account. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** What a finished program left: its exit code (-1 when it could not be started) and all that it printed. */
export interface Finished {
  code: number;
  output: string;
}

/**
 * The only environment that the server's programs see: what the user has set (PGPORT, LC_ALL, TZ, LD_LIBRARY_PATH …) is
 * meant for other programs.
 */
export const cleanEnvironment: NodeJS.ProcessEnv = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" };

/** Runs a program to its end, as the account when one is given. Never throws. */
export function run(
  file: string,
  args: string[],
  options: { account?: Account; cwd?: string; input?: string } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: cleanEnvironment,
      cwd: options.cwd ?? "/",
      stdio: ["pipe", "pipe", "pipe"],
      ...identity(options.account),
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code, signal) =>
      resolve({ code: code ?? -1, output: signal ? `${output}ended by ${signal}` : output }),
    );
    // A program that ends without reading its input is not a failure of ours.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

/** Options of `spawn` that make the child run as the account; Node drops the supplementary groups with them. */
export function identity(account: Account | undefined): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/**
 * The account to run the server as. Root runs it as the owner of the cluster that is already there, else as the owner
 * of the data folder, so that the owner can use both later on; a folder of root's own goes to `postgres` or `nobody`.
 *
 * @param cluster folder of the cluster, which need not exist yet
 */
export async function serverAccount(dataDir: string, cluster: string): Promise<Account | undefined> {
  const self = process.getuid?.();
  const owner = (await stat(cluster).catch(() => undefined))?.uid;
  if (!isRoot()) {
    if (owner !== undefined && self !== undefined && owner !== self) {
      const name = (await accountName(owner)) ?? `number ${owner}`;
      throw new SluiceError(
        "forbidden",
        `The database in ${cluster} belongs to the account ${name}. Run Sluice as that account, or choose another folder (SLUICE_DATA_DIR).`,
      );
    }
    return undefined;
  }
  if (owner !== undefined) return ownerAccount(cluster, owner);

  const dataOwner = (await stat(dataDir)).uid;
  const candidates = [dataOwner === 0 ? undefined : await accountName(dataOwner), "postgres", "nobody"];
  for (const name of candidates) {
    const account = name === undefined ? undefined : await accountNamed(name);
    if (account) return account;
  }
  throw new SluiceError(
    "unavailable",
    "Postgres does not run as root, and this system has neither an account postgres nor an account nobody to run it " +
      "as. Run Sluice as another account, or set DATABASE_URL to a Postgres of your own.",
  );
}

async function ownerAccount(cluster: string, uid: number): Promise<Account> {
  if (uid === 0) {
    throw new SluiceError(
      "conflict",
      `The database in ${cluster} belongs to root, and Postgres does not run as root. Give it to the account that ` +
        `is to run it, for example: chown -R postgres ${JSON.stringify(cluster)}`,
    );
  }
  const { gid } = await stat(cluster);
  return { uid, gid, name: (await accountName(uid)) ?? String(uid) };
}

/** Asks the system (files, LDAP, …) rather than reading /etc/passwd; a number without a name can't own a cluster. */
async function accountName(uid: number): Promise<string | undefined> {
  const { code, output } = await run("id", ["-nu", String(uid)]);
  return code === 0 ? output.trim() : undefined;
}

async function accountNamed(name: string): Promise<Account | undefined> {
  const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
  if (uid.code !== 0 || gid.code !== 0 || uid.output.trim() === "0") return undefined;
  return { name, uid: Number(uid.output), gid: Number(gid.output) };
}

/** Tries for real, as the account: modes alone don't tell what parents, access lists and mounts allow. */
export async function canWriteIn(folder: string, account: Account | undefined): Promise<boolean> {
  const script = 'cd "$1" && [ -w . ]';
  const { code } = await run("/bin/sh", ["-c", script, "sh", folder], { account });
  return code === 0;
}
