/** How JSON lays out its records: what is read as rows, and what is refused because it may be one record or several. */
import { describe, expect, it } from "vitest";
import { json } from "../../../src/formats/json/json.ts";
import { longestTurnedBytes } from "../../../src/formats/json/transposed.ts";
import { jsonSource, type PlainRow, readFile } from "./json-rows.ts";

describe("a layout", () => {
  it.each<[string, string, string[], PlainRow[]]>([
    [
      "one list is one column",
      '{"name":["Anna","Bo"]}',
      ["name"],
      [
        [1, "Anna"],
        [2, "Bo"],
      ],
    ],
    [
      "columns in an object beside what describes them",
      '{"status":"ok","count":2,"data":{"name":["Anna","Bo"],"age":[30,null]}}',
      ["name", "age"],
      [
        [1, "Anna", "30"],
        [2, "Bo", ""],
      ],
    ],
    [
      "columns of lists and objects",
      '{"name":["Anna",null],"tags":[["a","b"],[]],"n":[1.50,2],"more":[{"x":1},null]}',
      ["name", "tags", "n", "more"],
      [
        [1, "Anna", "a, b", "1.5", '{"x":1}'],
        [2, "", "", "2", ""],
      ],
    ],
    [
      "columns in a list of one object",
      '[{"name":["Anna","Bo"],"city":["Paris","Lyon"]}]',
      ["name", "city"],
      [
        [1, "Anna", "Paris"],
        [2, "Bo", "Lyon"],
      ],
    ],
    [
      "columns by numbered rows",
      '{"name":{"0":"Anna","1":"Bo"},"city":{"0":"Paris","1":null}}',
      ["name", "city"],
      [
        [1, "Anna", "Paris"],
        [2, "Bo", ""],
      ],
    ],
    [
      "a column that stands twice",
      '{"name":["Anna","Bo"],"name":["Cia","Di"]}',
      ["name", "name (2)"],
      [
        [1, "Anna", "Cia"],
        [2, "Bo", "Di"],
      ],
    ],
    [
      "a header and rows",
      '{"header":["name","city"],"rows":[["Anna","Paris"]]}',
      ["name", "city"],
      [[1, "Anna", "Paris"]],
    ],
    [
      "fields and values",
      '{"values":[["Anna","Paris"],["Bo"]],"fields":["name","city"]}',
      ["name", "city"],
      [
        [1, "Anna", "Paris"],
        [2, "Bo", ""],
      ],
    ],
    [
      "numbered labels beside the rows",
      '{"columns":["a"],"index":[0,1],"data":[["x"],["y"]]}',
      ["a"],
      [
        [1, "x"],
        [2, "y"],
      ],
    ],
    [
      "described columns",
      '{"schema":[{"name":"a","type":"STRING"},{"name":"b"}],"rows":[["x","y"]]}',
      ["a", "b"],
      [[1, "x", "y"]],
    ],
    [
      "rows keyed by names",
      '{"Anna":{"city":"Paris","zip":1},"Bo":{"city":"Lyon","zip":2}}',
      ["id", "city", "zip"],
      [
        [1, "Anna", "Paris", "1"],
        [2, "Bo", "Lyon", "2"],
      ],
    ],
    [
      "one record with its id",
      '{"17":{"name":"Anna","city":"Paris"}}',
      ["id", "name", "city"],
      [[1, "17", "Anna", "Paris"]],
    ],
    [
      "an id that stands twice",
      '{"17":{"a":1},"17":{"a":2},"18":{"a":3}}',
      ["id", "a"],
      [
        [1, "17", "1"],
        [2, "17", "2"],
        [3, "18", "3"],
      ],
    ],
    [
      "something else among keyed records",
      '{"17":{"a":1},"18":5,"19":{"a":2}}',
      ["id", "a"],
      [
        [1, "17", "1"],
        [2, "!1", '"18":5'],
        [3, "19", "2"],
      ],
    ],
    [
      "values by numbers",
      '{"1":"Anna","2":"Bo"}',
      ["id", "value"],
      [
        [1, "1", "Anna"],
        [2, "2", "Bo"],
      ],
    ],
    [
      "lists of records a line",
      '[{"a":1}]\n[{"a":2},{"a":3}]',
      ["a"],
      [
        [1, "1"],
        [2, "2"],
        [3, "3"],
      ],
    ],
    [
      "features of a map",
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Anna"}}]}',
      ["type", "properties.name"],
      [[1, "Feature", "Anna"]],
    ],
    [
      "a record with lists",
      '{"name":"Anna","emails":["a@x","b@x"],"phones":["1","2"]}',
      ["name", "emails", "phones"],
      [[1, "Anna", "a@x, b@x", "1, 2"]],
    ],
    [
      "a record with objects",
      '{"name":"Anna","home":{"city":"Paris"},"work":{"city":"Lyon"}}',
      ["name", "home.city", "work.city"],
      [[1, "Anna", "Paris", "Lyon"]],
    ],
    [
      "a record of other objects",
      '{"address":{"city":"Paris","zip":1},"company":{"name":"A","city":"Lyon"}}',
      ["address.city", "address.zip", "company.name", "company.city"],
      [[1, "Paris", "1", "A", "Lyon"]],
    ],
    [
      "a record of settings with lists",
      '{"name":"Anna","prefs":{"colors":["a","b"],"sizes":["x","y"]}}',
      ["name", "prefs.colors", "prefs.sizes"],
      [[1, "Anna", "a, b", "x, y"]],
    ],
    [
      "records beside a list of values",
      '{"ids":[1,2],"people":[{"name":"Anna"},{"name":"Bo"}]}',
      ["name"],
      [
        [1, "Anna"],
        [2, "Bo"],
      ],
    ],
  ])("%s", async (_, text, columns, rows) => {
    const file = await readFile(text);
    expect(file.error).toBeUndefined();
    expect(file.dialect.columns).toEqual(columns);
    expect(file.dialect.headerRow).toBe(0);
    expect(file.rows).toEqual(rows);
  });

  it.each<[string, string, RegExp]>([
    [
      "columns of unequal length",
      '{"name":["Anna","Bo"],"city":["Paris"]}',
      /unequal length: name has 2 values, city 1\. Write the records as an array/,
    ],
    [
      "more labels than rows",
      '{"columns":["a"],"index":["x","y","z"],"data":[[1],[2]]}',
      /unequal length: index has 3 values, data 2\./,
    ],
    [
      "more rows than labels",
      '{"columns":["a"],"index":["x","y"],"data":[[1],[2],[3],[4]]}',
      /unequal length: index has 2 values, data 4\./,
    ],
    [
      "more names than a table has columns",
      `{"columns":[${Array.from({ length: 16_385 }, (_, k) => `"c${k}"`)}],"data":[[${Array(16_385).fill(1)}]]}`,
      /has more than 16384 columns/,
    ],
    [
      "lists by numbers",
      '{"17":["Anna","Paris"],"18":["Bo","Lyon"]}',
      /no telling whether its lists are columns, rows/,
    ],
    ["lists that are rows by their values", '{"r":["Anna",30],"s":["Bo",41]}', /no telling/],
    ["long lists beside a value", '{"name":"Anna","emails":["a","b","c"],"phones":["1","2","3"]}', /no telling/],
    [
      "fewer names than values",
      '{"columns":["name"],"data":[["Anna","Paris"]]}',
      /names 1 column, but its rows have 2 values/,
    ],
    [
      "an object around every value",
      '{"rows":[{"f":[{"v":"Anna"},{"v":"Paris"}]}]}',
      /object around every value.*BigQuery/,
    ],
    ["a schema without records", '{"schema":{"fields":[{"name":"a"}]},"data":[]}', /its list is empty/],
    ["empty columns", '{"name":[],"city":[]}', /its list is empty/],
    [
      "a large table by columns",
      `{"name":["${"x".repeat(1000)}"${`,"${"x".repeat(1000)}"`.repeat(longestTurnedBytes / 1000)}],"city":[]}`,
      /holds its table by columns and is larger than/,
    ],
    [
      "a large table of pandas",
      `{"name":{${Array.from({ length: 17_000 }, (_, k) => `"${k}":"${"x".repeat(1000)}"`)}}}`,
      /holds its table by columns.*orient="records"/,
    ],
  ])("is refused: %s", async (_, text, message) => {
    await expect(json.detect(jsonSource(text), {})).rejects.toThrow(message);
  });

  it("takes all of many columns", async () => {
    const names = Array.from({ length: 1500 }, (_, k) => `c${k}`);
    const { dialect, rows } = await readFile(`{${names.map((name, k) => `"${name}":["x${k}","y${k}"]`)}}`);
    expect(dialect.columns).toEqual(names);
    expect(rows[1]).toEqual([2, ...names.map((_, k) => `y${k}`)]);
  });

  it("tells the column of the keys", async () => {
    const { dialect } = await readFile('{"17":{"ID":1,"Key":2},"18":{"ID":3,"Key":4}}');
    expect([dialect.columns, dialect.findings]).toEqual([
      ["record_key", "ID", "Key"],
      [{ code: "keys_as_column", count: 1, params: { column: "record_key" } }],
    ]);
  });

  it("never takes a late member for the key", async () => {
    const { dialect } = await readFile('{"17":{"a":1},"18":{"a":2}}');
    const { rows } = await readFile('{"17":{"a":1},"18":{"id":9,"a":2}}', { dialect });
    expect(rows).toEqual([
      [1, "17", "1"],
      [2, "!2", "18", "2", "id: 9"],
    ]);
  });

  it("passes over a keyed record that is too large", async () => {
    const text = `{"17":{"a":1},"k\\"18":{"a":"${"x".repeat(500)}","b":[{"c":"}"}]},"19":{"a":2}}`;
    const { dialect } = await readFile(text);
    const { rows, error } = await readFile(text, { dialect, maxRowBytes: 64, blockBytes: 32 });
    expect(error).toBeUndefined();
    expect(rows.map(([row, first]) => [row, first])).toEqual([
      [1, "17"],
      [2, "!4"],
      [3, "19"],
    ]);
  });
});
