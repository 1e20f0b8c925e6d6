/** A file on disk as a Source: read at any place, closed once. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { SluiceError } from "../core/errors.ts";
import type { Source } from "../core/ports.ts";

/**
 * Opens a file for reading.
 *
 * @throws SluiceError `not_found` where there is none, `invalid` for a directory, `forbidden` where it may not be read.
 */
export async function openFile(path: string, name: string = basename(path)): Promise<Source> {
  const handle = await openForReading(path);
  try {
    const { size } = await stat(path);
    return {
      name,
      sizeBytes: size,
      async read(into, offset) {
        let done = 0;
        while (done < into.length) {
          const { bytesRead } = await handle.read(into, done, into.length - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return done;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Opens a regular file, or says what is at its path instead. */
export async function openForReading(path: string): Promise<FileHandle> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) {
      throw new SluiceError("invalid", `${path} is a directory. Name one of the files in it.`);
    }
    return await open(path, "r");
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      throw new SluiceError("not_found", `There is no file ${path}. Check the name and the folder.`, { cause: error });
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new SluiceError("forbidden", `${path} may not be read by this user. Check its permissions.`, {
        cause: error,
      });
    }
    throw error;
  }
}
