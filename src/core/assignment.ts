/** Who owns the records of an import: nobody, one person, several in turn, or whom a column of the file names. */

/** Who owns the records of an import. */
export type Assignment =
  | { mode: "none" }
  | { mode: "single"; owner: string }
  | { mode: "round-robin"; owners: { owner: string; weight: number }[] }
  /** `values`: cells that nobody is called by, whatever their case → owner; they go before those who are called so. */
  | { mode: "column"; column: string; fallback?: string; values?: Record<string, string> };

/** The column of the file that names the owners; null where none does. */
export function ownerColumn(assignment: Assignment): string | null {
  return assignment.mode === "column" ? assignment.column : null;
}
