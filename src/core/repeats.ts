/** Rows of one file that are the same record, by the one key that recognises it: which of them count. */
import type { DuplicateOptions } from "./duplicates.ts";

/**
 * - `all`: one after the other, so that what a later row has goes over what an earlier one has.
 * - `first`, `last`: that row alone; the others are skipped, and said so.
 */
export type Repeats = "all" | "first" | "last";

export const repeatChoices: readonly Repeats[] = ["all", "first", "last"];

/** What holds for an import: where rows are skipped or created as duplicates anyway, or recognised by several keys, there is no choice. */
export function repeatsIn({
  duplicates: { strategy, keys },
  repeats,
}: {
  duplicates: DuplicateOptions;
  repeats: Repeats;
}): Repeats {
  return strategy === "update" && keys.length === 1 ? repeats : "all";
}
