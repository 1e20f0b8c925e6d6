/** A cell read in each way that it could be meant, so that a person sees what they choose. */
import type { Transform } from "../../../client/index.ts";

export type DateOrder = NonNullable<Transform["dateOrder"]>;
export type DecimalMark = NonNullable<Transform["decimalMark"]>;

const dayMs = 86_400_000;
/** Day 0 of a spreadsheet, as its days after February 1900 count. */
const dayZero = Date.UTC(1899, 11, 30);

/** Midnight in UTC; null where the cell is then no date. */
export function readDate(text: string, order: DateOrder): Date | null {
  if (order === "serial") {
    const number = Number(text.trim());
    return Number.isFinite(number) && number > 0 && number < 3_000_000
      ? new Date(dayZero + Math.floor(number) * dayMs)
      : null;
  }
  const found = /^\s*(\d{1,4})[./\s-]+(\d{1,2})[./\s-]+(\d{1,4})(?!\d)/.exec(text);
  if (found === null) return null;
  const [a, b, c] = found.slice(1).map(Number);
  const [year, month, day] = order === "dmy" ? [c, b, a] : order === "mdy" ? [c, a, b] : [a, b, c];
  // Two digits as POSIX has them: from 1969 on.
  const whole = year > 99 ? year : year < 69 ? 2000 + year : 1900 + year;
  const date = new Date(Date.UTC(whole, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

export function readNumber(text: string, mark: DecimalMark): number | null {
  const plain = text.replaceAll(/[^\d.,-]/g, "").replaceAll(mark === "," ? "." : ",", "");
  const number = Number(plain.replace(",", "."));
  return plain === "" || Number.isNaN(number) ? null : number;
}

/** The orders worth asking for: years first only where a cell begins with one. */
export function ordersOf(values: readonly string[], present: DateOrder | undefined): DateOrder[] {
  const orders: DateOrder[] = ["dmy", "mdy"];
  if (present === "ymd" || values.some((value) => /^\s*\d{4}\D/.test(value))) orders.push("ymd");
  if (present === "serial") orders.push("serial");
  return orders;
}

/** The cell that tells the ways apart best: read differently by each, else by any. */
export function tellingExample<Way>(
  values: readonly string[],
  ways: readonly Way[],
  read: (text: string, way: Way) => { valueOf(): number } | null,
): string | undefined {
  const told = values.map(
    (value) => new Set(ways.map((way) => read(value, way)?.valueOf()).filter((each) => each !== undefined)).size,
  );
  const most = Math.max(0, ...told);
  return most === 0 ? undefined : values[told.indexOf(most)];
}
