/**
 * What is left of `1/3`, `3-12` or `MARCH1` after a spreadsheet took it for a date: `1-Mar`, `12-mars`, `mars-01`, or a
 * whole date.
 */
import { storableText } from "../core/storable.ts";
import { months } from "./date-words.ts";
import { decodeCell, type Encode, type Finding, isDigit } from "./encode.ts";
import { fold } from "./fold.ts";
import { readDay } from "./read-day.ts";

export function dateDamage(text: string): Finding {
  return { code: "date_damage", params: { value: storableText(text) } };
}

/** `septembre 2024` is the longest, with accents and a mark or two. */
const maxBytes = 24;

/** First letters of the months in three languages, both cases. */
const monthLetters = new Uint8Array(256);
for (const letter of "jfmasondJFMASOND") monthLetters[letter.charCodeAt(0)] = 1;

/** A day and a month, or a month and a year, as a spreadsheet shows them: `1-Mar`, `01-mars`, `mars-01`, `Mar 25`. */
export function isDayAndMonth(text: string): boolean {
  const match =
    /^(?:\d{1,2}(?:er|\.)?[-/. ]+(?<after>\p{L}{3,9})\.?|(?<before>\p{L}{3,9})\.?[-/. ]+(?:\d{1,2}|\d{4}))$/u.exec(
      text,
    );
  const word = match?.groups?.after ?? match?.groups?.before;
  return word !== undefined && months.has(fold(word));
}

/** Whether a cell is a date, whole or without its year, whatever the order of day and month. */
export function isDay(text: string): boolean {
  if (text.length > maxBytes) return false;
  return isDayAndMonth(text) || isWholeDay(text);
}

/** A date with marks between its parts: `01/03/2024`, `2024-03-01`, `2024-03-01T00:00:00`. */
function isWholeDay(text: string): boolean {
  const day = text.replace(/[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/, "");
  return !/^[\d ]*$/.test(day) && (readDay(day, "dmy") ?? readDay(day, "mdy")) !== null;
}

/** Whether the file typed the cell as a day, with a time or without. */
export function isTypedDay(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 10 &&
    isDigit(bytes[start]) &&
    bytes[start + 4] === 0x2d &&
    bytes[start + 7] === 0x2d &&
    (end - start === 10 || bytes[start + 10] === 0x54)
  );
}

/** The same encoder for cells that the file typed: a date among values that are none was made by the spreadsheet. */
export function refusingTypedDays(encode: Encode): Encode {
  return (bytes, start, end, out) =>
    isTypedDay(bytes, start, end) ? dateDamage(decodeCell(bytes, start, end)) : encode(bytes, start, end, out);
}

/** The same encoder for a column of fractions, sizes and the like: a date among them is damage. */
export function refusingDays(encode: Encode): Encode {
  return (bytes, start, end, out) => {
    if (mayBeDay(bytes, start, end)) {
      const text = decodeCell(bytes, start, end);
      if (isDay(text)) return dateDamage(text);
    }
    return encode(bytes, start, end, out);
  };
}

/** A quick look: a digit or a month's first letter, and not too long. */
function mayBeDay(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  return length >= 5 && length <= maxBytes && (isDigit(bytes[start]) || monthLetters[bytes[start]] === 1);
}
