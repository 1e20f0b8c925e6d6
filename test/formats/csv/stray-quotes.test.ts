/** No row's cells are inside another row's without a word, whoever wrote the table and wherever stray quotes are in it. */
import { describe, expect, it } from "vitest";
import type { CsvDialect } from "../../../src/core/row.ts";
import { detectCsv } from "../../../src/formats/csv/detect.ts";
import { fc } from "../../property.ts";
import { bytesSource, type ReadRow, readRows } from "./bytes-source.ts";

/** How a program writes a cell. */
const writers: Record<string, (cell: string, delimiter: string) => string> = {
  "RFC 4180": (cell, delimiter) =>
    cell.includes(delimiter) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  "always quoted": (cell) => `"${cell.replaceAll('"', '""')}"`,
  backslashes: (cell) => `"${cell.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`,
  "blanks behind the delimiter": (cell, delimiter) =>
    ` ${cell.includes(delimiter) || /["\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell}`,
  apostrophes: (cell) => `'${cell.replaceAll("'", "''")}'`,
};
const word = fc.constantFrom("Anna", "Bo", "Paris", "red blue", "O'Brien", "rue X, 3", "Ümeå", "");
const table = fc
  .array(fc.tuple(word, word, fc.integer({ min: 1, max: 999 })), { minLength: 3, maxLength: 20 })
  .map((rows) => [
    ["code", "name", "note", "amount"],
    ...rows.map(([name, note, amount], k) => [`K${1000 + k}`, name, note, String(amount)]),
  ]);
const file = fc.record({
  table,
  delimiter: fc.constantFrom(",", ";", "\t", "|"),
  lineEnding: fc.constantFrom("\n", "\r\n", "\r"),
  cut: fc.integer({ min: 1, max: 40 }),
});

function write(rows: string[][], writer: string, delimiter: string): string[][] {
  return rows.map((row) => row.map((cell) => writers[writer](cell, delimiter)));
}

async function readAll(text: string, cut: number): Promise<{ dialect: CsvDialect; rows: ReadRow[] }> {
  const dialect = await detectCsv(bytesSource(text), {});
  const rows = await readRows(bytesSource(text, { cut }), dialect, { blockBytes: 48 });
  return { dialect, rows };
}

/** Read again from each row, and from the file whole, it gives the same. */
async function expectSame(text: string, dialect: CsvDialect, rows: ReadRow[]): Promise<void> {
  expect(await readRows(bytesSource(text), dialect)).toEqual(rows);
  for (const [k, row] of rows.entries()) {
    const from = { offset: row.offset, row: row.row };
    expect(await readRows(bytesSource(text), dialect, { from }), `from row ${row.row}`).toEqual(rows.slice(k));
  }
}

describe("tables of any writer", () => {
  it.each(Object.keys(writers))("are read as they were: %s", async (writer) => {
    await fc.assert(
      fc.asyncProperty(file, async ({ table: rows, delimiter, lineEnding, cut }) => {
        const written = write(rows, writer, delimiter);
        const text = written.map((row) => row.join(delimiter) + lineEnding).join("");
        const { rows: found } = await readAll(text, cut);
        expect(found.map(({ cells }) => cells.map((cell) => cell.trim()))).toEqual(rows);
        expect(found.filter(({ note }) => note !== undefined)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each(Object.keys(writers))("swallow no row by stray quotes without a word: %s", async (writer) => {
    const strays = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 3 }), fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(file, strays, async ({ table: rows, delimiter, lineEnding, cut }, places) => {
        const quote = writer === "apostrophes" ? "'" : '"';
        const written = write(rows, writer, delimiter);
        for (const [place, column, before] of places) {
          const row = written[1 + (place % (written.length - 1))];
          row[column] = before ? quote + row[column] : row[column] + quote;
        }
        const text = written.map((row) => row.join(delimiter) + lineEnding).join("");
        const { dialect, rows: found } = await readAll(text, cut);
        for (const { row, shape, note, cells } of found) {
          const codes = cells.join("\n").match(/K1\d\d\d/g) ?? [];
          if (codes.length > 1) expect({ row, told: shape !== 0 || note !== undefined }).toEqual({ row, told: true });
        }
        await expectSame(text, dialect, found);
      }),
      { numRuns: 60 },
    );
  });
});
