/** The first rows of a file as one way of reading them gives them, to be compared with another. */
import { SluiceError } from "../core/errors.ts";
import type { Format, Source } from "../core/ports.ts";
import { type Dialect, type DialectHints, rowCells } from "../core/row.ts";

/** Rows that are compared. */
const trialRows = 200;
/** Characters of a cell that are compared. */
const trialChars = 200;

export interface TrialRow {
  number: number;
  cells: string[];
}

export interface Trial {
  dialect: Dialect;
  /** Rows down to the header. */
  above: TrialRow[];
  /** The first rows below it that hold something. */
  rows: TrialRow[];
  /** Whether these are all. */
  isWhole: boolean;
  /** How many of the rows have as many cells as there are columns. */
  even: number;
}

/** Null: the file cannot be read so. */
export async function tryHints(
  format: Format,
  source: Source,
  hints: DialectHints,
  signal?: AbortSignal,
): Promise<Trial | null> {
  try {
    return await tryDialect(format, source, await format.detect(source, hints, signal), signal);
  } catch (error) {
    if (error instanceof SluiceError && error.code === "invalid") return null;
    throw error;
  }
}

export async function tryDialect(
  format: Format,
  source: Source,
  dialect: Dialect,
  signal?: AbortSignal,
): Promise<Trial> {
  const trial: Trial = { dialect, above: [], rows: [], isWhole: true, even: 0 };
  const last = dialect.lastRow ?? Number.POSITIVE_INFINITY;
  for await (const batch of format.read(source, dialect, { signal })) {
    for (let r = 0; r < batch.rowCount; r++) {
      const number = batch.rowNumbers[r];
      if (number > last) return trial;
      if (trial.rows.length === trialRows) return { ...trial, isWhole: false };
      const cells = rowCells(batch, r, trialChars);
      if (cells.every((cell) => cell.trim() === "")) continue;
      if (number <= dialect.headerRow) trial.above.push({ number, cells });
      else {
        trial.rows.push({ number, cells });
        if (batch.cellCounts[r] === dialect.columns.length) trial.even++;
      }
    }
  }
  return trial;
}
