/**
 * The directory at the end of a zip archive (PKWARE APPNOTE 6.3.10, section 4.3.12): found, read through yauzl, and held
 * against what an archive can be, so that no two entries lie over one another.
 */
import yauzl from "yauzl";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import type { ZipEntry } from "./entry.ts";

/** A workbook has a few dozen parts, one with many pictures a few thousand. */
const maxEntries = 65_536;
/** It is held in memory; this many entries with ordinary names take a quarter of it. */
const maxDirectoryBytes = 32 * 1024 * 1024;
/** The end record is looked for in this much of the file's end: its comment has 64 KB at most, and garbage may follow. */
const tailBytes = 256 * 1024;
const endRecordBytes = 22;
const localHeaderBytes = 30;
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/**
 * All entries in the directory's order.
 *
 * @throws SluiceError `invalid`: no archive, cut short, damaged, in several volumes, too many or overlapping entries.
 */
export async function readDirectory(source: Source, signal?: AbortSignal): Promise<ZipEntry[]> {
  if (!Number.isFinite(source.sizeBytes)) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is an archive inside another archive, which cannot be read. Unpack it first.`,
    );
  }
  const { shift, end } = await findEnd(source, signal);
  const window = new SourceWindow(source, shift, signal);
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(window, end - shift, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
    const directoryStart = zip.readEntryCursor as unknown as number;
    if (zip.entryCount > maxEntries || end - shift - directoryStart > maxDirectoryBytes) {
      throw new SluiceError(
        "invalid",
        told`${source.name} is a zip archive with more than ${maxEntries} entries, or with very long names: far more than a table needs. Is it the right file?`,
      );
    }
    const entries: yauzl.Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    if (await window.startsEntry(zip.readEntryCursor as unknown as number)) {
      throw damaged(source.name, told`its zip directory has more than the ${entries.length} entries it declares`);
    }
    return placed(source.name, entries, directoryStart, shift);
  } catch (error) {
    if (error instanceof SluiceError || signal?.aborted || window.sourceFailed) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (/strong encryption/.test(message)) throw new SluiceError("invalid", passwordProtected(source.name));
    throw damaged(source.name, told`its zip directory cannot be read (${message.split(". ")[0]})`, error);
  }
}

export function damaged(fileName: string, what: Telling, cause?: unknown): SluiceError {
  return new SluiceError(
    "invalid",
    told`${fileName} is damaged: ${what}. Download the file again, or open it in a spreadsheet program and save it again.`,
    { cause },
  );
}

export function passwordProtected(fileName: string): Telling {
  return told`${fileName} is password-protected. Open it in a spreadsheet program, save it without a password, and try again.`;
}

/** Where the archive begins and ends in the file: bytes in front of it (`shift`) and after it are not its own. */
async function findEnd(source: Source, signal?: AbortSignal): Promise<{ shift: number; end: number }> {
  const { name, sizeBytes } = source;
  const tailStart = Math.max(0, sizeBytes - tailBytes);
  const tail = Buffer.alloc(sizeBytes - tailStart);
  await fill(source, tail, tailStart, signal);
  for (let at = tail.length - endRecordBytes; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== endSignature) continue;
    const place = tailStart + at;
    const end = place + endRecordBytes + tail.readUInt16LE(at + 20);
    const directoryBytes = tail.readUInt32LE(at + 12);
    const directoryStart = tail.readUInt32LE(at + 16);
    if (end > sizeBytes) continue;
    if (directoryStart === 0xffffffff || directoryBytes === 0xffffffff) return { shift: 0, end };
    const shift = place - directoryBytes - directoryStart;
    if (shift < 0) continue;
    // Bytes in front of the archive move everything by as much; a gap before the end record (zip64's own) does not.
    const moved =
      shift > 0 && !(await startsEntry(source, directoryStart)) && (await startsEntry(source, directoryStart + shift));
    return { shift: moved ? shift : 0, end };
  }
  const head = Buffer.alloc(Math.min(4, sizeBytes));
  await fill(source, head, 0, signal);
  if (head.toString("latin1") === "PK\x03\x04") {
    throw damaged(name, told`it is truncated, with no directory at its end`);
  }
  throw new SluiceError(
    "invalid",
    told`${name} is not a zip archive, so it is not a workbook either. Is it the right file?`,
  );
}

async function startsEntry(source: Source, offset: number): Promise<boolean> {
  const signature = Buffer.alloc(4);
  return (await fill(source, signature, offset)) === 4 && signature.readUInt32LE(0) === entrySignature;
}

/** Reads until `into` is full or the file ends; returns the bytes read. */
export async function fill(source: Source, into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> {
  let done = 0;
  // An archive may point anywhere.
  while (done < into.length && offset + done < source.sizeBytes) {
    signal?.throwIfAborted();
    const length = await source.read(done === 0 ? into : into.subarray(done), offset + done);
    if (length === 0) break;
    done += length;
  }
  return done;
}

/** The entries with their names in plain form and the room each has in the file; none reaches into the next. */
function placed(fileName: string, found: readonly yauzl.Entry[], directoryStart: number, shift: number): ZipEntry[] {
  const names = found.map(nameOf);
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const byPlace = found.map((_, k) => k).sort((a, b) => startOf(found[a]) - startOf(found[b]));
  const limits = new Float64Array(found.length);
  let limit = directoryStart;
  for (const k of byPlace.reverse()) {
    const start = startOf(found[k]);
    if (start + localHeaderBytes + found[k].compressedSize > limit) {
      throw damaged(fileName, told`${names[k]} overlaps the next entry of the zip archive`);
    }
    limits[k] = limit + shift;
    limit = start;
  }
  return found.map((entry, k) => ({
    name: names[k],
    ambiguous: counts.get(names[k]) !== 1,
    compressedBytes: entry.compressedSize,
    sizeBytes: entry.uncompressedSize,
    crc32: entry.crc32,
    method: entry.compressionMethod,
    encrypted: entry.isEncrypted(),
    offset: startOf(entry) + shift,
    limit: limits[k],
  }));
}

const startOf = (entry: yauzl.Entry): number => entry.relativeOffsetOfLocalHeader;

/** Some writers put backslashes between folders or a slash in front. */
function nameOf(entry: yauzl.Entry): string {
  const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  return name.replace(/^(?:\.?\/)+/, "");
}

/** The archive's part of a Source as yauzl reads it, a block at a time: the directory is read in pieces of some bytes. */
class SourceWindow extends yauzl.RandomAccessReader {
  readonly #source: Source;
  readonly #shift: number;
  readonly #signal: AbortSignal | undefined;
  readonly #block = Buffer.alloc(64 * 1024);
  #blockStart = 0;
  #blockLength = 0;
  /** An error is the source's own, not the archive's. */
  sourceFailed = false;

  constructor(source: Source, shift: number, signal?: AbortSignal) {
    super();
    this.#source = source;
    this.#shift = shift;
    this.#signal = signal;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const start = position + this.#shift;
    if (start >= this.#blockStart && start + length <= this.#blockStart + this.#blockLength) {
      this.#block.copy(buffer, offset, start - this.#blockStart, start - this.#blockStart + length);
      callback(null, length);
      return;
    }
    this.#load(buffer.subarray(offset, offset + length), start).then(
      (bytesRead) => callback(null, bytesRead),
      (error) => {
        this.sourceFailed = true;
        callback(error);
      },
    );
  }

  async #load(into: Buffer, start: number): Promise<number> {
    if (into.length > this.#block.length) return fill(this.#source, into, start, this.#signal);
    this.#blockLength = 0;
    const length = await fill(this.#source, this.#block, start, this.#signal);
    this.#blockStart = start;
    this.#blockLength = length;
    return this.#block.copy(into, 0, 0, Math.min(into.length, length));
  }

  startsEntry(position: number): Promise<boolean> {
    return startsEntry(this.#source, position + this.#shift);
  }
}
