/** What came of an import, in one word, and how its rows are shared out. */
import type { Counts, RowOutcome } from "../../../client/index.ts";

/** How many rows the file has, and how they ended. */
export interface Ended {
  rows: number;
  counts: Counts;
}

export type Outcome = "done_all" | "done_some" | "nothing_new" | "no_valid" | "empty";

export function outcomeOf({ rows, counts }: Ended): Outcome {
  const { created, updated, unchanged, skipped, invalid, failed } = counts;
  if (rows === 0) return "empty";
  if (created + updated > 0) return invalid + failed === 0 ? "done_all" : "done_some";
  return unchanged + skipped > 0 ? "nothing_new" : "no_valid";
}

const order: readonly RowOutcome[] = ["created", "updated", "unchanged", "skipped", "invalid", "failed"];

/** Every row of the file, by what became of it; those that a cancelled import did not come to at the end. Their sum is `rows`. */
export function sharesOf({ rows, counts }: Ended): { share: RowOutcome | "notReached"; count: number }[] {
  const shares: ReturnType<typeof sharesOf> = order.map((share) => ({ share, count: counts[share] }));
  const reached = shares.reduce((sum, { count }) => sum + count, 0);
  return rows > reached ? [...shares, { share: "notReached", count: rows - reached }] : shares;
}
