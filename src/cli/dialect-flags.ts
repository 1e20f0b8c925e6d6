/** What a person says of how a file is read on the command line: `--encoding`, `--delimiter`, `--quote`, `--null` and the others. */

import { type Command, Option } from "commander";
import {
  maxNullChars,
  maxNulls,
  type ShortRows,
  shortRowChoices,
  type Totals,
  totalsChoices,
} from "../core/reading.ts";
import {
  type Dialect,
  type DialectHints,
  isDelimiter,
  type Quote,
  type QuoteEscape,
  quoteEscapes,
  quotes,
} from "../core/row.ts";
import { refuseUnusedHints } from "../core/unused-hints.ts";
import { encodingOf } from "../formats/csv/encoding.ts";
import { asDecision, NeedsDecision } from "./decision.ts";

export interface DialectFlags {
  encoding?: string;
  delimiter?: string;
  quote?: Quote;
  escape?: QuoteEscape;
  headerRow?: string;
  sheet?: string;
  entry?: string;
  null?: string[];
  trim?: boolean;
  shortRows?: ShortRows;
  totals?: Totals;
}

/** The flag of each. */
export const dialectFlagNames: Readonly<Record<keyof DialectHints, string>> = {
  encoding: "--encoding",
  delimiter: "--delimiter",
  quote: "--quote",
  escape: "--escape",
  headerRow: "--header-row",
  sheet: "--sheet",
  entry: "--entry",
  nulls: "--null",
  trim: "--trim",
  shortRows: "--short-rows",
  totals: "--totals",
};

/** The values of an option that can be given several times. */
export function repeatable(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Adds them to a command that reads a file. */
export function withDialectFlags(command: Command): Command {
  return command
    .option("--encoding <name>", "such as utf-8, windows-1252, macintosh or shift_jis (default: detected)")
    .option("--delimiter <character>", "default: detected")
    .addOption(
      new Option("--quote <mark>", "what encloses cells; none: quotes are text (default: detected)").choices(quotes),
    )
    .addOption(
      new Option("--escape <how>", "how a quote is written inside quotes (default: detected)").choices(quoteEscapes),
    )
    .option("--header-row <number>", "row of the header, 0 for none (default: detected)")
    .option("--sheet <sheet>", "sheet of a workbook, by name or position from 1 (default: the first with a table)")
    .option(
      "--entry <file>",
      "file of a zip archive, by name or position from 1 (default: the only table, else the largest)",
    )
    .option("--null <word>", "treat a cell that is exactly this as blank (repeatable)", repeatable)
    .option("--trim", "trim cells and collapse runs of white space inside them to one space")
    .option("--no-trim", "keep white space at the ends of text cells (default: an import drops it)")
    .addOption(
      new Option(
        "--short-rows <how>",
        "rows that end early: pad them with blanks, or reject them (default: as the file shows)",
      ).choices(shortRowChoices),
    )
    .addOption(
      new Option(
        "--totals <how>",
        "rows that add up others: skip them, or keep them as records (default: skip)",
      ).choices(totalsChoices),
    );
}

/** @throws NeedsDecision where a flag's value cannot be one. */
export function dialectHints(flags: DialectFlags): DialectHints {
  const hints: DialectHints = {};
  const { encoding } = flags;
  if (encoding !== undefined) hints.encoding = asDecision(() => encodingOf(encoding));
  if (flags.delimiter !== undefined) {
    const delimiter = flags.delimiter === "\\t" || flags.delimiter === "tab" ? "\t" : flags.delimiter;
    if (!isDelimiter(delimiter))
      throw new NeedsDecision("--delimiter must be one to four ASCII characters, or `tab`, and contain no quote.");
    hints.delimiter = delimiter;
  }
  if (flags.quote !== undefined) hints.quote = flags.quote;
  if (flags.escape !== undefined) hints.escape = flags.escape;
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
  if (flags.entry !== undefined) {
    if (flags.entry === "")
      throw new NeedsDecision("--entry must be the name of a file in the archive, or its place from 1.");
    hints.entry = flags.entry;
  }
  if (flags.null !== undefined) hints.nulls = nullWords(flags.null);
  if (flags.trim !== undefined) hints.trim = flags.trim ? "all" : "none";
  if (flags.shortRows !== undefined) hints.shortRows = flags.shortRows;
  if (flags.totals !== undefined) hints.totals = flags.totals;
  return hints;
}

function nullWords(words: readonly string[]): string[] {
  if (words.length > maxNulls) throw new NeedsDecision(`--null can be given at most ${maxNulls} times.`);
  for (const word of words) {
    if (word.trim() === "") throw new NeedsDecision("--null must be a word: a cell of nothing is blank already.");
    if (word.length > maxNullChars) throw new NeedsDecision(`--null must be at most ${maxNullChars} characters.`);
  }
  return [...new Set(words)];
}

/** @throws NeedsDecision for a flag that means nothing to a file of this format. */
export function refuseUnusedFlags(hints: DialectHints, dialect: Dialect): void {
  asDecision(() => refuseUnusedHints(hints, dialect));
}
