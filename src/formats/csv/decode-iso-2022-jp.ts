/**
 * ISO-2022-JP (RFC 1468): Japanese mail's seven bits, with escape sequences between character sets. Each line begins in
 * ASCII, so that reading can continue from any.
 */
import { multiByteDecoder } from "./decode-multi-byte.ts";
import { type Decoder, Utf8Writer } from "./decoder.ts";
import { Places } from "./places.ts";

const escape = 0x1b;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

type CharacterSet = "ascii" | "roman" | "katakana" | "kanji";
/** The two bytes after an escape (WHATWG Encoding Standard, section 12.2). */
const characterSets: Readonly<Record<string, CharacterSet>> = {
  "(B": "ascii",
  "(J": "roman",
  "(I": "katakana",
  $B: "kanji",
  "$@": "kanji",
};

export function iso2022JpDecoder(): Decoder {
  const kanji = kanjiReader();
  let set: CharacterSet = "ascii";
  return {
    growth: 3,
    unitBytes: 1,
    decode(input, out, at, last, places) {
      const text = new Utf8Writer(out, at, places);
      let i = 0;
      while (i < input.length) {
        const byte = input[i];
        if (byte === lineFeed || byte === carriageReturn) {
          set = "ascii";
          text.put(byte, i++);
        } else if (byte === escape) {
          if (i + 2 >= input.length && !last) break;
          const next = characterSets[String.fromCharCode(input[i + 1], input[i + 2])];
          text.breakRun();
          if (next === undefined) text.put(-1, i++);
          else {
            set = next;
            i += 3;
          }
        } else if (byte >= 0x80) {
          text.put(-1, i++);
        } else if (set === "kanji" && byte > 0x20) {
          if (i + 1 >= input.length && !last) break;
          text.put(kanji(byte, input[i + 1]), i);
          // What no character is made of, an escape or a line break, is read again.
          i += input[i + 1] > 0x20 ? 2 : 1;
        } else if (set === "katakana" && byte > 0x20) {
          text.put(byte < 0x60 ? 0xff40 + byte : -1, i++);
        } else {
          text.put(set !== "roman" ? byte : byte === 0x5c ? 0xa5 : byte === 0x7e ? 0x203e : byte, i++);
        }
      }
      return { read: i, written: text.length - at };
    },
  };
}

/** The kanji of two bytes, which EUC-JP has with their highest bits set; below zero: there is none. */
function kanjiReader(): (lead: number, trail: number) => number {
  const decoder = multiByteDecoder("euc-jp");
  const pair = new Uint8Array(2);
  const out = Buffer.alloc(16);
  const decoded = new TextDecoder();
  return (lead, trail) => {
    if (!(trail > 0x20)) return -1;
    pair[0] = lead | 0x80;
    pair[1] = trail | 0x80;
    const places = new Places(1, 0);
    const { written } = decoder.decode(pair, out, 0, true, places);
    const text = decoded.decode(out.subarray(0, written));
    return text.includes("\ufffd") ? -1 : (text.codePointAt(0) ?? -1);
  };
}
