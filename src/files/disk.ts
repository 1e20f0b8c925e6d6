/**
 * Files on this machine's disk, under the data folder: what is kept and what is uploaded in one folder, reports in another; in
 * each a folder for each database, which alone changes what is in it.
 */
import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, unlink, utimes } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SluiceError, type Telling, told } from "../core/errors.ts";
import type { Files, FilesOwner, KeptFile, UploadWriter } from "../core/ports.ts";
import { openDiskUpload } from "./disk-upload.ts";
import { Hashing } from "./hashing.ts";
import { openFile, openForReading } from "./source.ts";

const copyBytes = 1024 * 1024;
/** The name of a database's own folder. */
const namespacePattern = /^[0-9a-f]{12}$/;

/** @param owner null: the folder is nobody else's. */
export function diskFiles(dataDir: string, owner: FilesOwner | null = null): Files {
  const [uploads, reports] = ["files", "reports"].map((room) =>
    owner === null ? join(resolve(dataDir), room) : join(resolve(dataDir), room, owner.namespace),
  );
  const hashing = new Hashing();
  const isOwn = (path: string): boolean => {
    if (owner === null) return true;
    const folder = basename(dirname(path));
    return folder === owner.namespace || (owner.adoptsUnnamed && !namespacePattern.test(folder));
  };
  const remove = async (path: string): Promise<void> => {
    if (!isOwn(path)) return;
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  };

  return {
    async keep(from, { name, signal }): Promise<KeptFile> {
      const bytes = typeof from === "string" ? readPath(from) : from;
      await makeFolder(uploads);
      const part = join(uploads, `${randomUUID()}.part`);
      const hash = createHash("sha256");
      let sizeBytes = 0;
      try {
        const handle = await open(part, "wx", 0o600);
        try {
          for await (const chunk of bytes) {
            signal?.throwIfAborted();
            hash.update(chunk);
            sizeBytes += chunk.length;
            for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
          }
          await handle.datasync();
        } finally {
          await handle.close();
        }
        if (sizeBytes === 0) throw new SluiceError("invalid", told`${name} is empty: it has no header and no rows.`);
        const digest = hash.digest("hex");
        // Each import has a copy of its own, so that none takes another's away.
        const storagePath = join(uploads, `${digest.slice(0, 16)}-${randomUUID().slice(0, 8)}`);
        await rename(part, storagePath);
        return { storagePath, hash: digest, sizeBytes };
      } catch (error) {
        await rm(part, { force: true });
        throw explainDisk(error, uploads);
      }
    },

    async keepAgain(storagePath) {
      const again = join(uploads, `${basename(storagePath).split("-")[0]}-${randomUUID().slice(0, 8)}`);
      try {
        await makeFolder(uploads);
        // Both names have one time, and a name is young as long as no import has it.
        const now = new Date();
        await utimes(storagePath, now, now);
        await link(storagePath, again).catch(() => copyFile(storagePath, again, constants.COPYFILE_EXCL));
        return again;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") throw fileGone(storagePath, error);
        throw explainDisk(error, uploads);
      }
    },

    async open(storagePath) {
      try {
        return await openFile(storagePath);
      } catch (cause) {
        if (cause instanceof SluiceError && cause.code === "not_found") throw fileGone(storagePath, cause);
        throw cause;
      }
    },

    async removeUnneeded({ olderThanMs, needed }) {
      // By its name, which no other file has: the data folder may have been reached by another path when it came.
      const names = new Set([...needed].map((path) => basename(path)));
      // Files in nobody's folder may be those of a database that has no folder of its own yet.
      for (const folder of [uploads, reports])
        for (const name of await readdir(folder).catch(() => [])) {
          if (names.has(name)) continue;
          const path = join(folder, name);
          const found = await stat(path).catch(() => undefined);
          if (found?.isFile() && Date.now() - found.mtimeMs >= olderThanMs) await remove(path);
        }
    },

    remove,

    async createReport(name) {
      await makeFolder(reports, fullBeforeReport);
      const path = join(reports, name);
      const part = `${path}.${randomUUID().slice(0, 8)}.part`;
      const handle = await open(part, "w", 0o600).catch((error) => {
        throw explainDisk(error, reports, fullBeforeReport);
      });
      return {
        path,
        async write(text) {
          // Not `write`, which may take a part of the text and say so in its answer alone.
          await handle.appendFile(text).catch((error) => {
            throw explainDisk(error, reports, fullBeforeReport);
          });
        },
        async close() {
          await handle.close();
          await rename(part, path);
        },
        async discard() {
          await handle.close();
          await rm(part, { force: true });
        },
      };
    },

    direct: null,

    async startUpload(id) {
      await makeFolder(uploads);
      return join(uploads, `upload-${id}`);
    },

    async uploadedBytes(uploadPath, { notedBytes }) {
      const found = await stat(uploadPath).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
      });
      // What is behind was not made sure of.
      return Math.min(found?.size ?? 0, notedBytes);
    },

    async continueUpload(uploadPath, offset, { afresh }) {
      if (!isOwn(uploadPath)) {
        throw new SluiceError(
          "not_found",
          told`The upload was started in another database, which this one was copied from. Upload the file again.`,
        );
      }
      try {
        return explainedWriter(await openDiskUpload(uploadPath, offset, { hashing, afresh }), uploads);
      } catch (error) {
        throw explainDisk(error, uploads);
      }
    },

    async abortUpload(uploadPath) {
      hashing.forget(uploadPath);
      await remove(uploadPath);
    },
    link: async () => null,
  };
}

/** A writer whose failures say what to do about the disk. */
function explainedWriter(writer: UploadWriter, folder: string): UploadWriter {
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explainDisk(error, folder);
    }
  };
  return {
    write: (piece) => explained(writer.write(piece)),
    flush: () => explained(writer.flush()),
    sync: () => explained(writer.sync()),
    read: (into, offset) => explained(writer.read(into, offset)),
    finish: () => explained(writer.finish()),
    close: () => explained(writer.close()),
  };
}

function fileGone(storagePath: string, cause: unknown): SluiceError {
  const detail = told`Sluice's copy of the file is gone (${storagePath}).`;
  return new SluiceError("not_found", detail, { cause, next: { code: "upload_again" } });
}

/** A file's bytes through one buffer: a stream would leave a trail of them for the garbage collector. */
async function* readPath(path: string): AsyncGenerator<Uint8Array> {
  const handle = await openForReading(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(copyBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function makeFolder(folder: string, whenFull?: WhenFull): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw explainDisk(error, folder, whenFull);
  });
}

/** The error for a full disk. */
type WhenFull = (folder: string) => Telling;

const fullBeforeImport: WhenFull = (folder) =>
  told`The disk that holds ${folder} is full. Free some space, or point SLUICE_DATA_DIR elsewhere, and start again: nothing was imported.`;
/** Written last, when the records are in. */
const fullBeforeReport: WhenFull = (folder) =>
  told`The disk that holds ${folder} is full. The rows are imported; only the report of rejected rows is missing. Free some space, then resume or retry the import: it writes the report and imports nothing twice.`;

function explainDisk(error: unknown, folder: string, whenFull: WhenFull = fullBeforeImport): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SluiceError("unavailable", whenFull(folder), { cause: error });
  }
  // ENOENT: so Node answers for a folder to be made on a file system that is read-only.
  if (code === "EACCES" || code === "EROFS" || code === "EPERM" || code === "ENOENT") {
    return new SluiceError(
      "forbidden",
      told`This user cannot write to ${folder}. Point SLUICE_DATA_DIR at a folder that is writable.`,
      { cause: error, next: { code: "move_data_folder" } },
    );
  }
  if (code === "ENOTDIR" || code === "EEXIST") {
    return new SluiceError(
      "invalid",
      told`${folder} cannot be created: a file is in the way. Point SLUICE_DATA_DIR elsewhere.`,
      { cause: error, next: { code: "move_data_folder" } },
    );
  }
  return error;
}
