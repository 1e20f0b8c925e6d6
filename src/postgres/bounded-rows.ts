/** Rows read in steps, so that a few large ones do not come a thousand at a time: a row may have 4 MiB. */

const firstStep = 25;
/** Of the text of all. */
const defaultMaxChars = 8 * 1024 * 1024;

/**
 * At most `limit` rows, fewer where they are large; at least one if there is any.
 *
 * @param read the rows behind one, in their order, so many at most.
 * @returns `complete`: there are no more than these, or `limit` is reached.
 */
export async function boundedRows<R extends { row: number }>(
  read: (after: number, limit: number) => Promise<R[]>,
  { after, limit, maxChars = defaultMaxChars }: { after: number; limit: number; maxChars?: number },
): Promise<{ rows: R[]; complete: boolean }> {
  const rows: R[] = [];
  let chars = 0;
  let step = firstStep;
  while (rows.length < limit) {
    const wanted = Math.min(step, limit - rows.length);
    const found = await read(rows.at(-1)?.row ?? after, wanted);
    for (const row of found) {
      rows.push(row);
      chars += charsOf(row);
    }
    if (found.length < wanted) return { rows, complete: true };
    if (chars >= maxChars) return { rows, complete: rows.length === limit };
    const most = Math.floor(((maxChars - chars) * rows.length) / Math.max(1, chars));
    step = Math.max(1, Math.min(8 * step, most));
  }
  return { rows, complete: true };
}

/** Of all texts within, roughly. */
function charsOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  let chars = 0;
  for (const each of Object.values(value)) chars += charsOf(each);
  return chars;
}
