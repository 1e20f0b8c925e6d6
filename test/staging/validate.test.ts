/** From cells to the stage's rows and the rejected ones. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { atLeastOne, type RowOf } from "../../src/core/importer.ts";
import { issuesOf, validateFile } from "./read-file.ts";

const people = defineImporter({
  name: "people",
  fields: {
    name: field.text({ required: true, maxLength: 10 }),
    email: field.email(),
    phone: field.phone(),
    age: field.integer({ min: 0 }),
  },
  checks: [atLeastOne("email", "phone")],
  match: { keys: ["email"] },
  target: { table: "people" },
});

describe("RowValidator", () => {
  it("stages valid rows in the importer's order of fields, with number and place", async () => {
    const result = await validateFile(
      people,
      "Age,E-mail,Ignored,Name\n41, ZOE@x.fr ,?,Zoé\n,leo@x.fr,,\u00a0Léo\u202f\n",
    );
    expect(result.columns).toEqual(["name", "email", "age"]);
    expect(result.stage).toEqual([
      ["2", "24", "Zoé", "zoe@x.fr", "41"],
      ["3", "45", "Léo", "leo@x.fr", null],
    ]);
    expect([result.valid, result.invalid, result.rejects, result.issueCounts]).toEqual([2, 0, [], []]);
  });

  it("rejects a row with all that is wrong with it, and stages nothing of it", async () => {
    const result = await validateFile(
      people,
      "name,email,phone,age\n,no,12,x\nZoé,,,\nLéo,a@b.fr,,-1\nAnn,a@b.fr,,1\nAlexandrine,a@b.fr,,\n",
    );
    expect(issuesOf(result)).toEqual([
      [2, "name", "required"],
      [2, "email", "email_invalid"],
      [2, "phone", "phone_invalid"],
      [2, "age", "integer_invalid"],
      [3, undefined, "at_least_one"],
      [4, "age", "number_too_small"],
      [6, "name", "text_too_long"],
    ]);
    expect(result.stage.map(([row]) => row)).toEqual(["5"]);
    expect(result.rejects[1]).toEqual({
      job: "7",
      row: 3,
      outcome: "invalid",
      issues: [{ c: "at_least_one", p: { fields: "email, phone" } }],
      cells: ["Zoé", "", "", ""],
    });
    expect([result.valid, result.invalid]).toEqual([1, 4]);
  });

  it("counts issues by field and code, once for each call", async () => {
    const result = await validateFile(people, "name,email\n,x\n,y\nZoé,z\nLéo,\n");
    expect(result.issueCounts).toEqual([
      { field: "name", code: "required", count: 2 },
      { field: "email", code: "email_invalid", count: 3 },
      { field: null, code: "at_least_one", count: 1 },
    ]);
  });

  it("rejects rows of the wrong shape with their cells", async () => {
    const result = await validateFile(
      people,
      'name,email\nZoé\nLéo,a@b.fr,"x,""y",z\nAnn,c@d.fr,,\n"Bob,e@f.fr,z\nCid,g@h.fr\n',
    );
    expect(result.rejects.map(({ row, issues, cells }) => [row, issues, cells])).toEqual([
      [2, [{ c: "row_too_short", p: { cells: 1, columns: 2 } }], ["Zoé"]],
      [3, [{ c: "row_too_long", p: { cells: 4, columns: 2 } }], ["Léo", "a@b.fr", 'x,"y', "z"]],
      [5, [{ c: "quote_unclosed", p: { cells: 3, columns: 2 } }], ['"Bob', "e@f.fr", "z"]],
    ]);
    expect(result.stage.map(([row, , name]) => [row, name])).toEqual([
      ["4", "Ann"],
      ["6", "Cid"],
    ]);
  });

  it("rejects a row that is too large with its beginning", async () => {
    const result = await validateFile(people, `name,email\nZoé,${"x".repeat(5 * 1024 * 1024)}\nLéo,a@b.fr\n`);
    expect(issuesOf(result)).toEqual([[2, undefined, "row_too_large"]]);
    expect(result.rejects[0].cells).toEqual([`Zoé,${"x".repeat(251)}`]);
    expect(result.stage.map(([row]) => row)).toEqual(["3"]);
  });

  it("takes a row of nothing but white space for no row", async () => {
    const result = await validateFile(people, 'name,email\n,\n  ," "\n\u00a0,\t\n   \n,,,\n"",""\nZoé,a@b.fr\n,\n');
    expect([result.valid, result.invalid, result.stage.map(([row]) => row)]).toEqual([1, 0, ["8"]]);
  });

  it("rejects a row that is blank in all its fields alone", async () => {
    const result = await validateFile(people, "name,email,other\n,,x\n");
    expect(issuesOf(result)).toEqual([
      [2, "name", "required"],
      [2, undefined, "at_least_one"],
    ]);
  });

  it("skips what stands above the header", async () => {
    const result = await validateFile(people, "Export\n\nname,email\nZoé,a@b.fr\n", { hints: { headerRow: 3 } });
    expect(result.stage).toEqual([["4", "19", "Zoé", "a@b.fr"]]);
    expect(result.invalid).toBe(0);
  });

  it("reads the first row of a file without a header", async () => {
    const given = [{ column: "Column 1", field: "name" }];
    const result = await validateFile(people, "Zoé,a@b.fr\nLéo,c@d.fr\n", { given });
    expect(result.stage.map(([row, , ...values]) => [row, ...values])).toEqual([
      ["1", "Zoé", "a@b.fr"],
      ["2", "Léo", "c@d.fr"],
    ]);
  });

  it("writes rejected cells so that they read back as they stood", async () => {
    const ugly = ['a"b', "c\\d", "e,f", "g\nh", "i\tj", "{k}", "NULL", "\\N", " l ", "'m", "\r"];
    const header = ugly.map((_, k) => (k === 0 ? "email" : `c${k}`));
    const line = (cells: string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
    const result = await validateFile(people, `${line(header)}\n${line(ugly)}\n`);
    expect(result.rejects.map(({ cells }) => cells)).toEqual([ugly]);
  });

  it("stands a NUL in rejected cells as a replacement character, since Postgres has none", async () => {
    const result = await validateFile(people, "name,email\na\0b,c@d.fr\n");
    expect([issuesOf(result), result.rejects[0].cells]).toEqual([
      [[2, "name", "nul_character"]],
      ["a\ufffdb", "c@d.fr"],
    ]);
  });

  it("stages rows that are counted already without counting or recording them", async () => {
    const text = "name,email\nZoé,a@b.fr\nLéo,no\nAnn,c@d.fr\nBob,no\nCid,e@f.fr\n";
    const result = await validateFile(people, text, { countedToRow: 5 });
    expect(result.stage.map(([row]) => row)).toEqual(["2", "4", "6"]);
    expect([result.valid, result.invalid, issuesOf(result)]).toEqual([1, 1, [[5, "email", "email_invalid"]]]);
    expect(result.issueCounts).toEqual([{ field: "email", code: "email_invalid", count: 1 }]);
  });

  it("stages the owner's cell when rows are assigned by a column", async () => {
    const assignment = { mode: "column", column: "Owner" } as const;
    const result = await validateFile(people, "name,email,Owner\nZoé,a@b.fr, Ann \nLéo,c@d.fr,\n", { assignment });
    expect(result.columns).toEqual(["name", "email", "owner_key"]);
    expect(result.stage.map((row) => row[4])).toEqual(["Ann", null]);
  });

  it("names E-notation in a key alone as damage", async () => {
    const items = defineImporter({
      name: "items",
      fields: { ref: field.text(), note: field.text() },
      match: { keys: ["ref"] },
      target: { table: "items" },
    });
    const result = await validateFile(items, "ref,note\n1E5,1E5\n1,3E+10\n3E+10,x\n");
    expect(result.stage.map(([, , ...values]) => values)).toEqual([
      ["1E5", "1E5"],
      ["1", "3E+10"],
    ]);
    expect(issuesOf(result)).toEqual([[4, "ref", "spreadsheet_damage"]]);
  });

  it("unescapes doubled quotes of cells longer than any before", async () => {
    const long = '"x'.repeat(3000);
    const notes = defineImporter({
      name: "notes",
      fields: { name: field.text(), note: field.text() },
      target: { table: "notes" },
    });
    const result = await validateFile(notes, `name,note\nZoé,"${long.replaceAll('"', '""')}"\nLéo,"""hi"""\n`);
    expect(result.stage.map((row) => row[3])).toEqual([long, '"hi"']);
  });
});

describe("RowValidator with checks", () => {
  const seen: unknown[] = [];
  const fields = {
    start: field.date(),
    end: field.date(),
    count: field.integer(),
    price: field.decimal(),
    vip: field.boolean(),
    note: field.text({ validate: z.string().transform((text) => (text === "-" ? null : text)) }),
  };
  const bookings = defineImporter({
    name: "bookings",
    fields,
    checks: [
      atLeastOne("note", "count"),
      (row: RowOf<typeof fields>) => {
        seen.push({ ...row });
        if (row.start === null || row.end === null || row.start <= row.end) return null;
        return { message: "ends before it starts \ud83d\0", field: "end", params: { start: row.start, odd: "\udc00" } };
      },
      (row: RowOf<typeof fields>) => (row.count === 13 ? { message: "13 brings bad luck" } : undefined),
    ],
    target: { table: "bookings" },
  });

  it("gives a check the values as they are stored", async () => {
    seen.length = 0;
    await validateFile(
      bookings,
      "start;end;count;price;vip;note\n5 mars 2024;06/03/2024;1 000;1 234,50;oui;\\N\n;;7;;non;-\n",
    );
    expect(seen).toEqual([
      { start: "2024-03-05", end: "2024-03-06", count: 1000, price: "1234.50", vip: true, note: null },
      { start: null, end: null, count: 7, price: null, vip: false, note: null },
    ]);
  });

  it("rejects by a check, in words that the database can hold", async () => {
    const result = await validateFile(
      bookings,
      "start,end,count\n2024-03-05,2024-03-04,13\n2024-03-05,2024-03-05,13\n,,1\n",
    );
    const message = "ends before it starts \ufffd\ufffd";
    expect(result.rejects.map(({ row, issues }) => [row, issues])).toEqual([
      [2, [{ c: "row_rejected", f: "end", p: { start: "2024-03-05", odd: "\ufffd", message } }]],
      [3, [{ c: "row_rejected", p: { message: "13 brings bad luck" } }]],
    ]);
  });

  it("gives a check null for a column that is not mapped, and nothing but fields", async () => {
    seen.length = 0;
    const assignment = { mode: "column", column: "Owner" } as const;
    await validateFile(bookings, "count,Owner\n1,Ann\n", { assignment });
    expect(seen).toEqual([{ start: null, end: null, count: 1, price: null, vip: null, note: null }]);
  });

  it("asks no check about a row that has no value where one is wrong", async () => {
    seen.length = 0;
    const result = await validateFile(bookings, "start,count\nnever,1\n");
    expect([seen, issuesOf(result)]).toEqual([[], [[2, "start", "date_invalid"]]]);
  });

  it("counts a value that a validator takes away as blank", async () => {
    const result = await validateFile(bookings, "note,vip\n-,oui\nx,oui\n");
    expect([issuesOf(result), result.valid]).toEqual([[[2, undefined, "at_least_one"]], 1]);
    const strict = defineImporter({
      name: "strict",
      fields: { note: field.text({ required: true, validate: fields.note.validate }) },
      target: { table: "t" },
    });
    expect(issuesOf(await validateFile(strict, "note,x\n-,1\n"))).toEqual([[2, "note", "required"]]);
  });
});
