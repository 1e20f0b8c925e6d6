/** What becomes of a row that is there already, and what an update does with each of its fields. */
import type { MergeRule } from "./fields/kind.ts";
import type { KeptKey } from "./keys.ts";

/** What to do with a row that matches a record or an earlier row. */
export type DuplicateStrategy = "skip" | "update" | "create";

export const duplicateStrategies: readonly DuplicateStrategy[] = ["skip", "update", "create"];

/** What recognises a duplicate, the strongest key first, and what becomes of it. */
export interface DuplicateOptions {
  strategy: DuplicateStrategy;
  keys: KeptKey[];
}

/** What an update does with each field, where that is not what the importer says. */
export type MergeRules = Record<string, MergeRule>;
