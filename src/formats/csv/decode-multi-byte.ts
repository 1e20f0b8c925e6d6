/**
 * The multi-byte encodings of East Asia (Shift_JIS, EUC-JP, GBK, GB18030, Big5, EUC-KR), decoded by tables of two bytes that
 * are made from iconv-lite's on first use.
 */
import iconv from "iconv-lite";
import { type Decoder, Utf8Writer } from "./decoder.ts";

interface Tables {
  /** Code points by byte, 0 where there is none: half-width katakana, the euro sign of GBK. */
  singles: Int32Array;
  /** Code points by two bytes, 0 where there is none, `-1 - k` for the k-th of `combined`. */
  pairs: Int32Array;
  /** What two bytes of Big5 are when they are two characters. */
  combined: [number, number][];
  /** Code points of EUC-JP's sequences of three bytes, by the last two. */
  triples: Int32Array | null;
}

/** The name of iconv-lite's table. */
const iconvNames: Readonly<Record<string, string>> = {
  shift_jis: "shiftjis",
  "euc-jp": "eucjp",
  gbk: "gb18030",
  gb18030: "gb18030",
  big5: "big5hkscs",
  "euc-kr": "cp949",
};

export function multiByteDecoder(encoding: string): Decoder {
  const { singles, pairs, combined, triples } = tablesOf(iconvNames[encoding]);
  const quads = iconvNames[encoding] === "gb18030";
  return {
    growth: 3,
    unitBytes: 1,
    decode(input, out, at, last, places) {
      const text = new Utf8Writer(out, at, places);
      const { length } = input;
      let i = 0;
      while (i < length) {
        const byte = input[i];
        if (byte < 0x80) {
          text.put(byte, i++);
          continue;
        }
        if (singles[byte] !== 0) {
          text.put(singles[byte], i++);
          continue;
        }
        if (i + 1 >= length) {
          if (!last) break;
          text.put(-1, i++);
          continue;
        }
        const trail = input[i + 1];
        const code = pairs[(byte << 8) | trail];
        if (code !== 0) {
          if (code > 0) text.put(code, i);
          else for (const each of combined[-1 - code]) text.put(each, i);
          i += 2;
          continue;
        }
        const longer =
          quads && trail >= 0x30 && trail <= 0x39 ? 4 : triples !== null && byte === 0x8f && trail >= 0xa1 ? 3 : 0;
        if (longer > 0 && i + longer > length && !last) break;
        const far =
          longer === 0 || i + longer > length
            ? 0
            : longer === 4
              ? fourBytes(input, i)
              : (triples?.[(trail << 8) | input[i + 2]] ?? 0);
        if (far > 0) {
          text.put(far, i);
          i += longer;
        } else {
          text.put(-1, i);
          // ASCII after a broken character is itself: a delimiter is not swallowed (WHATWG Encoding Standard, 10 to 13).
          i += trail < 0x80 ? 1 : 2;
        }
      }
      return { read: i, written: text.length - at };
    },
  };
}

const made = new Map<string, Tables>();
function tablesOf(name: string): Tables {
  let tables = made.get(name);
  if (tables === undefined) {
    tables = makeTables(name);
    made.set(name, tables);
  }
  return tables;
}

function makeTables(name: string): Tables {
  const singles = new Int32Array(256);
  const pairs = new Int32Array(65_536);
  const combined: [number, number][] = [];
  decodeEach(name, 1, [], (byte, [code]) => {
    singles[byte] = code;
  });
  decodeEach(name, 2, [], (pair, codes) => {
    if (singles[pair >> 8] !== 0) return;
    if (codes.length === 1) pairs[pair] = codes[0];
    else if (codes[0] >= 0x80 && codes[1] >= 0x80) pairs[pair] = -combined.push([codes[0], codes[1]]);
  });
  if (name !== "eucjp") return { singles, pairs, combined, triples: null };
  const triples = new Int32Array(65_536);
  decodeEach(name, 2, [0x8f], (pair, [code]) => {
    triples[pair] = code;
  });
  return { singles, pairs, combined, triples };
}

/** Tells the code points of each sequence of `prefix` and `length` bytes that is not broken. */
function decodeEach(
  name: string,
  length: 1 | 2,
  prefix: number[],
  found: (bytes: number, codes: number[]) => void,
): void {
  const leads = Array.from({ length: 128 }, (_, k) => 0x80 + k);
  const keys =
    length === 1 ? leads : leads.flatMap((lead) => Array.from({ length: 191 }, (_, k) => (lead << 8) | (0x40 + k)));
  const bytes: number[] = [];
  for (const key of keys) {
    bytes.push(...prefix);
    if (length === 2) bytes.push(key >> 8);
    bytes.push(key & 0xff, 0x0a);
  }
  const lines = iconv.decode(Buffer.from(bytes), name).split("\n", keys.length);
  for (const [k, line] of lines.entries()) {
    if (line.length > 2 || line.includes("\ufffd")) continue;
    const codes = line.length === 1 ? [line.charCodeAt(0)] : Array.from(line, (char) => char.codePointAt(0) ?? 0);
    // Two bytes that are a character each are found as such.
    if (length === 2 && codes.length === 2 && codes[1] < 0x80) continue;
    found(keys[k], codes);
  }
}

/** The characters of GB18030's four bytes that came last. */
const seenFours = new Map<number, number>();
const maxSeenFours = 10_000;

/** The four bytes of GB18030 that say U+FFFD; a decoder also uses it for bytes that are not a character. */
const replacementFour = 0x84_31_a4_37;

/** The code point of four bytes of GB18030, 0 when they are none. */
function fourBytes(bytes: Uint8Array, at: number): number {
  const third = bytes[at + 2];
  const fourth = bytes[at + 3];
  if (third < 0x81 || third > 0xfe || fourth < 0x30 || fourth > 0x39) return 0;
  const key = ((bytes[at] << 24) | (bytes[at + 1] << 16) | (third << 8) | fourth) >>> 0;
  let code = seenFours.get(key);
  if (code === undefined) {
    const text = iconv.decode(Buffer.from(bytes.subarray(at, at + 4)), "gb18030");
    code = text.codePointAt(0) ?? 0;
    if ((code === 0xfffd && key !== replacementFour) || text.length !== (code > 0xffff ? 2 : 1)) code = 0;
    if (seenFours.size >= maxSeenFours) seenFours.clear();
    seenFours.set(key, code);
  }
  return code;
}
