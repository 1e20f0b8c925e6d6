/** Cells that the file typed, error values, the table's end, and warnings. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { ColumnMapping, Mapping } from "../../src/core/import.ts";
import { atLeastOne, type Importer } from "../../src/core/importer.ts";
import { warningRowsCap } from "../../src/core/issue.ts";
import { keyFields } from "../../src/core/keys.ts";
import type { Batch } from "../../src/core/row.ts";
import { RowValidator } from "../../src/staging/validate.ts";
import { batchOf, type Cell } from "./make-batch.ts";
import { copyRows } from "./read-file.ts";

const everything = defineImporter({
  name: "everything",
  fields: {
    name: field.text(),
    mail: field.email(),
    phone: field.phone(),
    count: field.integer(),
    price: field.decimal(),
    day: field.date(),
    seen: field.datetime(),
    vip: field.boolean(),
    tier: field.choice({ gold: ["Or"], first: ["1"] }),
  },
  match: { keys: ["name"] },
  target: { table: "everything" },
});

/** Rows of `everything`. */
function rowsOf(rows: readonly (readonly Cell[] | null)[], firstRow?: number): Batch {
  return batchOf(rows, { firstRow, columnCount: Object.keys(everything.fields).length });
}

/** A mapping of the columns in the importer's order, each with what it is given. */
function mappingOf(importer: Importer, more: Record<string, Partial<ColumnMapping>> = {}): Mapping {
  const columns = Object.keys(importer.fields).map(
    (name, column): ColumnMapping => ({ column, header: name, field: name, score: 1, reason: "given", ...more[name] }),
  );
  return { columns };
}

function validatorOf(importer: Importer, more?: Record<string, Partial<ColumnMapping>>): RowValidator {
  return new RowValidator({
    importer,
    mapping: mappingOf(importer, more),
    assignment: { mode: "none" },
    keys: keyFields(importer.match.keys),
    jobId: 7,
  });
}

const range = { headerRow: 1, lastRow: null };

/** `[row, code, field, params]` of the rejected rows. */
function issuesOf({ rejects }: RowValidator): unknown[] {
  const text = rejects.bytes.toString("utf8", 0, rejects.length);
  return copyRows(text).flatMap(([, row, , issues]) =>
    JSON.parse(String(issues)).map(({ c, f, p = null }: { c: string; f?: string; p?: unknown }) => [
      Number(row),
      c,
      f,
      p,
    ]),
  );
}

function stagedOf({ stage }: RowValidator): (string | null)[][] {
  return copyRows(stage.bytes.toString("utf8", 0, stage.length), { nullAs: "" }).map(([, , ...values]) => values);
}

/** One row of everything, blank but for a cell. */
function rowWith(name: keyof typeof everything.fields, cell: Cell): Cell[] {
  return Object.keys(everything.fields).map((each) => (each === name ? cell : each === "name" ? "x" : ""));
}

describe("cells that the file typed", () => {
  const transforms = {
    count: { transform: { decimalMark: "," } },
    price: { transform: { decimalMark: "," } },
    day: { transform: { dateOrder: "mdy" } },
    seen: { transform: { dateOrder: "mdy" } },
  } as const;

  it.each<[name: keyof typeof everything.fields, typed: string, value: string]>([
    ["name", "2024-01-31T00:00:00", "2024-01-31T00:00:00"],
    ["name", "0.1", "0.1"],
    ["name", "08:30:00", "08:30:00"],
    ["phone", "33612345678", "+33612345678"],
    ["count", "1234", "1234"],
    ["price", "1.234", "1.234"],
    ["price", "-0.5", "-0.5"],
    ["day", "2024-01-31", "2024-01-31"],
    ["day", "2024-01-31T00:00:00", "2024-01-31"],
    ["seen", "2024-01-31T08:30:00.250", "2024-01-31 08:30:00.250 UTC"],
    ["seen", "2024-01-31", "2024-01-31 00:00:00 UTC"],
    ["vip", "true", "t"],
    ["vip", "0", "f"],
    ["tier", "1", "first"],
  ])("say what they are: %s %s", (name, typed, value) => {
    const validator = validatorOf(everything, transforms);
    validator.validate(rowsOf([rowWith(name, { typed })]), range);
    expect([issuesOf(validator), stagedOf(validator)[0]?.[Object.keys(everything.fields).indexOf(name)]]).toEqual([
      [],
      value,
    ]);
  });

  it.each<[name: keyof typeof everything.fields, typed: string, code: string, params: unknown]>([
    ["phone", "2024-03-01", "date_damage", { value: "2024-03-01" }],
    ["count", "2024-03-01T00:00:00", "date_damage", { value: "2024-03-01T00:00:00" }],
    ["price", "2024-03-01", "date_damage", { value: "2024-03-01" }],
    ["tier", "2024-03-01", "date_damage", { value: "2024-03-01" }],
    ["count", "1.5", "integer_invalid", null],
    ["day", "2024-03-01T08:30:00", "date_invalid", { order: "mdy" }],
    ["day", "45356", "date_invalid", { order: "mdy" }],
    ["seen", "08:30:00", "datetime_invalid", { order: "mdy" }],
    ["vip", "2024-03-01", "boolean_invalid", null],
    ["name", "3.36E+21", "spreadsheet_damage", null],
  ])("are named where they do not fit: %s %s is %s", (name, typed, code, params) => {
    const validator = validatorOf(everything, transforms);
    validator.validate(rowsOf([rowWith(name, { typed })]), range);
    expect(issuesOf(validator)).toEqual([[2, code, name, params]]);
  });

  it("leave the cells beside them to the column's own mark and order", () => {
    const validator = validatorOf(everything, transforms);
    const row = (price: Cell, day: Cell): Cell[] => ["x", "", "", "", price, day];
    validator.validate(rowsOf([row("1.234", "01/31/2024"), row({ typed: "1.234" }, { typed: "2024-01-31" })]), range);
    expect(stagedOf(validator).map((values) => [values[4], values[5]])).toEqual([
      ["1234", "2024-01-31"],
      ["1.234", "2024-01-31"],
    ]);
  });

  it("go through a validator of the user's own", () => {
    const importer = defineImporter({
      name: "priced",
      fields: { price: field.decimal({ validate: z.string().refine((text) => text !== "13", "bad luck") }) },
      target: { table: "t" },
    });
    const validator = validatorOf(importer, { price: { transform: { decimalMark: "," } } });
    validator.validate(batchOf([[{ typed: "1.5" }], [{ typed: "13" }], ["1,5"]]), range);
    expect(stagedOf(validator)).toEqual([["1.5"], ["1.5"]]);
    expect(issuesOf(validator)).toEqual([[3, "value_rejected", "price", { message: "bad luck" }]]);
  });
});

describe("error values", () => {
  it("keep the row out with their text, in whatever field they stand", () => {
    const validator = validatorOf(everything);
    const names = Object.keys(everything.fields) as (keyof typeof everything.fields)[];
    validator.validate(rowsOf(names.map((name) => rowWith(name, { error: "#REF!" }))), range);
    expect(issuesOf(validator)).toEqual(names.map((name, k) => [2 + k, "cell_error", name, { value: "#REF!" }]));
  });

  it.each(["#REF!", "#DIV/0!", "#VALEUR!", "#NOM?", "#REFERENS!", "#VÄRDEFEL!"])(
    "are known as a CSV has them: %s",
    (value) => {
      const validator = validatorOf(everything);
      validator.validate(rowsOf([rowWith("name", value), rowWith("price", value)]), range);
      expect(issuesOf(validator)).toEqual([
        [2, "cell_error", "name", { value }],
        [3, "cell_error", "price", { value }],
      ]);
    },
  );

  it("are not seen in other texts with a hash, nor in columns that feed nothing", () => {
    const validator = validatorOf(everything, { mail: { field: null } });
    validator.validate(rowsOf([["#1"], ["#N/A?"], ["#n/a of it"], ["x", { error: "#N/A" }]]), range);
    expect([issuesOf(validator), stagedOf(validator).map(([name]) => name)]).toEqual([
      [],
      ["#1", "#N/A?", "#n/a of it", "x"],
    ]);
  });

  it("fill the field: the row is told of them alone", () => {
    const importer = defineImporter({
      name: "keyed",
      fields: { mail: field.email({ required: true }), phone: field.phone() },
      checks: [atLeastOne("mail", "phone")],
      target: { table: "t" },
    });
    const validator = validatorOf(importer);
    validator.validate(batchOf([[{ error: "#REF!" }]], { columnCount: 2 }), range);
    expect(issuesOf(validator)).toEqual([[2, "cell_error", "mail", { value: "#REF!" }]]);
  });

  it("that only say that there is no value are blanks, but in a text", () => {
    const validator = validatorOf(everything);
    validator.validate(rowsOf([rowWith("price", { error: "#N/A" }), rowWith("price", "#SAKNAS!")]), range);
    expect([issuesOf(validator), validator.takeIssueCounts()]).toEqual([
      [],
      [{ field: "price", code: "blank_word", count: 2 }],
    ]);
    validator.validate(rowsOf([rowWith("name", { error: "#N/A" })]), range);
    expect(issuesOf(validator)).toEqual([[2, "cell_error", "name", { value: "#N/A" }]]);
  });
});

describe("the table's end", () => {
  it("keeps out what stands behind it, but for blank rows", () => {
    const validator = validatorOf(everything);
    const batch = rowsOf([["a"], ["b"], null, ["", " "], ["Total", "2"], ["not", "even", "a", "number"]]);
    expect(validator.validate(batch, { headerRow: 1, lastRow: 3 })).toEqual({ valid: 2, invalid: 2, skipped: 0 });
    expect(stagedOf(validator).map(([name]) => name)).toEqual(["a", "b"]);
    expect(issuesOf(validator)).toEqual([
      [6, "outside_table", undefined, null],
      [7, "outside_table", undefined, null],
    ]);
  });
});

describe("warnings", () => {
  const several = { code: "several_values", value: "a@x.fr", others: "b@y.fr" };

  it("let the row in, are counted by field and code, and say where", () => {
    const validator = validatorOf(everything);
    const rows: Cell[][] = [
      ["ann", "a@x.fr; b@y.fr", "612345678"],
      ["bob", "c@z.fr", { typed: "612345679" }],
    ];
    expect(validator.validate(rowsOf(rows), range)).toEqual({ valid: 2, invalid: 0, skipped: 0 });
    expect(stagedOf(validator).map(([, mail, phone]) => [mail, phone])).toEqual([
      ["a@x.fr", "+33612345678"],
      ["c@z.fr", "+33612345679"],
    ]);
    expect(validator.takeIssueCounts()).toEqual([
      { field: "mail", code: "several_values", count: 1 },
      { field: "phone", code: "leading_zero_lost", count: 2 },
    ]);
    expect(validator.takeWarnings()).toEqual([
      { row: 2, offset: 200, issue: { c: several.code, f: "mail", p: { value: "a@x.fr", others: "b@y.fr" } } },
      { row: 2, offset: 200, issue: { c: "leading_zero_lost", f: "phone", p: { value: "+33612345678" } } },
      { row: 3, offset: 300, issue: { c: "leading_zero_lost", f: "phone", p: { value: "+33612345679" } } },
    ]);
    expect([validator.takeIssueCounts(), validator.takeWarnings()]).toEqual([[], []]);
  });

  it("are not told of rows that are rejected, nor of rows that were counted before", () => {
    const validator = validatorOf(everything);
    const rows: Cell[][] = [
      ["ann", "a@x.fr; b@y.fr", "", "no number"],
      ["bob", "a@x.fr; b@y.fr"],
      ["cid", "a@x.fr; b@y.fr"],
    ];
    validator.validate(rowsOf(rows), { ...range, countedToRow: 4 });
    expect(validator.takeIssueCounts()).toEqual([{ field: "mail", code: "several_values", count: 1 }]);
    expect(validator.takeWarnings().map(({ row }) => row)).toEqual([4]);
  });

  it("are counted without limit, and handed on up to the cap of each code", () => {
    const validator = validatorOf(everything);
    const rows = Array.from({ length: 600 }, (_, k): Cell[] => ["x", `a${k}@x.fr; b@y.fr`, "612345678"]);
    let taken = 0;
    for (let k = 0; k < 4; k++) {
      validator.validate(rowsOf(rows, 2 + 600 * k), range);
      if (k % 2 === 1) taken += validator.takeWarnings().length;
    }
    expect(taken).toBe(2 * warningRowsCap);
    expect(validator.takeIssueCounts().map(({ count }) => count)).toEqual([2400, 2400]);
  });

  it("come with what a validator of the user's own makes of the value", () => {
    const importer = defineImporter({
      name: "mails",
      fields: {
        mail: field.email({ validate: z.string().transform((text) => (text.startsWith("no") ? null : text)) }),
      },
      target: { table: "t" },
    });
    const validator = validatorOf(importer);
    validator.validate(batchOf([["a@x.fr; b@y.fr"], ["no@x.fr; b@y.fr"]]), range);
    expect(stagedOf(validator)).toEqual([["a@x.fr"], [null]]);
    expect(validator.takeWarnings().map(({ row }) => row)).toEqual([2, 3]);
  });

  const postal = defineImporter({
    name: "postal",
    fields: { code: field.text({ maxLength: 5 }) },
    target: { table: "t" },
  });
  const codes = (cells: Cell[]): Batch => batchOf(cells.map((cell) => [cell]));

  it("say what a code was before it lost its zeros, and mend it where that is chosen", () => {
    const cells: Cell[] = ["75001", "1000", { typed: "1000" }, "501", "12", "2A004", "1 000", "123456"];
    const told = [3, 4, 5].map((row) => [row, { value: row === 5 ? "00501" : "01000" }]);
    for (const [more, values] of [
      [{ repair: { kind: "pad_zeros", width: 5, cells: 3 } }, ["75001", "1000", "1000", "501", "12", "2A004", "1 000"]],
      [{ transform: { padTo: 5 } }, ["75001", "01000", "01000", "00501", "12", "2A004", "1 000"]],
    ] as [Partial<ColumnMapping>, string[]][]) {
      const validator = validatorOf(postal, { code: more });
      validator.validate(codes(cells), range);
      expect(stagedOf(validator)).toEqual(values.map((value) => [value]));
      expect(validator.takeWarnings().map(({ row, issue }) => [row, issue.p])).toEqual(told);
      expect(issuesOf(validator)).toEqual([[9, "text_too_long", "code", { max: 5 }]]);
    }
  });

  it("are none where no zeros are missing", () => {
    const validator = validatorOf(postal);
    validator.validate(codes(["1000", "75001"]), range);
    expect(validator.takeWarnings()).toEqual([]);
  });
});

describe("text of a column with a nature", () => {
  const sizes = defineImporter({ name: "sizes", fields: { size: field.text() }, target: { table: "t" } });
  const column = (cells: Cell[]): Batch => batchOf(cells.map((cell) => [cell]));

  it("is damage where it is a date among fractions", () => {
    const validator = validatorOf(sizes, { size: { nature: "fraction" } });
    validator.validate(
      column(["1/3", "1-Mar", "01-mars", { typed: "2024-03-01" }, "mars-24", "Mars", "March 3rd", "XL", "12/2024"]),
      range,
    );
    expect(issuesOf(validator)).toEqual([
      [3, "date_damage", "size", { value: "1-Mar" }],
      [4, "date_damage", "size", { value: "01-mars" }],
      [5, "date_damage", "size", { value: "2024-03-01" }],
      [6, "date_damage", "size", { value: "mars-24" }],
    ]);
  });

  it("is damage where it is E-notation among long numbers", () => {
    const validator = validatorOf(sizes, { size: { nature: "identifier" } });
    validator.validate(column(["3760123456789", "3,76E+12", "1E5", "1E-05"]), range);
    expect(issuesOf(validator)).toEqual([[3, "spreadsheet_damage", "size", null]]);
  });

  it("is text where nothing is known of it", () => {
    const validator = validatorOf(sizes);
    validator.validate(column(["1-Mar", "3,76E+12", { typed: "2024-03-01" }]), range);
    expect(stagedOf(validator)).toEqual([["1-Mar"], ["3,76E+12"], ["2024-03-01"]]);
  });
});
