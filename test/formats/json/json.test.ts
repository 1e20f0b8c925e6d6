/** What stands in JSON files, as columns and rows. */
import { describe, expect, it } from "vitest";
import { cellError, cellTyped } from "../../../src/core/row.ts";
import { json } from "../../../src/formats/json/json.ts";
import { jsonSource, type PlainRow, readFile } from "./json-rows.ts";

const short = "!1";
const long = "!2";
const unclosed = "!3";

describe("columns and rows", () => {
  it.each<[string, string, string[], PlainRow[]]>([
    [
      "an array of objects",
      '[{"a":1,"b":"x"},{"a":2,"b":"y"}]',
      ["a", "b"],
      [
        [1, "1", "x"],
        [2, "2", "y"],
      ],
    ],
    [
      "white space everywhere",
      '\r\n [ { "a" :\t1 } ,\n{ "a" : 2 }\n]\n',
      ["a"],
      [
        [1, "1"],
        [2, "2"],
      ],
    ],
    [
      "names in order of appearance",
      '[{"b":1},{"a":2,"b":3}]',
      ["b", "a"],
      [
        [1, "1", ""],
        [2, "3", "2"],
      ],
    ],
    [
      "objects within objects",
      '[{"n":"A","address":{"city":"Paris","geo":{"lat":1}}}]',
      ["n", "address.city", "address.geo.lat"],
      [[1, "A", "Paris", "1"]],
    ],
    [
      "an object that is null elsewhere",
      '[{"a":null,"b":1},{"a":{"c":2}}]',
      ["b", "a.c"],
      [
        [1, "1", ""],
        [2, "", "2"],
      ],
    ],
    [
      "a value that is an object elsewhere",
      '[{"a":"x"},{"a":{"c":2}}]',
      ["a", "a.c"],
      [
        [1, "x", ""],
        [2, "", "2"],
      ],
    ],
    [
      "lists of values as one cell",
      '[{"a":["x","y"],"b":[1.50,"\\n",null,true],"c":[]},{"c":[7]}]',
      ["a", "b", "c"],
      [
        [1, "x, y", "1.5, \n, true", ""],
        [2, "", "", "7"],
      ],
    ],
    [
      "lists of objects as their JSON",
      '[{"a":[ {"b": "x y"} , [1, "\\u00e9"] ]}]',
      ["a"],
      [[1, '[{"b":"x y"},[1,"\\u00e9"]]']],
    ],
    [
      "objects that are too deep as their JSON",
      `[${'{"a":'.repeat(10)}1${"}".repeat(10)}]`,
      ["a.a.a.a.a.a.a.a.a"],
      [[1, '{"a":1}']],
    ],
    ["the last value of a name that stands twice", '[{"a":1,"b":2,"a":3}]', ["a", "b"], [[1, "3", "2"]]],
    [
      "names that JavaScript has its own ideas of",
      '[{"__proto__":1,"constructor":2,"toString":{"__proto__":3}}]',
      ["__proto__", "constructor", "toString.__proto__"],
      [[1, "1", "2", "3"]],
    ],
    [
      "a name that is empty or escaped",
      '[{"":1,"\\u0061":2},{"a":3}]',
      ['""', "a"],
      [
        [1, "1", "2"],
        [2, "", "3"],
      ],
    ],
    [
      "null and empty records, which keep their numbers",
      '[null,{"a":1},{},{"a":null},{"a":2}]',
      ["a"],
      [
        [2, "1"],
        [5, "2"],
      ],
    ],
    ["a comma too much", '[{"a":[1,],},]', ["a"], [[1, "1"]]],
    [
      "records of another kind than the rest",
      '[{"a":1,"b":2},5,"x",[1,2]]',
      ["a", "b"],
      [
        [1, "1", "2"],
        [2, short, "5"],
        [3, short, "x"],
        [4, short, "1, 2"],
      ],
    ],
    [
      "a list of lists",
      '[["Name","Age"],["Ann",31],["Bo"],["Cy",3,"more",null]]',
      ["Name", "Age"],
      [
        [1, "Name", "Age"],
        [2, "Ann", "31"],
        [3, "Bo", ""],
        [4, long, "Cy", "3", "more"],
      ],
    ],
    [
      "a list of lists without a header",
      "[[1,2],[3,4,5]]",
      ["Column 1", "Column 2", "Column 3"],
      [
        [1, "1", "2", ""],
        [2, "3", "4", "5"],
      ],
    ],
    [
      "a list of values",
      '["a@b.fr", "c@d.fr"]',
      ["Column 1"],
      [
        [1, "a@b.fr"],
        [2, "c@d.fr"],
      ],
    ],
    ["a list within an object", '{"status":"ok","data":[{"a":1}],"page":2}', ["a"], [[1, "1"]]],
    ["a list within objects", '{"data":{"users":{"nodes":[{"a":1}]}}}', ["a"], [[1, "1"]]],
    [
      "a spreadsheet's answer",
      '{"range":"A1:B2","values":[["Name","Mail"],["Ann"]]}',
      ["Name", "Mail"],
      [
        [1, "Name", "Mail"],
        [2, "Ann", ""],
      ],
    ],
    [
      "features of a map",
      '{ "type": "FeatureCollection",\n"features": [\n{ "type": "F", "properties":{"n":1}},\n{ "type": "F", "properties":{"n":2}},\n{ "type": "F", "properties":{"n":3}}\n]\n}\n',
      ["type", "properties.n"],
      [
        [1, "F", "1"],
        [2, "F", "2"],
        [3, "F", "3"],
      ],
    ],
    ["one record", '{"a":1,"b":{"c":"x"}}', ["a", "b.c"], [[1, "1", "x"]]],
    [
      "JSON Lines, of which a blank one has its number",
      '{"a":1}\r\n\n{"a":2}\r\n',
      ["a"],
      [
        [1, "1"],
        [3, "2"],
      ],
    ],
    [
      "JSON Lines without an end of line",
      '{"a":1}\n{"a":2}',
      ["a"],
      [
        [1, "1"],
        [2, "2"],
      ],
    ],
    [
      "JSON Lines with lists of records in them",
      '{"a":[{"b":1},{"b":2}]}\n{"a":[]}\n',
      ["a"],
      [[1, '[{"b":1},{"b":2}]']],
    ],
    [
      "JSON Lines of lists",
      '["a","b"]\n["x",2]\n',
      ["a", "b"],
      [
        [1, "a", "b"],
        [2, "x", "2"],
      ],
    ],
    [
      "lines that end in commas",
      '{"a":1},\n{"a":2},\n{"a":3}\n',
      ["a"],
      [
        [1, "1"],
        [2, "2"],
        [3, "3"],
      ],
    ],
    [
      "records one after the other",
      '{"a":1}{"a":2}\n{\n"a":3\n}',
      ["a"],
      [
        [1, "1"],
        [2, "2"],
        [3, "3"],
      ],
    ],
  ])("reads %s", async (_, text, columns, rows) => {
    const file = await readFile(text);
    expect(file.error).toBeUndefined();
    expect(file.dialect.columns).toEqual(columns);
    expect(file.rows).toEqual(rows);
  });

  it("freezes all of a dialect", async () => {
    expect(await json.detect(jsonSource('\ufeff{"a":1}\n{"a":2}'), {})).toEqual({
      format: "jsonl",
      encoding: "utf-8",
      bomBytes: 3,
      packing: "none",
      headerRow: 0,
      headerRows: 1,
      lastRow: null,
      columns: ["a"],
      findings: [],
    });
  });

  it("takes the largest list of an object and tells of the others", async () => {
    const file = await readFile('{"tags":[{"t":1}],"users":[{"a":1},{"a":2}]}');
    expect(file.dialect.columns).toEqual(["a"]);
    expect(file.dialect.findings).toEqual([{ code: "other_tables", count: 1 }]);
  });

  it("tells of a list that comes far behind the rows", async () => {
    const users = `{"a":"${"x".repeat(1000)}"}`;
    const file = await readFile(`{"users":[${`${users},`.repeat(5000)}${users}],"orders":[{"b":1}],"n":[1]}`);
    expect(file.rows).toHaveLength(5001);
    expect([...file.dialect.findings, ...file.findings]).toEqual([{ code: "other_tables", count: 1 }]);
  });

  it("puts the values of names that the sample had not into the row's surplus, with their names", async () => {
    const { dialect } = await readFile('[{"a":1}]');
    const file = await readFile('[{"a":1},{"b":null,"c":{"d":[]}},{"a":2,"c":{"d":"x","e":[1]},"\\"":true}]', {
      dialect,
    });
    expect(file.rows).toEqual([
      [1, "1"],
      [3, long, "2", "c.d: x", "c.e: 1", '": true'],
    ]);
  });

  it("takes a header's row from a person for lists alone", async () => {
    const file = await readFile('[["1","2"],["3","4"]]', { hints: { headerRow: 1 } });
    expect(file.dialect.columns).toEqual(["1", "2"]);
    await expect(json.detect(jsonSource('[{"a":1}]'), { headerRow: 1 })).rejects.toThrow("has no header row");
  });
});

describe("values", () => {
  it.each<[string, string, number]>([
    ["0", "0", cellTyped],
    ["-0", "0", cellTyped],
    ["-0.00", "0", cellTyped],
    ["12", "12", cellTyped],
    ["9007199254740993", "9007199254740993", cellTyped],
    ["0.1", "0.1", cellTyped],
    ["1.50", "1.5", cellTyped],
    ["100.00", "100", cellTyped],
    ["0.30000000000000004", "0.30000000000000004", cellTyped],
    ["3.14159265358979323846264338", "3.14159265358979323846264338", cellTyped],
    ["1e3", "1000", cellTyped],
    ["3.36E+10", "33600000000", cellTyped],
    ["-1.5e-3", "-0.0015", cellTyped],
    ["0.05e1", "0.5", cellTyped],
    ["0.005E1", "0.05", cellTyped],
    ["100e-1", "10", cellTyped],
    ["123.456e1", "1234.56", cellTyped],
    ["-0e9", "0", cellTyped],
    ["1e22", "10000000000000000000000", cellTyped],
    ["1e999999999999", "1e999999999999", cellTyped],
    ["007", "007", 0],
    ["+33", "+33", 0],
    ["true", "true", cellTyped],
    ["false", "false", cellTyped],
    ["NaN", "NaN", cellError],
    ["-Infinity", "-Infinity", cellError],
    ['"x"', "x", 0],
    ['"1.50"', "1.50", 0],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t', 0],
    ['"é\\u00E9\\u20ac"', "éé€", 0],
    ['"\\ud83d\\uDE00😀"', "😀😀", 0],
    ['"a\tb"', "a\tb", 0],
    ['"C:\\Users\\u12"', "C:\\Users\\u12", 0],
  ])("reads %s as %j", async (value, text, flag) => {
    const file = await readFile(`[{"v":${value}}]`);
    expect([file.rows[0][1], file.flags[0][0]]).toEqual([text, flag]);
  });

  it.each([
    ["NUL", '"a\\u0000b"', [0x61, 0, 0x62]],
    ["half of a surrogate pair", '"\\ud800x"', [0xed, 0xa0, 0x80, 0x78]],
    ["the other half of it", '"\\udc00"', [0xed, 0xb0, 0x80]],
    ["two first halves", '"\\ud83d\\ud83d\\ude00"', [0xed, 0xa0, 0xbd, 0xf0, 0x9f, 0x98, 0x80]],
  ])("keeps %s for the validator to find", async (_, value, bytes) => {
    const source = jsonSource(`[{"v":${value}}]`);
    const dialect = await json.detect(source, {});
    for await (const batch of json.read(source, dialect, {})) {
      expect([...batch.bytes.subarray(batch.cells[0], batch.cells[1])]).toEqual(bytes);
    }
    expect.assertions(1);
  });

  it("keeps bytes that are no UTF-8", async () => {
    const file = await readFile(Buffer.from('[{"v":"caf\xe9"}]', "latin1"));
    expect(file.rows).toEqual([[1, "caf\ufffd"]]);
  });

  it.each(["utf-16le", "utf-16be"] as const)("reads %s, with and without its mark", async (encoding) => {
    const text = '[{"né":"😀\\u00e9"},{"né":"é"}]';
    for (const marked of [text, `\ufeff${text}`]) {
      const bytes = Buffer.from(marked, "utf16le");
      const file = await readFile(encoding === "utf-16le" ? bytes : bytes.swap16(), { blockBytes: 32 });
      expect(file.dialect.encoding).toBe(encoding);
      expect(file.dialect.columns).toEqual(["né"]);
      expect(file.rows).toEqual([
        [1, "😀é"],
        [2, "é"],
      ]);
    }
  });

  it("says that JSON is not written in other encodings", async () => {
    await expect(json.detect(jsonSource('[{"a":1}]'), { encoding: "windows-1252" })).rejects.toThrow(
      "people.json is JSON, which is UTF-8 (or UTF-16), not windows-1252.",
    );
  });
});

describe("damage", () => {
  it("makes a damaged line a row that is not right, and goes on behind it", async () => {
    const file = await readFile('{"a":1}\n{"a":\n{"a":"cut\n{"a":2} {"a":3}\nnot json\n{"a":"cut\n}\n[1]\n{"a":4}\n');
    expect(file.error).toBeUndefined();
    expect(file.rows).toEqual([
      [1, "1"],
      [2, short, '{"a":'],
      [3, unclosed, '{"a":"cut'],
      [4, short, '{"a":2} {"a":3}'],
      [5, short, "not json"],
      [6, unclosed, '{"a":"cut'],
      [7, short, "}"],
      [8, short, "1"],
      [9, "4"],
    ]);
  });

  it.each([
    ["breaks off in an element", '[{"a":1},{"a":', "ends abruptly at byte 14, in row 2"],
    ["breaks off in a string", '[{"a":1},{"a":"x', "ends abruptly at byte 16, in row 2"],
    ["breaks off between elements", '[{"a":1},', "ends abruptly at byte 9, in row 2"],
    ["breaks off behind the list", '{"d":[{"a":1}],"x":', "ends abruptly at byte 19"],
    ["holds what is no JSON", '[{"a":1},{"a":undefined}]', "is not valid JSON at byte 14, in row 2"],
    ["lacks a comma in an object", '[{"a":1},{"a":1 "b":2}]', "is not valid JSON at byte 16, in row 2"],
    ["goes on behind the list", '[{"a":1}]x', "continues after the end of its list, at byte 9"],
    ["nests too deep", `[{"a":1},{"a":${"[".repeat(100_000)}`, "is nested more than 64 levels"],
    ["closes what is not open", '[{"a":1},}]', "is not valid JSON at byte 9, in row 2"],
  ])("hands out the rows before the place where a file %s", async (_, text, error) => {
    const file = await readFile(text);
    expect(file.rows).toEqual([[1, "1"]]);
    expect(file.error).toContain(error);
  });

  it.each([
    ["", "is empty"],
    [" \n", "is empty"],
    ["[]", "its list is empty"],
    ["{}", "its list is empty"],
    ["[null, {}]", "its list is empty"],
    ["hello", "is not JSON with records"],
    ["42", "is not JSON with records"],
    ["[tru]", "is not valid JSON at byte 1, in its first record"],
    ['{"a"', "is not valid JSON at byte 4, in its first record"],
    ["[".repeat(1_000_000), "is nested more than 64 levels"],
    ['{"a":'.repeat(1_000_000), "is nested more than 64 levels"],
    [`[{${Array.from({ length: 16_385 }, (_, c) => `"c${c}":1`).join()}}]`, "has more than 16384 columns"],
  ])("refuses file %#", async (text, error) => {
    await expect(json.detect(jsonSource(text), {})).rejects.toThrow(error);
  });

  it("passes over a record that is too large and shows its beginning", async () => {
    for (const [text, kind] of [
      [`[{"a":1},{"a":"${"x".repeat(500)}","b":{"c":[1]}},{"a":3}]`, "array"],
      [`{"a":1}\n{"a":"${"x".repeat(500)}","b":{"c":[1]}}\n{"a":3}`, "lines"],
    ]) {
      const { dialect } = await readFile('[{"a":1}]');
      const file = await readFile(text, { dialect, maxRowBytes: 64, blockBytes: 32 });
      expect(
        file.rows.map(([row, shape]) => [row, shape]),
        kind,
      ).toEqual([
        [1, "1"],
        [2, "!4"],
        [3, "3"],
      ]);
      expect(String(file.rows[1][2]).startsWith('{"a":"xxx'), kind).toBe(true);
    }
  });

  it("does not let numbers swell a record beyond the limit", async () => {
    const { dialect } = await readFile('[{"a":1}]');
    const file = await readFile(`[{"a":[${"1e300,".repeat(1000)}1]},{"a":3}]`, { dialect, maxRowBytes: 8000 });
    expect(file.rows.map(([row, shape]) => [row, shape])).toEqual([
      [1, "!4"],
      [2, "3"],
    ]);
  });

  it("reads a string of a quarter of a gigabyte without holding it", async () => {
    const head = Buffer.from('[{"a":"');
    const tail = Buffer.from('"},{"a":2}]');
    const sizeBytes = 2 ** 28;
    let longest = 0;
    const source = {
      ...jsonSource(""),
      sizeBytes,
      async read(into: Uint8Array, offset: number): Promise<number> {
        longest = Math.max(longest, into.length);
        const length = Math.max(0, Math.min(into.length, sizeBytes - offset));
        into.fill(0x78, 0, length);
        if (offset < head.length) into.set(head.subarray(offset, offset + length));
        const tailAt = sizeBytes - tail.length - offset;
        if (tailAt < length) into.set(tail.subarray(Math.max(0, -tailAt)).subarray(0, length), Math.max(0, tailAt));
        return length;
      },
    };
    await expect(json.detect(source, {})).rejects.toThrow("is larger than 4194304 bytes");
    const { dialect } = await readFile('[{"a":1}]');
    const rows: (number | string)[][] = [];
    for await (const batch of json.read(source, dialect, {})) {
      rows.push([batch.rowNumbers[0], batch.shapes[0]]);
    }
    expect(rows).toEqual([
      [1, 4],
      [2, 0],
    ]);
    expect(longest).toBeLessThan(6 * 2 ** 20);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    const { dialect } = await readFile('[{"a":1}]');
    expect((await readFile('[{"a":1}]', { dialect, signal: stop.signal })).error).toBe("enough");
  });

  it("says when the file is shorter than its checkpoint", async () => {
    const { dialect } = await readFile('[{"a":1}]');
    const file = await readFile('[{"a":1}]', { dialect, from: { offset: 100, row: 7 } });
    expect(file.error).toContain("it is not the file this import began with");
  });
});
