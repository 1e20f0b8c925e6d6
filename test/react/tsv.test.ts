import { expect, it } from "vitest";
import { fromTsv, toTsv } from "../../src/react/steps/review/tsv.ts";
import { fc } from "../property.ts";

it.each<[string, string, string[][]]>([
  [
    "Excel's line break at the end",
    "a\tb\r\nc\td\r\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  ["a line break and quotes within a cell", '"first\nsecond ""x"""\tb', [['first\nsecond "x"', "b"]]],
  ["a tab within a cell", '"a\tb"\tc', [["a\tb", "c"]]],
  [
    "quotes that are characters",
    '5" pipe\tsay "hi"\n"open\tb',
    [
      ['5" pipe', 'say "hi"'],
      ['"open', "b"],
    ],
  ],
  ["rows of several lengths, as of merged cells", "a\t\t\nb\n\tc", [["a", "", ""], ["b"], ["", "c"]]],
  ["one cell that is blank", "\n", [[""]]],
  ["nothing", "", []],
])("reads %s", (_, text, rows) => {
  expect(fromTsv(text)).toEqual(rows);
});

it("quotes what would be read as another cell, and nothing else", () => {
  expect(
    toTsv([
      ["a", 'b "c"', '"d"'],
      ["e\tf", "g\nh", ""],
    ]),
  ).toBe('a\tb "c"\t"""d"""\r\n"e\tf"\t"g\nh"\t');
});

it("guards what a spreadsheet would run, and takes the guard off what comes back", () => {
  const cells = ["=1+1", " @SUM(A1)", "+33612345678", "-5,50", "-5+A1", "'=x", "'tis", "a=b", "＝1"];
  expect(toTsv([cells])).toBe("'=1+1\t' @SUM(A1)\t'+33612345678\t-5,50\t'-5+A1\t''=x\t''tis\ta=b\t'＝1");
  expect(fromTsv(toTsv([cells]))).toEqual([cells]);
  expect(fromTsv("=1+1\t-5")).toEqual([["=1+1", "-5"]]);
});

it("reads back what it wrote", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", " ", "é", "'", "=") });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(rows, (cells) => {
      expect(fromTsv(toTsv(cells))).toEqual(cells);
    }),
  );
});
