/** An activity over the years that it touches: a part for each, within its first and last day. */

/** Longer ones are a mistake in a date. */
export const maxYears = 50;

export interface Span {
  /** ISO 8601 dates, `2026-03-01`. */
  readonly start: string | null;
  readonly end: string | null;
  /** The page that the activity is to be on, where the file says one: it is not divided then. */
  readonly page: number | null;
}

/** The years, in their order; none where the dates are not in order, or too far apart. */
export function yearsOf({ start, end, page }: Span): number[] {
  if (start === null) return [];
  if (page !== null) return [page];
  const first = yearOf(start);
  const last = yearOf(end ?? start);
  return last < first || last - first >= maxYears ? [] : Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/** The first day of each part. */
export function startsOf(span: Span): string[] {
  return yearsOf(span).map((year, k) => (k === 0 ? (span.start ?? "") : `${padded(year)}-01-01`));
}

/** The last day of each part. */
export function endsOf(span: Span): string[] {
  const years = yearsOf(span);
  return years.map((year, k) => (k === years.length - 1 ? (span.end ?? span.start ?? "") : `${padded(year)}-12-31`));
}

function yearOf(date: string): number {
  return Number(date.slice(0, date.indexOf("-", 1)));
}

function padded(year: number): string {
  return String(year).padStart(4, "0");
}
