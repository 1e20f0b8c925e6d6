/**
 * Days and moments in ISO 8601, as typed cells and most databases' exports have them, from bytes to bytes. Whatever else a
 * cell may be, the field's own encoder reads.
 */
import { type Encode, isDigit } from "./encode.ts";

const daysOfMonth = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `2024-01-31` before any other reading of a date. */
export function withIsoDay(encode: Encode): Encode {
  return (bytes, start, end, out) => {
    if (end - start !== 10 || !isIsoDay(bytes, start)) return encode(bytes, start, end, out);
    out.reserve(10);
    let at = out.length;
    for (let i = start; i < end; i++) out.bytes[at++] = bytes[i];
    out.length = at;
    return null;
  };
}

/** `2024-01-31T08:30:00`, with a fraction of a second or without, before any other reading of a moment. */
export function withIsoMoment(encode: Encode, timeZone: string): Encode {
  const zone = Buffer.from(` ${timeZone}`);
  const midnight = Buffer.from(" 00:00:00");
  return (bytes, start, end, out) => {
    const length = end - start;
    if (length < 10 || length > 26 || !isIsoDay(bytes, start)) return encode(bytes, start, end, out);
    if (length > 10 && !isIsoTime(bytes, start + 10, end)) return encode(bytes, start, end, out);
    out.reserve(length + midnight.length + zone.length);
    let at = out.length;
    for (let i = start; i < end; i++) out.bytes[at++] = bytes[i];
    if (length > 10) out.bytes[out.length + 10] = 0x20;
    else for (let i = 0; i < midnight.length; i++) out.bytes[at++] = midnight[i];
    for (let i = 0; i < zone.length; i++) out.bytes[at++] = zone[i];
    out.length = at;
    return null;
  };
}

/** Two digits, -1: there are none. */
function two(bytes: Uint8Array, at: number): number {
  return isDigit(bytes[at]) && isDigit(bytes[at + 1]) ? 10 * (bytes[at] - 0x30) + bytes[at + 1] - 0x30 : -1;
}

function isIsoDay(bytes: Uint8Array, at: number): boolean {
  const century = two(bytes, at);
  const years = two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || century < 0 || years < 0) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const year = 100 * century + years;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year > 0 && day <= daysOfMonth[month] + (leap ? 1 : 0);
}

/** `T08:30:00`, `T08:30:00.250`. */
function isIsoTime(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 9 || bytes[at] !== 0x54 || bytes[at + 3] !== 0x3a || bytes[at + 6] !== 0x3a) return false;
  const hour = two(bytes, at + 1);
  const minute = two(bytes, at + 4);
  const second = two(bytes, at + 7);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  if (end - at === 9) return true;
  if (bytes[at + 9] !== 0x2e || end - at === 10) return false;
  for (let i = at + 10; i < end; i++) if (!isDigit(bytes[i])) return false;
  return true;
}
