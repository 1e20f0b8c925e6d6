/**
 * The catalogue of what can be wrong with data. An Issue is plain data, never thrown; its text comes from the reader's
 * locale (locale/), where every code listed here has an entry.
 */
import { type KindIssueCode, kindIssues } from "./field.ts";

import type { NextStep } from "./next-step.ts";

/**
 * `error` keeps the row out, `warning` lets it in and says so, `info` explains why a good row was skipped, or counts what was undone in
 * cells.
 */
export type Severity = "error" | "warning" | "info";

/** Codes of any field, row or file. Those that one kind of field has are described with it, in fields/. */
const generalSeverity = {
  required: "error",
  encoding_invalid: "error",
  nul_character: "error",
  spreadsheet_damage: "error",
  number_too_small: "error",
  number_too_large: "error",
  owner_unknown: "error",
  value_rejected: "error",
  at_least_one: "error",
  row_rejected: "error",
  row_too_short: "error",
  row_too_long: "error",
  row_too_large: "error",
  quote_unclosed: "error",
  quote_as_text: "warning",
  lines_in_quotes: "warning",
  rows_unwrapped: "info",
  cell_error: "error",
  cell_too_long: "error",
  outside_table: "error",
  row_number_repeated: "error",
  rows_padded: "info",
  total_row: "info",
  summary_row: "info",
  row_left_out: "info",
  decided_update: "info",
  sum_without_word: "warning",
  several_values: "warning",
  leading_zero_lost: "warning",
  constant_formula: "info",
  guard_removed: "info",
  unseen_removed: "info",
  blank_word: "info",
  value_unwrapped: "info",
  date_damage: "error",
  titles_above_header: "info",
  header_guessed: "warning",
  header_shifted: "info",
  header_repeated: "info",
  page_titles: "info",
  rules_between: "info",
  other_tables: "warning",
  other_sheets: "info",
  other_files: "info",
  sheet_hidden: "info",
  rows_hidden: "info",
  columns_hidden: "info",
  cells_merged: "info",
  formula_without_value: "warning",
  encoding_guessed: "warning",
  text_garbled: "warning",
  keys_as_column: "info",
  reading_changed: "info",
  reading_mixed: "warning",
  reading_open: "warning",
  dates_half_swapped: "warning",
  duplicate_in_file: "info",
  duplicate_of_failed: "error",
  duplicate_in_table: "info",
  match_ambiguous: "warning",
  record_ambiguous: "error",
  record_unknown: "error",
  record_key_blank: "error",
  record_in_use: "error",
  key_case_differs: "warning",
  key_shared_in_file: "warning",
  key_shared_in_table: "warning",
  no_match: "info",
  database_not_null: "error",
  database_too_long: "error",
  database_out_of_range: "error",
  database_check: "error",
  database_foreign_key: "error",
  database_unique: "error",
  database_rejected: "error",
  database_skipped: "info",
} as const satisfies Record<string, Severity>;

/**
 * What leaves a row out of an import before the match: it sums up others, or a person has said so. It is no error, and the row can be
 * taken in all the same.
 */
export const leavesOut = [
  "total_row",
  "summary_row",
  "row_left_out",
] as const satisfies readonly (keyof typeof generalSeverity)[];

export type IssueCode = keyof typeof generalSeverity | KindIssueCode;

/** Every code an Issue can carry, with its severity. The codes are public: reports, the API and the docs name them. */
export const issueSeverity: Readonly<Record<IssueCode, Severity>> = {
  ...(Object.fromEntries(Object.entries(kindIssues).map(([code, { severity }]) => [code, severity])) as Record<
    KindIssueCode,
    Severity
  >),
  ...generalSeverity,
};

/** What can be done about some of them; each face says it in its own words. */
export const issueNext: Readonly<Partial<Record<IssueCode, NextStep>>> = {
  other_sheets: { code: "choose_sheet" },
  other_files: { code: "choose_entry" },
  encoding_guessed: { code: "choose_encoding" },
  header_guessed: { code: "choose_header_row" },
};

/** What a message needs besides the value, e.g. `{ max: 100 }`. */
export type IssueParams = Record<string, string | number>;

/** One finding about one row (or one of its fields). */
export interface Issue {
  code: IssueCode;
  /** The row's number in the file as a spreadsheet counts it: the header is row 1. */
  row: number;
  /** The field's name; absent when the row as a whole is meant. */
  field?: string;
  /** The cell as in the file. */
  value?: string;
  params?: IssueParams;
  severity: Severity;
}

/** How many rows of a job carry an issue of one code in one field. Counted without limit. */
export interface IssueCount {
  field: string | null;
  code: IssueCode;
  count: number;
}

/** Rows kept one by one for each warning code; beyond it they are only counted. The report names this number. */
export const warningRowsCap = 1000;

/** An issue as stored in `import_rows.issues`: short keys, since a bad file has millions of them. */
export interface StoredIssue {
  /** code */
  c: IssueCode;
  /** field */
  f?: string;
  /** params */
  p?: IssueParams;
}
