/** JSON files that rest in memory, and their rows as plain data. */

import type { ReadOptions, Source } from "../../../src/core/ports.ts";
import { type DialectHints, type FileFinding, type JsonDialect, rowCells, rowIntact } from "../../../src/core/row.ts";
import { json } from "../../../src/formats/json/json.ts";
import { type ReaderSizes, readJson } from "../../../src/formats/json/read.ts";
import { memorySource } from "../../memory-source.ts";

/** `cut`: no read goes past a multiple of it. */
export function jsonSource(content: string | Uint8Array, cut?: number): Source {
  return memorySource("people.json", content, { cut });
}

/** A row as it stood: `[number, ...cells]`, with `!shape` in front of the cells where the shape is not right. */
export type PlainRow = (string | number)[];

export interface ReadFile {
  dialect: JsonDialect;
  rows: PlainRow[];
  /** The place and number of each row. */
  places: { offset: number; row: number }[];
  /** Where each batch ends. */
  checkpoints: { offset: number; row: number }[];
  flags: number[][];
  findings: FileFinding[];
  /** What ended the reading early. */
  error?: string;
}

export async function readFile(
  content: string | Uint8Array,
  options: ReadOptions & ReaderSizes & { cut?: number; hints?: DialectHints; dialect?: JsonDialect } = {},
): Promise<ReadFile> {
  const { cut, hints = {}, ...sizes } = options;
  const source = jsonSource(content, cut);
  const dialect = options.dialect ?? ((await json.detect(source, hints)) as JsonDialect);
  const file: ReadFile = { dialect, rows: [], places: [], checkpoints: [], flags: [], findings: [] };
  try {
    const onFinding = (finding: FileFinding): void => void file.findings.push(finding);
    for await (const batch of readJson(source, dialect, { onFinding, ...sizes })) {
      for (let r = 0; r < batch.rowCount; r++) {
        const shape = batch.shapes[r] === rowIntact ? [] : [`!${batch.shapes[r]}`];
        file.rows.push([batch.rowNumbers[r], ...shape, ...rowCells(batch, r)]);
        file.places.push({ offset: batch.rowOffsets[r], row: batch.rowNumbers[r] });
        file.flags.push([...batch.flags.subarray(r * batch.columnCount, (r + 1) * batch.columnCount)]);
      }
      file.checkpoints.push(batch.next);
    }
  } catch (error) {
    file.error = (error as Error).message;
  }
  return file;
}
