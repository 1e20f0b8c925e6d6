/** A zip archive (PKWARE APPNOTE 6.3.10) opened from a Source: its entries, and what they hold. */
import type { Source } from "../../core/ports.ts";
import { readDirectory } from "./directory.ts";
import type { ZipEntry } from "./entry.ts";
import { readEntry, type ZipReadOptions } from "./read.ts";

export type { ZipEntry } from "./entry.ts";
export type { ZipReadOptions } from "./read.ts";

/** Parts that are read whole: a workbook's description, its styles. Excel's own stay under a few MB. */
const maxWholeBytes = 64 * 1024 * 1024;

/**
 * Opens the archive that a file is: stored or deflated entries, zip64, data descriptors, bytes in front of it or after it.
 *
 * @throws SluiceError `invalid`: no archive, cut short, damaged, in several volumes, too many or overlapping entries.
 */
export async function openZip(source: Source, signal?: AbortSignal): Promise<ZipArchive> {
  return new ZipArchive(source, await readDirectory(source, signal));
}

export class ZipArchive {
  /** Of the file, for messages. */
  readonly fileName: string;
  /** By name, in the directory's order; the first of several with one name. Folders are entries whose names end in `/`. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** Bytes of the stored file read so far. */
  bytesRead = 0;
  readonly #source: Source;
  /** By name in lower case, made when first asked for. */
  #folded: Map<string, ZipEntry> | null = null;

  constructor(source: Source, entries: readonly ZipEntry[]) {
    this.#source = source;
    this.fileName = source.name;
    const byName = new Map<string, ZipEntry>();
    for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
    this.entries = byName;
  }

  /** The entry of that name, else the first that differs from it only in case (ECMA-376 part 2, 6.3.5); null: none. */
  find(name: string): ZipEntry | null {
    const exact = this.entries.get(name);
    if (exact !== undefined) return exact;
    if (this.#folded === null) {
      this.#folded = new Map();
      for (const entry of this.entries.values()) {
        const folded = entry.name.toLowerCase();
        if (!this.#folded.has(folded)) this.#folded.set(folded, entry);
      }
    }
    return this.#folded.get(name.toLowerCase()) ?? null;
  }

  /**
   * What an entry holds, in pieces of up to 256 KB; each is the caller's until it asks for the next.
   *
   * @throws SluiceError `invalid`: password, unknown packing, damage, more than `maxBytes`, a bomb.
   */
  read(entry: ZipEntry, options: ZipReadOptions = {}): AsyncGenerator<Uint8Array> {
    return readEntry(this.#source, entry, options, (length) => {
      this.bytesRead += length;
    });
  }

  /** A small part whole; `maxBytes` is 64 MB unless said otherwise. Throws as `read` does. */
  async readWhole(entry: ZipEntry, options: ZipReadOptions = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.read(entry, { maxBytes: maxWholeBytes, ...options })) pieces.push(piece);
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}
