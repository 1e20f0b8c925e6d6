/** From each encoding's bytes to UTF-8: every character, and nothing replaced in silence. */

import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { decoderFor } from "../../../src/formats/csv/decode.ts";
import { slackBytes } from "../../../src/formats/csv/decoder.ts";
import { encodingOf } from "../../../src/formats/csv/encoding.ts";
import { Places } from "../../../src/formats/csv/places.ts";
import { readCsv } from "../../../src/formats/csv/read.ts";
import { fc } from "../../property.ts";
import { bytesSource, dialectOf, encodeText, plainRows, readRows } from "./bytes-source.ts";

const columns = ["name", "note"];

/** The bytes that a whole file in an encoding becomes. */
function decodeBytes(encoding: string, bytes: Uint8Array): Buffer {
  const decoder = decoderFor(encoding);
  if (decoder === null) return Buffer.from(bytes);
  const out = Buffer.alloc(Math.ceil(bytes.length * decoder.growth) + slackBytes);
  const places = new Places(decoder.unitBytes, 0);
  places.startBlock(0, 0, bytes.length);
  const { read, written } = decoder.decode(bytes, out, 0, true, places);
  expect(read).toBe(bytes.length);
  return out.subarray(0, written);
}

const upperBytes = Uint8Array.from({ length: 128 }, (_, k) => 0x80 + k);

/** The bytes 0x80 to 0xff by the WHATWG Encoding Standard's indexes; a period where there is none. */
const upperHalves: [encoding: string, characters: string][] = [
  [
    "windows-1252",
    "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
  ],
  [
    "windows-1250",
    "€\x81‚\x83„…†‡\x88‰Š‹ŚŤŽŹ\x90‘’“”•–—\x98™š›śťžź\xa0ˇ˘Ł¤Ą¦§¨©Ş«¬\xad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙",
  ],
  [
    "windows-1251",
    "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\x98™љ›њќћџ\xa0ЎўЈ¤Ґ¦§Ё©Є«¬\xad®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя",
  ],
  [
    "windows-1253",
    "€\x81‚ƒ„…†‡\x88‰\x8a‹\x8c\x8d\x8e\x8f\x90‘’“”•–—\x98™\x9a›\x9c\x9d\x9e\x9f\xa0΅Ά£¤¥¦§¨©.«¬\xad®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ.ΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ.",
  ],
  [
    "windows-1254",
    "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8d\x8e\x8f\x90‘’“”•–—˜™š›œ\x9d\x9eŸ\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ",
  ],
  [
    "windows-1257",
    "€\x81‚\x83„…†‡\x88‰\x8a‹\x8c¨ˇ¸\x90‘’“”•–—\x98™\x9a›\x9c¯˛\x9f\xa0.¢£¤.¦§Ø©Ŗ«¬\xad®Æ°±²³´µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž˙",
  ],
  [
    "iso-8859-2",
    "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\xadŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙",
  ],
  [
    "iso-8859-15",
    "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0¡¢£€¥Š§š©ª«¬\xad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
  ],
  [
    "macintosh",
    "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\xa0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ",
  ],
  [
    "cp850",
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\xad±‗¾¶§÷¸°¨·¹³²■\xa0",
  ],
  [
    "koi8-u",
    "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\xa0⌡°²·÷═║╒ёє╔ії╗╘╙╚╛ґў╞╟╠╡ЁЄ╣ІЇ╦╧╨╩╪ҐЎ©юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ",
  ],
  [
    "x-mac-cyrillic",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ†°Ґ£§•¶І®©™Ђђ≠Ѓѓ∞±≤≥іµґЈЄєЇїЉљЊњјЅ¬√ƒ≈∆«»…\xa0ЋћЌќѕ–—“”‘’÷„ЎўЏџ№Ёёяабвгдежзийклмнопрстуфхцчшщъыьэю€",
  ],
];

describe("decoderFor", () => {
  it("needs none for UTF-8", () => {
    expect(decoderFor("utf-8")).toBeNull();
  });

  it.each(upperHalves)("knows every byte of %s", (encoding, characters) => {
    const ascii = Uint8Array.from({ length: 128 }, (_, byte) => byte);
    expect(decodeBytes(encoding, ascii)).toEqual(Buffer.from(ascii));
    const expected = [...characters].map((char) => (char === "." ? Buffer.of(0xff) : Buffer.from(char)));
    expect(decodeBytes(encoding, upperBytes).toString("hex")).toBe(Buffer.concat(expected).toString("hex"));
  });

  it("decodes a single-byte file of any length and mixture as its table says", () => {
    const table = [...Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte)), ...upperHalves[0][1]];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(127), fc.nat(255)), { maxLength: 40 }), (bytes) => {
        const text = bytes.map((byte) => table[byte]).join("");
        expect(decodeBytes("windows-1252", Uint8Array.from(bytes)).toString()).toBe(text);
      }),
    );
  });

  it.each<[string, string]>([
    ["shift_jis", "ABC 日本語 カタカナ ｶﾀｶﾅ ソ表申 ①髙 ~\\"],
    ["euc-jp", "ABC 日本語 カタカナ ｶﾀｶﾅ ソ表申 丂 ~\\"],
    ["gbk", "ABC 简体中文 繁體 € 镕"],
    ["gb18030", "ABC 简体中文 繁體 € 镕 é ñ 㐀 한 😀"],
    ["big5", "ABC 繁體中文 許功蓋 香港 嘅"],
    ["euc-kr", "ABC 한국어 똠방각하 漢字"],
  ])("decodes %s", (encoding, text) => {
    expect(decodeBytes(encoding, encodeText(text, encoding)).toString()).toBe(text);
  });

  it.each(["gb18030", "shift_jis", "euc-jp", "big5", "euc-kr"])("decodes what iconv-lite encodes in %s", (encoding) => {
    const name = encoding === "big5" ? "big5hkscs" : encoding;
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const bytes = iconv.encode(text, name);
        expect(decodeBytes(encoding, bytes).toString()).toBe(iconv.decode(bytes, name));
      }),
    );
    for (let code = 0x4e00; code < 0x9fff; code += 7) {
      const bytes = iconv.encode(String.fromCodePoint(code), name);
      expect(decodeBytes(encoding, bytes).toString()).toBe(iconv.decode(bytes, name));
    }
  });

  it("decodes U+FFFD where a file in GB18030 says just that", () => {
    const bytes = Buffer.of(0x61, 0x84, 0x31, 0xa4, 0x37, 0x61);
    expect(decodeBytes("gb18030", bytes).toString()).toBe("a\ufffda");
  });

  it("decodes two bytes of Big5 that are two characters", () => {
    expect(decodeBytes("big5", Buffer.of(0x88, 0x62, 0x88, 0xa5)).toString()).toBe("\u00ca\u0304\u00ea\u030c");
  });

  it("decodes the seven bits of Japanese mail, each line from ASCII on", () => {
    const bytes = Buffer.from("a,\x1b$B;3ED\x1b(B,\x1b(J\\~\x1b(B,\x1b(I1\x1b(B\nb,\x1b$BB@O:\nc");
    expect(decodeBytes("iso-2022-jp", bytes).toString()).toBe("a,山田,¥‾,ｱ\nb,太郎\nc");
  });

  const broken: [encoding: string, what: string, bytes: number[], hex: string][] = [
    ["shift_jis", "a lead byte before a delimiter", [0x83, 0x2c, 0x61], "ff2c61"],
    ["shift_jis", "a lead byte at the end", [0x61, 0x83], "61ff"],
    ["shift_jis", "a byte that leads nothing", [0xa0, 0x61], "ff61"],
    ["euc-jp", "a lead byte before a line break", [0xa4, 0x0a], "ff0a"],
    ["euc-jp", "three bytes that are no character", [0x8f, 0xa1, 0xa1, 0x2c], "ffff2c"],
    ["euc-jp", "three bytes that are cut", [0x8f, 0xa2], "ff"],
    ["gb18030", "four bytes that are no character", [0xfe, 0x39, 0xfe, 0x39], "ff39ff39"],
    ["gb18030", "four bytes that are cut", [0x81, 0x30, 0x81], "ff30ff"],
    ["big5", "a second byte that is none", [0xa4, 0x30], "ff30"],
    ["euc-kr", "two bytes that are no character", [0xc9, 0xa1, 0x61], "ff61"],
    ["iso-2022-jp", "a byte of eight bits", [0xe9, 0x61], "ff61"],
    ["iso-2022-jp", "an escape that is none", [0x1b, 0x28, 0x5a, 0x61], "ff285a61"],
    ["iso-2022-jp", "half of a character before a line break", [0x1b, 0x24, 0x42, 0x3b, 0x0a, 0x61], "ff0a61"],
    ["utf-32le", "a code point beyond Unicode", [0x61, 0, 0, 0, 0, 0, 0x11, 0], "61ff"],
    ["utf-32be", "a surrogate", [0, 0, 0xd8, 0, 0, 0, 0, 0x61], "ff61"],
    ["utf-32le", "a character that is cut", [0x61, 0, 0, 0, 0x62, 0], "61ff"],
    ["windows-1253", "bytes without a character beside one another", [0xd2, 0xaa, 0x61], "ffff61"],
  ];
  it.each(broken)("makes bytes that no UTF-8 has of what is broken in %s: %s", (encoding, _, bytes, hex) => {
    expect(decodeBytes(encoding, Uint8Array.from(bytes)).toString("hex")).toBe(hex);
  });

  it("makes bytes that no UTF-8 has of a lone surrogate, so that validation finds it", async () => {
    for (const unit of [0xd83d, 0xde00]) {
      const bytes = Buffer.from(Uint16Array.of(0x61, unit, 0x2c, 0x62, unit).buffer);
      const [batch] = await Array.fromAsync(readCsv(bytesSource(bytes), dialectOf(columns, { encoding: "utf-16le" })));
      const lone = [0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
      expect([...batch.bytes.subarray(batch.rowStarts[0], batch.rowEnds[0])]).toEqual([
        0x61,
        ...lone,
        0x2c,
        0x62,
        ...lone,
      ]);
    }
  });

  it("leaves out an odd byte at the end of UTF-16", async () => {
    const bytes = Buffer.concat([Buffer.from("a,b", "utf16le"), Buffer.of(0x63)]);
    expect(plainRows(await readRows(bytesSource(bytes), dialectOf(columns, { encoding: "utf-16le" })))).toEqual([
      [1, "a", "b"],
    ]);
  });
});

describe("encodingOf", () => {
  it.each([
    ["UTF-8", "utf-8"],
    ["utf8", "utf-8"],
    ["latin1", "windows-1252"],
    ["ISO-8859-1", "windows-1252"],
    ["iso_8859-2", "iso-8859-2"],
    ["Windows 1250", "windows-1250"],
    ["cp1251", "windows-1251"],
    ["ANSI", "windows-1252"],
    ["Mac Roman", "macintosh"],
    ["Shift-JIS", "shift_jis"],
    ["cp932", "shift_jis"],
    ["gb2312", "gbk"],
    ["utf-16", "utf-16le"],
    ["UTF-32BE", "utf-32be"],
    ["CP850", "cp850"],
    ["koi8-u", "koi8-u"],
  ])("knows %s as %s", (label, encoding) => {
    expect(encodingOf(label)).toBe(encoding);
  });

  it.each([
    "",
    "nope",
    "utf-7",
    "base64",
    "hex",
    "iso-2022-kr",
    "x-user-defined",
    "__proto__",
    "constructor",
    "utf-8;x",
  ])("refuses %j by its name", (label) => {
    expect(() => encodingOf(label)).toThrow(`"${label}" is not an encoding that Sluice supports`);
  });

  it("names encodings that decode", () => {
    for (const label of ["cp437", "cp852", "ibm866", "iso-8859-16", "windows-874", "x-mac-cyrillic", "tis620"]) {
      expect(decodeBytes(encodingOf(label), Buffer.from("abc")).toString()).toBe("abc");
    }
  });
});
