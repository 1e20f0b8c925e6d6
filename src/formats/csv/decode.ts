/**
 * Turns a file's bytes into UTF-8 block by block and says how many bytes of the file a piece of that UTF-8 came from, so
 * that a row's place in the file is known without a table.
 */
import type { Encoding } from "../../row.ts";

export interface Decoder {
  /** Decodes `input` to `out` at `at`; returns bytes consumed and written. What is cut at the end stays unconsumed unless `last`. */
  decode(input: Uint8Array, out: Uint8Array, at: number, last: boolean): { read: number; written: number };
  /** The most UTF-8 bytes that one byte of the file can become. */
  readonly growth: number;
  /** How many bytes of the file `bytes[start, end)` came from. */
  fileLength(bytes: Uint8Array, start: number, end: number): number;
}

/** The decoder of an encoding; null for UTF-8, which needs none. */
export function decoderFor(encoding: Encoding): Decoder | null {
  switch (encoding) {
    case "utf-8":
      return null;
    case "windows-1252":
      return singleByteDecoder("windows-1252");
    case "utf-16le":
      return utf16Decoder(0);
    case "utf-16be":
      return utf16Decoder(1);
  }
}

/** A table of 256 UTF-8 sequences, from the WHATWG Encoding Standard's index as the runtime has it. */
function singleByteDecoder(encoding: string): Decoder {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder(encoding);
  const sequences = Array.from({ length: 256 }, (_, byte) => encoder.encode(decoder.decode(Uint8Array.of(byte))));
  return {
    growth: 3,
    decode(input, out, at, _last) {
      let o = at;
      for (let i = 0; i < input.length; i++) {
        const byte = input[i];
        if (byte < 0x80) {
          out[o++] = byte;
        } else {
          const sequence = sequences[byte];
          for (let k = 0; k < sequence.length; k++) out[o++] = sequence[k];
        }
      }
      return { read: input.length, written: o - at };
    },
    fileLength: countCodePoints,
  };
}

/** UTF-16 (RFC 2781). A lone surrogate becomes the three bytes that UTF-8 forbids, so that validation finds it. */
function utf16Decoder(highByte: 0 | 1): Decoder {
  return {
    growth: 1.5,
    decode(input, out, at, last) {
      let o = at;
      let i = 0;
      const high = highByte === 0 ? 1 : 0;
      const low = 1 - high;
      for (; i + 1 < input.length; i += 2) {
        let code = (input[i + high] << 8) | input[i + low];
        if (code >= 0xd800 && code < 0xdc00) {
          if (i + 3 >= input.length) {
            if (!last) break;
          } else {
            const second = (input[i + 2 + high] << 8) | input[i + 2 + low];
            if (second >= 0xdc00 && second < 0xe000) {
              code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
              i += 2;
            }
          }
        }
        if (code < 0x80) {
          out[o++] = code;
        } else if (code < 0x800) {
          out[o++] = 0xc0 | (code >> 6);
          out[o++] = 0x80 | (code & 0x3f);
        } else if (code < 0x10000) {
          out[o++] = 0xe0 | (code >> 12);
          out[o++] = 0x80 | ((code >> 6) & 0x3f);
          out[o++] = 0x80 | (code & 0x3f);
        } else {
          out[o++] = 0xf0 | (code >> 18);
          out[o++] = 0x80 | ((code >> 12) & 0x3f);
          out[o++] = 0x80 | ((code >> 6) & 0x3f);
          out[o++] = 0x80 | (code & 0x3f);
        }
      }
      // An odd byte at the very end of the file is no character.
      if (last && i < input.length) i = input.length;
      return { read: i, written: o - at };
    },
    fileLength(bytes, start, end) {
      let units = 0;
      for (let i = start; i < end; i++) {
        const byte = bytes[i];
        if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
      }
      return 2 * units;
    },
  };
}

function countCodePoints(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if ((bytes[i] & 0xc0) !== 0x80) count++;
  return count;
}
