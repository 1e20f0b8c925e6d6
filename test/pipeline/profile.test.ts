/** What a column's cells look like. */
import { describe, expect, it } from "vitest";
import { sampleRows } from "../../src/pipeline/profile.ts";
import { profilesOf } from "./read-file.ts";

describe("Profiler", () => {
  it("describes a column by its sample", async () => {
    const [code, mail] = await profilesOf("code,mail\n007,a@b.fr\n 012 ,a@b.fr\n,nope\nx,\n");
    expect(code).toEqual({
      header: "code",
      rows: 4,
      filled: 3,
      distinct: 3,
      shortest: 1,
      longest: 3,
      top: [
        { value: "007", count: 1 },
        { value: "012", count: 1 },
        { value: "x", count: 1 },
      ],
      shares: { email: 0, phone: 0, integer: 0, decimal: 2 / 3, date: 0, boolean: 1 / 3 },
      dateOrders: { dmy: 0, mdy: 0, ymd: 0, either: 0 },
      decimalMarks: { comma: 0, point: 0, either: 0 },
      leadingZeros: 2,
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

  it("describes a column of nothing", async () => {
    const [, empty] = await profilesOf("a,b\n1,\n2,\n");
    expect([empty.rows, empty.filled, empty.shortest, empty.longest, empty.shares.email]).toEqual([2, 0, 0, 0, 0]);
  });

  it.each([
    ["phone", ["0612345678", "+33 6 12 34 56 78", "(0)1.23.45.67.89"], 1],
    ["phone", ["12345678", "13/01/2024", "01.02.2024", "06", "x"], 0],
    ["date", ["13/01/2024", "2024-01-13", "5 mars 2024", "01/13/2024 10:30"], 1],
    ["date", ["20240113", "0612345678", "1.5", "32/01/2024"], 0],
    ["email", ["a@b.fr"], 1],
    ["boolean", ["oui", "NON", "1", "x"], 1],
    ["integer", ["1", "1 234", "-5", "12345"], 1],
    ["integer", ["007", "1.5", "x"], 0],
  ] as const)("knows a %s: %j", async (kind, cells, share) => {
    const [column] = await profilesOf(`c\n${cells.join("\n")}\n`, { delimiter: ";", headerRow: 1 });
    expect(column.shares[kind]).toBe(share);
  });
});
