/**
 * Damage by chance that can be repeated: what a broken disk, a cut connection, a careless program or a hostile person does to
 * a file, in its bytes and, for workbooks and archives, inside the packed parts and in the directory.
 */
import type { SeededDraw } from "../../src/importers/leads/seeded-draw.ts";
import { entriesOf, type ZipEntry, zipOf } from "../corpus/zip-bytes.ts";

/** The file damaged in one to four places. */
export function mutate(file: Buffer, others: readonly Buffer[], draw: SeededDraw): Buffer {
  const isZip = file.length > 4 && file.readUInt32LE(0) === 0x04034b50;
  if (isZip && draw.chance(0.75)) return mutateArchive(file, others, draw);
  return mutateBytes(file, others, draw, textTokens);
}

const textTokens = [
  '"',
  '""',
  '"""',
  "'",
  ",",
  ";",
  "\t",
  "|",
  "\\",
  '\\"',
  "\r",
  "\n",
  "\r\n",
  "\n\n",
  "\r\r\n",
  "\0",
  "\0\0",
  "\x1a",
  "\ufeff",
  "€",
  "😀",
  "sep=;\n",
  "=1+1",
  "#N/A",
  "1E5",
  "{",
  "}",
  "[",
  "]",
  ":",
  "null",
  "true",
  "-",
  "1e400",
  "\\u0000",
  "\\ud800",
  "\\",
  "__proto__",
  "constructor",
  "\ufffd",
  "\u2028",
  "\u0085",
].map((token) => Buffer.from(token));
const rawTokens = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0x80],
  [0xff],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe2, 0x82],
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
  [0x50, 0x4b, 0x01, 0x02],
  [0x1f, 0x8b, 0x08],
  [0xd0, 0xcf, 0x11, 0xe0],
].map((bytes) => Buffer.from(bytes));
const xmlTokens = [
  "<",
  ">",
  "/>",
  "</",
  "<c>",
  "</c>",
  "<v>",
  "</v>",
  "<row>",
  "</row>",
  "<row/>",
  "<is><t>",
  "</t></is>",
  "</sheetData>",
  "<sheetData>",
  "<f>1+1</f>",
  "&amp;",
  "&#0;",
  "&#xD800;",
  "&#x110000;",
  "&#1114112;",
  "&bogus;",
  "&",
  ";",
  "<![CDATA[",
  "]]>",
  "<!--",
  "-->",
  "<?pi",
  "?>",
  '<!DOCTYPE x [<!ENTITY a "b">]>',
  "<!ENTITY",
  ' r="XFD1048576"',
  ' r="XFE1"',
  ' r="A0"',
  ' r="A1048577"',
  ' r="ZZZZZZZ99999999999"',
  ' r="1"',
  ' r=""',
  ' t="s"',
  ' t="inlineStr"',
  ' t="e"',
  ' t="d"',
  ' t="b"',
  ' t="zzz"',
  ' s="4294967296"',
  ' s="-1"',
  ' r="99999999999999999999"',
  "-1",
  "1e308",
  "1e309",
  "NaN",
  "Infinity",
  "4294967295",
  "2147483648",
  "9".repeat(400),
  "0",
  "_x0000_",
  "_xD800_",
  "_xFFFF_",
  'xmlns="x"',
  " x:",
  "<x:c>",
  'table:number-rows-repeated="1048576"',
  'table:number-columns-repeated="16384"',
  'table:number-columns-repeated="999999999"',
  "<table:table-cell/>",
  "<table:table-row>",
  'encoding="UTF-16"',
  'encoding="UTF-7"',
  "\0",
  "😀",
  "\ufeff",
  "../",
  "/xl/",
  ' hidden="1"',
  '<mergeCell ref="A1:XFD1048576"/>',
  "\r\n",
].map((token) => Buffer.from(token));

function mutateBytes(file: Buffer, others: readonly Buffer[], draw: SeededDraw, tokens: readonly Buffer[]): Buffer {
  let bytes = file;
  for (let times = 1 + draw.below(4); times > 0; times--) bytes = damage(bytes, others, draw, tokens);
  return bytes;
}

function damage(bytes: Buffer, others: readonly Buffer[], draw: SeededDraw, tokens: readonly Buffer[]): Buffer {
  const at = draw.below(bytes.length + 1);
  const length = Math.min(draw.below(draw.chance(0.2) ? 4096 : 24), bytes.length - at);
  switch (draw.below(10)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      for (let k = 1 + draw.below(8); k > 0 && flipped.length > 0; k--) {
        flipped[draw.below(flipped.length)] ^= 1 << draw.below(8);
      }
      return flipped;
    }
    case 1: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = draw.pick([0, 0xff, 0x7f, 0x80, 0x22, 0x0a, 0x0d, draw.below(256)]);
      return changed;
    }
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4: {
      const piece = bytes.subarray(at, at + length);
      const again = Array.from({ length: draw.chance(0.1) ? 300 : 1 + draw.below(3) }, () => piece);
      return Buffer.concat([bytes.subarray(0, at + length), ...again, bytes.subarray(at + length)]);
    }
    case 5: {
      const other = draw.pick(others);
      const from = draw.below(other.length + 1);
      const piece = other.subarray(from, from + draw.below(other.length - from + 1));
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + (draw.chance(0.5) ? length : 0))]);
    }
    case 6: {
      const token = draw.pick(rawTokens);
      return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at + draw.below(3))]);
    }
    case 7: {
      // A number somewhere, made another: lengths, indexes, row numbers, sizes.
      const text = bytes.toString("latin1");
      const numbers = [...text.matchAll(/\d+/g)];
      if (numbers.length === 0) return bytes;
      const number = draw.pick(numbers);
      const next = draw.pick([
        "0",
        "-1",
        "65535",
        "65536",
        "2147483647",
        "4294967295",
        "18446744073709551615",
        "1e9",
        "",
        String(draw.below(20)),
      ]);
      return Buffer.from(text.slice(0, number.index) + next + text.slice(number.index + number[0].length), "latin1");
    }
    default: {
      const token = draw.pick(tokens);
      const times = draw.chance(0.03) ? 2000 : 1;
      const piece = Buffer.concat(Array.from({ length: times }, () => token));
      return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + (draw.chance(0.3) ? length : 0))]);
    }
  }
}

/** The archive with damage inside one of its parts, with a part gone, doubled or renamed, or with a directory that lies. */
function mutateArchive(file: Buffer, others: readonly Buffer[], draw: SeededDraw): Buffer {
  const parts = entriesOf(file);
  // Most damage goes where most of the reading is: sheets and strings, or an ODS file's content.
  const weighty = parts.filter(({ name }) => /sheet|string|content|\.csv/i.test(name));
  const target = draw.chance(0.7) && weighty.length > 0 ? draw.pick(weighty) : draw.pick(parts);
  const entries: ZipEntry[] = parts.map(({ name, content }) => ({
    name,
    content: name === target.name ? mutateBytes(content, others, draw, xmlTokens) : content,
    ...(draw.chance(0.1) && { method: "store" as const }),
    ...(draw.chance(0.05) && { dataDescriptor: true }),
  }));
  const one = draw.below(entries.length);
  switch (draw.below(12)) {
    case 0:
      entries.splice(one, 1);
      break;
    case 1:
      entries.push({ ...entries[one] });
      break;
    case 2:
      entries[one].name = draw.pick([
        "../../etc/passwd",
        "xl\\workbook.xml",
        "/xl/workbook.xml",
        "XL/WORKBOOK.XML",
        "xl/worksheets/sheet1.xml",
        "",
        "a".repeat(3000),
        "C:\\x",
      ]);
      break;
    case 3:
      entries[one].says = lie(draw);
      break;
    case 4: {
      // Parts in one another's place.
      const other = draw.below(entries.length);
      [entries[one].content, entries[other].content] = [entries[other].content, entries[one].content];
      break;
    }
  }
  const written = zipOf(
    entries,
    draw.chance(0.05) ? { prefix: Buffer.from("junk before"), comment: Buffer.from("PK\x05\x06 no end") } : {},
  );
  return draw.chance(0.1) ? damage(written, others, draw, textTokens) : written;
}

function lie(draw: SeededDraw): ZipEntry["says"] {
  const size = draw.pick([0, 1, 100, 0x7fffffff, 0xffffffff, draw.below(5000)]);
  switch (draw.below(6)) {
    case 0:
      return { sizeBytes: size };
    case 1:
      return { packedBytes: size };
    case 2:
      return { crc: draw.bits() };
    case 3:
      return { method: draw.pick([0, 1, 8, 9, 12, 99]) };
    case 4:
      return { flags: draw.pick([1, 8, 0x40, 0x2000, 0xffff]) };
    default:
      return { offset: size };
  }
}
