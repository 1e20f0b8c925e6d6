/** What a person says of a file's dialect on the command line: `--encoding`, `--delimiter`, `--header-row`, `--sheet`. */

import type { Dialect, DialectHints } from "../core/row.ts";
import { refuseUnusedHints } from "../core/unused-hints.ts";
import { encodingOf } from "../formats/csv/encoding.ts";
import { asDecision, NeedsDecision } from "./decision.ts";

export interface DialectFlags {
  encoding?: string;
  delimiter?: string;
  headerRow?: string;
  sheet?: string;
}

/** @throws NeedsDecision where a flag's value cannot be one. */
export function dialectHints(flags: DialectFlags): DialectHints {
  const hints: DialectHints = {};
  const { encoding } = flags;
  if (encoding !== undefined) hints.encoding = asDecision(() => encodingOf(encoding));
  if (flags.delimiter !== undefined) {
    const delimiter = flags.delimiter === "\\t" || flags.delimiter === "tab" ? "\t" : flags.delimiter;
    if (!/^[\t !#-~]$/.test(delimiter))
      throw new NeedsDecision("--delimiter must be one ASCII character (or `tab`), and no quote.");
    hints.delimiter = delimiter;
  }
  if (flags.headerRow !== undefined) {
    const headerRow = Number(flags.headerRow);
    if (!/^\d{1,9}$/.test(flags.headerRow))
      throw new NeedsDecision("--header-row must be a row number, or 0 for a file without a header.");
    hints.headerRow = headerRow;
  }
  if (flags.sheet !== undefined) {
    if (flags.sheet === "") throw new NeedsDecision("--sheet must be a sheet's name, or its place from 1.");
    hints.sheet = flags.sheet;
  }
  return hints;
}

/** @throws NeedsDecision for a flag that means nothing to a file of this format. */
export function refuseUnusedFlags(hints: DialectHints, dialect: Dialect): void {
  asDecision(() => refuseUnusedHints(hints, dialect));
}
