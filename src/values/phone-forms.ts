/**
 * Phone numbers with what people and address books write beside them: `Tél. : 01 42 68 53 00`, `tel:+33612345678` (RFC 3966), `06 12 34 56
 * 78 (bureau)`, `01 42 68 53 00 poste 12`. The number is taken; an extension, which E.164 has no room for, is named.
 */
import { decodeCell, type Encode, type Finding, isWarning } from "./encode.ts";
import { severalValues, valueUnwrapped } from "./several-values.ts";

/** What stands in a cell beside a number is short. */
const maxBytes = 300;
const maxLabel = 40;

/** The same encoder for cells that hold more than a number. */
export function withPhoneForms(encode: Encode): Encode {
  /** Writes a part's number; null: it has none. `refused`: the whole cell, which is none as it stands. */
  const encodeOne = (part: string, out: Parameters<Encode>[3], refused: string): Finding | "plain" | null => {
    const before = out.length;
    for (const { number, extension, isLabelled } of readingsOf(part)) {
      if (number === refused) continue;
      out.length = before;
      const cell = Buffer.from(number);
      const finding = encode(cell, 0, cell.length, out);
      if (finding !== null && !isWarning(finding)) continue;
      if (extension !== "")
        return { code: "extension_left_out", params: { value: out.read(before, out.length), extension } };
      return finding ?? (isLabelled ? valueUnwrapped : "plain");
    }
    out.length = before;
    return null;
  };
  return (bytes, start, end, out) => {
    if (isFloat(bytes, start, end)) return encode(bytes, start, end - 2, out) ?? valueUnwrapped;
    const before = out.length;
    const finding = encode(bytes, start, end, out);
    if (finding?.code !== "phone_invalid" || end - start > maxBytes) return finding;
    out.length = before;
    const stood = decodeCell(bytes, start, end);
    const whole = encodeOne(stood.replace(/\s+/g, " "), out, stood);
    if (whole !== null) return whole === "plain" ? null : whole;
    const parts = stood
      .split(between)
      .map((part) => part.trim())
      .filter((part) => /\d/.test(part));
    if (parts.length < 2) return finding;
    const values = parts.map((part) => {
      out.length = before;
      return encodeOne(part, out, stood) === null ? null : out.read(before, out.length);
    });
    out.length = before;
    const value = values.find((each) => each !== null);
    if (value === undefined || value === null) return finding;
    out.text(value);
    const others = parts.filter((_, k) => values[k] !== value);
    return others.length === 0 ? valueUnwrapped : severalValues(value, others);
  };
}

/** What parts several numbers; ` ::: ` is Google's. */
const between = /\s*(?::::|[;|,\r\n]|\s[/&\u2013-]\s|\s(?:ou|or|och|eller|et|and|oder|und|o|y)\s)\s*/i;

interface Reading {
  number: string;
  extension: string;
  isLabelled: boolean;
}

/** A number: digits with marks between, and brackets. */
const inside = /^(?<before>\D*?)(?<number>(?:\+\s?)?\(?\+?\d[\d\s().\u2010-\u2015/-]*\d)(?<after>(?:\D.*)?)$/u;
const extensionWords =
  "extension|ext|extn|xtn|poste|post|p|x|#|anknytning|anknytn|ankn|ank|anslutning|durchwahl|dw|apparat|app|interne|interno|int|toestel|tst|lokal|lokaal|local|loc|doorkiesnummer|anexo|ramal|wewn|wew|linka";
const extensionAfter = new RegExp(
  `^[\\s,;./()\\u2013-]*(?:${extensionWords})[\\s.:=]*[#n°]*\\s*(?<digits>\\d{1,7})\\)?\\s*(?<after>\\D{0,${maxLabel}})$`,
  "iu",
);
/** Of a `tel:` URI: what is no extension. */
const parameters = /;(?:phone-context|isub|isdn-subaddress)=[^;]*/gi;
/** Letters right before a digit: `Tel0612345678` has a label, `A0612345678` is something else. */
const closeLabel = /(?:^|[^\p{L}])(?:t[e\u00e9]l|mob|tfn|ph|phone|cell|gsm|fax|fon|t|m|p|w|h|f)$/iu;

/** What number a part may hold. */
function readingsOf(part: string): Reading[] {
  const text = part.replace(parameters, "").trim();
  // An address of another kind; a `sip:` one begins with a number.
  if (text.includes("@") && !/^sips?:/i.test(text)) return [];
  // What spreadsheets and web pages have left is undone, and counted, as in other fields.
  if (/^['=]|\p{Cf}/u.test(text)) return [];
  const { before = "", number = "", after = "" } = inside.exec(text)?.groups ?? {};
  if (number === "" || before.length > maxLabel || (/\p{L}$/u.test(before) && !closeLabel.test(before))) return [];
  const found = readingOf(before, number, after);
  // `01 42 68 53 00 (2 lignes)`: the bracket is no part of it.
  const bracket = number.lastIndexOf(" (");
  const shorter = bracket > 0 ? readingOf(before, number.slice(0, bracket), number.slice(bracket) + after) : null;
  return [found, shorter].filter((reading) => reading !== null);
}

function readingOf(before: string, number: string, after: string): Reading | null {
  const extension = extensionAfter.exec(after)?.groups?.digits;
  if (extension !== undefined) return { number, extension, isLabelled: true };
  const isLabel = after.length <= maxLabel && (!/\d/.test(after) || /^\s*\([^()]*\p{L}[^()]*\)\s*$/u.test(after));
  return isLabel ? { number, extension: "", isLabelled: /[^\s:;,./()-]/.test(before + after) || before !== "" } : null;
}

/** `33612345678.0`: what a program makes of a number that it keeps as a float. */
export function isFloat(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 9 || bytes[end - 1] !== 0x30 || bytes[end - 2] !== 0x2e) return false;
  for (let i = bytes[start] === 0x2b ? start + 1 : start; i < end - 2; i++)
    if (bytes[i] < 0x30 || bytes[i] > 0x39) return false;
  return true;
}
