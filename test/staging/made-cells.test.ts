/** Cells that are made of several, of a part of one, or of none: what they are read as, and what is told of them. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { FieldSource } from "../../src/core/field-source.ts";
import type { MadeField, Mapping } from "../../src/core/import.ts";
import { RowValidator } from "../../src/staging/validate.ts";
import { batchOf, type Cell } from "./make-batch.ts";
import { copyRows } from "./read-file.ts";

const importer = defineImporter({
  name: "made",
  fields: {
    text: field.text({ required: true, maxLength: 40_000 }),
    price: field.decimal(),
    day: field.date(),
  },
  target: { table: "made" },
});

interface Outcome {
  staged: (string | null)[][];
  /** `[row, [code, field]…]` */
  issues: unknown[];
  /** Cells kept of the rejected rows. */
  cells: string[];
}

/** Rows below the header, with two columns `a` and `b` (or others), and fields made of them. */
function validate(
  rows: readonly (readonly Cell[])[],
  fields: readonly Omit<MadeField, "reason">[],
  headers: readonly string[] = ["a", "b"],
): Outcome {
  const mapping: Mapping = {
    columns: headers.map((header, column) => ({ column, header, field: null, score: 0, reason: "none" })),
    fields: fields.map((each) => ({ ...each, reason: "given" })),
  };
  const validator = new RowValidator({ importer, mapping, assignment: { mode: "none" }, keys: [], jobId: 7 });
  validator.validate(batchOf(rows, { columnCount: headers.length }), { headerRow: 1, lastRow: null });
  const { stage, rejects } = validator;
  const rejected = copyRows(rejects.bytes.toString("utf8", 0, rejects.length));
  return {
    staged: copyRows(stage.bytes.toString("utf8", 0, stage.length), { nullAs: "" }).map(([, , ...values]) => values),
    issues: rejected.map(([, row, , issues]) => [
      Number(row),
      ...JSON.parse(String(issues)).map(({ c, f }: { c: string; f?: string }) => [c, f]),
    ]),
    cells: rejected.map((each) => String(each[4])),
  };
}

const join = (separator: string, name = "text"): Omit<MadeField, "reason"> => ({
  field: name,
  source: { kind: "join", columns: [0, 1], separator },
});
const constant = (value: string, name = "text"): Omit<MadeField, "reason"> => ({
  field: name,
  source: { kind: "constant", value },
});

describe("joined cells", () => {
  it("leave blank ones out, and are blank where all are", () => {
    const { staged, issues } = validate([["x", " y "], ["", "y"], ["x"], [" ", "\u00a0"], ["", ""]], [join(" - ")]);
    // A blank row is none.
    expect(staged).toEqual([["x - y"], ["y"], ["x"]]);
    expect(issues).toEqual([]);
  });

  it("are reported for what is no data in one of them", () => {
    const rows: Cell[][] = [
      ["x", { error: "#REF!" }],
      ["#N/A", "y"],
      ["a\0b", "y"],
      ["x", "y".repeat(39_999)],
    ];
    expect(validate(rows, [join("")])).toMatchObject({
      staged: [[`x${"y".repeat(39_999)}`]],
      issues: [
        [2, ["cell_error", "text"]],
        [3, ["cell_error", "text"]],
        [4, ["nul_character", "text"]],
      ],
    });
  });

  it("are what the file typed only where one stands alone", () => {
    const rows: Cell[][] = [
      [{ typed: "1234.5" }, ""],
      [{ typed: "1" }, { typed: "5" }],
    ];
    const text = constant("t");
    const fields = [text, { ...join(",", "price"), transform: { decimalMark: "," as const } }];
    expect(validate(rows, fields).staged).toEqual([
      ["t", "1234.5"],
      ["t", "1.5"],
    ]);
  });
});

describe("the same value in every row", () => {
  it("is read like a cell, and makes no row of a blank one", () => {
    const fields = [constant(' é\t"x" '), constant("01/02/2026", "day")];
    expect(validate([["1"], ["", ""], ["2"]], fields).staged).toEqual([
      ['é\t"x"', "2026-02-01"],
      ['é\t"x"', "2026-02-01"],
    ]);
  });

  it("keeps a row out where it is wrong, with the file's cells before those that are made", () => {
    expect(validate([["1", "2"]], [constant("t"), constant("soon", "day")])).toMatchObject({
      staged: [],
      issues: [[2, ["date_invalid", "day"]]],
      cells: ['{"1","2","t","soon"}'],
    });
  });
});

describe("a default", () => {
  it("counts where all is blank, and what is written goes before it", () => {
    expect(
      validate(
        [
          ["x", ""],
          ["", "1"],
        ],
        [
          { ...join(" "), default: "none" },
          {
            field: "price",
            source: { kind: "split", column: 1, by: "separator", separator: ";", part: 1 },
            default: "2.5",
          },
        ],
      ).staged,
    ).toEqual([
      ["x", "2.5"],
      ["1", "1"],
    ]);
  });
});

describe("in a report that comes back", () => {
  it("cells are joined without the apostrophes that guard them, and a constant keeps its own", () => {
    const headers = ["Sluice: row", "Sluice: reason", "a", "b"];
    const source: FieldSource = { kind: "join", columns: [2, 3], separator: " " };
    expect(validate([["2", "why", "'=1", "'+2"]], [{ field: "text", source }], headers).staged).toEqual([["=1 +2"]]);
    expect(validate([["2", "why", "x"]], [constant("'twas")], headers).staged).toEqual([["'twas"]]);
  });
});
