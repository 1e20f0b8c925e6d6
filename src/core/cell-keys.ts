/** What the cells of a row are called by the fields that they feed. */
import type { Mapping } from "./import.ts";

/** By the places of the columns: the field, with the header where several columns may feed one; null: it feeds none. */
export function cellKeys({ columns }: Pick<Mapping, "columns">): (string | null)[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { field } of columns) {
    if (field === null) continue;
    if (seen.has(field) || field.endsWith(".*")) shared.add(field);
    seen.add(field);
  }
  return columns.map(({ field, header }) => (field !== null && shared.has(field) ? `${field}[${header}]` : field));
}
