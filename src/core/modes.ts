/** What an import does with what is there already: the mode that a person chooses, among those that the importer offers. */
import type { DuplicateOptions } from "./duplicates.ts";

/**
 * - `append`: nothing is matched, every row makes a new record.
 * - `upsert`: rows are matched, and the strategy for duplicates decides.
 * - `update_only`: rows that match a record update it, the others are skipped and said so.
 * - `replace`: what is in the import's scope is deleted, and the file's records are written, in one visible step.
 * - `mirror`: rows are matched and update, and records of the scope that the file does not name are deactivated or deleted.
 */
export type Mode = "append" | "upsert" | "update_only" | "replace" | "mirror";

export const modes: readonly Mode[] = ["append", "upsert", "update_only", "replace", "mirror"];

/** Whether an import in this mode takes away what is there. */
export function removes(mode: Mode): mode is "replace" | "mirror" {
  return mode === "replace" || mode === "mirror";
}

/** Of an importer that does not say, the default first. */
const usualModes: readonly Mode[] = ["upsert", "update_only", "append"];

/** The modes an import of the importer may have, the default first. */
export function offeredModes({ modes: own }: { modes?: readonly Mode[] | undefined }): readonly Mode[] {
  return own ?? usualModes;
}

/** What becomes of duplicates in an import's mode: a mode may leave no choice. */
export function duplicatesIn({ mode, duplicates }: { mode: Mode; duplicates: DuplicateOptions }): DuplicateOptions {
  switch (mode) {
    case "append":
    case "replace":
      return { strategy: "create", keys: [] };
    case "upsert":
      return duplicates;
    case "update_only":
    case "mirror":
      return { ...duplicates, strategy: "update" };
  }
}
