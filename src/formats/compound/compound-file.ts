/** A compound file ([MS-CFB]), the container of Excel 97's workbooks and of encrypted new ones: its streams by name. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { fill } from "../zip/directory.ts";

/** Entries of the directory that are examined; a workbook has a dozen, one with macros some hundred. */
const maxEntries = 4096;
const entryBytes = 128;
/** Sectors of the allocation table that the header lists (2.2); more are in a chain of their own (2.5). */
const listedTables = 109;
/** 2.1: beyond these numbers are marks, such as a chain's end. */
const maxSector = 0xfffffffa;

/** A stream's bytes, read at any place. */
export type CompoundStream = Pick<Source, "sizeBytes" | "read">;

interface Entry {
  start: number;
  sizeBytes: number;
}

export class CompoundFile {
  /** By name in lower case: storages and streams, in whatever storage they are. */
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #source: Source;
  readonly #sectors: Sectors;

  private constructor(source: Source, sectors: Sectors, entries: ReadonlyMap<string, Entry>) {
    this.#source = source;
    this.#sectors = sectors;
    this.#entries = entries;
  }

  /** @throws SluiceError `invalid` where the directory cannot be read. */
  static async open(source: Source): Promise<CompoundFile> {
    const header = Buffer.alloc(512);
    const isWhole = (await fill(source, header, 0)) === header.length;
    const shift = header.readUInt16LE(0x1e);
    const entries = new Map<string, Entry>();
    // 2.2: sectors of 512 or 4,096 bytes; sector n begins after the header, which takes one of them.
    const sectors = new Sectors(source, header, 2 ** shift);
    if (isWhole && (shift === 9 || shift === 12)) {
      const sector = Buffer.alloc(2 ** shift);
      const maxSectors = (maxEntries * entryBytes) / sector.length;
      let at = header.readUInt32LE(0x30);
      for (let n = 0; n < maxSectors && (await sectors.read(at, sector)); n++) {
        for (let entry = 0; entry < sector.length; entry += entryBytes) noteEntry(sector.subarray(entry), entries);
        at = await sectors.after(at);
      }
    }
    if (entries.size === 0) throw damaged(source.name);
    return new CompoundFile(source, sectors, entries);
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /**
   * The stream of that name; null: there is none.
   *
   * @throws SluiceError `invalid` where it is not all there.
   */
  async stream(name: string): Promise<CompoundStream | null> {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) return null;
    if (entry.sizeBytes > this.#source.sizeBytes) throw damaged(this.#source.name);
    const { miniCutoffBytes } = this.#sectors;
    return entry.sizeBytes < miniCutoffBytes ? this.#small(entry) : this.#large(entry);
  }

  async #large({ start, sizeBytes }: Entry): Promise<CompoundStream> {
    const { bytes: sectorBytes } = this.#sectors;
    const chain = await this.#sectors.chain(start, Math.ceil(sizeBytes / sectorBytes));
    const source = this.#source;
    return {
      sizeBytes,
      async read(into, offset) {
        const k = Math.floor(offset / sectorBytes);
        const most = Math.min(into.length, sizeBytes - offset);
        if (most <= 0) return 0;
        // Sectors that lie side by side are read as one.
        const within = offset - k * sectorBytes;
        let count = 1;
        while (count * sectorBytes - within < most && chain[k + count] === chain[k] + count) count++;
        const length = Math.min(most, count * sectorBytes - within);
        return source.read(into.subarray(0, length), (chain[k] + 1) * sectorBytes + within);
      },
    };
  }

  /** 2.4: a short stream is in sectors of 64 bytes, which together are the root's stream. */
  async #small({ start, sizeBytes }: Entry): Promise<CompoundStream> {
    const root = this.#entries.get("root entry");
    const bytes = Buffer.alloc(sizeBytes);
    const { miniBytes } = this.#sectors;
    if (root === undefined || root.sizeBytes > this.#source.sizeBytes) throw damaged(this.#source.name);
    const whole = await this.#large(root);
    let at = start;
    for (let done = 0; done < sizeBytes; done += miniBytes) {
      const piece = bytes.subarray(done, done + miniBytes);
      if (at >= maxSector || (await readFully(whole, piece, at * miniBytes)) < piece.length)
        throw damaged(this.#source.name);
      at = await this.#sectors.afterMini(at);
    }
    return {
      sizeBytes,
      read: (into, offset) => Promise.resolve(bytes.copy(into, 0, offset, Math.min(sizeBytes, offset + into.length))),
    };
  }
}

/** Reads until `into` is full or the stream ends; returns the bytes read. */
export async function readFully(stream: CompoundStream, into: Uint8Array, offset: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const length = await stream.read(into.subarray(done), offset + done);
    if (length === 0) break;
    done += length;
  }
  return done;
}

export function damaged(name: string): SluiceError {
  return new SluiceError(
    "invalid",
    told`${name} is damaged or truncated: its directory cannot be read. Download it again.`,
  );
}

/** 2.6.1: the name in UTF-16, its length in bytes with the final NUL, the kind of the entry, where its stream is. */
function noteEntry(entry: Buffer, entries: Map<string, Entry>): void {
  const length = entry.readUInt16LE(0x40);
  if (entry[0x42] === 0 || length < 2 || length > 64) return;
  const name = entry[0x42] === 5 ? "root entry" : entry.toString("utf16le", 0, length - 2).toLowerCase();
  if (!entries.has(name)) entries.set(name, { start: entry.readUInt32LE(0x74), sizeBytes: entry.readUInt32LE(0x78) });
}

/** The sectors of a file and which follows which. */
class Sectors {
  readonly bytes: number;
  readonly miniBytes = 64;
  readonly miniCutoffBytes: number;
  readonly #source: Source;
  /** Sectors that hold the allocation table, as far as they are known. */
  readonly #tables: number[] = [];
  /** The next sector of the chain that lists the others. */
  #moreTables: number;
  readonly #miniStart: number;
  #miniTable: Buffer | null = null;
  readonly #loaded = new Map<number, Buffer>();

  constructor(source: Source, header: Buffer, bytes: number) {
    this.#source = source;
    this.bytes = bytes;
    this.miniCutoffBytes = header.readUInt32LE(0x38);
    this.#miniStart = header.readUInt32LE(0x3c);
    this.#moreTables = header.readUInt32LE(0x44);
    for (let k = 0; k < listedTables; k++) this.#tables.push(header.readUInt32LE(0x4c + 4 * k));
  }

  /** Whether the sector is there. */
  async read(sector: number, into: Buffer): Promise<boolean> {
    if (sector >= maxSector) return false;
    return (await fill(this.#source, into, (sector + 1) * this.bytes)) === into.length;
  }

  /** 2.3: the sector after this one; a mark where the chain ends, or breaks. */
  async after(sector: number): Promise<number> {
    const perTable = this.bytes / 4;
    const k = Math.floor(sector / perTable);
    while (k >= this.#tables.length && (await this.#listMore()));
    const at = this.#tables[k] ?? maxSector;
    if (at >= maxSector) return maxSector;
    let table = this.#loaded.get(at);
    if (table === undefined) {
      table = Buffer.alloc(this.bytes);
      if (!(await this.read(at, table))) return maxSector;
      this.#loaded.set(at, table);
    }
    return table.readUInt32LE(4 * (sector % perTable));
  }

  /** @throws SluiceError `invalid` where the chain is shorter, or leaves the file. */
  async chain(start: number, count: number): Promise<Float64Array> {
    const chain = new Float64Array(count);
    let at = start;
    for (let k = 0; k < count; k++) {
      if (at >= maxSector || (at + 1) * this.bytes >= this.#source.sizeBytes) throw damaged(this.#source.name);
      chain[k] = at;
      if (k + 1 < count) at = await this.after(at);
    }
    return chain;
  }

  async afterMini(sector: number): Promise<number> {
    this.#miniTable ??= await this.#loadMini();
    return 4 * sector + 4 <= this.#miniTable.length ? this.#miniTable.readUInt32LE(4 * sector) : maxSector;
  }

  async #loadMini(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let at = this.#miniStart; at < maxSector && pieces.length < maxEntries; at = await this.after(at)) {
      const piece = Buffer.alloc(this.bytes);
      if (!(await this.read(at, piece))) break;
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  /** 2.5: a sector of table sectors, of which the last number is the next such sector. */
  async #listMore(): Promise<boolean> {
    const sector = Buffer.alloc(this.bytes);
    // A file has no more tables than sectors: a circle ends.
    const isPossible = this.#tables.length * this.bytes <= this.#source.sizeBytes + listedTables * this.bytes;
    if (!isPossible || !(await this.read(this.#moreTables, sector))) return false;
    for (let k = 0; k < this.bytes - 4; k += 4) this.#tables.push(sector.readUInt32LE(k));
    this.#moreTables = sector.readUInt32LE(this.bytes - 4);
    return true;
  }
}
