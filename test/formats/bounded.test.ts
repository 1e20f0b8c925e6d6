import { expect, it } from "vitest";
import { type Batch, cellTooLong, rowCells } from "../../src/core/row.ts";
import { bounded, formats } from "../../src/formats/formats.ts";
import { memorySource } from "../memory-source.ts";
import { batchOf } from "../staging/make-batch.ts";
import { writeWorkbook } from "./xlsx/write-workbook.ts";

it("gives up a file whose cells hold far more than the file, as where rows are repeated without end", async () => {
  const batch: Batch = { ...batchOf([["x"]]), bytes: new Uint8Array(64 * 1024 ** 2) };
  async function* repeated(times: number): AsyncGenerator<Batch> {
    for (let k = 0; k < times; k++) yield batch;
  }
  const readAll = async (times: number, sizeBytes: number): Promise<number> => {
    let batches = 0;
    for await (const _ of bounded(repeated(times), { name: "bomb.ods", sizeBytes })) batches++;
    return batches;
  };
  expect(await readAll(16, 1000)).toBe(16);
  await expect(readAll(17, 1000)).rejects.toThrow("bomb.ods: its cells hold more than 500 times the file's size");
  // A large file may hold much.
  expect(await readAll(1000, 1024 ** 3)).toBe(1000);
});

it("has 32,767 characters of a shared text that thousands of cells name", async () => {
  const row = (number: number): string => `<row r="${number}"><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>`;
  const bytes = await writeWorkbook({
    sheets: { Sheet1: Array.from({ length: 300 }, (_, k) => row(k + 1)).join("") },
    sharedStrings: `<si><t>${"x".repeat(1_000_000)}</t></si>`,
  });
  const source = memorySource("bomb.xlsx", bytes);
  const dialect = await formats.detect(source, { headerRow: 0 });
  let rows = 0;
  for await (const batch of formats.read(source, dialect, {})) {
    for (let r = 0; r < batch.rowCount; r++, rows++) {
      expect(rowCells(batch, r).map((cell) => cell.length)).toEqual([32_767, 32_767]);
      expect(batch.flags[2 * r]).toBe(cellTooLong);
    }
  }
  expect(rows).toBe(300);
});
