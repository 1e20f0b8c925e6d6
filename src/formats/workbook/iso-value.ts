/**
 * Dates and times that a workbook writes as ISO 8601, in the form all formats share: OpenDocument always (part 3, sections 18.3.14 and
 * 18.3.15), XLSX in cells of type `d` (ECMA-376 part 1, 18.18.11).
 */
import { numberDate, numberDuration, numberTime } from "./styles.ts";

const dayMs = 86_400_000;

/** `2024-01-31`, with its time where it has one: `2024-01-31T08:30:00`. Null: it is not a date. */
export function dateText(value: string): string | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:[.,]\d*)?))?)?$/.exec(value);
  if (parts === null) return null;
  const [, year, month, day, hours = "0", minutes = "0", seconds = "0"] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return null;
  const ms = msOf(0, Number(hours), Number(minutes), seconds);
  if (ms >= dayMs) {
    // 23:59:59.9999 is a float's noise before midnight; 25:00 is not a time.
    if (Number(hours) > 23) return null;
    date.setUTCDate(date.getUTCDate() + 1);
  }
  const text = date.toISOString().slice(0, 10);
  // Spreadsheets write midnight as a date, Excel with its zeros.
  return ms % dayMs === 0 ? text : `${text}T${clock(ms)}`;
}

/** A time of day, `08:30:00`, or an elapsed time from 24 hours on (or below none): `PT36H30M`. Null: it is neither. */
export function timeText(value: string): string | null {
  const parts = /^(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d*)?)S)?)?$/.exec(value);
  if (parts === null || value.endsWith("P") || value.endsWith("T")) return null;
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = parts;
  const ms = msOf(Number(days), Number(hours), Number(minutes), seconds);
  if (ms < dayMs && (sign === "" || ms === 0)) return clock(ms);
  return elapsedText(sign, ms);
}

function elapsedText(sign: string, ms: number): string {
  const wholeMinutes = Math.floor(ms / 60_000);
  const restMs = ms - wholeMinutes * 60_000;
  const wholeHours = Math.floor(wholeMinutes / 60);
  const restMinutes = wholeMinutes - wholeHours * 60;
  const last = restMs > 0 || ms === 0 ? `${Math.floor(restMs / 1000)}${fraction(restMs % 1000)}S` : "";
  return `${sign}PT${wholeHours > 0 ? `${wholeHours}H` : ""}${restMinutes > 0 ? `${restMinutes}M` : ""}${last}`;
}

interface Moment {
  /** Absent from a time alone. */
  day: string | null;
  ms: number;
  /** From UTC, as written; none for what says none, and for UTC itself, in which such cells mean no zone. */
  offset: string;
}

/** XML Schema's dateTime, date and time, with the seconds or without. Null: none of them. */
function momentOf(value: string): Moment | null {
  const parts =
    /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^T?|[T ])(\d\d):(\d\d)(?::(\d\d(?:[.,]\d*)?))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
      value,
    );
  if (parts === null || (parts[1] === undefined && parts[4] === undefined)) return null;
  const [, year, month, day, hours = "0", minutes = "0", seconds = "0", zone = "Z"] = parts;
  const ms = msOf(0, Number(hours), Number(minutes), seconds);
  const isMidnight = Number(hours) === 24 && ms === dayMs;
  if ((Number(hours) > 23 && !isMidnight) || Number(minutes) > 59 || Number(seconds.replace(",", ".")) >= 61)
    return null;
  const offset = /^(?:Z|[+-]00(?::?00)?)$/.test(zone) ? "" : `${zone.slice(0, 3)}:${zone.slice(-2).padStart(2, "0")}`;
  if (year === undefined) return { day: null, ms: ms % dayMs, offset };
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCDate() !== Number(day) || date.getUTCMonth() !== Number(month) - 1) return null;
  if (ms >= dayMs) date.setUTCDate(date.getUTCDate() + 1);
  return { day: date.toISOString().slice(0, 10), ms: ms % dayMs, offset };
}

/** The days before a workbook's first one: a moment of them is a time alone. */
const timeDays = new Set(["1899-12-30", "1899-12-31"]);
const timeDay1904 = "1904-01-01";

/** The value of a moment as days since a workbook's first (18.17.4.1). Null: it is no moment. */
export function serialOfIso(value: string, date1904: boolean): number | null {
  const moment = momentOf(value);
  if (moment === null) return null;
  const { day, ms } = moment;
  if (day === null) return ms / dayMs;
  const epochDay = Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
  const serial = date1904 ? epochDay + 24_107 : epochDay + (epochDay < -25_508 ? 25_568 : 25_569);
  return serial + ms / dayMs;
}

/**
 * The text of a cell of type `d`: `2024-01-31`, `2024-01-31T08:30:00`, `08:30:00`, in another zone than UTC `2024-01-31T08:30:00+02:00`.
 * Without a time of midnight where the format shows none, as an elapsed time where it shows one. Null: it is none of them.
 *
 * @param kind of the cell's number format.
 */
export function isoCellText(value: string, kind: number, date1904: boolean): string | null {
  if (/^-?P/.test(value)) return timeText(value);
  const moment = momentOf(value);
  if (moment === null) return null;
  const { day, ms, offset } = moment;
  if (kind === numberDuration) {
    const serial = serialOfIso(value, date1904) ?? -1;
    if (serial >= 0) return elapsedText("", Math.round(serial * dayMs));
  }
  const isFirstDay = day !== null && (timeDays.has(day) || (date1904 && day === timeDay1904));
  const isTime = day === null || (isFirstDay && (ms > 0 || kind === numberTime));
  if (isTime) return clock(ms) + offset;
  const hasTime = /[T ]\d/.test(value) && !(kind === numberDate && ms === 0);
  return hasTime ? `${day}T${clock(ms)}${offset}` : day;
}

/** Rounded to the millisecond, so that a float's noise makes no 08:29:59.999. */
function msOf(days: number, hours: number, minutes: number, seconds: string): number {
  return days * dayMs + hours * 3_600_000 + minutes * 60_000 + Math.round(Number(seconds.replace(",", ".")) * 1000);
}

function clock(ms: number): string {
  const time = new Date(ms % dayMs).toISOString().slice(11, 19);
  return time + fraction(ms % 1000);
}

function fraction(ms: number): string {
  return ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`;
}
