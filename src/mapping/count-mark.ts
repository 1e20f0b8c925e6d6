/** Counts a cell by the decimal mark that its bytes prove. */
import { isDigit } from "../values/encode.ts";

/** As plain data: numbers whose decimal mark is beyond doubt, and those where it is not (`1,234`). */
export interface MarkCounts {
  comma: number;
  point: number;
  either: number;
}

const comma = 0x2c;
const point = 0x2e;

/** Longer ones are text. */
const maxBytes = 40;

export function countMark(decimalMarks: MarkCounts, bytes: Uint8Array, start: number, end: number): void {
  if (end - start > maxBytes) return;
  let commas = 0;
  let points = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === comma) commas++;
    else if (bytes[i] === point) points++;
  }
  if (commas + points === 0) return;
  // What is around a number is a currency, a sign or a blank; of `kr.` and `1.200:-` the marks are none of the number's.
  let from = start;
  let to = end;
  while (from < to && !isDigit(bytes[from])) from++;
  while (to > from && !isDigit(bytes[to - 1])) to--;
  let last = -1;
  let first = -1;
  let others = 0;
  commas = 0;
  points = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (isDigit(byte)) continue;
    if (byte !== comma && byte !== point) {
      // Letters and slashes within are no number's; a blank or an apostrophe parts groups.
      if (byte !== 0x20 && byte !== 0x27 && byte < 0x80) return;
      others++;
      continue;
    }
    if (byte === comma) commas++;
    else points++;
    if (first < 0) first = i;
    last = i;
  }
  if (last < 0 || last === to - 1) return;
  const isComma = bytes[last] === comma;
  if (commas > 0 && points > 0) {
    if (isComma ? commas > 1 : points > 1) return;
    decimalMarks[isComma ? "comma" : "point"]++;
    return;
  }
  const fraction = to - last - 1;
  if (commas + points > 1) {
    // A mark that comes twice parts groups, and the decimal mark is the other.
    if (fraction === 3 && first - from <= 3 && (last - first) % 4 === 0) decimalMarks[isComma ? "point" : "comma"]++;
    return;
  }
  const isOpen = fraction === 3 && others === 0 && last - from <= 3 && bytes[from] !== 0x30;
  decimalMarks[isOpen ? "either" : isComma ? "comma" : "point"]++;
}
