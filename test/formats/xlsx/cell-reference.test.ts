import { describe, expect, it } from "vitest";
import { columnLetters, readReference } from "../../../src/formats/xlsx/cell-reference.ts";

function read(text: string): [column: number, row: number] {
  const bytes = Buffer.from(`A1${text}B2`);
  const reference = { column: 0, row: 0 };
  readReference(bytes, 2, bytes.length - 2, reference);
  return [reference.column, reference.row];
}

describe("readReference", () => {
  it.each([
    ["A1", 0, 1],
    ["Z9", 25, 9],
    ["AA10", 26, 10],
    ["XFD1048576", 16_383, 1_048_576],
    ["xfd1", 16_383, 1],
    ["$B$2", 1, 2],
    ["C", 2, 0],
  ])("reads %s", (text, column, row) => {
    expect(read(text)).toEqual([column, row]);
  });

  it.each(["", "1", "A1:B2", "A-1", "Ä1", "@1"])("takes %j for no reference", (text) => {
    expect(read(text)).toEqual([-1, 0]);
  });

  it("reads back the letters of every column", () => {
    for (let column = 0; column < 20_000; column++) expect(read(`${columnLetters(column)}7`)).toEqual([column, 7]);
  });
});
