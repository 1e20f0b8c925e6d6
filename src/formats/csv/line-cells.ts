/** A line of delimited text, cut into cells as if it were a row of its own. */
import { ClosingQuote } from "./closing-quote.ts";
import type { Syntax } from "./syntax.ts";

export interface LineCells {
  /** Start and end of each cell's text. */
  spans: number[];
  /** How many cells: at most `width` where those beyond it are blank. */
  count: number;
  /** The last cell opens a quote that the line does not close. */
  isOpen: boolean;
}

/** Cells that are looked at; who has more in a line is counted on. */
const maxCells = 20_000;

/** `asText`: the first cell's quote encloses nothing. */
export function lineCells(
  bytes: Uint8Array,
  { from, to }: { from: number; to: number },
  { syntax, width, asText = false }: { syntax: Syntax; width: number; asText?: boolean },
): LineCells {
  const search = new ClosingQuote(syntax);
  const spans: number[] = [];
  let isOpen = false;
  let at = from;
  if (syntax.runs) while (at < to && bytes[at] === syntax.delimiter) at++;
  for (;;) {
    let start = at;
    let stop = -1;
    const opening = syntax.skipBlanks(bytes, at, to);
    isOpen = false;
    if (opening < to && bytes[opening] === syntax.quote && !(asText && spans.length === 0)) {
      const closing = search.find(bytes, opening + 1, to, true, false);
      if (closing >= 0) {
        start = opening + 1;
        stop = closing;
        at = search.after;
      } else {
        isOpen = true;
      }
    }
    if (stop < 0) {
      while (at < to && !syntax.endsCell(bytes, at, to)) at++;
      stop = at;
    }
    spans.push(start, stop);
    if (at >= to || spans.length >= 2 * maxCells) break;
    at = syntax.afterDelimiter(bytes, at, to);
    if (syntax.runs && at >= to) break;
  }
  let count = spans.length / 2;
  while (width > 0 && count > width && isBlank(bytes, spans[2 * count - 2], spans[2 * count - 1])) count--;
  return { spans, count, isOpen };
}

export function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0x20 && bytes[at] !== 0x09) return false;
  return true;
}
