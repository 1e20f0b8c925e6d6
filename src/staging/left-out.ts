/**
 * Rows that a person leaves out of an import, and puts back in. Nothing of such a row is lost: what it was is kept, and comes back with
 * it. Until then no edit touches it.
 */
import { shapeIssueOf } from "../core/import.ts";
import type { HeldRow, RowChange } from "../core/store/review.ts";
import type { Revalidator } from "./revalidate.ts";

export function isLeftOutByHand({ issues }: HeldRow): boolean {
  return issues.some(({ c }) => c === "row_left_out");
}

/** Null: the row is left out already. */
export function leaveOut(held: HeldRow, revalidator: Revalidator): RowChange | null {
  if (held.status === "skipped") return null;
  const shape = shapeIssueOf(held.issues);
  return asItIs(held, revalidator, [{ c: "row_left_out", ...(shape !== undefined && { p: { shape } }) }]);
}

/** As it was before; what the parse had left out is validated as a row like any. */
export function putBack(held: HeldRow, revalidator: Revalidator): RowChange | null {
  if (!isLeftOutByHand(held)) return revalidator.revalidate(held);
  return asItIs(held, revalidator, held.issuesBefore ?? null);
}

/** With all that is kept of it. */
export function asItIs(held: HeldRow, revalidator: Revalidator, issues: RowChange["issues"]): RowChange {
  const { row, typed, warnings } = held;
  const cells = held.cells ?? revalidator.cells(held);
  return { row, cells, typed, fresh: [], values: {}, documents: [], issues, warnings, edited: {} };
}
