/** Reads times of day as people and spreadsheets write them: `14:30`, `9h30`, `kl. 9.30`, `9:30 PM`, a fraction of a day. */
import type { TimeField } from "../core/fields/time.ts";
import { withMemo } from "./cell-memo.ts";
import { decodeCell, type Encode, type Finding } from "./encode.ts";
import type { FieldReader } from "./read-field.ts";
import { readClock } from "./read-moment.ts";

const timeInvalid: Finding = { code: "time_invalid" };
/** No time with words and a fraction of a second is longer. */
const maxBytes = 40;

/** A time of day in ISO 8601, or null. */
export function readTime(text: string): string | null {
  const bare = text.replace(/^(?:à|at|kl\.?|klockan)\s+/i, "");
  // Four digits, as in timetables and rosters.
  const digits = /^([01]\d|2[0-4])([0-5]\d)$/.exec(bare);
  const clock = digits === null ? bare : `${digits[1]}:${digits[2]}`;
  // The end of the day is a time of its own to Postgres.
  if (/^24[:h.]00(?:[:.]00)?$/.test(clock)) return "24:00:00";
  return readClock(clock) ?? fractionTime(bare) ?? typedTime(bare);
}

/** A spreadsheet's fraction of a day, to the second: nobody writes milliseconds, and `0.395833` is 9:30. */
function fractionTime(text: string): string | null {
  if (!/^0?[.,]\d{3,}$|^0$/.test(text)) return null;
  const seconds = Math.round(Number(text.replace(",", ".")) * 86_400);
  return seconds === 86_400 ? "24:00:00" : new Date(seconds * 1000).toISOString().slice(11, 19);
}

/** What a spreadsheet types as an elapsed time (`PT9H30M`), or as a moment of its first day. */
function typedTime(text: string): string | null {
  const elapsed = /^PT(?:(\d{1,2})H)?(?:(\d{1,2})M)?(?:(\d{1,2})(\.\d{1,6})?S)?$/.exec(text);
  if (elapsed !== null) {
    const [, hours = "0", minutes = "0", seconds = "0", fraction = ""] = elapsed;
    return readClock(`${hours}:${minutes.padStart(2, "0")}:${seconds.padStart(2, "0")}${fraction}`);
  }
  const first = /^(?:1899-12-3[01]|1900-01-0[01]|1904-01-01)[T ](.+)$/.exec(text);
  return first === null ? null : readClock(first[1]);
}

const encodeTime: Encode = (bytes, start, end, out) => {
  const time = end - start > maxBytes ? null : readTime(decodeCell(bytes, start, end));
  if (time === null) return timeInvalid;
  out.text(time);
  return null;
};

export const timeReader: FieldReader<TimeField> = { encoder: () => withMemo(encodeTime) };
