/**
 * Dates as spreadsheets count them, in days since 1900 or 1904 (ECMA-376 part 1, 18.17.4.1), written as ISO 8601 text.
 *
 * The 1900 system takes 1900 for a leap year: serial 60 is a 29 February that never was, and the days before it are one
 * off against the count from 1899-12-30. What the spreadsheet shows is what counts here: 1 is 1900-01-01, 59 is
 * 1900-02-28, 61 is 1900-03-01, and 60 is not a date.
 */
import { numberDate, numberDuration, numberTime } from "./styles.ts";

const dayMs = 86_400_000;
/** 9999-12-31 and the day after have these serials in the 1900 system; the 1904 system counts 1462 less. */
const endSerial = 2_958_466;
const days1904 = 1462;

/**
 * Writes the ISO 8601 text of a serial to `out` at `at`: ASCII, at most 40 bytes. Rounded to the millisecond, so that a
 * float's noise makes no 23:59:59.999.
 *
 * - date: `2024-01-31`, with its time where it has one; a serial between 0 and 1 is a time alone
 * - datetime: `2024-01-31T08:30:00`, `…:00.250`; a serial between 0 and 1 is a time alone
 * - time: `08:30:00`; a serial from 1 on is a datetime
 * - duration: `PT36H30M15S`, `-PT1H30M`, `PT0S`
 *
 * @param kind one of numberDate, numberDatetime, numberTime, numberDuration.
 * @returns the new `at`, or -1 when the serial is not a date: negative, not finite, beyond 9999-12-31, a day of 1900 that
 * never was (0 and 60). Then the number is all there is.
 */
export function writeSerial(serial: number, kind: number, date1904: boolean, out: Uint8Array, at: number): number {
  if (kind === numberDuration) return writeDuration(serial, out, at);
  // NaN is neither.
  if (!(serial >= 0 && serial < (date1904 ? endSerial - days1904 : endSerial))) return -1;
  if (serial < 1 && (kind === numberTime || (serial > 0 && !date1904))) {
    return writeTime(Math.round(serial * dayMs) % dayMs, out, at);
  }
  const ms = Math.round(serial * dayMs);
  const day = Math.floor(ms / dayMs);
  const timeMs = ms - day * dayMs;
  // Days since 1970-01-01.
  let epochDay: number;
  if (date1904) {
    if (serial < 1 && day === 0 && timeMs > 0) return writeTime(timeMs, out, at);
    epochDay = day - 24_107;
  } else {
    if (day === 60 || day === 0) return -1;
    epochDay = day - (day < 60 ? 25_568 : 25_569);
  }
  if (day >= (date1904 ? endSerial - days1904 : endSerial)) return -1;
  const end = writeDate(epochDay, out, at);
  if (kind === numberDate && timeMs === 0) return end;
  out[end] = 0x54; // T
  return writeTime(timeMs, out, end + 1);
}

/**
 * The civil date of a day since 1970-01-01, by Howard Hinnant's days algorithm: years from March, eras of 400 years.
 * All in 32-bit integers, of which there are never more than a few million: `| 0` instead of Math.floor.
 */
function writeDate(epochDay: number, out: Uint8Array, at: number): number {
  const z = (epochDay + 719_468) | 0;
  const era = (z / 146_097) | 0;
  const dayOfEra = (z - era * 146_097) | 0;
  const leapDays = (((dayOfEra / 1460) | 0) - ((dayOfEra / 36_524) | 0) + ((dayOfEra / 146_096) | 0)) | 0;
  const yearOfEra = ((dayOfEra - leapDays) / 365) | 0;
  const dayOfYear = (dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0))) | 0;
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const day = (dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1) | 0;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const century = (year / 100) | 0;
  writeTwo(century, out, at);
  writeTwo(year - century * 100, out, at + 2);
  out[at + 4] = 0x2d;
  writeTwo(month, out, at + 5);
  out[at + 7] = 0x2d;
  return writeTwo(day, out, at + 8);
}

/** @param ms of the day: below 2^31. */
function writeTime(ms: number, out: Uint8Array, at: number): number {
  const seconds = (ms / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  writeTwo(hours, out, at);
  out[at + 2] = 0x3a;
  writeTwo(minutes - hours * 60, out, at + 3);
  out[at + 5] = 0x3a;
  const end = writeTwo(seconds - minutes * 60, out, at + 6);
  return writeMilliseconds(ms - seconds * 1000, out, end);
}

function writeDuration(serial: number, out: Uint8Array, at: number): number {
  // Beyond the calendar's length it is not an elapsed time but a number formatted as one.
  if (!(Math.abs(serial) < endSerial)) return -1;
  const ms = Math.round(Math.abs(serial) * dayMs);
  let o = at;
  if (serial < 0 && ms > 0) out[o++] = 0x2d;
  out[o++] = 0x50; // P
  out[o++] = 0x54; // T
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const secondsMs = ms - minutes * 60_000;
  if (hours > 0) {
    o = writeNumber(hours, out, o);
    out[o++] = 0x48; // H
  }
  if (minutes > hours * 60) {
    o = writeNumber(minutes - hours * 60, out, o);
    out[o++] = 0x4d; // M
  }
  if (secondsMs > 0 || ms === 0) {
    const seconds = Math.floor(secondsMs / 1000);
    o = writeNumber(seconds, out, o);
    o = writeMilliseconds(secondsMs - seconds * 1000, out, o);
    out[o++] = 0x53; // S
  }
  return o;
}

/** `.250`, and nothing where there are none. */
function writeMilliseconds(ms: number, out: Uint8Array, at: number): number {
  if (ms === 0) return at;
  const hundreds = (ms / 100) | 0;
  out[at] = 0x2e;
  out[at + 1] = 0x30 + hundreds;
  return writeTwo(ms - hundreds * 100, out, at + 2);
}

function writeTwo(number: number, out: Uint8Array, at: number): number {
  const tens = (number / 10) | 0;
  out[at] = 0x30 + tens;
  out[at + 1] = 0x30 + number - tens * 10;
  return at + 2;
}

function writeNumber(number: number, out: Uint8Array, at: number): number {
  let length = 1;
  for (let rest = Math.floor(number / 10); rest > 0; rest = Math.floor(rest / 10)) length++;
  let rest = number;
  for (let o = at + length - 1; o >= at; o--) {
    const next = Math.floor(rest / 10);
    out[o] = 0x30 + rest - next * 10;
    rest = next;
  }
  return at + length;
}
