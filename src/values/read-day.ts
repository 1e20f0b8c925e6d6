/**
 * Reads a day as people and spreadsheets write it, by the column's own order of day and month, into ISO 8601
 * (`2024-03-05`).
 */
import type { DateOrder } from "../core/import.ts";
import { dateFillers, months, namesMonth, ordinals, weekdays } from "./date-words.ts";
import { fold } from "./fold.ts";

/**
 * The first year that two digits can mean: 69–99 are 1969–1999 and 00–68 are 2000–2068, as POSIX has it (strptime, `%y`).
 * A fixed century, so that a file means the same next year.
 */
export const defaultTwoDigitYearsFrom = 1969;

/** Dashes of every length, the spaces that are none, and the words of East Asia: `2019年4月19日`, `2019년 4월 19일`. */
function plainMarks(text: string): string {
  if (!/[^\x20-\x7f]/.test(text)) return text;
  const plain = text.replace(/[\u2010-\u2015\u2212]/g, "-").replace(/[\u00a0\u2009\u202f]/g, " ");
  const parts = eastAsian.exec(plain);
  return parts === null ? plain : parts.slice(1).join("-");
}

const eastAsian =
  /^(\d{4}) ?[\u5e74\ub144] ?(\d{1,2}) ?[\u6708\uc6d4] ?(\d{1,2}) ?[\u65e5\u53f7\uc77c](?: ?\(?[\u4e00-\u9fff\uac00-\ud7a3]{1,3}\)?)?$/;
/** `19.04.2019.`: in Croatian, Slovene, Hungarian and others an ordinal has a point, the year too. */
const pointAtEnd = /^(?=\d)(?:[\d ]+\.){3}$/;
/** `19/04/'19` */
const shortenedYear = /['\u2019](?=\d\d$)/;

const yearFirst = /^(\d{4})(?: ?([-/.]) ?| )(\d{1,2})(?: ?\2 ?| )(\d{1,2})$/;
const yearLast = /^(\d{1,2})(?: ?([-/.]) ?| )(\d{1,2})(?: ?\2 ?| )(\d{4}|\d{2})$/;

/**
 * A day's text as `YYYY-MM-DD`, or null when it is none, or none in this order. What no order can change (`2024-03-05`,
 * `5 mars 2024`) is read whatever it says.
 */
export function readDay(
  text: string,
  order: DateOrder,
  twoDigitYearsFrom: number = defaultTwoDigitYearsFrom,
): string | null {
  const plain = withoutPoint(plainMarks(text));
  const first = plain.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) {
    const iso = yearFirst.exec(plain);
    if (iso !== null) return sameMarks(plain, iso[2]) ? isoDay(iso[1], iso[3], iso[4]) : null;
    if (order === "serial" && /^\d{1,7}(?:\.0*)?$/.test(plain)) return serialDay(Number(plain));
    if (/^\d{8}$/.test(plain)) return compactDay(plain, order);
    const numeric = yearLast.exec(plain);
    if (numeric !== null) {
      const [, a, mark, b, c] = numeric;
      if (!sameMarks(plain, mark)) return null;
      if (order === "ymd") return c.length === 2 ? isoDay(fullYear(a, twoDigitYearsFrom), b, c) : null;
      const year = fullYear(c, twoDigitYearsFrom);
      return order === "mdy" ? isoDay(year, a, b) : isoDay(year, b, a);
    }
  }
  return wordyDay(plain, twoDigitYearsFrom);
}

function withoutPoint(text: string): string {
  if (pointAtEnd.test(text)) return text.slice(0, -1);
  return shortenedYear.test(text) ? text.replace(shortenedYear, "") : text;
}

/** `05-03/2024` and `05-03 2024` are slips: both marks are spaces, or both are the same. */
function sameMarks(text: string, mark: string | undefined): boolean {
  return mark === undefined ? !/[-/.]/.test(text) : text.split(mark).length === 3;
}

/** `20240131`; else `31012024` in the column's order, which can never be meant as the first. */
function compactDay(digits: string, order: DateOrder): string | null {
  const year = Number(digits.slice(0, 4));
  if (year >= 1600 && year < 3000) {
    const day = isoDay(year, digits.slice(4, 6), digits.slice(6));
    if (day !== null) return day;
  }
  const last = Number(digits.slice(4));
  if (last < 1900 || last >= 2100 || order === "ymd" || order === "serial") return null;
  const [a, b] = [digits.slice(0, 2), digits.slice(2, 4)];
  return order === "mdy" ? isoDay(last, a, b) : isoDay(last, b, a);
}

/** `Wednesday, the 17th of September, 2024` and some more. */
const maxWordyChars = 50;

/** `3 mars 2024`, `March 3rd, 2024`, `lundi 1er mars 24`, `2024-Mar-03`, `03MAR2024`, `den 3:e maj 2024`. */
function wordyDay(text: string, twoDigitYearsFrom: number): string | null {
  if (text.length > maxWordyChars || !namesMonth(text)) return null;
  const tokens = fold(text).match(/\d+|\p{L}+/gu) ?? [];
  const words = tokens.filter(
    (word, k) => !dateFillers.has(word) && !(k > 0 && ordinals.has(word) && /^\d{1,2}$/.test(tokens[k - 1])),
  );
  if (words.length === 4 && weekdays.has(words[0])) words.shift();
  if (words.length !== 3) return null;
  const named = words.findIndex((word) => months.has(word));
  if (named < 0 || named > 1) return null;
  const month = months.get(words[named]) as number;
  const [before, after] = [words[1 - named], words[2]];
  // The year comes last, or first where it has four digits.
  const [day, year] = named === 1 && before.length === 4 ? [after, before] : [before, after];
  return /^\d{1,2}$/.test(day) && /^(?:\d{4}|\d{2})$/.test(year)
    ? isoDay(fullYear(year, twoDigitYearsFrom), month, day)
    : null;
}

/** Two digits are a year of the hundred from `from` on. */
function fullYear(digits: string, from: number): number {
  const year = Number(digits);
  if (digits.length !== 2) return year;
  const century = from - (from % 100);
  return century + year < from ? century + 100 + year : century + year;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isoDay(year: number | string, month: number | string, day: number | string): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1) return null;
  const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  if (d > daysOfMonth[m - 1] + (m === 2 && isLeap ? 1 : 0)) return null;
  return `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
}

/** 9999-12-31, the last day that Excel knows. */
const lastSerial = 2_958_465;

/**
 * A spreadsheet's day number in the 1900 system (ECMA-376 part 1, 18.17.4.1): 1 is 1900-01-01, and 60 the 29th of
 * February 1900, which never existed. Null if it is not a day.
 */
export function serialDay(serial: number): string | null {
  if (!Number.isInteger(serial) || serial < 1 || serial > lastSerial || serial === 60) return null;
  const days = serial < 60 ? serial + 1 : serial;
  return new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10);
}
