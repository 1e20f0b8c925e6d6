/** Whether a row sums up the ones above it: what is evidence for that, and how much of it each word needs. */
import type { IssueCode, StoredIssue } from "../../core/issue.ts";
import type { SumCell } from "../../core/row.ts";
import type { ColumnSum } from "./column-sum.ts";
import { isQualified, noteWords, type SummaryWord } from "./summary-words.ts";

/** A place where sums may begin: the start, and behind each total. */
export interface Mark {
  /** Records before it. */
  rows: number;
  /** Number of the first record after it; 0: there is none yet. */
  first: number;
}

/** What is known of a row that may be a total. */
export interface Candidate {
  cells: string[];
  typed: boolean[];
  word: SummaryWord | null;
  /** Where the word is; -1: nowhere. */
  wordColumn: number;
  sums: readonly SumCell[];
  isOutside: boolean;
}

/** What is known of the rows above. */
export interface Above {
  columns: readonly ColumnSum[];
  marks: readonly Mark[];
  /** Records. */
  rows: number;
  lastRow: number;
  /** The row before was left out. */
  isAfter: boolean;
}

export type Verdict =
  | { kind: "total"; issue: StoredIssue }
  | { kind: "warned"; issue: StoredIssue }
  | { kind: "record" };

const record: Verdict = { kind: "record" };

/** Cells that a record must have added up, for a value to be their sum by more than chance. */
const leastSummands = 3;
/** A column that is filled in as many of the rows is missed where it is blank. */
const usualShare = 0.8;

export function judge(candidate: Candidate, above: Above): Verdict {
  const { word, cells, sums, isOutside } = candidate;
  const { isAfter } = above;
  const texts = textsOf(candidate, above);
  const others = cells.filter((cell, c) => cell !== "" && c !== candidate.wordColumn).length;
  const formula = sums.find(({ column }) => cells[column] !== "");
  const range = rangeOf(candidate, above);
  const total = (): Verdict => {
    if (formula !== undefined && formula.from !== null && formula.to !== null)
      return told("total_row", { from: formula.from, to: formula.to });
    return range === null ? told("summary_row") : told("total_row", { from: range.from, to: range.to });
  };
  if (word === null) {
    if (formula !== undefined && texts.isBlank) return total();
    const isNote = others === 1 && (isOutside || isAfter) && noteWords.test(cells.find((cell) => cell !== "") ?? "");
    if (isNote) return told("summary_row");
    if (isOutside) return record;
    return formula !== undefined || isUnlikely(candidate, above) ? warned(total()) : record;
  }
  switch (word.kind) {
    case "total": {
      if (formula !== undefined && texts.isMostlyBlank) return total();
      if (word.isBare) {
        const isSum = range !== null && (texts.isMostlyBlank || (range.summands > 1 && texts.informative < 2));
        // Of a table without numbers: how many rows there are.
        if (others === 1 && countsRows(candidate, above)) return told("summary_row");
        return isSum || texts.isBlank || (isAfter && texts.isMostlyBlank) ? total() : record;
      }
      const isNamed = isQualified(word) || isOfGroup(word.rest, above);
      if (!texts.isMostlyBlank) return record;
      if (range !== null && (range.summands > 1 || isNamed)) return total();
      return isNamed && (texts.isBlank || isAfter) ? total() : record;
    }
    case "average": {
      const isAverage = texts.isMostlyBlank && averages(candidate, above);
      return isAverage || (word.isBare && texts.isBlank) || (isAfter && texts.isMostlyBlank)
        ? told("summary_row")
        : record;
    }
    case "count": {
      const isAlone = word.count !== null && others === 0;
      const isCount = texts.isMostlyBlank && countsRows(candidate, above);
      return isAlone || isCount || (isAfter && word.isBare && texts.isMostlyBlank) ? told("summary_row") : record;
    }
    case "tax":
      return (isAfter || formula !== undefined) && texts.isMostlyBlank ? told("summary_row") : record;
  }
}

function told(c: IssueCode, p?: StoredIssue["p"]): Verdict {
  return { kind: "total", issue: { c, ...(p !== undefined && { p }) } };
}

/** A row that goes in nevertheless. */
function warned(verdict: Verdict): Verdict {
  if (verdict.kind !== "total" || verdict.issue.p === undefined) return record;
  return { kind: "warned", issue: { c: "sum_without_word", p: verdict.issue.p } };
}

interface Texts {
  /** All that a record has are blank here. */
  isBlank: boolean;
  /** At least half of them. */
  isMostlyBlank: boolean;
  /** Cells that are neither blank nor the same as in the row before. */
  informative: number;
}

/** What the row has in the columns of text that records have filled. */
function textsOf({ cells, wordColumn }: Candidate, { columns, rows }: Above): Texts {
  let usual = 0;
  let blank = 0;
  let repeated = 0;
  for (const [c, column] of columns.entries()) {
    if (c === wordColumn || column.filled < usualShare * rows || rows === 0) continue;
    if (!column.isText) {
      // Of a table without other columns, a number is missed.
      continue;
    }
    usual++;
    if (cells[c] === "") blank++;
    else if (cells[c].slice(0, column.last.length) === column.last) repeated++;
  }
  if (usual === 0) {
    const numbers = columns.filter(
      (column, c) => c !== wordColumn && !column.isText && column.filled >= usualShare * rows,
    );
    const missing = numbers.length > 0 && columns.every((_, c) => c === wordColumn || cells[c] === "");
    return { isBlank: missing, isMostlyBlank: true, informative: 0 };
  }
  return {
    isBlank: blank > 0 && blank + repeated === usual,
    isMostlyBlank: blank > 0 && 2 * (blank + repeated) >= usual,
    informative: usual - blank - repeated,
  };
}

interface Range {
  from: number;
  to: number;
  summands: number;
}

/** The latest places first, each with rows behind it that the ones after it do not have. */
function placesOf({ marks, rows }: Above): number[] {
  return [...marks.keys()].reverse().filter((place) => marks[place].rows < rows);
}

/** The rows that the most of its cells add up; null: none does. */
function rangeOf({ cells, typed, word, wordColumn }: Candidate, above: Above): Range | null {
  let best: { place: number; matches: number; summands: number } | null = null;
  for (const place of placesOf(above)) {
    let matches = 0;
    let summands = 0;
    for (const [c, column] of above.columns.entries()) {
      // "Total: 1,600" has its number beside the word.
      const cell =
        c === wordColumn || (cells[c] === "" && word?.isBare === true && word.rest !== "")
          ? (word?.rest ?? "")
          : cells[c];
      if (cell === "" || cell === undefined) continue;
      const found = column.addsUp(cell, c !== wordColumn && typed[c], place);
      if (found === 0) continue;
      matches++;
      summands = Math.max(summands, found);
    }
    if (matches > (best?.matches ?? 0)) best = { place, matches, summands };
  }
  return best === null ? null : { from: above.marks[best.place].first, to: above.lastRow, summands: best.summands };
}

/** A value that is the sum of all above, digit by digit, and neither small nor of few. */
function isUnlikely({ cells, typed }: Candidate, { columns }: Above): boolean {
  return columns.some(
    (column, c) =>
      cells[c].replaceAll(/\D/g, "").length > 2 &&
      column.addsUp(cells[c], typed[c], 0) >= leastSummands &&
      column.isExactly(cells[c], typed[c], 0),
  );
}

function averages({ cells, typed, word, wordColumn }: Candidate, above: Above): boolean {
  return placesOf(above).some((place) =>
    above.columns.some((column, c) => {
      const cell = c === wordColumn ? (word?.rest ?? "") : cells[c];
      const per = above.rows - above.marks[place].rows;
      return cell !== "" && column.addsUp(cell, c !== wordColumn && typed[c], place, per) > 0;
    }),
  );
}

function countsRows({ cells, word, wordColumn }: Candidate, above: Above): boolean {
  const told = new Set(cells.filter((cell, c) => c !== wordColumn && /^\d+$/.test(cell)).map(Number));
  if (word?.count !== null && word !== null) told.add(word.count);
  return placesOf(above).some((place) => told.has(above.rows - above.marks[place].rows));
}

/** Whether it is the name of the rows' group: a cell of the row before. */
function isOfGroup(name: string, { columns }: Above): boolean {
  const folded = name.toLowerCase();
  return columns.some(({ last }) => last !== "" && last.toLowerCase() === folded);
}
