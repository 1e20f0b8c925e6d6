/** How rows and cells are told apart: RFC 4180, and what files really hold. */
import { describe, expect, it } from "vitest";
import { type CsvDialect, rowQuoteUnclosed, rowTooLong, rowTooShort } from "../../../src/core/row.ts";
import { bytesSource, dialectOf, plainRows, readRows } from "./bytes-source.ts";

async function read(
  text: string | Uint8Array,
  columns = 2,
  marks: Partial<CsvDialect> = {},
): Promise<(string | number)[][]> {
  const names = Array.from({ length: columns }, (_, c) => `c${c}`);
  return plainRows(await readRows(bytesSource(text), dialectOf(names, marks)));
}

const unclosed = `!${rowQuoteUnclosed}`;
const tooShort = `!${rowTooShort}`;
const tooLong = `!${rowTooLong}`;

describe("CsvScanner", () => {
  const tables: [what: string, text: string, rows: (string | number)[][]][] = [
    [
      "reads plain cells",
      "a,b\nc,d\n",
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    [
      "reads a last line without a line ending",
      "a,b\nc,d",
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    [
      "reads CRLF",
      "a,b\r\nc,d\r\n",
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    [
      "reads lone carriage returns",
      "a,b\rc,d\r",
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    [
      "reads mixed line endings",
      "a,b\r\nc,d\ne,f\rg,h",
      [
        [1, "a", "b"],
        [2, "c", "d"],
        [3, "e", "f"],
        [4, "g", "h"],
      ],
    ],
    [
      "reads empty cells",
      ",\n,x\n",
      [
        [1, "", ""],
        [2, "", "x"],
      ],
    ],
    ["unquotes a quoted cell", '"a","b"\n', [[1, "a", "b"]]],
    ["reads quoted empty cells", '"",""\n', [[1, "", ""]]],
    ["reads doubled quotes as one", '"say ""hi""",""""\n', [[1, 'say "hi"', '"']]],
    ["keeps delimiters inside quotes", '"a,b",c\n', [[1, "a,b", "c"]]],
    [
      "keeps line endings inside quotes as they are",
      '"a\nb\r\nc\rd",e\nf,g',
      [
        [1, "a\nb\r\nc\rd", "e"],
        [2, "f", "g"],
      ],
    ],
    ["keeps spaces around a cell", " a , b\n", [[1, " a ", " b"]]],
    [
      "tolerates spaces behind a closing quote",
      '"a"  ,"b" \nc,d',
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    ["takes a quote inside a cell as text", 'a"b,5" pipe\n', [[1, 'a"b', '5" pipe']]],
    [
      "takes text behind a closing quote as it stands",
      '"a"b,c\nd,"e" f\n',
      [
        [1, '"a"b', "c"],
        [2, "d", '"e" f'],
      ],
    ],
    ["takes a quote behind a space as text", 'a, "b"\n', [[1, "a", ' "b"']]],
    [
      "gives empty lines a number and no row",
      "a,b\n\n\r\nc,d\n\n",
      [
        [1, "a", "b"],
        [4, "c", "d"],
      ],
    ],
    [
      "takes a line of spaces as a row",
      "a,b\n  \n",
      [
        [1, "a", "b"],
        [2, tooShort, "  "],
      ],
    ],
    [
      "notes a row that is too short",
      "a,b\nc\nd,e",
      [
        [1, "a", "b"],
        [2, tooShort, "c"],
        [3, "d", "e"],
      ],
    ],
    [
      "keeps the cells that are too many",
      'a,b\nc,d,"e""f",g\nh,i',
      [
        [1, "a", "b"],
        [2, tooLong, "c", "d", 'e"f', "g"],
        [3, "h", "i"],
      ],
    ],
    [
      "tolerates empty cells at a row's end",
      'a,b\nc,d,,,\ne,f,""\n',
      [
        [1, "a", "b"],
        [2, "c", "d"],
        [3, "e", "f"],
      ],
    ],
    [
      "loses one row to a quote that never closes",
      '1,"ab\n2,cd\n3,"ef"\n4,gh\n',
      [
        [1, unclosed, "1", '"ab'],
        [2, "2", "cd"],
        [3, "3", "ef"],
        [4, "4", "gh"],
      ],
    ],
    [
      "loses one row to a quote that is open at the end",
      '1,a\n2,"b\n3,c\n',
      [
        [1, "1", "a"],
        [2, unclosed, "2", '"b'],
        [3, "3", "c"],
      ],
    ],
    [
      "loses the last row alone to a quote that it opens",
      '1,a\n2,"b',
      [
        [1, "1", "a"],
        [2, unclosed, "2", '"b'],
      ],
    ],
    [
      "reads on behind each of several open quotes",
      '1,"a\n2,"b\n3,c\n4,"d\n5,e',
      [
        [1, unclosed, "1", '"a'],
        [2, unclosed, "2", '"b'],
        [3, "3", "c"],
        [4, unclosed, "4", '"d'],
        [5, "5", "e"],
      ],
    ],
    [
      "splits a row with an open quote at its delimiters",
      '1,"a,b\n2,c',
      [
        [1, unclosed, "1", '"a', "b"],
        [2, "2", "c"],
      ],
    ],
    [
      "keeps a good quoted row behind an open quote",
      '1,"a\n2,"b\nb"\n3,c',
      [
        [1, unclosed, "1", '"a'],
        [2, "2", "b\nb"],
        [3, "3", "c"],
      ],
    ],
    ["keeps NUL bytes", "a\0b,\0\n", [[1, "a\0b", "\0"]]],
    ["keeps a byte order mark that is not the file's", "a,\ufeffb\n", [[1, "a", "\ufeffb"]]],
    ["reads nothing from an empty file", "", []],
    ["reads nothing from empty lines", "\n\r\n\r", []],
  ];
  it.each(tables)("%s", async (_, text, rows) => {
    expect(await read(text)).toEqual(rows);
  });

  const apostrophes: [what: string, text: string, rows: (string | number)[][]][] = [
    ["unquotes cells", "'a','b'\n", [[1, "a", "b"]]],
    ["reads doubled apostrophes as one", "'it''s',''''\n", [[1, "it's", "'"]]],
    ["keeps delimiters and line endings", "'a,b','c\nd'\n", [[1, "a,b", "c\nd"]]],
    ["takes quotes as text", '"a","b"\n', [[1, '"a"', '"b"']]],
    ["takes an apostrophe inside a cell as text", "O'Brien,it's\n", [[1, "O'Brien", "it's"]]],
    [
      "loses one row to an open one",
      "1,'a\n2,b\n",
      [
        [1, unclosed, "1", "'a"],
        [2, "2", "b"],
      ],
    ],
  ];
  it.each(apostrophes)("with apostrophes as quotes: %s", async (_, text, rows) => {
    expect(await read(text, 2, { quote: "'" })).toEqual(rows);
  });

  const backslashes: [what: string, text: string, rows: (string | number)[][]][] = [
    ["reads an escaped quote", '"say \\"hi\\"",b\n', [[1, 'say "hi"', "b"]]],
    ["reads an escaped quote before a delimiter", '"a\\",b",c\n', [[1, 'a",b', "c"]]],
    ["reads an escaped backslash at a cell's end", '"C:\\\\",b\n', [[1, "C:\\", "b"]]],
    ["keeps other backslashes", '"C:\\dir\\n",b\\\n', [[1, "C:\\dir\\n", "b\\"]]],
    ["reads doubled quotes all the same", '"a ""b""",""\n', [[1, 'a "b"', ""]]],
    ["keeps a backslash before a line ending", '"a\\\nb",c\n', [[1, "a\\\nb", "c"]]],
    ["takes backslashes outside quotes as text", 'a\\"b,\\"c\n', [[1, 'a\\"b', '\\"c']]],
    [
      "loses one row to a quote that never closes",
      '1,"a\\"\n2,b\n',
      [
        [1, unclosed, "1", '"a\\"'],
        [2, "2", "b"],
      ],
    ],
    [
      "reads on behind an open quote above a quoted one",
      '1,"a\n2,"b\\"\n\\\\"\n3,c',
      [
        [1, unclosed, "1", '"a'],
        [2, "2", 'b"\n\\'],
        [3, "3", "c"],
      ],
    ],
  ];
  it.each(backslashes)("with backslashes as escapes: %s", async (_, text, rows) => {
    expect(await read(text, 2, { escape: "backslash" })).toEqual(rows);
  });

  it("reads backslashes before apostrophes", async () => {
    expect(await read("'it\\'s','\"'\n", 2, { quote: "'", escape: "backslash" })).toEqual([[1, "it's", '"']]);
  });

  it.each([";", "\t", "|", ":"])("reads cells between %j", async (delimiter) => {
    expect(await read(`a${delimiter}"b${delimiter}c"\nx${delimiter}d`, 2, { delimiter })).toEqual([
      [1, "a", `b${delimiter}c`],
      [2, "x", "d"],
    ]);
  });

  it("reads a file of one column, commas and all", async () => {
    expect(await read('hello, world\n"a\tb"\n\nx', 1, { delimiter: "\t" })).toEqual([
      [1, "hello, world"],
      [2, "a\tb"],
      [4, "x"],
    ]);
  });

  it("reads 10,000 columns", async () => {
    const cells = Array.from({ length: 10_000 }, (_, c) => `v${c}`);
    const rows = await read(`${cells.join(",")}\n${cells.toReversed().join(",")}\n`, 10_000);
    expect(rows).toEqual([
      [1, ...cells],
      [2, ...cells.toReversed()],
    ]);
  });

  it("reads columns named as an object's own members", async () => {
    expect(await read("__proto__,constructor\n1,2\n")).toEqual([
      [1, "__proto__", "constructor"],
      [2, "1", "2"],
    ]);
    expect(({} as Record<string, unknown>)[1]).toBeUndefined();
  });

  it("keeps bytes that are no UTF-8 for the validation", async () => {
    expect(await read(Uint8Array.of(0x61, 0xe9, 0x2c, 0x62))).toEqual([[1, "a\ufffd", "b"]]);
  });

  it("recovers from hundreds of open quotes without touching the quoted rows between them", async () => {
    const lines = Array.from({ length: 900 }, (_, k) => (k % 3 === 0 ? `${k},"open` : `${k},"good, ""${k}"""`));
    const rows = await read(lines.join("\n"));
    expect(rows).toEqual(
      lines.map((_, k) => (k % 3 === 0 ? [k + 1, unclosed, `${k}`, '"open'] : [k + 1, `${k}`, `good, "${k}"`])),
    );
  });
});
