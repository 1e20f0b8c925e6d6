/**
 * What all rows of a file show of how its dates and numbers are written, counted while it is staged: what the first rows suggested is
 * compared with it before anything is committed. Cells are looked at as bytes, and only those of columns that feed such fields.
 */
import { feedOf } from "../core/feeds.ts";
import { type Field, kindOf } from "../core/field.ts";
import type { Mapping } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type Batch, cellError, cellEscaped, cellTyped, rowIntact } from "../core/row.ts";
import { mayBeSpace, spaceAt, spaceBefore } from "../values/white-space.ts";
import { countDay, type DayCounts, noDays } from "./count-day.ts";
import { countMark, type MarkCounts } from "./count-mark.ts";

/** What is counted of one column, as plain data: it is stored with the checkpoint. */
export interface RowReading extends DayCounts {
  column: number;
  header: string;
  field: string;
  kind: "date_order" | "decimal_mark";
  decimalMarks: MarkCounts;
}

export class RowReadings {
  readonly #columns: RowReading[];

  /** @param stored what was counted up to the checkpoint */
  constructor(importer: Importer, mapping: Mapping, stored?: readonly RowReading[]) {
    this.#columns = stored === undefined ? columnsRead(importer, mapping) : structuredClone([...stored]);
  }

  /** Counts the table's rows of a batch. */
  add(batch: Batch, range: { headerRow: number; lastRow: number | null }): void {
    if (this.#columns.length === 0) return;
    const { bytes, cells, flags, columnCount, rowCount, rowNumbers, shapes } = batch;
    const first = range.headerRow + 1;
    const last = range.lastRow ?? Number.POSITIVE_INFINITY;
    for (const reading of this.#columns) {
      const isDay = reading.kind === "date_order";
      for (let r = 0; r < rowCount; r++) {
        const cell = r * columnCount + reading.column;
        let start = cells[2 * cell];
        let end = cells[2 * cell + 1];
        if (start === end || rowNumbers[r] < first || rowNumbers[r] > last || shapes[r] !== rowIntact) continue;
        const flag = flags[cell];
        if (flag & (cellError | cellEscaped)) continue;
        if (mayBeSpace[bytes[start]] === 1)
          while (start < end && spaceAt(bytes, start, end) > 0) start += spaceAt(bytes, start, end);
        if (start < end && mayBeSpace[bytes[end - 1]] === 1)
          while (start < end && spaceBefore(bytes, start, end) > 0) end -= spaceBefore(bytes, start, end);
        if (isDay) countDay(reading, bytes, start, end);
        else if ((flag & cellTyped) === 0) countMark(reading.decimalMarks, bytes, start, end);
      }
    }
  }

  toJSON(): readonly RowReading[] {
    return this.#columns;
  }
}

function columnsRead(importer: Importer, { columns }: Mapping): RowReading[] {
  return columns.flatMap(({ column, header, field: name, transform }): RowReading[] => {
    const field = name === null ? null : (feedOf(importer, name)?.field ?? null);
    const kind = field === null || transform?.dateOrder === "serial" ? undefined : evidenceOf(field);
    if (name === null || kind === undefined) return [];
    return [
      {
        ...{ column, header, field: name, kind },
        ...noDays(),
        decimalMarks: { comma: 0, point: 0, either: 0 },
      },
    ];
  });
}

function evidenceOf(field: Field): RowReading["kind"] | undefined {
  const { evidence } = kindOf(field);
  return evidence === "date_order" || evidence === "decimal_mark" ? evidence : undefined;
}
