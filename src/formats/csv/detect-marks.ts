/**
 * Finds the marks of a delimited text: what separates its cells, what encloses them and how a quote is written inside
 * one. Each candidate cuts the first rows; the one that cuts them most evenly, into the most cells that look like values,
 * is right.
 */
import { mostFrequent } from "../table/table.ts";
import { type Head, sampleRows, type TrialRow } from "./sample.ts";
import type { Marks } from "./scanner.ts";

const usual = [",", ";", "\t", "|"] as const;
/** Taken only where no usual one cuts the rows, and they cut nearly all of them evenly. */
const unusual = ["\x1f", "\x01", "\x02", "~", "^", ":"] as const;

/** This much of the text, and this many rows, are split on trial. */
const trialBytes = 64 * 1024;
const trialRows = 200;
const trialColumns = 64;

type FoundMarks = Required<Marks>;

/** `delimiter`: what a person says; `headerRow`: the rows from it on are judged. */
export function detectMarks(
  head: Head,
  { delimiter, headerRow = 0 }: { delimiter?: string; headerRow?: number },
): FoundMarks {
  const trial = trialOf(head);
  const text = Buffer.from(trial.text.buffer, trial.text.byteOffset, trial.text.length).toString("latin1");
  const quote = detectQuote(text);
  const escapes = text.includes(`\\${quote}`) ? (["double", "backslash"] as const) : (["double"] as const);
  const best = (delimiters: readonly string[], score: typeof scoreOf): FoundMarks | null => {
    let found: { marks: FoundMarks; score: number } | null = null;
    for (const each of delimiters) {
      if (!text.includes(each)) continue;
      for (const escape of escapes) {
        const marks = { delimiter: each, quote, escape };
        const rows = trialRowsOf(trial, marks, headerRow);
        const value = score(rows, marks);
        if (value > (found?.score ?? 0) + 1e-9) found = { marks, score: value };
      }
    }
    return found?.marks ?? null;
  };
  if (delimiter !== undefined) {
    return best([delimiter], scoreOf) ?? { delimiter, quote, escape: betterEscape(trial, delimiter, quote, escapes) };
  }
  const found = best(usual, scoreOf) ?? best(unusual, strictScoreOf);
  if (found !== null) return found;
  // One column: whatever is not in its cells.
  const single = [",", "\t", "|", ";"].find((each) => !text.includes(each)) ?? "\t";
  return { delimiter: single, quote, escape: betterEscape(trial, single, quote, escapes) };
}

/** The beginning that is cut on trial: whole lines, unless its first is longer. */
function trialOf({ text, atEnd }: Head): Head {
  if (text.length <= trialBytes) return { text, atEnd };
  const cut = text.lastIndexOf(0x0a, trialBytes);
  return cut < 0 ? { text, atEnd } : { text: text.subarray(0, cut + 1), atEnd: false };
}

function trialRowsOf(head: Head, marks: Marks, headerRow: number): TrialRow[] {
  const rows: TrialRow[] = [];
  for (const row of sampleRows(head, marks, trialColumns)) {
    if (row.number >= headerRow) rows.push(row);
    if (rows.length === trialRows) break;
  }
  return rows;
}

/** Apostrophes enclose cells where they open and close them, and quotes do not. */
function detectQuote(text: string): '"' | "'" {
  const cells = (mark: string): number =>
    text.match(
      new RegExp(
        `(?<=^|[\\r\\n,;|\\t])${mark}(?:[^${mark}\\r\\n]|${mark}${mark}|\\\\${mark})*${mark}(?=[\\r\\n,;|\\t]|$)`,
        "g",
      ),
    )?.length ?? 0;
  const apostrophes = cells("'");
  return apostrophes >= 2 && apostrophes > 2 * cells('"') ? "'" : '"';
}

/** How a quote is escaped in a text of one column, or one whose delimiter is said and cuts nothing. */
function betterEscape(
  head: Head,
  delimiter: string,
  quote: '"' | "'",
  escapes: readonly ("double" | "backslash")[],
): "double" | "backslash" {
  const bad = escapes.map((escape) => {
    const marks = { delimiter, quote, escape };
    return trialRowsOf(head, marks, 0).filter((row) => isBroken(row, marks)).length;
  });
  return bad.length === 2 && bad[1] < bad[0] ? "backslash" : "double";
}

/** How evenly and plausibly marks cut the rows; 0 when they do not cut them. */
function scoreOf(rows: readonly TrialRow[], marks: FoundMarks): number {
  const table = belowTitles(rows, marks.delimiter);
  if (table === null) return 0;
  const share = (test: (row: TrialRow) => boolean): number => table.filter(test).length / table.length;
  // Commas in the sentences of a file of one column are not in every row.
  if (share(({ width }) => width < 2) > 0.5) return 0;
  const width = mostFrequent(table.map((row) => row.width).filter((each) => each > 1));
  const broken = share((row) => isBroken(row, marks));
  const sound = broken > 0.1 ? 0.3 : 1 - broken;
  return (
    share((row) => row.width === width) ** 2 * Math.log2(1 + width) * sound * (0.1 + 0.9 * plainShare(table, marks))
  );
}

/** Of the unusual delimiters, which occur in times, addresses and formulas too. */
function strictScoreOf(rows: readonly TrialRow[], marks: FoundMarks): number {
  if (rows.length < 2) return 0;
  const even = rows.filter(({ width }) => width === rows[0].width && width > 1).length / rows.length;
  if (even < 0.9) return 0;
  if (marks.delimiter === ":") {
    const texts = rows.map(({ cells }) => cells.join(":"));
    if (texts.filter((text) => /\d:\d\d|:\/\/|: /.test(text)).length > rows.length / 10) return 0;
  }
  return scoreOf(rows, marks);
}

/**
 * The rows from the first that is cut: what is above may be titles, if something distinguishes them from a column's name over
 * sentences. Null where the delimiter is none.
 */
function belowTitles(rows: readonly TrialRow[], delimiter: string): readonly TrialRow[] | null {
  const first = rows.findIndex(({ width }) => width > 1);
  if (first < 0) return null;
  if (first === 0) return rows;
  const table = rows.slice(first);
  const parted = table[0].number > rows[first - 1].number + 1;
  if (!parted && first > rows.length / 3) return rows;
  // A comma and a space are prose.
  const prose = table.filter(({ cells }) => cells.slice(1).some((cell) => cell.startsWith(" "))).length;
  if (delimiter !== "\t" && prose > table.length / 2) return rows[0].width > 1 ? rows : null;
  return table;
}

/** Whether a row has quotes where these marks do not allow them. */
function isBroken({ cells, quoted, unclosed }: TrialRow, { quote }: FoundMarks): boolean {
  if (unclosed) return true;
  if (quote === "'") return cells.some((cell, c) => !quoted[c] && cell.startsWith(quote));
  return cells.some((cell, c) => !quoted[c] && (cell.startsWith(quote) || cell.split(quote).length % 2 === 0));
}

/** The share of the cells in which no other delimiter seems to be at work. */
function plainShare(rows: readonly TrialRow[], { quote, delimiter }: FoundMarks): number {
  let cellCount = 0;
  let plain = 0;
  const inner = new RegExp(`${quote}[^${quote}]*${quote}`, "g");
  const others = usual.filter((each) => each !== delimiter);
  for (const { cells, quoted } of rows.slice(0, 100)) {
    for (const [c, cell] of cells.entries()) {
      cellCount++;
      if (quoted[c]) {
        plain++;
        continue;
      }
      const bare = cell.includes(quote) ? cell.replaceAll(inner, "") : cell;
      if (!others.some((each) => bare.includes(each)) || isPlainComma(bare)) plain++;
    }
  }
  return plain / Math.max(1, cellCount);
}

/** Commas as numbers and sentences have them (`EUR 12,50`, `Dupont, Jean`), and no other delimiter. */
function isPlainComma(text: string): boolean {
  if (/[;|\t]/.test(text)) return false;
  return !/,(?! )/.test(text) || /^[a-z€$£+(-]{0,4}\s?\d[\d.,\s'’]*[a-z%€$£²³)]{0,4}$/i.test(text);
}
