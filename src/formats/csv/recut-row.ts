/**
 * Cuts a row again whose quotes are not those of any writer, so that it has as many cells as the others: some quote encloses
 * nothing (`"Bob,Oslo,"second, old"`), or one inside a cell looks like its end (`"He said "yes", and left"`).
 */
import { isLineBreak, type Syntax } from "./syntax.ts";

/** Longer rows, and those of more quotes, are left as they are: the time is the product of these. */
const maxCells = 256;
const maxSteps = 32_768;

/** What a way to cut costs; the cheapest one is taken, and none above the most. */
const quoteAsText = 2;
const endAsText = 1;
const strayInside = 0.1;
const mostCost = 3.5;

export interface RecutCell {
  start: number;
  stop: number;
  quoted: boolean;
}

/** The cells of the line, of which there are `width`; null where no few quotes taken otherwise make so many. */
export function recutRow(
  bytes: Uint8Array,
  { from, to }: { from: number; to: number },
  { syntax, width }: { syntax: Syntax; width: number },
): RecutCell[] | null {
  const starts = cellStarts(bytes, from, to, syntax);
  const places = starts.length;
  if (places < width || places > maxCells) return null;
  const ways = starts.map((_, k) => waysFrom(bytes, starts, k, { to, syntax }));
  const steps = ways.reduce((sum, each) => sum + each.length, 0) * width;
  if (steps > maxSteps) return null;
  // The least cost of the text before a place in so many cells, and the way that led there.
  const stride = width + 1;
  const costs = new Float64Array((places + 1) * stride).fill(Number.POSITIVE_INFINITY);
  const taken: (Way | undefined)[] = new Array(costs.length);
  costs[0] = 0;
  for (const [k, each] of ways.entries()) {
    for (const way of each) {
      for (let cells = 0; cells < width; cells++) {
        const cost = costs[k * stride + cells] + way.cost;
        const next = way.next * stride + cells + 1;
        if (cost >= costs[next]) continue;
        costs[next] = cost;
        taken[next] = way;
      }
    }
  }
  if (costs[places * stride + width] > mostCost) return null;
  const cells: RecutCell[] = [];
  for (let place = places, count = width; count > 0; count--) {
    const way = taken[place * stride + count];
    if (way === undefined) return null;
    cells.unshift(way);
    place = way.place;
  }
  return cells;
}

/** A cell that begins at the delimiter before `place` and ends at the one before `next`. */
interface Way extends RecutCell {
  place: number;
  next: number;
  cost: number;
}

/** Where a cell may begin: at the start, and after each delimiter, quoted or not. */
function cellStarts(bytes: Uint8Array, from: number, to: number, syntax: Syntax): number[] {
  const starts = [from];
  for (let at = from; at < to && starts.length <= maxCells; ) {
    if (syntax.endsCell(bytes, at, to) && !isLineBreak(bytes[at])) {
      at = syntax.afterDelimiter(bytes, at, to);
      starts.push(at);
    } else {
      at++;
    }
  }
  return starts;
}

function waysFrom(
  bytes: Uint8Array,
  starts: readonly number[],
  place: number,
  { to, syntax }: { to: number; syntax: Syntax },
): Way[] {
  const endOf = (next: number): number => (next < starts.length ? starts[next] - syntax.delimiterBytes : to);
  const start = starts[place];
  const opening = syntax.skipBlanks(bytes, start, to);
  const opens = opening < to && bytes[opening] === syntax.quote;
  const plain: Way = { place, next: place + 1, start, stop: endOf(place + 1), quoted: false, cost: 0 };
  if (!opens) return [plain];
  const ways: Way[] = [{ ...plain, cost: quoteAsText }];
  let cost = 0;
  for (let next = place + 1; next <= starts.length; next++) {
    let stop = endOf(next) - 1;
    while (stop > opening && syntax.blanks[bytes[stop]] === 1) stop--;
    const closes = stop > opening && bytes[stop] === syntax.quote;
    const inner = strayQuotes(bytes, Math.max(opening + 1, starts[next - 1]), closes ? stop : endOf(next), syntax);
    cost += strayInside * inner;
    if (closes) {
      ways.push({ place, next, start: opening + 1, stop, quoted: true, cost });
      cost += endAsText;
    }
    // What looks like another cell's beginning is inside if this way goes on.
    if (next < starts.length && bytes[syntax.skipBlanks(bytes, starts[next], to)] === syntax.quote) cost += endAsText;
    if (cost > mostCost) break;
  }
  return ways;
}

/** Quotes that nothing escapes. */
function strayQuotes(bytes: Uint8Array, from: number, to: number, syntax: Syntax): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const escapes = bytes[at] === syntax.escape && at + 1 < to && bytes[at + 1] === syntax.quote;
    if (escapes) at++;
    else if (bytes[at] === syntax.quote) count++;
  }
  return count;
}
