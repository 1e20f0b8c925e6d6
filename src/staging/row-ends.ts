/** How the rows of a delimited file end, over the whole file: what its first rows suggested may be contradicted further down. */
import { type Batch, type CsvDialect, type Dialect, rowIntact, rowTooShort } from "../core/row.ts";
import { ShortRows, type StoredShortRows } from "../core/short-rows.ts";
import { isBlankRow } from "../values/white-space.ts";

export class RowEnds {
  readonly #dialect: CsvDialect;
  readonly #short: ShortRows;

  constructor(dialect: CsvDialect, stored?: StoredShortRows) {
    this.#dialect = dialect;
    this.#short = new ShortRows({ columns: dialect.columns.length, headerRow: dialect.headerRow, stored });
  }

  /** Counts the table's rows of a batch. */
  add(batch: Batch): void {
    const { rowCount, rowNumbers, shapes, cellCounts, cells, columnCount } = batch;
    const { headerRow, lastRow } = this.#dialect;
    const last = lastRow ?? Number.POSITIVE_INFINITY;
    for (let r = 0; r < rowCount; r++) {
      const row = rowNumbers[r];
      if (row <= headerRow || row > last || (shapes[r] !== rowIntact && shapes[r] !== rowTooShort)) continue;
      const width = Math.min(cellCounts[r], columnCount);
      const end = 2 * (r * columnCount + width - 1);
      const endsBlank = cells[end] === cells[end + 1];
      if ((endsBlank || width < columnCount) && isBlankRow(batch, r)) continue;
      this.#short.add(row, width, endsBlank);
    }
  }

  /** The dialect as all rows together show it; null: as it is. */
  get contradicted(): CsvDialect | null {
    const { endsEarly = false, ...rest } = this.#dialect;
    const { areTrimmed } = this.#short;
    if (areTrimmed === endsEarly) return null;
    return areTrimmed ? { ...rest, endsEarly: true } : rest;
  }

  toJSON(): StoredShortRows {
    return this.#short.toJSON();
  }
}

/** Null where rows end as their format says, or a person has said what short ones are. */
export function rowEndsOf(dialect: Dialect, stored?: StoredShortRows): RowEnds | null {
  return dialect.format !== "csv" || dialect.shortRows !== undefined ? null : new RowEnds(dialect, stored);
}
