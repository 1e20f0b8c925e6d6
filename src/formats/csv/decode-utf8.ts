/**
 * UTF-8 that other programs have left something in. C1 controls (U+0080–U+009F) are never text: they come of Windows-1252
 * that was taken for ISO 8859-1 on the way to UTF-8, and are what Windows-1252 has there, as browsers read them (HTML
 * Standard, section 13.2.5.80). Single bytes of Windows-1252 stand where a sample was all ASCII and told nothing.
 */
import { isUtf8 } from "node:buffer";
import { sequencesOf, upperHalf } from "./decode-single-byte.ts";
import type { Decoder } from "./decoder.ts";

const windows1252 = sequencesOf(upperHalf("windows-1252"));

/** Where one sign of U+0080 to U+00BF is, others are soon: as many bytes are looked at one by one. */
const nearBytes = 256;

/** Whether there is a C1 control in a text. */
export function hasControls(text: Buffer): boolean {
  for (let at = text.indexOf(0xc2); at >= 0; at = text.indexOf(0xc2, at)) {
    const end = Math.min(at + nearBytes, text.length);
    for (; at < end; at++) {
      if (text[at] === 0xc2 && (text[at + 1] & 0xe0) === 0x80) return true;
    }
  }
  return false;
}

/** Bytes at the end of a text that begin a character without ending it (RFC 3629, section 3). */
export function cutLength(text: Uint8Array): number {
  const { length } = text;
  if (text[length - 1] < 0x80) return 0;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = text[length - back];
    if (byte >= 0xc2) return back < sequenceLength(byte) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function sequenceLength(byte: number): number {
  if (byte >= 0xf5 || byte < 0xc2) return 1;
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
}

/** Mends UTF-8. `strays`: what is no UTF-8 is Windows-1252; otherwise it is kept, so that validation finds it. */
export class Utf8Mender implements Decoder {
  readonly growth = 3;
  readonly unitBytes = 1;
  /** Bytes that were read as Windows-1252. */
  strayCount = 0;
  readonly #strays: boolean;

  constructor(strays: boolean) {
    this.#strays = strays;
  }

  /** Whether a block has anything to mend. */
  isNeeded(block: Buffer): boolean {
    return hasControls(block) || (this.#strays && !isUtf8(block));
  }

  decode: Decoder["decode"] = (input, out, at, last, places) => {
    const view = new DataView(out.buffer, out.byteOffset, out.length);
    let o = at;
    let i = 0;
    /** What is not copied yet begins here. */
    let from = 0;
    const replace = (length: number, byte: number): void => {
      out.set(input.subarray(from, i), o);
      o += i - from;
      view.setInt32(o, windows1252[byte], true);
      o += windows1252[byte] >>> 24;
      i += length;
      from = i;
      places.note(o, i);
    };
    while (i < input.length) {
      const byte = input[i];
      if (byte < 0x80) {
        i++;
        continue;
      }
      const length = sequenceLength(byte);
      if (!last && i + length > input.length && cutLength(input) === input.length - i) break;
      if (length > 1 && i + length <= input.length && isUtf8(input.subarray(i, i + length))) {
        if (byte === 0xc2 && input[i + 1] < 0xa0) replace(2, input[i + 1]);
        else i += length;
      } else if (this.#strays) {
        this.strayCount++;
        replace(1, byte);
      } else i++;
    }
    out.set(input.subarray(from, i), o);
    return { read: i, written: o + i - from - at };
  };
}
