/** Memory and time stay bounded, whatever a file does to them. */
import { describe, expect, it, vi } from "vitest";
import type { Source } from "../../../src/core/ports.ts";
import { rowIntact, rowTooLarge } from "../../../src/core/row.ts";
import { readCsv } from "../../../src/formats/csv/read.ts";
import { CsvScanner } from "../../../src/formats/csv/scanner.ts";
import { maxRowBytes } from "../../../src/formats/table/batch-room.ts";
import { bytesSource, dialectOf, encodeText, type ReadRow, readRows, repeatedSource, rowsOf } from "./bytes-source.ts";

const dialect = dialectOf(["id", "note"]);

/** The rows, with long cells cut, and the largest buffer that held them. */
async function readBounded(source: Source): Promise<{ rows: ReadRow[]; bufferBytes: number }> {
  const rows: ReadRow[] = [];
  let bufferBytes = 0;
  for await (const batch of readCsv(source, dialect)) {
    bufferBytes = Math.max(bufferBytes, batch.bytes.length);
    rows.push(...rowsOf(batch).map((row) => ({ ...row, cells: row.cells.map((cell) => cell.slice(0, 5)) })));
  }
  return { rows, bufferBytes };
}

const huge = 100 * 1024 * 1024;

describe("a row that is too large", () => {
  const large: [what: string, opening: string, filling: string, closing: string][] = [
    ["a plain field", "2,", "x", ""],
    ["a quoted field", '2,"', "x", '"'],
    ["a quoted field full of doubled quotes", '2,"', '""', '"'],
    ["thousands of cells", "2", ",y", ""],
    ["an open quote", '2,"', "x", ""],
  ];
  it.each(large)("costs no memory and no other row: 100 MB of %s", async (_, opening, filling, closing) => {
    const source = repeatedSource([
      ["1,a\n", 1],
      [opening, 1],
      [filling, huge / filling.length],
      [`${closing}\r\n`, 1],
      ['3,"c"\n', 1],
      ["\n", 1],
      ["5,e", 1],
    ]);
    const { rows, bufferBytes } = await readBounded(source);
    expect(rows.map(({ row, shape, cells }) => [row, shape, cells[0].slice(0, 2)])).toEqual([
      [1, rowIntact, "1"],
      [2, rowTooLarge, opening.padEnd(2, ",").slice(0, 2)],
      [3, rowIntact, "3"],
      [5, rowIntact, "5"],
    ]);
    expect(rows[1].cells).toHaveLength(1);
    expect(rows[1].offset).toBe(4);
    expect(rows[2].offset).toBe(4 + opening.length + huge + closing.length + 2);
    expect(bufferBytes).toBeLessThanOrEqual(maxRowBytes + 1024 * 1024);
    expect(source.bytesRead).toBe(source.sizeBytes);
  });

  it("is found at the same byte however it is read, and ends at its own line", async () => {
    for (const surplus of [-1, 0, 1]) {
      const source = repeatedSource([
        ["1,a\n2,", 1],
        ["x", maxRowBytes - 3 + surplus],
        ["\n3,c\n4,d", 1],
      ]);
      const rows = await readRows(source, dialect);
      expect(rows.map(({ row, shape }) => [row, shape])).toEqual([
        [1, rowIntact],
        [2, surplus > 0 ? rowTooLarge : rowIntact],
        [3, rowIntact],
        [4, rowIntact],
      ]);
    }
  });

  it("is read in growing pieces, not scanned anew for each block", async () => {
    const row = `1,${"x".repeat(1000)}`;
    const source = repeatedSource([
      [row, 4000],
      ["\n", 1],
      [row, 4000],
      ["\n", 1],
    ]);
    const scans = vi.spyOn(CsvScanner.prototype, "scan");
    let reads = 0;
    const counting: Source = {
      ...source,
      read: (into, offset) => {
        reads++;
        return source.read(into, offset);
      },
    };
    expect(await readRows(counting, dialect)).toHaveLength(2);
    expect(reads).toBeGreaterThan(60);
    expect(scans.mock.calls.length).toBeLessThan(20);
    scans.mockRestore();
  });

  it.each(["utf-16le", "windows-1252", "shift_jis"])("is skipped in %s too", async (encoding) => {
    const own = `1,a\n2,${(encoding === "shift_jis" ? "表" : "é").repeat(300)}\n3,c`;
    const rows = await readRows(bytesSource(encodeText(own, encoding)), dialectOf(["id", "note"], { encoding }), {
      maxRowBytes: 64,
      blockBytes: 100,
    });
    const placeOf = (text: string): number => encodeText(own.slice(0, own.indexOf(text)), encoding).length;
    expect(rows.map(({ row, shape, offset }) => [row, shape, offset])).toEqual([
      [1, rowIntact, 0],
      [2, rowTooLarge, placeOf("2,")],
      [3, rowIntact, placeOf("3,c")],
    ]);
  });

  it("may be the last one", async () => {
    const { rows } = await readBounded(
      repeatedSource([
        ["1,a\n2,", 1],
        ["x", 2 * maxRowBytes],
      ]),
    );
    expect(rows.map(({ row, shape }) => [row, shape])).toEqual([
      [1, rowIntact],
      [2, rowTooLarge],
    ]);
  });
});

describe("open quotes", () => {
  /** Lines that open a quote each, in ways that keep a search for the closing one going as long as it can. */
  const bombs: [what: string, first: string, line: string][] = [
    ["each line opens one", "", '1,"a\n'],
    ["each line is nothing but one", "", '"\n'],
    ["each line closes the one before and opens the next", "", '",q"r","\n'],
    ["doubled quotes keep the first one open", '1,"a\n', '1,""\n'],
    ["odd runs of quotes", '1,"a\n', '"""\n'],
    ["a quote that is never closed above good rows", '1,"a\n', "1,b\n"],
    ["escaped quotes keep the first one open", '1,"a\n', '1,\\"\n'],
    ["backslashes at the ends of lines", '1,"a\n', '"\\\n'],
  ];
  const bombBytes = 20 * 8192;
  it.each(bombs)("cost time in proportion to the file: %s", (_, first, line) => {
    const looks = [1, 2].map((times) => looksAt(first, line, times * bombBytes));
    expect(looks[1]).toBeLessThan(3 * looks[0]);
    expect(looks[1]).toBeLessThan(12 * 2 * bombBytes);
  });

  it("above millions of good rows cost one row", async () => {
    const source = repeatedSource([
      ['1,"a\n', 1],
      ["1,b\n", 3_000_000],
    ]);
    let intact = 0;
    const others: [number, number][] = [];
    const notes: [number, string][] = [];
    for await (const batch of readCsv(source, dialect)) {
      notes.push(...batch.notes);
      for (let r = 0; r < batch.rowCount; r++) {
        if (batch.shapes[r] === rowIntact) intact++;
        else others.push([batch.rowNumbers[r], batch.shapes[r]]);
      }
    }
    expect([intact, others, notes]).toEqual([3_000_001, [], [[1, "quote_as_text"]]]);
    expect(source.bytesRead).toBe(source.sizeBytes);
  });
});

/** How many bytes the scanner looks at to read such a file, counted by a buffer that counts. */
function looksAt(first: string, line: string, sizeBytes: number): number {
  const text = Buffer.from(first + line.repeat(Math.ceil(sizeBytes / line.length)));
  let looks = 0;
  const counting = new Proxy(text, {
    get(target, key) {
      looks++;
      return target[key as unknown as number];
    },
  });
  const scanner = new CsvScanner({
    delimiter: ",",
    escape: line.includes("\\") ? "backslash" : "double",
    columnCount: 2,
    width: 2,
    row: 1,
    maxRows: 1000,
    bytes: counting,
    maxRowBytes: 8192,
  });
  while (scanner.scan(text.length, true) === "batch_full");
  return looks;
}
