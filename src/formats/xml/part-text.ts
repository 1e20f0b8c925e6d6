/** A part of a workbook as pieces of UTF-8, whichever encoding it is written in. */
import { SluiceError, told } from "../../core/errors.ts";

/**
 * The pieces without their byte order mark. UTF-8 passes unchanged; UTF-16 is recognised by its mark, or by the zero next to its
 * first `<` (XML 1.0, appendix F).
 *
 * @throws SluiceError `invalid` for UTF-32 and EBCDIC.
 */
export async function* partText(pieces: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let known = false;
  const encoder = new TextEncoder();
  for await (const piece of pieces) {
    if (known) {
      yield decoder === null ? piece : encoder.encode(decoder.decode(piece, { stream: true }));
      continue;
    }
    head = head.length === 0 ? piece : Buffer.concat([head, piece]);
    if (head.length < 4) {
      head = Uint8Array.from(head);
      continue;
    }
    known = true;
    const encoding = encodingOf(head, what);
    decoder = encoding === "utf-8" ? null : new TextDecoder(encoding);
    if (decoder !== null) yield encoder.encode(decoder.decode(head, { stream: true }));
    else yield head[0] === 0xef ? head.subarray(3) : head;
  }
  if (!known) yield head;
  else if (decoder !== null) yield encoder.encode(decoder.decode());
}

function encodingOf(head: Uint8Array, what: string): "utf-8" | "utf-16le" | "utf-16be" {
  const [a, b, c, d] = head;
  const wide = (a === 0 && b === 0) || (a === 0xff && b === 0xfe && c === 0 && d === 0) || (b === 0 && c === 0);
  if (wide || (a === 0x4c && b === 0x6f)) {
    throw new SluiceError(
      "invalid",
      told`${what} is in an encoding that workbooks do not use. Open the workbook in a spreadsheet program and save it again.`,
    );
  }
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  return "utf-8";
}
