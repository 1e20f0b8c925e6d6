/** However a JSON file is cut into pieces and wherever reading goes on, its rows are the same. */

import { describe, expect, it } from "vitest";
import { fc } from "../../property.ts";
import { readFile } from "./json-rows.ts";

const ugly = [
  '{"id":1,"näme":"Zoé \\ud83d\\ude00 \\"q\\" \\\\","b":{"c":1.50,"d":[1,"é",null]},"e":[{"f":"}]"}]}',
  '{"id":1e3,"näme":"","b":null,"z":"late"}',
  "null",
  '{"id":-0.0,"näme":"a,b]}[{","b":{"c":true,"d":[]}}',
  '{"b":{"c":33612345678},"näme":"\\u00e9\\u20AC\\t"}',
];

const layouts: [string, string | Uint8Array][] = [
  ["an array", `[${ugly.join(",\r\n")}]`],
  ["a wrapped array", `{"meta":{"n":[1,2]},"data":[${ugly.join(" , ")}],"more":"x"}`],
  ["JSON Lines", `${ugly.join("\n")}\r\n{"cut":"\n\n{"id":7}\n`],
  ["records one after the other", `{"id":0}${ugly.filter((each) => each !== "null").join("")}\n`],
  ["UTF-16", Buffer.from(`\ufeff[${ugly.join(",\n")}]`, "utf16le")],
  [
    "records by their keys",
    `{"more":{},"people":{${ugly.map((each, k) => `"k\\u00e9${k}" : ${each}`).join(",\n")}},"version":1}`,
  ],
  ["lists of records", `[${ugly.slice(0, 2).join(",")}]\n[${ugly.slice(3).join(",")}]\n`],
  ["columns", '{"a":["é\\u00e9",1.50,null],"näme":[["x","y"],{"z":1},"\\""],"c":[0,1,2]}'],
  ["lists", '[["a","b"],["é\\u00e9",1.50],[],[null,"x","surplus"]]'],
];

describe.each(layouts)("%s", (_, content) => {
  it("reads the same at every split of the bytes", async () => {
    const { rows, dialect, error } = await readFile(content);
    expect(error).toBeUndefined();
    expect(rows.length).toBeGreaterThan(1);
    for (let cut = 1; cut < 40; cut++) {
      expect((await readFile(content, { cut, blockBytes: 32, dialect })).rows, `cut every ${cut}`).toEqual(rows);
    }
  });

  it("goes on from every row and every checkpoint with the same rows", async () => {
    const { rows, places, checkpoints, dialect } = await readFile(content, { maxRowsPerBatch: 1 });
    for (const from of [...places, ...checkpoints]) {
      const rest = await readFile(content, { dialect, from, blockBytes: 32 });
      expect(rest.error).toBeUndefined();
      expect(rest.rows, JSON.stringify(from)).toEqual(rows.filter(([row]) => Number(row) >= from.row));
    }
  });
});

describe("any table", () => {
  const cell = fc.oneof(
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const names = ["a", "näme", "__proto__", 'q"uote', "x.y"];
  const table = fc.array(fc.array(cell, { minLength: names.length, maxLength: names.length }), {
    minLength: 1,
    maxLength: 8,
  });

  it("comes back from JSON, and from JSON Lines", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.integer({ min: 1, max: 40 }), async (rows, lines, cut) => {
        const first = `{${names.map((name) => `${JSON.stringify(name)}:"h"`)}}`;
        const records = rows.map(
          (row) => `{${row.map((value, c) => `${JSON.stringify(names[c])}:${JSON.stringify(value)}`)}}`,
        );
        const text = lines ? [first, ...records, first].join("\n") : `[${[first, ...records]}]`;
        const file = await readFile(text, { cut, blockBytes: 32 });
        expect(file.dialect.columns).toEqual(names);
        const expected = rows
          .map((row, r): (string | number)[] => [r + 2, ...row.map((value) => (value === null ? "" : String(value)))])
          .filter(([, ...cells]) => cells.some((text) => text !== ""));
        expect(file.rows.slice(1, lines ? -1 : undefined)).toEqual(expected);
      }),
    );
  });
});
