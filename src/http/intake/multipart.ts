/**
 * Reads a `multipart/form-data` body (RFC 7578) part by part while it comes in, by @fastify/busboy: a file's bytes pass through, and
 * the sender waits for their reader.
 */
import type { Readable } from "node:stream";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { SluiceError, told } from "../../core/errors.ts";
import type { ByteStream } from "./body-bytes.ts";

/** A field of the form, with its text. */
export interface FieldPart {
  name: string;
  fileName: null;
  text: string;
}

/** A file. Read its bytes before the next part is asked for; what is left of them is skipped. */
export interface FilePart {
  name: string;
  fileName: string;
  bytes: ByteStream;
}

/** Bytes of all the fields of a form besides its file. */
export const maxFieldBytes: number = 1024 * 1024;
/** What a form may add to its file: boundaries, headers, fields, and what some put before the first part and after the last. */
export const maxFormBytes: number = maxFieldBytes + 64 * 1024;
/** Bytes of a part's headers that count. Browsers send some 200. */
const maxHeaderBytes = 16 * 1024;
const maxParts = 100;

const cut = told`The form ends before its last boundary: it was cut off on its way, or its Content-Type names another boundary. Proxies and platforms limit bodies (nginx 1 MB, Vercel and Netlify 4.5 MB, Next.js's proxy.ts 10 MB): raise the limit, or keep the proxy away from Sluice's paths, or upload the file in pieces.`;
const nameless = 'A part of the form has no name. Its header is: Content-Disposition: form-data; name="file"';

export function isForm(contentType: string | null | undefined): boolean {
  return /^multipart\/form-data(?:\s*;|\s*$)/i.test(contentType ?? "");
}

/**
 * The boundary that a Content-Type names; null when it is not multipart/form-data.
 *
 * @throws SluiceError `invalid` when it names none, or one that RFC 2046, section 5.1.1, does not allow.
 */
export function boundaryOf(contentType: string | null | undefined): string | null {
  if (!isForm(contentType)) return null;
  const [, quoted, plain] = /;[ \t]*boundary=(?:"([^"]*)"|([^;"]*))/i.exec(contentType as string) ?? [];
  const boundary = quoted ?? plain?.trim();
  if (boundary === undefined || !/^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)) {
    throw new SluiceError(
      "invalid",
      "The Content-Type is multipart/form-data without a valid boundary. Leave the header to the library that makes the body.",
    );
  }
  return boundary;
}

/**
 * The parts in their order.
 *
 * @throws SluiceError `invalid` for a body that is not a form, or that ends before its last boundary; `too_large` for one that has too much
 * beside its files.
 */
export async function* readMultipart(bytes: ByteStream, boundary: string): AsyncGenerator<FieldPart | FilePart> {
  const form = new FormReader(bytes, boundary);
  try {
    for (let part = await form.next(); part !== null; part = await form.next()) yield part;
  } finally {
    form.leave();
  }
}

/** Busboy's events, kept until they are asked for. */
class FormReader {
  readonly #bytes: ByteStream;
  readonly #busboy: BusboyInstance;
  readonly #parts: { part: FieldPart | FilePart; file?: Readable }[] = [];
  readonly #files: BusboyFileStream[] = [];
  /** The files that are not read to their end. */
  readonly #open = new Set<Readable>();
  /** The file of the part that was asked for last. */
  #given: Readable | undefined;
  #bytesRead = 0;
  #fieldBytes = 0;
  #failure: Error | undefined;
  #isOver = false;
  #isLeft = false;
  #wake: () => void = () => {};

  constructor(bytes: ByteStream, boundary: string) {
    this.#bytes = bytes;
    this.#busboy = new Busboy({
      headers: { "content-type": `multipart/form-data; boundary="${boundary}"` },
      isPartAFile: (_name, _type, fileName) => fileName !== undefined,
      limits: { fieldSize: maxFieldBytes, headerSize: maxHeaderBytes, headerPairs: 100, parts: maxParts },
    });
    this.#busboy.on("field", (name: string | undefined, text, _nameTruncated, isCut) => {
      this.#fieldBytes += Buffer.byteLength(text);
      if (name === undefined) this.#fail(new SluiceError("invalid", nameless));
      else if (isCut || this.#fieldBytes > maxFieldBytes)
        this.#fail(new SluiceError("invalid", `The field "${name}" of the form is too long.`));
      else this.#tell({ name, fileName: null, text });
    });
    this.#busboy.on("file", (name: string | undefined, file, fileName) => this.#takeFile(name, file, fileName));
    this.#busboy.on("partsLimit", () =>
      this.#fail(new SluiceError("invalid", `The form has more than ${maxParts} parts.`)),
    );
    this.#busboy.on("error", (cause) => this.#fail(new SluiceError("invalid", cut, { cause })));
    this.#busboy.on("finish", () => {
      this.#isOver = true;
      this.#wake();
    });
    void this.#feed();
  }

  /** The next part; null after the last one. */
  async next(): Promise<FieldPart | FilePart | null> {
    this.#given?.resume();
    for (;;) {
      const next = this.#parts.shift();
      this.#given = next?.file;
      if (next !== undefined) return next.part;
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Nothing more is read of the body. */
  leave(): void {
    this.#isLeft = true;
    for (const file of this.#open) file.destroy();
  }

  /** Each piece when the one before has found room. */
  async #feed(): Promise<void> {
    try {
      for await (const piece of this.#bytes) {
        await new Promise<void>((resolve) => this.#busboy.write(piece, () => resolve()));
        this.#bytesRead += piece.length;
        if (this.#bytesRead - this.#bytesOfFiles() > maxFormBytes)
          this.#fail(
            new SluiceError(
              "too_large",
              `The form has more than ${maxFormBytes} bytes besides the content of its files.`,
            ),
          );
        if (this.#isLeft || this.#failure !== undefined) return;
      }
      this.#busboy.end();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #bytesOfFiles(): number {
    return this.#files.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  #takeFile(name: string | undefined, file: BusboyFileStream, fileName: string): void {
    this.#files.push(file);
    this.#open.add(file);
    file.on("close", () => this.#open.delete(file));
    // Told by the iteration, where somebody reads it.
    file.on("error", () => {});
    if (name === undefined) {
      this.#fail(new SluiceError("invalid", nameless));
      return;
    }
    const pieces = this.#piecesOf(file);
    const bytes = {
      [Symbol.asyncIterator]: () => pieces,
      end: () => this.#bytes.end(),
      fail: (reason: Error) => this.#bytes.fail(reason),
    };
    // In a name, browsers write a quote as %22 (HTML, multipart/form-data encoding).
    this.#tell({ name, fileName: fileName.replaceAll("%22", '"'), bytes }, file);
  }

  async *#piecesOf(file: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* file.iterator({ destroyOnReturn: false });
    } catch (cause) {
      throw this.#failure ?? new SluiceError("invalid", cut, { cause });
    }
  }

  #tell(part: FieldPart | FilePart, file?: Readable): void {
    this.#parts.push({ part, file });
    this.#wake();
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    for (const file of this.#open) file.destroy(this.#failure);
    this.#wake();
  }
}
