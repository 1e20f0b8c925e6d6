/**
 * Where a data folder's cluster is: in the data folder itself, or, when root's data folder lies behind parents that
 * the server's account may not pass, in the system's state folder with a pointer left in the data folder.
 */

import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SluiceError } from "../core/errors.ts";
import { type EmbeddedHome, isErrno, writeOwned } from "./home.ts";

/** Root's folder for state that other accounts have to reach. */
export function systemStateFolder(): string {
  return process.platform === "darwin" ? "/Library/Application Support/sluice" : "/var/lib/sluice";
}

function clustersFolder(): string {
  return join(systemStateFolder(), "clusters");
}

/** The folder that holds, or is to hold, the folder `cluster`. */
export async function clusterPlace(home: EmbeddedHome): Promise<string> {
  const place = await readPointer(home);
  if (place === undefined) return home.folder;
  const made = await readFile(join(place, "data-folder"), "utf8").catch(() => undefined);
  if (made === undefined) {
    throw new SluiceError(
      "not_found",
      `The database of ${home.dataDir} rested in ${place}, which is gone or closed to this account. Restore that ` +
        `folder, or delete ${home.pointerFile} to start with an empty database.`,
    );
  }
  if (made === home.dataDir) return place;
  // The data folder was moved, or copied without its database.
  const original = await readFile(join(made, "postgres", "location"), "utf8").catch(() => undefined);
  if (original?.trim() === place) {
    throw new SluiceError(
      "conflict",
      `${home.dataDir} is a copy of ${made}, whose database rests in ${place} and was not copied with it. Use ` +
        `${made}, or delete ${home.pointerFile} to start with an empty database.`,
    );
  }
  await writeFile(join(place, "data-folder"), home.dataDir);
  return place;
}

async function readPointer(home: EmbeddedHome): Promise<string | undefined> {
  const place = await readFile(home.pointerFile, "utf8").catch((error) => {
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  });
  if (place.trim() === "") return undefined;
  // The folder may belong to someone who would lead root elsewhere.
  if (dirname(place.trim()) === clustersFolder()) return place.trim();
  throw new SluiceError("conflict", `The file ${home.pointerFile} points outside of ${clustersFolder()}. Delete it.`);
}

/**
 * Makes a place in the system's state folder and points to it. Each is a new one: where a data folder was deleted, the
 * database that it pointed to is never taken for that of a new folder of the same path.
 */
export async function movePlace(home: EmbeddedHome): Promise<string> {
  const place = join(clustersFolder(), `${home.hash.slice(0, 32)}-${randomBytes(4).toString("hex")}`);
  try {
    for (const folder of [systemStateFolder(), clustersFolder(), place]) await makeOpenFolder(folder);
    await writeFile(join(place, "data-folder"), home.dataDir);
  } catch (error) {
    throw new SluiceError(
      "unavailable",
      `The account that is to run the database can't reach ${home.folder}, and ${place} can't be made instead ` +
        `(${(error as Error).message}). Choose a data folder outside of closed folders (SLUICE_DATA_DIR), or set DATABASE_URL.`,
      { cause: error },
    );
  }
  await writeOwned(home.pointerFile, `${place}\n`);
  return place;
}

async function makeOpenFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { uid } = await stat(folder);
  if ((await lstat(folder)).isSymbolicLink() || uid !== process.getuid?.()) {
    throw new Error(`${folder} does not belong to this account`);
  }
  await chmod(folder, 0o755);
}
