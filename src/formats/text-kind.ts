/**
 * What a text is by its beginning: delimited, JSON, or markup and cards, which are refused with what to do about them.
 * CRMs give HTML tables and XML the name of a workbook.
 */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { foreignText } from "./foreign-text.ts";

export type TextKind = "csv" | "json";

const html = /^<(!doctype\s+html|html|head|meta|title|style|script|body|table|tbody|thead|tr|div|center|form)\b/i;
const isHtml = (name: string): Telling =>
  told`${name} is an HTML page, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.`;

const isXml = (name: string): Telling =>
  told`${name} is an XML file: there is no telling which of its elements are rows. Export the table as CSV, XLSX or JSON.`;

/** What a text is that begins so. */
const refused: readonly (readonly [RegExp, what: (name: string) => Telling])[] = [
  [html, isHtml],
  [
    /^MIME-Version:.*multipart\/related/is,
    (name) =>
      told`${name} is a web archive (MHTML), whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.`,
  ],
  [
    /^BEGIN:VCARD/i,
    (name) => told`${name} contains contacts as vCards. Export them as CSV from the program they came from.`,
  ],
  [
    /^BEGIN:VCALENDAR/i,
    (name) => told`${name} is a calendar. Export its entries as CSV from the program they came from.`,
  ],
  // SYLK's first record names the program; a CSV may begin with `ID;Prénom`.
  [
    /^ID;P(WXL|CALC|SCALC)/,
    (name) =>
      told`${name} is a SYLK file, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.`,
  ],
  [/^-----BEGIN PGP MESSAGE-----/, (name) => told`${name} is encrypted with PGP. Decrypt it first.`],
];

/** What XML may be, by a word of its first element. */
const xmlKinds: readonly (readonly [RegExp, what: (name: string) => Telling])[] = [
  [
    /schemas-microsoft-com:office:spreadsheet/,
    (name) =>
      told`${name} is an Excel 2003 XML spreadsheet, whatever its name says. Open it in Excel or LibreOffice and save it as XLSX.`,
  ],
  [
    /<\?OFX\s|<OFX>|urn:iso:std:iso:20022:tech:xsd:|urn:(?:iso|swift):xsd:/,
    (name) => told`${name} is a bank's file (${"XML"}). Download the transactions from the bank as CSV or XLSX.`,
  ],
  [
    /opendocument:xmlns:office/,
    (name) => told`${name} is a flat OpenDocument file. Open it in Excel or LibreOffice and save it as XLSX.`,
  ],
];

/**
 * Judges a text by its beginning; `head` should hold some kilobytes. What is neither JSON nor refused is `csv`: its
 * reader says when it is not text at all.
 *
 * @throws SluiceError `invalid` for markup, cards and calendars.
 */
export function kindOfText(name: string, head: Uint8Array): TextKind {
  const text = textOf(head)
    .trimStart()
    .replace(/^(<!--[\s\S]*?-->\s*)+/, "");
  if (/^[[{]/.test(text) && looksLikeJson(text)) return "json";
  if (/^<\?xml\b|^<\?mso-/i.test(text)) {
    const inner = text.replace(/^(<\?[^>]*\?>\s*|<!--[\s\S]*?-->\s*)+/, "");
    if (html.test(inner)) throw new SluiceError("invalid", isHtml(name));
    const [, kind] = xmlKinds.find(([test]) => test.test(text.slice(0, 4096))) ?? [];
    if (kind !== undefined) throw new SluiceError("invalid", kind(name));
    throw new SluiceError("invalid", isXml(name));
  }
  for (const [test, what] of refused) if (test.test(text)) throw new SluiceError("invalid", what(name));
  const foreign = foreignText(name, text, head.length < longestHead);
  if (foreign !== null) throw new SluiceError("invalid", foreign);
  if (isMarkup(text)) throw new SluiceError("invalid", isXml(name));
  return "csv";
}

/** A beginning of this length may be cut. */
const longestHead = 64 * 1024;

/** Elements within elements (XML 1.0, section 3), though no declaration says so; a cell in angle brackets is none. */
function isMarkup(text: string): boolean {
  const first = /^<([A-Za-z_][\w:.-]*)(?:\s[^<>]*)?>\s*</.exec(text);
  if (first === null) return false;
  const lines = text.split(/[\r\n]+/, 20).filter((line) => /\S/.test(line));
  const close = `</${first[1]}>`;
  return lines.length === 1 ? text.trimEnd().endsWith(close) : lines.slice(0, -1).every((line) => /^\s*</.test(line));
}

/** The beginning as text, letter by letter where the encoding is not known: only ASCII is examined. */
function textOf(head: Uint8Array): string {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return bytes.toString("utf16le", 2);
  if (a === 0xfe && b === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (a === 0xef && b === 0xbb) return bytes.toString("latin1", 3);
  // Unmarked UTF-16 that begins with an ASCII character.
  if (b === 0 && a !== 0) return bytes.toString("utf16le");
  if (a === 0 && b !== 0) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("latin1");
}

/** An object's first key, or its end (RFC 8259, section 4). */
const objectStart = /^\{\s*("(?:[^"\\\r\n]|\\.)*"\s*:|\})/;
/** An array of objects, or of arrays that hold values. */
const tableStart = /^\[\s*(\{\s*["}]|\[\s*(["\d\][{-]|true\b|false\b|null\b))/;

/**
 * Whether a text that begins with a bracket is JSON. A cell may begin so too (`[urgent];…`, `{id}`); damaged JSON is
 * JSON nevertheless, so that its own reader says where.
 */
function looksLikeJson(text: string): boolean {
  if (objectStart.test(text)) return true;
  const line = /^[^\r\n]*/.exec(text)?.[0].trim() ?? "";
  if (tableStart.test(text)) return !isFollowed(line);
  // An array of plain values, whole on its line, or one that is only opened there.
  return /^\[$/.test(line) || isJson(line);
}

/** Whether more comes after the line's JSON value: then its brackets belong to a cell. */
function isFollowed(line: string): boolean {
  return /^\[\[[^\]]*\]\]\s*[;|\t]/.test(line);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
