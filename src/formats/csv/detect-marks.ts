/**
 * Finds the marks of a delimited text: what separates its cells, what encloses them and how a quote is written inside
 * one. Each candidate cuts the first rows; the one that cuts them most evenly, into the most cells that look like values,
 * is right.
 */
import type { DialectHints, Quote, QuoteEscape } from "../../core/row.ts";
import { isRule } from "../table/between.ts";
import { mostFrequent } from "../table/table.ts";
import { blankScoreOf, isBroken, scoreOf, strictScoreOf, usual, wrappedScoreOf } from "./mark-score.ts";
import { type Head, sampleRows, type TrialRow } from "./sample.ts";
import type { TrialMarks } from "./syntax.ts";
import { wrappingOf } from "./wrapped-text.ts";

/** Taken only where no usual one cuts the rows, and they cut nearly all of them evenly. */
const unusual = ["\x1f", "\x01", "\x02", "~", "^", ":"] as const;

/** Several characters, taken where they cut the rows better than one. */
const several = [";;", "||", "::", "\t\t", "~~", "^^", "@@", "##", "|~|", "~|~", "|^|", "^|^", "#|#", "|;|"] as const;

/** This much of the text, and this many rows, are split on trial. */
const trialBytes = 64 * 1024;
const trialRows = 200;
const trialColumns = 64;

export interface FoundMarks {
  marks: TrialMarks;
  /** Cells that most rows have; 0: no row is cut. */
  width: number;
}

/** `said`: what a person says; the rows from `headerRow` on are judged. */
export function detectMarks(
  head: Head,
  said: Pick<DialectHints, "delimiter" | "quote" | "escape" | "headerRow">,
): FoundMarks {
  const { delimiter, headerRow = 0 } = said;
  const trial = trialOf(head);
  const text = Buffer.from(trial.text.buffer, trial.text.byteOffset, trial.text.length).toString("latin1");
  const quote = said.quote ?? detectQuote(text);
  const escapes = said.escape !== undefined ? [said.escape] : escapesIn(text, quote);
  const enclosed = escapes.map((escape) => ({ quote, escape }));
  const rowsOf = (marks: TrialMarks): TrialRow[] => trialRowsOf(trial, marks, headerRow);
  const best = (candidates: readonly TrialMarks[], score: typeof scoreOf): Scored | null => {
    let found: Scored | null = null;
    for (const marks of candidates) {
      if (!text.includes(marks.delimiter)) continue;
      const rows = rowsOf(marks);
      const value = score(rows, marks);
      if (value > (found?.score ?? 0) + 1e-9) found = { marks, score: value, rows };
    }
    return found;
  };
  const cross = (delimiters: readonly string[], more: Partial<TrialMarks> = {}): TrialMarks[] =>
    delimiters.flatMap((each) => enclosed.map((how) => ({ delimiter: each, ...how, ...more })));
  const usualOrSaid = delimiter === undefined ? usual : [delimiter];
  const plain = best(cross(usualOrSaid), scoreOf);
  const wrapping = wrappingOf(text, quote);
  if (wrapping !== null) {
    const wrapped = best(cross(usualOrSaid, { wrapped: wrapping }), wrappedScoreOf);
    if (wrapped !== null && wrapped.score > 1.02 * (plain?.score ?? 0)) return foundOf(wrapped);
  }
  if (delimiter !== undefined) {
    const merged = delimiter === " " ? best(cross([" "], { runs: true }), scoreOf) : null;
    if (merged !== null && merged.score > (plain?.score ?? 0)) return foundOf(merged);
    if (plain !== null) return foundOf(plain);
    const marks = { delimiter, quote, escape: betterEscape(rowsOf, delimiter, enclosed) };
    return { marks, width: widthOf(rowsOf(marks)) };
  }
  const longer = best(cross(several), strictScoreOf);
  if (longer !== null && longer.score > (plain?.score ?? 0)) return foundOf(longer);
  const found =
    plain ??
    best(cross(unusual), strictScoreOf) ??
    best([...cross(["  "]), ...cross([" ", "  "], { runs: true }), ...cross([" "])], blankScoreOf);
  if (found !== null) return foundOf(lengthened(found, rowsOf));
  // One column: whatever is not in its cells.
  const single = [",", "\t", "|", ";"].find((each) => !text.includes(each)) ?? "\t";
  return { marks: { delimiter: single, quote, escape: betterEscape(rowsOf, single, enclosed) }, width: 0 };
}

interface Scored {
  marks: TrialMarks;
  score: number;
  rows: readonly TrialRow[];
}

function foundOf({ marks, rows }: Scored): FoundMarks {
  return { marks, width: widthOf(rows) };
}

/** Cells that most rows have, by those whose quotes are in order. */
function widthOf(rows: readonly TrialRow[]): number {
  const sound = rows.filter(({ irregular, width }) => !irregular && width > 1);
  return mostFrequent((sound.length > 0 ? sound : rows.filter(({ width }) => width > 1)).map(({ width }) => width));
}

/**
 * Where the same punctuation, or nothing, is between every two cells of every row (`a;;b;;c`, `a|~|b`), it is part of the
 * delimiter.
 */
function lengthened(found: Scored, rowsOf: (marks: TrialMarks) => TrialRow[]): Scored {
  const { marks, rows } = found;
  const cut = rows.filter(({ width }) => width > 1);
  const between = cut[0]?.cells[1]?.trim() ?? "x";
  if (marks.runs || cut.length < 2 || !/^[^\p{L}\p{N}"']?$/u.test(between)) return found;
  const isBetween = ({ cells, width }: TrialRow): boolean =>
    width % 2 === 1 && cells.every((cell, c) => c % 2 === 0 || cell === between);
  if (!cut.every(isBetween)) return found;
  if (!cut.some(({ cells }) => cells.some((cell, c) => c > 0 && c % 2 === 0 && cell.trim() !== ""))) return found;
  const longer = { ...marks, delimiter: marks.delimiter + between + marks.delimiter };
  return { ...found, marks: longer, rows: rowsOf(longer) };
}

function escapesIn(text: string, quote: Quote): readonly QuoteEscape[] {
  return quote !== "none" && text.includes(`\\${quote}`) ? ["double", "backslash"] : ["double"];
}

/** The beginning that is cut on trial: whole lines, unless its first is longer. */
function trialOf({ text, atEnd }: Head): Head {
  if (text.length <= trialBytes) return { text, atEnd };
  const cut = text.lastIndexOf(0x0a, trialBytes);
  return cut < 0 ? { text, atEnd } : { text: text.subarray(0, cut + 1), atEnd: false };
}

function trialRowsOf(head: Head, marks: TrialMarks, headerRow: number): TrialRow[] {
  const read = (width: number): TrialRow[] => {
    const rows: TrialRow[] = [];
    for (const row of sampleRows(head, marks, { maxCells: trialColumns, width })) {
      // Lines that are drawn between rows are cut by no mark, or by another.
      if (row.number >= headerRow && !isRule(row.cells)) rows.push(row);
      if (rows.length === trialRows) break;
    }
    return rows;
  };
  const rows = read(0);
  // Stray quotes are told from others where it is known how many cells a row has.
  const isCertain = rows.every(
    ({ irregular, cells, quoted }) => !irregular && !cells.some((cell, c) => quoted[c] && /[\r\n]/.test(cell)),
  );
  return isCertain ? rows : read(widthOf(rows));
}

/** Apostrophes enclose cells where they open and close them, and quotes do not. */
function detectQuote(text: string): '"' | "'" {
  if (!text.includes("'")) return '"';
  const cells = (mark: string): number =>
    text.match(
      new RegExp(
        `(?<=(?:^|[\\r\\n,;|\\t])[ ]?)${mark}(?:[^${mark}\\r\\n]|${mark}${mark}|${mark}(?! *(?:[\\r\\n,;|\\t]|$)))*${mark}(?= *(?:[\\r\\n,;|\\t]|$))`,
        "g",
      ),
    )?.length ?? 0;
  const apostrophes = cells("'");
  return apostrophes >= 2 && apostrophes > 2 * cells('"') ? "'" : '"';
}

/** How a quote is escaped in a text of one column, or one whose delimiter is said and cuts nothing. */
function betterEscape(
  rowsOf: (marks: TrialMarks) => TrialRow[],
  delimiter: string,
  enclosed: readonly { quote: Quote; escape: QuoteEscape }[],
): QuoteEscape {
  const bad = enclosed.map((how) => {
    const marks = { delimiter, ...how };
    return rowsOf(marks).filter((row) => isBroken(row, marks)).length;
  });
  return bad.length === 2 && bad[1] < bad[0] ? "backslash" : enclosed[0].escape;
}
