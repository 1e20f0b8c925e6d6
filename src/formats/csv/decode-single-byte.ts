/**
 * Encodings of one byte a character (Windows-125x, ISO 8859, Mac OS, DOS), decoded by a table of 256. ASCII is copied word
 * by word.
 */
import iconv from "iconv-lite";
import { SluiceError, told } from "../../core/errors.ts";
import { type Decoder, noCharacter } from "./decoder.ts";

/** Four bytes of which none is beyond ASCII have none of these bits. */
const beyondAscii = 0x80808080;

export function singleByteDecoder(encoding: string): Decoder {
  const sequences = sequencesOf(upperHalf(encoding));
  return {
    growth: 3,
    unitBytes: 1,
    decode(input, out, at, _last, places) {
      const words = new DataView(input.buffer, input.byteOffset, input.length);
      const target = new DataView(out.buffer, out.byteOffset, out.length);
      const { length } = input;
      let o = at;
      let i = 0;
      for (;;) {
        let word = 0;
        while (i < length - 3 && ((word = words.getInt32(i, true)) & beyondAscii) === 0) {
          target.setInt32(o, word, true);
          o += 4;
          i += 4;
        }
        if (i >= length - 3) break;
        // The bytes before the first one that is beyond ASCII, of which only the highest bit is set in `first`.
        const first = word & beyondAscii & -(word & beyondAscii);
        const ascii = (31 - Math.clz32(first)) >> 3;
        target.setInt32(o, word, true);
        o += ascii;
        i += ascii;
        const sequence = sequences[input[i++]];
        target.setInt32(o, sequence, true);
        o += sequence >>> 24;
        places.note(o, i);
      }
      while (i < length) {
        const byte = input[i++];
        const sequence = byte < 0x80 ? (1 << 24) | byte : sequences[byte];
        target.setInt32(o, sequence, true);
        o += sequence >>> 24;
        if (byte >= 0x80) places.note(o, i);
      }
      return { read: length, written: o - at };
    },
  };
}

/** Each byte's UTF-8 as a little-endian word, its length in the highest byte. */
export function sequencesOf(upper: string): Uint32Array {
  const sequences = new Uint32Array(256).fill((1 << 24) | noCharacter);
  for (let byte = 0x80; byte < 256; byte++) {
    const char = upper[byte - 0x80];
    if (char === "\ufffd") continue;
    const utf8 = Buffer.from(char);
    sequences[byte] = (utf8.length << 24) | utf8.reduce((word, each, k) => word | (each << (8 * k)), 0);
  }
  return sequences;
}

/** Windows-1252's bytes 0x80 to 0x9f; the others are Unicode's own. */
const windows1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Where iconv-lite's tables are older than the WHATWG Encoding Standard's indexes. */
const corrections: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  macintosh: { 189: "Ω", 219: "€", 240: "\uf8ff" },
  "x-mac-cyrillic": { 162: "Ґ", 182: "ґ", 255: "€" },
  "koi8-u": { 174: "ў", 190: "Ў" },
};
const iconvNames: Readonly<Record<string, string>> = { "x-mac-cyrillic": "maccyrillic" };

/**
 * The characters of the bytes 0x80 to 0xff as the WHATWG Encoding Standard's indexes have them, U+FFFD where there is
 * none. Windows-1252 has a table of its own, since several versions of Node decode it as ISO 8859-1; the others come from
 * iconv-lite, which does not depend on how Node was built either.
 *
 * @throws SluiceError `invalid` when it is no such encoding.
 */
export function upperHalf(encoding: string): string {
  if (encoding === "windows-1252") {
    return windows1252 + String.fromCharCode(...Array.from({ length: 96 }, (_, k) => 0xa0 + k));
  }
  const name = iconvNames[encoding] ?? encoding;
  const all = iconv.encodingExists(name)
    ? iconv.decode(Buffer.from(Array.from({ length: 256 }, (_, k) => k)), name)
    : "";
  if (all.length !== 256 || !/^[\0-\x7f]{128}$/.test(all.slice(0, 128))) {
    throw new SluiceError("invalid", told`The encoding ${encoding} is not supported. Save the file as UTF-8.`);
  }
  return Array.from(all.slice(128), (char, k) => {
    const correction = corrections[encoding]?.[k + 128];
    if (correction !== undefined) return correction;
    // Microsoft's tables have holes that the standard fills with control characters.
    const control = k < 32 && encoding.startsWith("windows-");
    return char === "\ufffd" && control ? String.fromCharCode(k + 128) : char;
  }).join("");
}
