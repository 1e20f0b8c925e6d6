/**
 * What a file seems to be, before it is imported: which column is what, which parents it implies, the time it spans, and what would come
 * of it. Suggestions alone, each with its reason; nothing is done with one before a person takes it.
 */
import type { Telling } from "./errors.ts";

/** A column, and where it goes or should go. */
export interface AnalysedColumn {
  /** Its place in the file. */
  column: number;
  header: string;
  field: string | null;
  /** It feeds nothing yet, and `field` is the suggestion. */
  isSuggested: boolean;
  /** 0 to 1. */
  score: number;
  reason: Telling;
  /** Who says so: the file alone, or a language model that was asked. */
  by: "file" | "model";
}

/** Records that the rows refer to, found by a column's values or created: the rings, groups and labels of a planner. */
export interface ImpliedParent {
  /** Of the importer's records; null: a field that looks records up. */
  record: string | null;
  field: string;
  header: string;
  /** Whether those that are not there are created. */
  isCreated: boolean;
  distinct: number;
  /** The sample does not show all of them. */
  isAtLeast: boolean;
  values: { value: string; count: number }[];
  reason: Telling;
}

/** The first and the last day in the columns of dates. */
export interface DateSpan {
  fields: string[];
  headers: string[];
  from: string;
  to: string;
  years: number[];
  reason: Telling;
}

/** What would come of the file in one table. */
export interface SuggestedRecords {
  /** Of the importer's records; null: it has one table. */
  record: string | null;
  table: string;
  /** Null: not known from a sample. */
  count: number | null;
  isAtLeast: boolean;
  reason: Telling;
}

export interface Analysis {
  /** How many rows were looked at; the file may have more. */
  sampledRows: number;
  isWhole: boolean;
  columns: AnalysedColumn[];
  parents: ImpliedParent[];
  spans: DateSpan[];
  structure: SuggestedRecords[];
}

/** What a language model is asked: headers and a bounded sample, never the file. */
export interface AnalysisQuestion {
  importer: string;
  /** Language of the reasons: `fr`. */
  language: string;
  fields: readonly { name: string; label: string; kind: string; required: boolean; isParent: boolean }[];
  columns: readonly { header: string; kind: string; distinct: number; examples: readonly string[] }[];
}

/** What it says of the columns, as plain data that nobody has checked against the file. */
export interface AnalysisAnswer {
  columns: readonly { header: string; field: string | null; reason: string }[];
}

/** A language model behind a port: `analysis: { model }` of a config. */
export interface Analyst {
  /** As people are told: `anthropic/claude-…`. */
  readonly name: string;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** @throws anything when it is slow, fails, or answers something else than was asked for */
  ask(question: AnalysisQuestion, signal: AbortSignal): Promise<AnalysisAnswer>;
}
