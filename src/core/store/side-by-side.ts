/** A row that is a duplicate beside what it repeats: an earlier row of the file, or a record of the table as it is now. */
import type { Revealed } from "./archive.ts";
import type { RowDecision } from "./review.ts";

export interface SideBySideQuery {
  row: number;
  /** Of which records values are told. */
  revealed: Revealed;
}

export interface SideBySide {
  row: number;
  /** The row of the file that it repeats; null: it repeats none. */
  twin: number | null;
  /** The record that it finds; null: it finds none. */
  record: FoundRecord | null;
  /** Rows of the same record beside the row and its twin. */
  others: number;
  /** Whether it changes the record, or what its twin makes; else it is skipped. */
  isUpdate: boolean;
  /** What was decided of the row alone; null: that cannot be. */
  decision: RowDecision | null;
  /** What a field is, and what it would be, by the fields that the main record has. */
  fields: ComparedField[];
}

export interface FoundRecord {
  id: string;
  /** `hidden`: its values are not this reader's to see. `gone`: it is not in the table any more, or not among those that are matched. */
  state: "shown" | "hidden" | "gone";
}

/** Values as text; null: there is none, or it is not told. */
export interface ComparedField {
  field: string;
  row: string | null;
  /** Of the record, where there is one, else of the twin. */
  other: string | null;
  differs: boolean;
  /** What is there where the row is left out, or skipped. */
  without: string | null;
  /** What is there where it updates; null too where the importer's own loader decides. */
  updated: string | null;
}
