/** A row of a file's sample, as text, and how wide it is. */

export interface SampleRow {
  /** As a spreadsheet counts. */
  number: number;
  cells: string[];
}

export function isFilled(cell: string): boolean {
  return cell.trim() !== "";
}

/** Cells up to the last that is filled. */
export function filledWidth(cells: readonly string[]): number {
  let width = cells.length;
  while (width > 0 && !isFilled(cells[width - 1])) width--;
  return width;
}

/** The width of the widest row; 0 of none. */
export function widest(rows: readonly SampleRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, filledWidth(cells)), 0);
}

/** The number that comes most often, the largest of those that come equally often. */
export function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const each of numbers) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 0;
}
