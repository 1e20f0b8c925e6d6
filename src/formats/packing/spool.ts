/**
 * What is packed in a file, unpacked to a temporary one: a workbook is read at many places. The file has no name any
 * more once it is open, so it is gone with its last reader, however that ends.
 */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";

const blockBytes = 256 * 1024;
/** No workbook that a spreadsheet can open comes near it. */
const maxWorkbookBytes = 1024 * 1024 * 1024;

/**
 * Copies `source` to a temporary file; closing it frees the disk.
 *
 * @throws SluiceError `too_large` above `maxBytes` (1 GiB), `unavailable` where the disk is full.
 */
export async function spool(source: Source, signal?: AbortSignal, maxBytes = maxWorkbookBytes): Promise<Source> {
  const handle = await openNameless();
  try {
    const block = Buffer.allocUnsafe(blockBytes);
    let sizeBytes = 0;
    for (;;) {
      signal?.throwIfAborted();
      const length = await source.read(block, sizeBytes);
      if (length === 0) break;
      if (sizeBytes + length > maxBytes) {
        throw new SluiceError(
          "too_large",
          told`${source.name} contains a workbook of more than ${maxBytes} bytes. Unpack it, or save its sheet as CSV.`,
        );
      }
      for (let at = 0; at < length; )
        at += (await handle.write(block, at, length - at, sizeBytes + at).catch(explainDisk)).bytesWritten;
      sizeBytes += length;
    }
    return {
      name: source.name,
      sizeBytes,
      read: (into, offset) => readFully(handle, into, offset),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `sluice-${randomUUID()}`);
  const handle = await open(path, "wx+", 0o600).catch(explainDisk);
  await unlink(path);
  return handle;
}

async function readFully(handle: FileHandle, into: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

function explainDisk(error: NodeJS.ErrnoException): never {
  throw new SluiceError(
    "unavailable",
    told`The unpacked workbook does not fit in the folder for temporary files, ${tmpdir()} (${error.code ?? error.message}). Free some space there, point TMPDIR elsewhere, or unpack the workbook first.`,
    { cause: error },
  );
}
