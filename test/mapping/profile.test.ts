/** What a column's cells look like. */
import { describe, expect, it } from "vitest";
import { Profiler, sampleRows } from "../../src/mapping/profile.ts";
import { batchOf, type Cell } from "../staging/make-batch.ts";
import { profilesOf } from "../staging/read-file.ts";

describe("Profiler", () => {
  it("describes a column by its sample", async () => {
    const [code, mail] = await profilesOf("code,mail\n007,a@b.fr\n 012 ,a@b.fr\n,nope\nx,\n");
    expect(code).toEqual({
      header: "code",
      rows: 4,
      filled: 3,
      distinct: 3,
      blanks: 0,
      shortest: 1,
      longest: 3,
      top: [
        { value: "007", count: 1 },
        { value: "012", count: 1 },
        { value: "x", count: 1 },
      ],
      kind: "text",
      shares: { email: 0, phone: 0, integer: 0, decimal: 0, date: 0, datetime: 0, boolean: 1 / 3 },
      dateOrders: { dmy: 0, mdy: 0, ymd: 0, either: 0 },
      decimalMarks: { comma: 0, point: 0, either: 0 },
      leadingZeros: 2,
      digits: { counts: [0, 0, 0, 2], zeros: [0, 0, 0, 2] },
      signs: { fractions: 0, dayMonths: 0, excelNotations: 0, serials: 0 },
    });
    expect([mail.filled, mail.distinct, mail.top[0], mail.shares.email]).toEqual([
      3,
      2,
      { value: "a@b.fr", count: 2 },
      2 / 3,
    ]);
  });

  it("looks at the first rows alone, and at none that is broken", async () => {
    const text = `a,b\n${"only one\n".repeat(5)}${"x,y\n".repeat(sampleRows)}${"later,z\n".repeat(10)}`;
    const [column] = await profilesOf(text, { delimiter: ",", headerRow: 1 });
    expect([column.rows, column.top]).toEqual([sampleRows, [{ value: "x", count: sampleRows }]]);
  });

  it("learns nothing of marks and orders from cells that the file typed, and nothing from error values", () => {
    const profiler = new Profiler(["price", "day"]);
    const rows: Cell[][] = [
      [{ typed: "1.5" }, { typed: "2024-01-31" }],
      ["2,5", "13/01/2024"],
      [{ error: "#N/A" }, { error: "#REF!" }],
    ];
    profiler.add(batchOf(rows, { columnCount: 2 }), 1);
    const [price, day] = profiler.profile();
    expect([price.kind, price.filled, price.decimalMarks]).toEqual(["decimal", 2, { comma: 1, point: 0, either: 0 }]);
    expect([price.least, price.greatest]).toEqual([1.5, 2.5]);
    expect([day.kind, day.dateOrders]).toEqual(["date", { dmy: 1, mdy: 0, ymd: 0, either: 0 }]);
    expect([day.least, day.greatest]).toEqual(["2024-01-13", "2024-01-31"]);
  });

  it("looks at no row behind the table's last", () => {
    const profiler = new Profiler(["a"]);
    profiler.add(batchOf([["1"], ["2"], ["Total"]]), 1, 3);
    expect(profiler.profile()[0].rows).toBe(2);
  });

  it("describes a column of nothing", async () => {
    const [, empty] = await profilesOf("a,b\n1,\n2,\n");
    expect([empty.rows, empty.filled, empty.shortest, empty.longest, empty.shares.email]).toEqual([2, 0, 0, 0, 0]);
  });

  it.each([
    ["phone", ["0612345678", "+33 6 12 34 56 78", "(0)1.23.45.67.89"], 1],
    ["phone", ["12345678", "13/01/2024", "01.02.2024", "06", "x"], 0],
    ["date", ["13/01/2024", "2024-01-13", "5 mars 2024", "01/13/2024 10:30"], 1],
    ["date", ["20240113", "0612345678", "1.5", "32/01/2024", "mars 2024", "12 rue de Mars"], 0],
    ["datetime", ["13/01/2024 10:30", "5 mars 2024 14h30", "2024-01-13T08:30:00Z"], 1],
    ["datetime", ["13/01/2024 00:00", "2024-01-13"], 0],
    ["decimal", ["1,5", "12 €", "(3.25)", "12 %", "1 234"], 1],
    ["decimal", ["007", "12 rue", "x"], 0],
    ["email", ["a@b.fr"], 1],
    ["boolean", ["oui", "NON", "1", "x"], 1],
    ["integer", ["1", "1 234", "-5", "12345"], 1],
    ["integer", ["007", "1.5", "x"], 0],
  ] as const)("knows a %s: %j", async (kind, cells, share) => {
    const [column] = await profilesOf(`c\n${cells.join("\n")}\n`, { delimiter: ";", headerRow: 1 });
    expect(column.shares[kind]).toBe(share);
  });
});
