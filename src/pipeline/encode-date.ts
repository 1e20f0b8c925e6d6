/**
 * Reads days and moments as people write them, by the column's own order of day and month, into ISO 8601.
 */
import type { DatetimeField } from "../field.ts";
import type { Transform } from "../import.ts";
import { decodeCell, type Encode, type Finding } from "./encode.ts";
import { fold } from "./fold.ts";

/** Month names and their short forms in English, French and Swedish, folded. */
const months: ReadonlyMap<string, number> = new Map(
  [
    ["january", "jan", "janvier", "janv", "januari"],
    ["february", "feb", "fevrier", "fevr", "fev", "februari", "febr"],
    ["march", "mar", "mars"],
    ["april", "apr", "avril", "avr"],
    ["may", "mai", "maj"],
    ["june", "jun", "juin", "juni"],
    ["july", "jul", "juillet", "juil", "juli"],
    ["august", "aug", "aout", "augusti"],
    ["september", "sep", "sept", "septembre"],
    ["october", "oct", "octobre", "oktober", "okt"],
    ["november", "nov", "novembre"],
    ["december", "dec", "decembre"],
  ].flatMap((names, month) => names.map((name): [string, number] => [name, month + 1])),
);

/** Two digits of a year: 00–69 are 2000–2069, 70–99 are 1970–1999, as POSIX strptime has it. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 2 ? (year < 70 ? 2000 + year : 1900 + year) : year;
}

function isoDay(year: number, month: number, day: number): string | null {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return null;
  if (day > new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** A day's text as `YYYY-MM-DD`, or null when it is none (or none in this order). */
export function readDay(text: string, order: NonNullable<Transform["dateOrder"]>): string | null {
  const iso = /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$/.exec(text) ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso !== null) return isoDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const numeric = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(text);
  if (numeric !== null) {
    const [, a, b, c] = numeric;
    if (order === "ymd") return c.length === 2 ? isoDay(fullYear(a), Number(b), Number(c)) : null;
    return order === "mdy" ? isoDay(fullYear(c), Number(a), Number(b)) : isoDay(fullYear(c), Number(b), Number(a));
  }
  const words = fold(text).split(" ");
  if (words.length !== 3) return null;
  const named = words.findIndex((word) => months.has(word));
  if (named < 0 || named > 1) return null;
  const month = months.get(words[named]) as number;
  const day = words[1 - named].replace(/(?:st|nd|rd|th|er|e)$/, "");
  return /^\d{1,2}$/.test(day) && /^(?:\d{4}|\d{2})$/.test(words[2])
    ? isoDay(fullYear(words[2]), month, Number(day))
    : null;
}

/** The encoder of a date field. A time of midnight behind the day is Excel's and goes. */
export function dateEncoder(transform: Transform): Encode {
  const invalid: Finding = { code: "date_invalid", params: { order: transform.dateOrder ?? "dmy" } };
  return (bytes, start, end, out) => {
    if (end - start > 40) return invalid;
    const text = decodeCell(bytes, start, end).replace(/[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?$/, "");
    const day = readDay(text, transform.dateOrder ?? "dmy");
    if (day === null) return invalid;
    out.text(day);
    return null;
  };
}

/** Offsets as ISO 8601 and Postgres write them; Postgres takes none beyond 15:59. */
const timePattern =
  /^(.+?)(?:[T ]|,\s)(\d{1,2})(?::|h)(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?$/;

/** The encoder of a datetime field. A day alone is its midnight; without an offset the field's time zone holds. */
export function datetimeEncoder(field: DatetimeField, transform: Transform): Encode {
  const invalid: Finding = { code: "datetime_invalid", params: { order: transform.dateOrder ?? "dmy" } };
  return (bytes, start, end, out) => {
    if (end - start > 60) return invalid;
    const text = decodeCell(bytes, start, end);
    const match = timePattern.exec(text);
    const day = readDay(match?.[1] ?? text, transform.dateOrder ?? "dmy");
    if (day === null) return invalid;
    const [hour, minute, second] = [match?.[2] ?? "0", match?.[3] ?? "0", match?.[4] ?? "0"];
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return invalid;
    const fraction = match?.[5] === undefined ? "" : `.${match[5]}`;
    const time = [hour, minute, second].map((part) => part.padStart(2, "0")).join(":");
    out.text(`${day} ${time}${fraction} ${match?.[6] ?? field.timeZone}`);
    return null;
  };
}
