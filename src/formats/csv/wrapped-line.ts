/**
 * Lines whose rows are CSV inside one quoted cell, as programs write them that took a line of CSV for a cell:
 * `"Anna,""Paris, 1er"",3"`, and behind it the delimiters of cells that are blank (`;;;`).
 */
import { lineCells } from "./line-cells.ts";
import { carriageReturn, isLineBreak, lineFeed, type Syntax } from "./syntax.ts";

export interface UnwrappedLine {
  text: Uint8Array;
  /** Where the next line begins. */
  next: number;
}

interface Wrapping {
  atEnd: boolean;
  syntax: Syntax;
  /** Cells that a row has; 0: any number above one. */
  width: number;
  /** What lines end with behind the quoted cell. */
  tail: string;
}

/** The row inside the line at `position`; null: it is not wrapped. `incomplete`: it ends behind `end`. */
export function unwrapLine(
  bytes: Uint8Array,
  position: number,
  end: number,
  { atEnd, syntax, width, tail }: Wrapping,
): UnwrappedLine | "incomplete" | null {
  const opening = syntax.skipBlanks(bytes, position, end);
  if (opening < end && bytes[opening] === syntax.quote) {
    const closing = closingOf(bytes, opening, end, syntax);
    if (closing >= end && !atEnd) return "incomplete";
    const behind = skipTail(bytes, closing + 1, end, tail);
    const next = nextLine(bytes, behind, end, atEnd);
    if (next === "incomplete") return next;
    if (closing < end && next !== null) {
      const text = undoubled(bytes, opening + 1, closing, syntax.quote);
      const { count } = lineCells(text, { from: 0, to: text.length }, { syntax, width });
      if (width === 0 ? count > 1 : count === width) return { text, next };
    }
  }
  if (tail === "") return null;
  let lineEnd = position;
  while (lineEnd < end && !isLineBreak(bytes[lineEnd])) lineEnd++;
  const next = nextLine(bytes, lineEnd, end, atEnd);
  if (next === "incomplete" || next === null) return next;
  let stop = lineEnd;
  const most = lineEnd - tail.length;
  while (stop > position && stop > most && bytes[stop - 1] === tail.charCodeAt(0)) stop--;
  return stop === lineEnd ? null : { text: bytes.slice(position, stop), next };
}

/** The first quote that no other doubles; `end` without one. */
function closingOf(bytes: Uint8Array, opening: number, end: number, { quote }: Syntax): number {
  let at = opening + 1;
  while (at < end) {
    if (bytes[at] !== quote) at++;
    else if (at + 1 < end && bytes[at + 1] === quote) at += 2;
    else return at;
  }
  return end;
}

function skipTail(bytes: Uint8Array, from: number, end: number, tail: string): number {
  let at = from;
  while (at < end && (bytes[at] === 0x20 || (tail !== "" && bytes[at] === tail.charCodeAt(0)))) at++;
  return at;
}

/** Where the line after the one that ends at `at` begins; null: it does not end there. */
function nextLine(bytes: Uint8Array, at: number, end: number, atEnd: boolean): number | "incomplete" | null {
  if (at >= end) return atEnd ? end : "incomplete";
  if (bytes[at] === lineFeed) return at + 1;
  if (bytes[at] !== carriageReturn) return null;
  if (at + 1 >= end) return atEnd ? end : "incomplete";
  return bytes[at + 1] === lineFeed ? at + 2 : at + 1;
}

function undoubled(bytes: Uint8Array, from: number, to: number, quote: number): Uint8Array {
  const text = new Uint8Array(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === quote && at + 1 < to && bytes[at + 1] === quote) at++;
    text[length++] = bytes[at];
  }
  return text.subarray(0, length);
}
