/** A mapping as a person says it: of columns by their headers, and of fields that are not one column's. */
import type { FieldSource } from "./field-source.ts";
import type { ReadingReason, Transform } from "./import.ts";

/** What a person says of one column: its field (null leaves it out) and how its cells are read. */
export interface GivenMapping {
  column: string;
  field: string | null;
  transform?: Transform;
  /** What a blank cell counts as. */
  default?: string;
  /**
   * Why another file of these columns had this order of dates or decimal mark: what this file shows goes before it. Absent: a person
   * says it.
   */
  readBy?: ReadingReason;
}

/** Columns of the file → fields, as programs and configs have them; null: a column is left out. `default`: what a blank cell counts as. */
export type SaidColumns = Readonly<Record<string, string | null | { field: string; default?: string }>>;

export function givenColumn(column: string, said: SaidColumns[string]): GivenMapping {
  return typeof said === "object" && said !== null ? { column, ...said } : { column, field: said };
}

/** What a person says of a field that is not one column's; null: it is not made any more. */
export interface GivenField {
  field: string;
  source: FieldSource<string> | null;
  transform?: Transform;
  /** What a blank counts as. */
  default?: string;
  /** A column that is called so takes precedence: `Prix+TVA` may be one. */
  unlessColumn?: string;
}

export type Given = GivenMapping | GivenField;

export function isGivenField(given: Given): given is GivenField {
  return "source" in given;
}
