/** Counts a cell by the order of day and month that its bytes allow. */

/** As plain data. */
export interface DayCounts {
  /** Dates whose numbers only fit day–month, only month–day, year first, or both of the first two. */
  dateOrders: { dmy: number; mdy: number; ymd: number; either: number };
  /** Of those with the year first, as dates have it that the file itself knows: days up to the twelfth, and later ones. */
  plainDays: { early: number; late: number };
  /** Days that were seen, as bits: the first twelve of those, and the later ones of the others. */
  seen: { plain: number; written: number };
}

export function noDays(): DayCounts {
  return {
    dateOrders: { dmy: 0, mdy: 0, ymd: 0, either: 0 },
    plainDays: { early: 0, late: 0 },
    seen: { plain: 0, written: 0 },
  };
}

const zero = 0x30;

/** Whether a byte stands between the numbers of a date: `/`, `.`, `-`, a blank. */
function isMark(byte: number): boolean {
  return byte === 0x2f || byte === 0x2e || byte === 0x2d || byte === 0x20;
}

export function countDay(
  { dateOrders, plainDays, seen }: DayCounts,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let at = start;
  const number = (): number => {
    let value = 0;
    const from = at;
    for (; at < end && at - from < 5; at++) {
      const digit = bytes[at] - zero;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    return at === from ? -1 : value;
  };
  const mark = (): boolean => {
    if (at >= end || !isMark(bytes[at])) return false;
    // `1. 2. 2024`
    while (at < end && isMark(bytes[at])) at++;
    return true;
  };
  const a = number();
  const isYear = at - start === 4;
  if (a < 0 || (at - start > 2 && !isYear) || !mark()) return;
  const second = at;
  const b = number();
  if (b < 1 || at - second > 2 || !mark()) return;
  const third = at;
  const c = number();
  if (isYear) {
    if (c < 1 || at - third > 2 || b > 12) return;
    dateOrders.ymd++;
    if (c > 12) plainDays.late++;
    else {
      plainDays.early++;
      seen.plain |= 1 << c;
    }
    return;
  }
  if (c < 0 || (at - third !== 2 && at - third !== 4) || a < 1 || a > 31 || b > 31) return;
  if (a > 12 && b > 12) return;
  if (a > 12) {
    dateOrders.dmy++;
    seen.written |= 1 << a;
  } else if (b > 12) {
    dateOrders.mdy++;
    seen.written |= 1 << b;
  }
  // 05/05/2026 is the same day either way.
  else if (a !== b) dateOrders.either++;
}
