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
const asText = "?quote_as_text";
const doubtful = "?lines_in_quotes";
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
    [
      "opens a quote behind blanks",
      'a, "b, c"\nd,\t"e" \n',
      [
        [1, "a", "b, c"],
        [2, "d", "e"],
      ],
    ],
    ["keeps the blanks before a quote that encloses nothing", 'a, "b" c\n', [[1, "a", ' "b" c']]],
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
      "takes a quote that never closes as text",
      '1,"ab\n2,cd\n3,"ef"\n4,gh\n',
      [
        [1, asText, "1", '"ab'],
        [2, "2", "cd"],
        [3, "3", "ef"],
        [4, "4", "gh"],
      ],
    ],
    [
      "takes a quote that is open at the end as text",
      '1,a\n2,"b\n3,c\n',
      [
        [1, "1", "a"],
        [2, asText, "2", '"b'],
        [3, "3", "c"],
      ],
    ],
    [
      "takes a quote that the last row opens as text",
      '1,a\n2,"b',
      [
        [1, "1", "a"],
        [2, asText, "2", '"b'],
      ],
    ],
    [
      "reads on behind each of several open quotes",
      '1,"a\n2,"b\n3,c\n4,"d\n5,e',
      [
        [1, asText, "1", '"a'],
        [2, asText, "2", '"b'],
        [3, "3", "c"],
        [4, asText, "4", '"d'],
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
        [1, asText, "1", '"a'],
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

  const stray: [what: string, columns: number, text: string, rows: (string | number)[][]][] = [
    [
      "keeps a quote inside a quoted cell",
      3,
      '1,"Screen 24" wide, black",7\n',
      [[1, "1", 'Screen 24" wide, black', "7"]],
    ],
    ["keeps an opening quote before a quoted cell's", 2, '1,""so, they say"\n', [[1, "1", '"so, they say']]],
    [
      "takes a quote as text by which the row would lack cells",
      4,
      '2,"Bob,Oslo,"second, old"\n3,Cy,Bonn,"third"\n',
      [
        [1, asText, "2", '"Bob', "Oslo", "second, old"],
        [2, "3", "Cy", "Bonn", "third"],
      ],
    ],
    [
      "takes a closing quote as text by which the row would have too many cells",
      2,
      '"He said "yes", and left",x\n',
      [[1, asText, 'He said "yes", and left', "x"]],
    ],
    ["reads a cell that is one quote", 2, '""",x\n', [[1, asText, '"', "x"]]],
    [
      "reads rows between two stray quotes",
      3,
      '1,"half,20\n2,b,30\n3,24",40\n4,d,50\n',
      [
        [1, asText, "1", '"half', "20"],
        [2, "2", "b", "30"],
        [3, "3", '24"', "40"],
        [4, "4", "d", "50"],
      ],
    ],
    [
      "reads rows with quoted cells behind a stray quote",
      3,
      '1,"half,20\n2,"b, c",30\n',
      [
        [1, asText, "1", '"half', "20"],
        [2, "2", "b, c", "30"],
      ],
    ],
    [
      "reads short rows that are all as short behind one",
      4,
      '1,"half,20\n2,b",30\n',
      [
        [1, tooShort, asText, "1", '"half', "20"],
        [2, tooShort, "2", 'b"', "30"],
      ],
    ],
    [
      "keeps an address whose lines have the commas of a row",
      3,
      '1,"12, rue X\nParis, France",x\n',
      [[1, "1", "12, rue X\nParis, France", "x"]],
    ],
    ["keeps a piece of CSV in a cell", 3, '1,"a,b\nc,d",x\n', [[1, "1", "a,b\nc,d", "x"]]],
    [
      "keeps CSV in a cell as wide as the file",
      3,
      '1,"a,b,c\n1,2,3\n4,5,6",x\n',
      [[1, "1", "a,b,c\n1,2,3\n4,5,6", "x"]],
    ],
    ["keeps doubled quotes in lines that could be rows", 3, '1,"2,""3""\n4,5",6\n', [[1, "1", '2,"3"\n4,5', "6"]]],
    [
      "keeps letters in a cell",
      2,
      '1,"Dear Ann,\n\nthe box, a blue one, came.\nBo"\n',
      [[1, "1", "Dear Ann,\n\nthe box, a blue one, came.\nBo"]],
    ],
    [
      "doubts a cell whose lines could be rows, where nothing else tells",
      2,
      'x,"a\ny,b"\n',
      [[1, doubtful, "x", "a\ny,b"]],
    ],
  ];
  it.each(stray)("%s", async (_, columns, text, rows) => {
    expect(await read(text, columns)).toEqual(rows);
    // Whatever of the file is in the buffer.
    for (const cut of [1, 3]) {
      const names = Array.from({ length: columns }, (_, c) => `c${c}`);
      expect(plainRows(await readRows(bytesSource(text, { cut }), dialectOf(names), { blockBytes: 48 }))).toEqual(rows);
    }
  });

  const apostrophes: [what: string, text: string, rows: (string | number)[][]][] = [
    ["unquotes cells", "'a','b'\n", [[1, "a", "b"]]],
    ["reads doubled apostrophes as one", "'it''s',''''\n", [[1, "it's", "'"]]],
    ["keeps delimiters and line endings", "'a,b','c\nd'\n", [[1, "a,b", "c\nd"]]],
    ["takes quotes as text", '"a","b"\n', [[1, '"a"', '"b"']]],
    ["takes an apostrophe inside a cell as text", "O'Brien,it's\n", [[1, "O'Brien", "it's"]]],
    [
      "takes an open one as text",
      "1,'a\n2,b\n",
      [
        [1, asText, "1", "'a"],
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
      "closes a cell behind a backslash where nothing else does",
      '1,"a\\"\n2,b\n',
      [
        [1, asText, "1", "a\\"],
        [2, "2", "b"],
      ],
    ],
    [
      "reads on behind an open quote above a quoted one",
      '1,"a\n2,"b\\"\n\\\\"\n3,c',
      [
        [1, asText, "1", '"a'],
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

  it("takes every quote as text where the file has none that enclose", async () => {
    const text = '"a,b"\n"c,\'d\n3/4" pipe,""\n\xff,"\n';
    expect(await read(text, 2, { quote: "none" })).toEqual([
      [1, '"a', 'b"'],
      [2, '"c', "'d"],
      [3, '3/4" pipe', '""'],
      [4, "\xff", '"'],
    ]);
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
      lines.map((_, k) => (k % 3 === 0 ? [k + 1, asText, `${k}`, '"open'] : [k + 1, `${k}`, `good, "${k}"`])),
    );
  });
});
