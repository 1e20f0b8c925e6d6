import { describe, expect, it } from "vitest";
import { rowCells } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { workbook } from "../../src/report/workbook.ts";
import { memorySource } from "../memory-source.ts";

async function* rowsOf(rows: readonly string[][]): AsyncGenerator<string[]> {
  yield* rows;
}

async function written(rows: readonly string[][], options: { sheetRows?: number } = {}): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of workbook(rowsOf(rows), "Import <1> & more", options)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function readBack(bytes: Uint8Array, sheet = "1"): Promise<string[][]> {
  const source = memorySource("report.xlsx", bytes);
  const dialect = await formats.detect(source, { headerRow: 1, sheet });
  const rows: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  return rows;
}

describe("a report as a workbook", () => {
  it("has every cell as text, whatever is in it", async () => {
    const cells = [
      "=1+1",
      "00123",
      "a & b < c > \"d\" 'e'",
      " spaces ",
      "two\nlines\r\n",
      "_x0041_",
      "\u0001\u001f",
      "é😀\u2028",
      "1E5",
    ];
    const rows = [cells.map((_, k) => `Column ${k}`), cells];
    expect(await readBack(await written(rows))).toEqual(rows);
  });

  it("guards an apostrophe as the CSV report does, since a report that comes back loses one", async () => {
    expect((await readBack(await written([["a"], ["'=x"]])))[1]).toEqual(["''=x"]);
  });

  it("goes on in the next sheet where one is full, under the same header", async () => {
    const rows = [["n"], ...Array.from({ length: 5 }, (_, k) => [`row ${k}`])];
    const bytes = await written(rows, { sheetRows: 3 });
    expect(await readBack(bytes, "1")).toEqual([["n"], ["row 0"], ["row 1"]]);
    expect(await readBack(bytes, "2")).toEqual([["n"], ["row 2"], ["row 3"]]);
    expect(await readBack(bytes, "3")).toEqual([["n"], ["row 4"]]);
  });

  it("cuts a cell where Excel would refuse the file, and says so in the cell", async () => {
    const [, [cell]] = await readBack(await written([["a"], ["x".repeat(40_000)]]));
    expect([cell.length, cell.slice(-8)]).toEqual([32_767, "x… [cut]"]);
  });

  it("has the same bytes for the same rows", async () => {
    const rows = [["n"], ["1"]];
    expect(Buffer.compare(await written(rows), await written(rows))).toBe(0);
  });

  it("takes no more rows than its reader has room for, and none after it has left", async () => {
    let taken = 0;
    let isClosed = false;
    async function* endless(): AsyncGenerator<string[]> {
      try {
        for (;;) yield [`${taken++} ${Math.random()}`];
      } finally {
        isClosed = true;
      }
    }
    const archive = workbook(endless(), "Endless");
    await archive.next();
    await archive.next();
    // What is between the rows and the reader: a piece of XML, and a buffer in each stream.
    await expect.poll(() => taken).toBeGreaterThan(0);
    await archive.return(undefined);
    expect(isClosed).toBe(true);
    expect(taken).toBeLessThan(100_000);
  });

  it("passes on what goes wrong while it is written", async () => {
    async function* failing(): AsyncGenerator<string[]> {
      yield ["n"];
      yield ["1"];
      throw new Error("The rows are gone.");
    }
    const pieces: Uint8Array[] = [];
    const all = (async () => {
      for await (const piece of workbook(failing(), "Failing")) pieces.push(piece);
    })();
    await expect(all).rejects.toThrow("The rows are gone.");
  });

  it("refuses more columns than a sheet has", async () => {
    const wide = Array.from({ length: 16_385 }, () => "x");
    await expect(written([wide])).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("16384") });
  });

  it("lets go of its rows when nobody wants the rest", async () => {
    let isOver = false;
    async function* endless(): AsyncGenerator<string[]> {
      try {
        for (let k = 0; ; k++) yield [`row ${k} ${Math.sin(k)}`];
      } finally {
        isOver = true;
      }
    }
    let pieces = 0;
    for await (const piece of workbook(endless(), "Import")) if (piece.length > 0 && ++pieces > 5) break;
    expect(isOver).toBe(true);
  });
});
