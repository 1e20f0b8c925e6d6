/** What was decided of how a file is read, with what came second: so that a person can see how sure it is, and change it. */
import type { Telling } from "./errors.ts";

/** Of the file, and of a column that feeds a field. */
export const choiceSubjects = [
  "delimiter",
  "encoding",
  "quote",
  "headerRow",
  "sheet",
  "dateOrder",
  "decimalMark",
] as const;
export type ChoiceSubject = (typeof choiceSubjects)[number];

export interface ReadingChoice {
  of: ChoiceSubject;
  /** The column's header; absent where it is about the file. */
  column?: string;
  chosen: string | number;
  /** Null: nothing else would read the file otherwise. */
  runnerUp: RunnerUp | null;
}

export interface RunnerUp {
  /** As a dialect's hint or a column's transform says it. */
  value: string | number;
  /** The rest of a sentence that begins with it: `would give 1 column in 40 of 40 rows`. */
  reason: Telling;
  /** It reads nearly as well: it is shown unasked. */
  isClose: boolean;
}
