/**
 * A zip archive written to disk entry by entry while its content is made: what the benchmark's workbooks lie in. Sizes
 * and checksums are put into the local headers afterwards, as Excel's archives have them.
 */
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { crc32, createDeflateRaw } from "node:zlib";

/** PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16; no zip64: the workbooks stay below 4 GB. */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #directory: Buffer[] = [];
  #offset = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<ZipWriter> {
    return new ZipWriter(await open(path, "w"));
  }

  /** Deflates `pieces` into an entry, with backpressure. */
  async add(name: string, pieces: Iterable<string>): Promise<void> {
    const header = Buffer.alloc(30 + name.length);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(8, 8);
    header.writeUInt16LE(0x21, 12);
    header.writeUInt16LE(name.length, 26);
    header.write(name, 30);
    const headerAt = this.#offset;
    this.#offset += header.length;

    const deflate = createDeflateRaw({ level: 6, chunkSize: 256 * 1024 });
    let packed = 0;
    const written = (async () => {
      for await (const piece of deflate as AsyncIterable<Buffer>) {
        await this.#file.write(piece, 0, piece.length, this.#offset + packed);
        packed += piece.length;
      }
    })();
    let checksum = 0;
    let size = 0;
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      checksum = crc32(bytes, checksum);
      size += bytes.length;
      if (!deflate.write(bytes)) await once(deflate, "drain");
    }
    deflate.end();
    await written;

    header.writeUInt32LE(checksum, 14);
    header.writeUInt32LE(packed, 18);
    header.writeUInt32LE(size, 22);
    await this.#file.write(header, 0, header.length, headerAt);
    const record = Buffer.alloc(46 + name.length);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(20, 4);
    header.copy(record, 6, 4, 28);
    record.writeUInt32LE(headerAt, 42);
    record.write(name, 46);
    this.#directory.push(record);
    this.#offset += packed;
  }

  /** Writes the directory; the archive is whole after it. */
  async close(): Promise<void> {
    const directory = Buffer.concat(this.#directory);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#directory.length, 8);
    end.writeUInt16LE(this.#directory.length, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#offset, 16);
    await this.#file.write(Buffer.concat([directory, end]), 0, directory.length + end.length, this.#offset);
    await this.#file.close();
  }
}
