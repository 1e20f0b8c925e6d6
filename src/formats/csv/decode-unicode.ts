/** UTF-16 (RFC 2781) and UTF-32 (Unicode, section 3.10) as UTF-8. */
import { type Decoder, Utf8Writer } from "./decoder.ts";

/** A lone surrogate becomes the three bytes that UTF-8 forbids, so that validation finds it. */
export function utf16Decoder(bigEndian: boolean): Decoder {
  return {
    growth: 1.5,
    unitBytes: 2,
    decode(input, out, at, last, places) {
      const text = new Utf8Writer(out, at, places);
      let i = 0;
      const high = bigEndian ? 0 : 1;
      const low = 1 - high;
      for (; i + 1 < input.length; i += 2) {
        let code = (input[i + high] << 8) | input[i + low];
        const begin = i;
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
        text.put(code, begin);
      }
      // An odd byte at the very end of the file is not a character.
      if (last && i < input.length) i = input.length;
      return { read: i, written: text.length - at };
    },
  };
}

export function utf32Decoder(bigEndian: boolean): Decoder {
  return {
    growth: 1,
    unitBytes: 4,
    decode(input, out, at, last, places) {
      const text = new Utf8Writer(out, at, places);
      const words = new DataView(input.buffer, input.byteOffset, input.length);
      let i = 0;
      for (; i + 3 < input.length; i += 4) {
        const code = words.getUint32(i, !bigEndian);
        text.put(code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? -1 : code, i);
      }
      if (last && i < input.length) {
        text.put(-1, i);
        i = input.length;
      }
      return { read: i, written: text.length - at };
    },
  };
}
