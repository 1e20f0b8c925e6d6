/** One file of the corpus and what reading it must give. */
import type { DialectHints } from "../../src/core/row.ts";

export interface CorpusCase {
  /** Path under `files/`. */
  file: string;
  /** What is odd about it, as a test's name goes on after "reads". */
  about: string;
  /** The file's bytes, for what is written by hand; LibreOffice makes the others. */
  make?: () => Uint8Array;
  hints?: DialectHints;
  columns?: string[];
  /**
   * Every row below the header: its number, then its cells as text. A cell is written with `=` in front when it was typed in
   * the file (a number, a date, a boolean), with `!` when it is an error value. Blank cells at the end of a row are left out.
   */
  rows?: (string | number)[][];
  /** How often each finding was told, while detecting and reading. */
  findings?: Record<string, number>;
  /** What the error that refuses the file says. */
  error?: RegExp;
}
