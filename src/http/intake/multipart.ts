/**
 * Reads a `multipart/form-data` body (RFC 7578) part by part while it comes in: what is kept of it in memory is the piece
 * at hand and the few bytes that may be the beginning of a boundary.
 */
import { SluiceError } from "../../core/errors.ts";
import type { ByteStream } from "./body-bytes.ts";

/** A field of the form, or a file. Read its bytes before the next part is asked for; what is left of them is skipped. */
export interface Part {
  name: string;
  /** Null: a field. */
  fileName: string | null;
  bytes: ByteStream;
}

/** Bytes of a part's headers. Browsers send some 200. */
const maxHeaderBytes = 16 * 1024;
const maxParts = 100;

const empty: Buffer = Buffer.alloc(0);

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
  const boundary = parametersOf(contentType as string).get("boundary");
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
 * @throws SluiceError `invalid` for a body that is no form, or that ends before its last boundary.
 */
export async function* readMultipart(bytes: ByteStream, boundary: string): AsyncGenerator<Part> {
  const body = new DelimitedBody(bytes, boundary);
  await body.skip();
  for (let parts = 0; ; parts++) {
    const header = await body.headerBlock();
    if (header === null) return;
    if (parts === maxParts) throw new SluiceError("invalid", `The form has more than ${maxParts} parts.`);
    const { name, fileName } = describe(header);
    const pieces = body.pieces();
    yield {
      name,
      fileName,
      bytes: { [Symbol.asyncIterator]: () => pieces, end: () => bytes.end(), fail: (reason) => bytes.fail(reason) },
    };
    await body.skip();
  }
}

/** The body as what stands between its delimiters. */
class DelimitedBody {
  readonly #iterator: AsyncIterator<Uint8Array>;
  /** The line break before a boundary belongs to it. */
  readonly #delimiter: Buffer;
  /** What was read and not yet given on. The break that the first boundary may lack is put before it. */
  #held: Buffer = Buffer.from("\r\n");
  /** Whether `#held` begins behind a delimiter. */
  #atDelimiter = false;

  constructor(bytes: ByteStream, boundary: string) {
    this.#iterator = bytes[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  }

  /** Up to behind the next delimiter, if it does not stand there already. */
  async skip(): Promise<void> {
    for await (const _ of this.pieces());
  }

  /** What stands before the next delimiter. Each piece is a view of what came in. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    while (!this.#atDelimiter) {
      const at = this.#held.indexOf(this.#delimiter);
      const end = at === -1 ? this.#held.length - this.#begunDelimiter() : at;
      const piece = this.#held.subarray(0, end);
      this.#atDelimiter = at !== -1;
      this.#held = this.#held.subarray(this.#atDelimiter ? at + this.#delimiter.length : end);
      if (piece.length > 0) yield piece;
      if (!this.#atDelimiter) await this.#more();
    }
  }

  /** The headers of the part behind the delimiter; null behind the last one. */
  async headerBlock(): Promise<string | null> {
    for (;;) {
      if (this.#held.length >= 2 && this.#held[0] === 0x2d && this.#held[1] === 0x2d) return null;
      // The break behind the delimiter is that before the first header: without headers both are one.
      const end = this.#held.indexOf("\r\n\r\n");
      if (end > maxHeaderBytes || (end === -1 && this.#held.length > maxHeaderBytes)) {
        throw new SluiceError("invalid", `The headers of a part of the form take more than ${maxHeaderBytes} bytes.`);
      }
      if (end !== -1) {
        const block = this.#held.toString("utf8", 0, end);
        this.#held = this.#held.subarray(end + 4);
        this.#atDelimiter = false;
        if (!/^[ \t]*(?:\r\n|$)/.test(block))
          throw new SluiceError("invalid", "A boundary of the form is followed by something else.");
        return block;
      }
      await this.#more();
    }
  }

  /** How many bytes at the end of what is held may be the beginning of a delimiter. */
  #begunDelimiter(): number {
    for (let length = Math.min(this.#held.length, this.#delimiter.length - 1); length > 0; length--) {
      const from = this.#held.length - length;
      if (this.#held[from] === 0x0d && this.#delimiter.compare(this.#held, from, this.#held.length, 0, length) === 0)
        return length;
    }
    return 0;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#iterator.next();
    if (done) {
      throw new SluiceError(
        "invalid",
        "The form ends before its last boundary: it was cut off, or its Content-Type names another boundary. Send it again.",
      );
    }
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
  }
}

function describe(block: string): { name: string; fileName: string | null } {
  const disposition = /\r\ncontent-disposition[ \t]*:[ \t]*(form-data[^\r\n]*)/i.exec(block)?.[1];
  const parameters = parametersOf(disposition ?? "");
  const name = parameters.get("name");
  if (name === undefined) {
    throw new SluiceError(
      "invalid",
      'A part of the form has no name. Its header is: Content-Disposition: form-data; name="file"',
    );
  }
  return { name, fileName: extendedValue(parameters.get("filename*")) ?? parameters.get("filename") ?? null };
}

/** `; name=value` and `; name="value"`. In a name, browsers write a quote as %22 (HTML, multipart/form-data encoding), curl as \". */
function parametersOf(header: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of header.matchAll(/;[ \t]*([\w-]+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g)) {
    const value = quoted?.replaceAll(/\\(["\\])/g, "$1").replaceAll("%22", '"') ?? plain.trim();
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
  }
  return parameters;
}

/** `UTF-8''na%C3%AFve.csv` (RFC 8187). RFC 7578 advises against it, some clients send it all the same. */
function extendedValue(value: string | undefined): string | null {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value ?? "")?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** A field's text. @throws SluiceError `invalid` when it has more than `maxBytes`. */
export async function fieldText(part: Part, maxBytes: number): Promise<string> {
  let text: Buffer = empty;
  for await (const piece of part.bytes) {
    if (text.length + piece.length > maxBytes)
      throw new SluiceError("invalid", `The field "${part.name}" of the form is too long.`);
    text = Buffer.concat([text, piece]);
  }
  return text.toString("utf8");
}
