/**
 * What the cells of a column look like, counted one by one: kinds, the order of dates, decimal marks, leading zeros, what a
 * spreadsheet has damaged, the least and the greatest.
 */
import { isProgramWord } from "../values/blank-words.ts";
import { isDayAndMonth } from "../values/date-damage.ts";
import { namesMonth } from "../values/date-words.ts";
import { readBoolean } from "../values/encode-words.ts";
import { readMoment } from "../values/read-moment.ts";
import { isInLakhs, readNumber, readTypedNumber } from "../values/read-number.ts";

/** What one cell can look like; more than one may hold. */
export const cellKinds = ["email", "phone", "integer", "decimal", "date", "datetime", "boolean"] as const;
export type CellKind = (typeof cellKinds)[number];

/** Digits of the longest number whose length is counted. */
const maxDigits = 20;

/** As plain data: it can be stored and taken up again. All counts are of cells. */
export interface Evidence {
  cells: number;
  /** Of these, words for a null, such as `NULL`: they say nothing of what the others are. */
  blanks: number;
  /** In characters (UTF-16). */
  shortest: number;
  longest: number;
  kinds: Record<CellKind, number>;
  /** Dates whose numbers only fit day–month, only month–day, year first, or both of the first two. */
  dateOrders: { dmy: number; mdy: number; ymd: number; either: number };
  /** Numbers whose decimal mark is beyond doubt, and those where it is not (`1,234`). */
  decimalMarks: { comma: number; point: number; either: number };
  /** Cells of digits alone, by how many these are, and those of them that begin with a zero. */
  digits: { counts: number[]; zeros: number[] };
  /** `1/3`, `10-12`, `3.5`; `1-Mar`; `3.36E+10`; `45292` as a spreadsheet counts days. */
  signs: { fractions: number; dayMonths: number; excelNotations: number; serials: number };
  /** Least and greatest number with a point as the decimal mark, and with a comma. */
  numbers: { point: Range<number>; comma: Range<number> };
  /** First and last day (`YYYY-MM-DD`), read day first and month first. */
  days: { dmy: Range<string>; mdy: Range<string> };
}
type Range<T> = [least: T, greatest: T] | null;

export function noEvidence(): Evidence {
  return {
    cells: 0,
    blanks: 0,
    shortest: 0,
    longest: 0,
    kinds: { email: 0, phone: 0, integer: 0, decimal: 0, date: 0, datetime: 0, boolean: 0 },
    dateOrders: { dmy: 0, mdy: 0, ymd: 0, either: 0 },
    decimalMarks: { comma: 0, point: 0, either: 0 },
    digits: { counts: [], zeros: [] },
    signs: { fractions: 0, dayMonths: 0, excelNotations: 0, serials: 0 },
    numbers: { point: null, comma: null },
    days: { dmy: null, mdy: null },
  };
}

/** No e-mail, number or date is longer. */
const maxChars = 100;
/** No word for yes or no is longer. */
const maxWord = 8;

/**
 * Counts a cell (trimmed, not empty) that occurs `times` in its column. Typed cells say nothing about the
 * column's marks and orders.
 */
export function weighCell(evidence: Evidence, text: string, isTyped: boolean, times = 1): void {
  evidence.shortest = evidence.cells === 0 ? text.length : Math.min(evidence.shortest, text.length);
  evidence.longest = Math.max(evidence.longest, text.length);
  evidence.cells += times;
  if (text.length > maxChars) return;
  if (isProgramWord(text)) {
    evidence.blanks += times;
    return;
  }
  const { kinds } = evidence;
  if (text.includes("@")) {
    if (/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text)) kinds.email += times;
    return;
  }
  if (text.length <= maxWord && readBoolean(text) !== null) kinds.boolean += times;
  if (!/\d/.test(text)) return;
  if (/^\d+$/.test(text)) weighDigits(evidence, text, times);
  else if (isDayAndMonth(text)) evidence.signs.dayMonths += times;
  else if (/^\d+(?:[.,]\d+)?[eE]\+\d+$/.test(text)) evidence.signs.excelNotations += times;
  else if (/^\d{1,4} ?[/.-] ?\d{1,4}$/.test(text)) evidence.signs.fractions += times;
  const isDate = weighDate(evidence, text, isTyped, times);
  if (!isDate && looksLikePhone(text)) kinds.phone += times;
  if (!isDate) weighNumber(evidence, text, isTyped, times);
}

function weighDigits(evidence: Evidence, text: string, times: number): void {
  const { counts, zeros } = evidence.digits;
  const length = Math.min(text.length, maxDigits);
  while (counts.length <= length) {
    counts.push(0);
    zeros.push(0);
  }
  counts[length] += times;
  if (text[0] === "0") zeros[length] += times;
}

/** Days of 1927 to 2119: nearer numbers are amounts and counts as well. */
function isSerial(text: string): boolean {
  return /^[1-7]\d{4}(?:[.,]\d+)?$/.test(text);
}

function looksLikePhone(text: string): boolean {
  if (!/^\+?[\d\s.()/-]+$/.test(text)) return false;
  const digits = text.replace(/\D/g, "");
  return digits.length >= 8 && digits.length <= 15 && /^[+0(]/.test(text);
}

/** What a date made of numbers begins with; digits without a mark are none on their own. */
const numericDate = /^\d{1,4} ?[-/. ] ?\d{1,2} ?[-/. ] ?\d/;

/** Whether the cell is a date. */
function weighDate(evidence: Evidence, text: string, isTyped: boolean, times: number): boolean {
  const isNumeric = numericDate.test(text);
  if (!isNumeric && !namesMonth(text)) return false;
  const isOrdered = isNumeric && !/^\d{3}/.test(text);
  const dmy = readMoment(text, "dmy");
  const mdy = isOrdered ? readMoment(text, "mdy") : dmy;
  const moment = dmy ?? mdy ?? (isOrdered ? readMoment(text, "ymd") : null);
  if (moment === null) return false;
  evidence.kinds.date += times;
  if (moment.time !== null && !/^00:00:00(?:\.0*)?$/.test(moment.time)) evidence.kinds.datetime += times;
  const { days, dateOrders } = evidence;
  if (dmy !== null) days.dmy = widened(days.dmy, dmy.day);
  if (mdy !== null) days.mdy = widened(days.mdy, mdy.day);
  if (isTyped || !isNumeric) return true;
  if (!isOrdered) dateOrders.ymd += times;
  // 05/05/2026 is the same day either way and decides nothing.
  else if (dmy !== null && mdy !== null) dateOrders.either += dmy.day === mdy.day ? 0 : times;
  else if (dmy !== null) dateOrders.dmy += times;
  else if (mdy !== null) dateOrders.mdy += times;
  return true;
}

/** A number with a sign, a currency or a percent sign at most around it. No two neighbours take the same character, so it takes linear time. */
const mayBeNumber =
  /^[^\d\p{L}]*(?:\p{L}{1,4}[^\d\p{L}]*)?\d+(?:[.,'\u2019\s]+\d+)*(?:[.,'\u2019\s]*[eE][+-]\d+)?[^\d\p{L}]*(?:\p{L}{1,5}[^\d\p{L}]*)?$/u;

function weighNumber(evidence: Evidence, text: string, isTyped: boolean, times: number): void {
  if (!mayBeNumber.test(text)) return;
  if (isSerial(text)) evidence.signs.serials += times;
  const hasMark = !isTyped && /[.,]/.test(text);
  const byPoint = isTyped ? readTypedNumber(text) : readNumber(text, ".");
  const byComma = hasMark ? readNumber(text, ",") : byPoint;
  const number = byPoint ?? byComma;
  if (number === null) return;
  const { kinds, numbers } = evidence;
  // A code with leading zeros is not a number.
  if (/^[+-]?0\d/.test(text)) return;
  kinds.decimal += times;
  if (/^[+-]?\d+(?:[ \u00a0\u202f]\d{3})*$/.test(text)) kinds.integer += times;
  if (byPoint !== null) numbers.point = widened(numbers.point, Number(byPoint));
  if (byComma !== null) numbers.comma = widened(numbers.comma, Number(byComma));
  if (hasMark) weighMark(evidence, text, times);
}

function weighMark({ decimalMarks }: Evidence, text: string, times: number): void {
  if (isInLakhs(text)) {
    decimalMarks.point += times;
    return;
  }
  const match = /(\d+(?:[ \u00a0\u2009\u202f.,'\u2019]\d{3})*)([.,])(\d+)[^\d.,]*$/.exec(text);
  if (match === null) return;
  const [, groups, mark, fraction] = match;
  const otherMark = groups.includes(mark === "," ? "." : ",");
  // A mark that comes twice parts groups, and the decimal mark is the other.
  const twice = groups.includes(mark);
  if (fraction.length === 3 && !otherMark && !twice && /^[1-9]\d{0,2}$/.test(groups)) decimalMarks.either += times;
  else if ((mark === ",") !== twice) decimalMarks.comma += times;
  else decimalMarks.point += times;
}

function widened<T extends number | string>(range: Range<T>, value: T): Range<T> {
  if (range === null) return [value, value];
  if (value < range[0]) range[0] = value;
  if (value > range[1]) range[1] = value;
  return range;
}

/** Which day–month order the numbers say; null where they say none. */
export function dateOrderOf({ dmy, mdy, ymd, either }: Evidence["dateOrders"]): "dmy" | "mdy" | "ymd" | null {
  if (mdy > dmy) return "mdy";
  if (dmy > 0) return "dmy";
  return ymd > 0 && either === 0 ? "ymd" : null;
}
