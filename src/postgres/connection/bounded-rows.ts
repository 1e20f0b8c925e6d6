/**
 * Rows read in steps, so that a few large ones do not come a thousand at a time: a row of a file may have 4 MiB, a list of
 * its columns as much.
 */
import type { Listed } from "../../core/store/archive.ts";

const firstStep = 25;
/** Of the text of all. */
const defaultMaxChars = 8 * 1024 * 1024;
/** Of a page that somebody looks at. The step that goes beyond it is the last, so a page may have twice that. */
export const maxPageChars = 4 * 1024 * 1024;
/** Of which the first step is small: how large the rows are nobody knows. */
const firstPageStep = 10;

/**
 * At most `limit` rows, fewer where they are large; at least one if there is any.
 *
 * @param read the rows after a given one, in order, up to a limit.
 * @returns `complete`: there are no more than these, or `limit` is reached.
 */
export async function boundedRows<R>(
  read: (last: R | undefined, limit: number) => Promise<R[]>,
  { limit, maxChars = defaultMaxChars, step = firstStep }: { limit: number; maxChars?: number; step?: number },
): Promise<{ rows: R[]; complete: boolean }> {
  const rows: R[] = [];
  let chars = 0;
  let most = step;
  while (rows.length < limit) {
    const wanted = Math.min(most, limit - rows.length);
    const found = await read(rows.at(-1), wanted);
    for (const row of found) {
      rows.push(row);
      chars += charsOf(row);
    }
    if (found.length < wanted) return { rows, complete: true };
    if (chars >= maxChars) return { rows, complete: rows.length === limit };
    most = nextStep(most, maxChars - chars, chars / rows.length);
  }
  return { rows, complete: true };
}

/** How many rows to read next, by what those before were like. */
export function nextStep(step: number, charsLeft: number, charsOfRow: number): number {
  return Math.max(1, Math.min(8 * step, Math.floor(charsLeft / Math.max(1, charsOfRow))));
}

/** A page of a list: at most `limit` rows, and whether others follow. */
export async function boundedPage<R>(
  read: (last: R | undefined, limit: number) => Promise<R[]>,
  limit: number,
): Promise<Listed<R>> {
  const { rows, complete } = await boundedRows(read, { limit: limit + 1, maxChars: maxPageChars, step: firstPageStep });
  return { items: rows.slice(0, limit), more: !complete || rows.length > limit };
}

/** Of all texts within, roughly. */
export function charsOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  let chars = 0;
  for (const each of Object.values(value)) chars += charsOf(each);
  return chars;
}
