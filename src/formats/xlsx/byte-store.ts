/**
 * Bytes that are appended once and read at any place: in memory up to a limit, beyond it in a temporary file of which the
 * pages in use are kept.
 */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SluiceError, told } from "../../core/errors.ts";
import { viewOf, wordBytes } from "../xml/part-window.ts";

const pageBits = 14;
/** A page: small, since a look-up in a file of them reads one whole. */
export const pageBytes = 1 << pageBits;
/** The page of a place, and the place in it: `pages[at >>> pageShift]`, `at & pageMask`. */
export const pageShift = pageBits;
export const pageMask = pageBytes - 1;
/** Places are 32 bits wide. */
const maxBytes = 2 ** 32 - pageBytes;

export class ByteStore {
  /** The pages; those that are only in the file are undefined. Each is followed by space for `copyWords`. */
  readonly pages: (Buffer | undefined)[] = [];
  /** The same pages, for copying by words. */
  readonly views: (DataView | undefined)[] = [];
  /** Bytes appended, padding included. */
  length = 0;
  readonly #maxPages: number;
  /** Pages in memory, the one that came first foremost, as a ring. */
  readonly #resident: number[] = [];
  #oldest = 0;
  /** Pages below this one are in the file. */
  #pagesWritten = 0;
  #file: { descriptor: number; path: string } | null = null;

  constructor(maxBytesInMemory: number) {
    this.#maxPages = Math.max(2, Math.floor(maxBytesInMemory / pageBytes));
  }

  /** Whether some of it is in a file. */
  get spilled(): boolean {
    return this.#file !== null;
  }

  /**
   * A place for `count` bytes (at most a page) that no page's end cuts: write them to the page there, at once.
   *
   * @throws SluiceError `too_large` beyond 4 GB.
   */
  claim(count: number): number {
    const left = this.pages.length * pageBytes - this.length;
    if (left < count) {
      this.length += left;
      this.#addPage();
    }
    const at = this.length;
    this.length += count;
    return at;
  }

  /** Appends bytes of any number, over as many pages as they take. */
  append(source: Buffer, start: number, end: number): void {
    for (let done = start; done < end; ) {
      const left = this.pages.length * pageBytes - this.length;
      if (left === 0) {
        this.#addPage();
        continue;
      }
      const count = Math.min(left, end - done);
      source.copy(this.page(this.length), this.length & pageMask, done, done + count);
      this.length += count;
      done += count;
    }
  }

  /** Copies `count` bytes from `at` on. */
  read(at: number, count: number, into: Buffer, to: number): void {
    for (let done = 0; done < count; ) {
      const place = at + done;
      const within = place & pageMask;
      const part = Math.min(pageBytes - within, count - done);
      this.page(place).copy(into, to + done, within, within + part);
      done += part;
    }
  }

  /** The page of a place, fetched from the file when it is not in memory. */
  page(at: number): Buffer {
    const number = at >>> pageShift;
    const page = this.pages[number];
    if (page !== undefined) return page;
    if (this.#file === null) throw new SluiceError("internal", `A byte store has no page ${number}.`);
    const fetched = this.#room();
    readSync(this.#file.descriptor, fetched, 0, pageBytes, number * pageBytes);
    this.#keep(number, fetched);
    return fetched;
  }

  /** Removes the file. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    this.pages.length = 0;
    this.views.length = 0;
    if (file === null) return;
    closeSync(file.descriptor);
    rmSync(file.path, { force: true });
  }

  #addPage(): void {
    if (this.length >= maxBytes) {
      throw new SluiceError(
        "too_large",
        told`The workbook has more than 4 GB of text. Save the sheet as CSV, or split the workbook.`,
      );
    }
    const page = this.#room();
    this.pages.push(undefined);
    this.#keep(this.pages.length - 1, page);
  }

  #keep(number: number, page: Buffer): void {
    this.pages[number] = page;
    this.views[number] = viewOf(page);
    if (this.#resident.length < this.#maxPages) {
      this.#resident.push(number);
      return;
    }
    this.#resident[this.#oldest] = number;
    this.#oldest = (this.#oldest + 1) % this.#maxPages;
  }

  /** A page's memory: new, or that of the page that has been in memory longest. The last page is being written and stays. */
  #room(): Buffer {
    if (this.#resident.length < this.#maxPages) return Buffer.allocUnsafeSlow(pageBytes + wordBytes);
    const last = this.pages.length - 1;
    if (this.#resident[this.#oldest] === last && this.length < this.pages.length * pageBytes) {
      this.#resident[this.#oldest] = this.#resident[(this.#oldest + 1) % this.#maxPages];
      this.#resident[(this.#oldest + 1) % this.#maxPages] = last;
    }
    const number = this.#resident[this.#oldest];
    const page = this.pages[number];
    if (page === undefined) throw new SluiceError("internal", `Page ${number} of a byte store is lost.`);
    if (number >= this.#pagesWritten) this.#write(number);
    this.pages[number] = undefined;
    this.views[number] = undefined;
    return page;
  }

  /** Writes every page up to this one that is not in the file yet: all of them are in memory, since only written ones go. */
  #write(upTo: number): void {
    this.#file ??= createTemporaryFile();
    for (; this.#pagesWritten <= upTo; this.#pagesWritten++) {
      const page = this.pages[this.#pagesWritten];
      if (page === undefined) continue;
      try {
        writeSync(this.#file.descriptor, page, 0, pageBytes, this.#pagesWritten * pageBytes);
      } catch (error) {
        throw new SluiceError(
          "unavailable",
          told`The workbook's text does not fit in the folder for temporary files, ${tmpdir()} (${(error as Error).message}). Free some space there, or point TMPDIR elsewhere.`,
          { cause: error },
        );
      }
    }
  }
}

function createTemporaryFile(): { descriptor: number; path: string } {
  const path = join(tmpdir(), `sluice-${randomUUID()}.pages`);
  try {
    const descriptor = openSync(path, "wx+", 0o600);
    // Where the system lets an open file lose its name, nothing is left of it whatever becomes of the process.
    try {
      rmSync(path);
    } catch {
      // Windows: it goes when it is closed.
    }
    return { descriptor, path };
  } catch (error) {
    throw new SluiceError(
      "unavailable",
      told`No file can be created in the folder for temporary files, ${tmpdir()} (${(error as Error).message}). Point TMPDIR elsewhere.`,
      { cause: error },
    );
  }
}
