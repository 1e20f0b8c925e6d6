/**
 * The folder `postgres/` inside a data folder: where the embedded server's secret, its logs and (unless other accounts
 * may not enter there) its cluster are kept. Everything in it belongs to the account that owns the data folder.
 */

import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { chmod, chown, link, lstat, mkdir, open, readFile, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SluiceError } from "../core/errors.ts";
import { isRoot } from "./account.ts";

/** The places of one data folder's embedded server; all paths are absolute and free of symbolic links. */
export interface EmbeddedHome {
  /** The data folder itself. */
  dataDir: string;
  /** Names the data folder where its path is too long or would tell too much: SHA-256 of the path, in hex. */
  hash: string;
  /** `<dataDir>/postgres`. */
  folder: string;
  /** Password of the database's account and key of the control handshake, readable by the owner only. */
  secretFile: string;
  serverLog: string;
  supervisorLog: string;
  /** Who uses the folder, where several machines could. */
  leaseFile: string;
  /** Says where the cluster is when that is not `folder`. */
  pointerFile: string;
}

/** Makes the folders where missing. Throws `forbidden` when this account may not write there. */
export async function openHome(dataDir: string): Promise<EmbeddedHome> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (error) {
    const known = accessError(error, dataDir);
    if (known !== error) throw known;
    const reason = (error as Error).message;
    throw new SluiceError("invalid", `The data folder ${dataDir} can't be made: ${reason}.`, { cause: error });
  }
  try {
    const home = homeOf(await realpath(dataDir));
    await makeFolder(home);
    return home;
  } catch (error) {
    throw accessError(error, dataDir);
  }
}

/** The places of a data folder whose real path is known; touches nothing. */
export function homeOf(dataDir: string): EmbeddedHome {
  const folder = join(dataDir, "postgres");
  return {
    dataDir,
    hash: createHash("sha256").update(dataDir).digest("hex"),
    folder,
    secretFile: join(folder, "secret"),
    serverLog: join(folder, "server.log"),
    supervisorLog: join(folder, "supervisor.log"),
    leaseFile: join(folder, "lease"),
    pointerFile: join(folder, "location"),
  };
}

async function makeFolder(home: EmbeddedHome): Promise<void> {
  const made = await mkdir(home.folder, { recursive: true, mode: 0o700 });
  if (!isRoot()) return;
  const entry = await lstat(home.folder);
  if (entry.isSymbolicLink()) {
    if (entry.uid === 0) return;
    throw new SluiceError("forbidden", `Root does not follow the link ${home.folder}, which another account made.`);
  }
  const { uid, gid } = await stat(home.dataDir);
  if (made && uid !== 0) await chown(home.folder, uid, gid);
  // The account that runs the server on behalf of root has to pass through to its cluster, which is closed itself.
  await chmod(home.folder, 0o711);
}

/**
 * The data folder's secret, made at the first call: 64 hex digits. Callers that make it at the same time all get the
 * same one, because a link is made only where no file is.
 */
export async function readSecret(home: EmbeddedHome): Promise<string> {
  try {
    const secret = (await readSecretFile(home)) ?? (await createSecret(home));
    if (/^[0-9a-f]{64}$/.test(secret)) return secret;
  } catch (error) {
    throw accessError(error, home.secretFile);
  }
  throw new SluiceError(
    "conflict",
    `The file ${home.secretFile} is damaged. Delete it: the next start makes a new one and gives it to the database.`,
  );
}

async function readSecretFile(home: EmbeddedHome): Promise<string | undefined> {
  try {
    return await readFile(home.secretFile, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function createSecret(home: EmbeddedHome): Promise<string> {
  const draft = `${home.secretFile}.${randomBytes(6).toString("hex")}`;
  await writeOwned(draft, randomBytes(32).toString("hex"));
  try {
    await link(draft, home.secretFile);
  } catch (error) {
    if (!isErrno(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return await readFile(home.secretFile, "utf8");
}

/** Writes a file of mode 0600 through to the disk; it belongs to the owner of the folder that it is in. */
export async function writeOwned(path: string, content: string): Promise<void> {
  const file = await openOwned(path, constants.O_WRONLY | constants.O_TRUNC);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Opens a file of mode 0600 that belongs to the owner of its folder, making it where missing. A symbolic link is
 * refused: root must not be led out of a folder that belongs to someone else.
 */
export async function openOwned(path: string, flags: number) {
  const file = await open(path, flags | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  if (isRoot()) {
    const { uid, gid } = await stat(dirname(path));
    await file.chown(uid, gid);
  }
  return file;
}

/** Whether the error is the operating system's own of this name, such as `ENOENT`. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** What an operating system's error at a path means for the user; all other errors stay as they are. */
export function accessError(error: unknown, path: string): unknown {
  if (isErrno(error, "EACCES") || isErrno(error, "EPERM")) {
    return new SluiceError(
      "forbidden",
      `This account may not use ${path}: it belongs to another account. Run Sluice as that account, choose another ` +
        "folder (SLUICE_DATA_DIR), or set DATABASE_URL to a Postgres of your own.",
      { cause: error },
    );
  }
  if (isErrno(error, "ENOSPC")) {
    return new SluiceError("unavailable", `The disk of ${path} is full. Free some space and try again.`, {
      cause: error,
    });
  }
  if (isErrno(error, "EROFS")) {
    return new SluiceError(
      "unavailable",
      `${path} is on a read-only disk. Choose another folder (SLUICE_DATA_DIR), or set DATABASE_URL to a Postgres of your own.`,
      { cause: error },
    );
  }
  return error;
}
