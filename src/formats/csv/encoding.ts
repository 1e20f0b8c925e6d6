/** The names of character encodings: what a person calls one, and what Sluice calls it. */
import iconv from "iconv-lite";
import { SluiceError, told } from "../../core/errors.ts";
import type { Encoding } from "../../core/row.ts";

/** Names that people and programs give encodings, besides the labels of the WHATWG Encoding Standard. */
const aliases: Readonly<Record<string, Encoding>> = {
  ansi: "windows-1252",
  "latin-1": "windows-1252",
  "utf-8-sig": "utf-8",
  "utf-8-bom": "utf-8",
  utf8bom: "utf-8",
  utf16: "utf-16le",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
  ucs2: "utf-16le",
  "utf-32": "utf-32le",
  utf32: "utf-32le",
  utf32le: "utf-32le",
  utf32be: "utf-32be",
  "utf-32le": "utf-32le",
  "utf-32be": "utf-32be",
  "ucs-4": "utf-32le",
  ucs4: "utf-32le",
  macroman: "macintosh",
  "mac-roman": "macintosh",
  maccyrillic: "x-mac-cyrillic",
  cp932: "shift_jis",
  shiftjis: "shift_jis",
  sjis: "shift_jis",
  eucjp: "euc-jp",
  cp936: "gbk",
  euckr: "euc-kr",
  cp949: "euc-kr",
  cp950: "big5",
  iso2022jp: "iso-2022-jp",
};

/** Encodings of one or more bytes a character, each a superset of ASCII but for `~` and the backslash. */
const multiByte: ReadonlySet<Encoding> = new Set(["shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr"]);

export function isMultiByte(encoding: Encoding): boolean {
  return multiByte.has(encoding);
}

/**
 * The canonical name of an encoding that is known by `label` to the WHATWG Encoding Standard (`latin1`, `x-sjis`) or to
 * iconv-lite (`cp850`). A case, spaces and underscores make no difference.
 *
 * @throws SluiceError `invalid` for a label that nobody knows, and for encodings that keep a state over lines.
 */
export function encodingOf(label: string): Encoding {
  const plain = label.trim().toLowerCase();
  const dashed = plain.replaceAll(/[\s_]+/g, "-");
  const joined = dashed.replaceAll("-", "");
  const windows = joined.replace(/^(?:win|windows|cp|ms|ansi)(?=\d{3,4}$)/, "windows-");
  for (const name of [plain, dashed, joined, windows]) {
    const known = Object.hasOwn(aliases, name) ? aliases[name] : standardName(name);
    if (known !== null) return known;
  }
  if (/^[a-z0-9]+$/.test(joined) && iconv.encodingExists(joined) && isTable(joined)) return joined;
  throw new SluiceError(
    "invalid",
    told`"${label}" is not an encoding that Sluice supports. Use one such as utf-8, windows-1252, iso-8859-2, macintosh or shift_jis, or save the file as UTF-8.`,
    { next: { code: "choose_encoding" } },
  );
}

/** The name that the WHATWG Encoding Standard gives a label (section 4.2). */
function standardName(label: string): Encoding | null {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === "x-user-defined" ? null : encoding;
  } catch {
    return null;
  }
}

/** Whether iconv-lite decodes ASCII as itself and most bytes beyond it to one character. */
function isTable(name: string): boolean {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const text = iconv.decode(bytes, name);
  const holes = text.split("\ufffd").length - 1;
  return text.length === 256 && holes < 100 && text.startsWith(bytes.toString("latin1", 0, 128));
}
