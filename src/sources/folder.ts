/** A folder of this machine as a source. Links are not followed: what a stranger can put there must lead nowhere else. */
import { constants, type Dirent, type Stats } from "node:fs";
import { link, lstat, mkdir, open, opendir, realpath, unlink } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { SluiceError, told } from "../core/errors.ts";
import { type FolderPlace, isSameVersion, type ListedFile, type OpenPlace } from "../core/source.ts";

const pageFiles = 500;
const readBytes = 1024 * 1024;

/** @throws SluiceError `forbidden` for a path that is in none of the folders */
export function requireWithin(path: string, folders: readonly string[]): void {
  const isIn = (folder: string): boolean => {
    const way = relative(folder, path);
    return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
  };
  if (folders.some(isIn)) return;
  throw new SluiceError(
    "forbidden",
    told`${path} is in no folder that sources may be in. An operator can name one by SLUICE_SOURCE_FOLDERS, or put the source into the config.`,
  );
}

/**
 * @param within folders that it must be in, wherever links lead; null: it may be anywhere.
 * @throws SluiceError `unavailable` where the folder is not there: a mount may be missing for a moment.
 */
export async function openFolder(place: FolderPlace, within: readonly string[] | null): Promise<OpenPlace> {
  const really = (of: string): Promise<string> =>
    realpath(of).catch((error: unknown) => {
      throw explained(error, of);
    });
  const path = await really(place.path);
  if (within !== null) requireWithin(path, await Promise.all(within.map(really)));
  if (!(await lstat(path)).isDirectory()) throw new SluiceError("invalid", told`${path} is no folder.`);
  const listed = async (name: string): Promise<ListedFile | null> => {
    const found = await lstat(join(path, name)).catch((error: NodeJS.ErrnoException) => {
      // It went while the folder was listed.
      if (error.code === "ENOENT") return null;
      throw explained(error, path);
    });
    return found?.isFile() === true ? fileOf(name, found) : null;
  };
  return {
    grows: true,
    async *list(signal) {
      const names = await opendir(path, { bufferSize: pageFiles }).catch((error: unknown) => {
        throw explained(error, path);
      });
      let page: ListedFile[] = [];
      for await (const entry of names as AsyncIterable<Dirent>) {
        signal.throwIfAborted();
        if (!entry.isFile()) continue;
        const file = await listed(entry.name);
        if (file !== null) page.push(file);
        if (page.length < pageFiles) continue;
        yield page;
        page = [];
      }
      yield page;
    },
    async fetch({ name }) {
      // Not to wait for a writer, where a pipe has taken the file's place.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const handle = await open(join(path, name), flags).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") throw new SluiceError("not_found", told`${name} is not there any more.`);
        throw explained(error, name);
      });
      return { bytes: bytesOf(handle), tag: () => null };
    },
    isSame: async (file) => isSameVersion(file, await listed(file.name)),
    async remove({ name }) {
      await gone(unlink(join(path, name)), name);
    },
    async move({ name }, { folder: to, as }) {
      await mkdir(join(path, to), { recursive: true }).catch((error: unknown) => {
        throw explained(error, to);
      });
      const [from, target] = [join(path, name), join(path, to, as)];
      // A rename would take the place of a file that is called so.
      await link(from, target).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return;
        if (error.code !== "EEXIST") throw explained(error, to);
        // A turn that was cut off between the two has left both names of one file.
        const [one, other] = await Promise.all([lstat(from), lstat(target)]);
        if (one.ino === other.ino && one.dev === other.dev) return;
        throw new SluiceError("invalid", told`${name} cannot be moved: ${to} has another file that is called ${as}.`);
      });
      await gone(unlink(from), name);
    },
    async close() {},
  };
}

async function* bytesOf(handle: Awaited<ReturnType<typeof open>>): AsyncGenerator<Uint8Array> {
  try {
    if (!(await handle.stat()).isFile()) throw new SluiceError("invalid", told`It is no file any more.`);
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function fileOf(name: string, { size, mtimeMs }: Stats): ListedFile {
  return { name, sizeBytes: size, modifiedAt: new Date(Math.floor(mtimeMs)), tag: null };
}

async function gone(removal: Promise<void>, name: string): Promise<void> {
  await removal.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw explained(error, name);
  });
}

function explained(error: unknown, what: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return new SluiceError("unavailable", told`${what} is not there.`, { cause: error });
    case "ELOOP":
      return new SluiceError("invalid", told`${what} is a link, which a source does not follow.`, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new SluiceError("forbidden", told`${what}: the account that Sluice runs as may not do this (${code}).`, {
        cause: error,
      });
    default:
      return new SluiceError("unavailable", told`${what} cannot be read: ${message}.`, { cause: error });
  }
}
