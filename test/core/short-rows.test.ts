/** What the ends of a file's lines say of its short rows. */
import { describe, expect, it } from "vitest";
import { ShortRows, type StoredShortRows } from "../../src/core/short-rows.ts";

/** Rows by their cells of four, in lines from the second on: `abc` has three; a point is a blank one. */
function trimmed(rows: readonly string[]): boolean {
  const ends = new ShortRows({ columns: 4, headerRow: 1 });
  for (const [k, row] of rows.entries()) ends.add(k + 2, row.length, row.endsWith("."));
  return ends.areTrimmed;
}

const times = (count: number, row: string): string[] => Array.from({ length: count }, () => row);

const files: [what: string, rows: string[], trimmed: boolean][] = [
  ["no short row", times(20, "abcd"), false],
  ["all rows end before the header does", times(17, "abc"), true],
  ["every line ends with its last filled cell", ["ab", "abcd", "abc", "abc"], true],
  ["one short row among whole ones", [...times(9, "abcd"), "abc"], false],
  ["a few in a thousand", [...times(1000, "abcd"), "abc", "abc", "abc"], false],
  ["short rows among written blanks", ["abc.", "abc", "abc.", "abc"], false],
  ["Excel's sixteens, of which the first writes its blanks", [...times(16, "abc."), ...times(20, "abc")], true],
  ["sixteens counted from the header", [...times(15, "abc."), ...times(16, "abc"), "abc."], true],
  ["a short row that ends with a blank, below a shorter one", [...times(5, "ab."), "ab", "a"], false],
  ["sixteens of several widths", [...times(16, "abc."), ...times(16, "ab."), ...times(16, "a")], true],
  ["a last line that was cut off", [...times(16, "abc."), "ab"], false],
  ["two short rows in a sixteen of whole ones", [...times(16, "abc."), ...times(14, "abcd"), "abc", "abc"], false],
];

describe("rows that end early", () => {
  it.each(files)("are judged by all lines together: %s", (_, rows, expected) => {
    expect(trimmed(rows)).toBe(expected);
  });

  it("are judged the same when the counting goes on from what was stored", () => {
    for (const [, rows, expected] of files) {
      let stored: StoredShortRows | undefined;
      for (const [k, row] of rows.entries()) {
        const ends = new ShortRows({ columns: 4, headerRow: 1, stored });
        ends.add(k + 2, row.length, row.endsWith("."));
        stored = JSON.parse(JSON.stringify(ends));
      }
      expect(new ShortRows({ columns: 4, headerRow: 1, stored }).areTrimmed).toBe(expected);
    }
  });
});
