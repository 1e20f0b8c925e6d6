/**
 * What a person says of how the rows and cells of a file are taken, whatever it is written in. It is said with the dialect's hints, is
 * part of the dialect from then on, and is remembered with a mapping for the next file of the same columns.
 */

/**
 * White space at the ends of a cell: dropped, as an import does unasked (`ends`); dropped, and runs of it inside a line count as one space,
 * as Excel's TRIM does (`all`); kept by fields of text (`none`).
 */
export const trims = ["ends", "all", "none"] as const;
export type Trim = (typeof trims)[number];

/** A row that ends before the table's last columns: their cells are blank, or the row is rejected. */
export const shortRowChoices = ["pad", "reject"] as const;
export type ShortRows = (typeof shortRowChoices)[number];

/** Rows that add up others: skipped, or taken like any row. */
export const totalsChoices = ["skip", "keep"] as const;
export type Totals = (typeof totalsChoices)[number];

/** What nobody has said is absent. */
export interface Reading {
  /** Cells that are exactly one of these words are blank. */
  nulls?: string[];
  trim?: Trim;
  shortRows?: ShortRows;
  totals?: Totals;
}

export const maxNulls = 20;
export const maxNullChars = 100;

/** What is said, alone. */
export function readingOf({ nulls, trim, shortRows, totals }: Reading): Reading {
  return {
    ...(nulls !== undefined && nulls.length > 0 && { nulls }),
    ...(trim !== undefined && { trim }),
    ...(shortRows !== undefined && { shortRows }),
    ...(totals !== undefined && { totals }),
  };
}

/** What a mapping is remembered with: what was said of rows and cells, and that quotes are text. A file's own marks are found anew. */
export type RememberedReading = Reading & { quote?: "none" };

/** Null: nothing was said. */
export function rememberedReading(dialect: Reading & { quote?: string }): RememberedReading | null {
  const reading: RememberedReading = {
    ...readingOf(dialect),
    ...(dialect.quote === "none" && { quote: dialect.quote }),
  };
  return Object.keys(reading).length === 0 ? null : reading;
}
