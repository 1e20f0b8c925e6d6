/** The encoding of an XML part, by its byte order mark or its declaration (XML 1.0, appendix F), and its text. */
import { SluiceError, told } from "../../core/errors.ts";

/** What office programs write, and the two older ones that every byte of is a character. */
export type XmlEncoding = "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1";

/**
 * The encoding that a part's first bytes (200 are enough) tell.
 *
 * @param what the part and its file, for messages.
 * @throws SluiceError `invalid` for any other encoding: a part could hide in it what this reader does not see.
 */
export function xmlEncodingOf(head: Uint8Array, what: string): { encoding: XmlEncoding; bomBytes: number } {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", bomBytes: 3 };
  if (a === 0xff && b === 0xfe && !(c === 0 && d === 0)) return { encoding: "utf-16le", bomBytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", bomBytes: 2 };
  if (a === 0x3c && b === 0) return { encoding: "utf-16le", bomBytes: 0 };
  if (a === 0 && b === 0x3c) return { encoding: "utf-16be", bomBytes: 0 };
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 200)).toString("latin1");
  const declared = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1].toLowerCase() ?? "utf-8";
  switch (declared) {
    case "utf-8":
    case "utf8":
    case "us-ascii":
    case "ascii":
    // Not with these bytes: some writers declare the encoding of the string they held, and write UTF-8.
    case "utf-16":
      return { encoding: "utf-8", bomBytes: 0 };
    case "iso-8859-1":
      return { encoding: "iso-8859-1", bomBytes: 0 };
  }
  throw new SluiceError(
    "invalid",
    told`${what} is in the encoding ${declared.slice(0, 40)}; workbooks are UTF-8 or UTF-16. Open the file in a spreadsheet program and save it again.`,
  );
}

/** A part's text. Throws as `xmlEncodingOf` does, and for bytes that are not valid in its encoding. */
export function xmlTextOf(part: Uint8Array, what: string): string {
  const { encoding, bomBytes } = xmlEncodingOf(part, what);
  const bytes = part.subarray(bomBytes);
  if (encoding === "iso-8859-1") return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new SluiceError(
      "invalid",
      told`${what} is damaged: it contains bytes that are not ${encoding.toUpperCase()}. Open the file in a spreadsheet program and save it again.`,
      { cause: error },
    );
  }
}
