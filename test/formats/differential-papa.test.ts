/** Delimited text beside Papa Parse: on well-formed files the two give the same cells. */

import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { type CsvDialect, rowCells } from "../../src/core/row.ts";
import { readCsv } from "../../src/formats/csv/read.ts";
import { memorySource } from "../memory-source.ts";
import { fc } from "../property.ts";

const delimiters = [",", ";", "\t", "|"] as const;
const lineEndings = ["\n", "\r\n"] as const;

const cell = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 10 }),
  fc.string({ unit: fc.constantFrom('"', ",", ";", "\t", "|", "\r", "\n", " ", "é", "x", "€", "😀"), maxLength: 8 }),
  fc.integer().map(String),
  fc.constant(""),
);
const file = fc.record({
  table: fc
    .integer({ min: 2, max: 6 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 15 }),
    ),
  delimiter: fc.constantFrom(...delimiters),
  lineEnding: fc.constantFrom(...lineEndings),
  allQuoted: fc.boolean(),
  lastLineEnds: fc.boolean(),
  cut: fc.integer({ min: 1, max: 40 }),
});

/** RFC 4180. */
function write(table: string[][], delimiter: string, lineEnding: string, allQuoted: boolean): string {
  const written = (value: string): string =>
    allQuoted || /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  return table.map((row) => row.map(written).join(delimiter)).join(lineEnding);
}

async function cellsOf(text: string, dialect: CsvDialect, cut: number): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const batch of readCsv(memorySource("people.csv", Buffer.from(text), { cut }), dialect, {
    blockBytes: 32,
  })) {
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  }
  return rows;
}

describe("readCsv beside Papa Parse", () => {
  it("gives the same cells of every well-formed file", async () => {
    await fc.assert(
      fc.asyncProperty(file, async ({ table, delimiter, lineEnding, allQuoted, lastLineEnds, cut }) => {
        const written = write(table, delimiter, lineEnding, allQuoted);
        // A byte order mark at the very start would be the encoding's.
        fc.pre(!written.startsWith("\ufeff"));
        const text = lastLineEnds ? written + lineEnding : written;
        const theirs = Papa.parse(text, { delimiter, newline: lineEnding, skipEmptyLines: true });
        expect(theirs.errors).toEqual([]);
        const dialect: CsvDialect = {
          format: "csv",
          encoding: "utf-8",
          delimiter,
          quote: '"',
          escape: "double",
          lineEnding,
          bomBytes: 0,
          packing: "none",
          headerRow: 0,
          headerRows: 1,
          lastRow: null,
          columns: table[0].map((_, c) => `c${c}`),
          findings: [],
        };
        expect(await cellsOf(text, dialect, cut)).toEqual(theirs.data);
      }),
      { numRuns: 500 },
    );
  });
});
