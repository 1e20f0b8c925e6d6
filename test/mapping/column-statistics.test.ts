/** A profile of every column over the whole file. */

import { describe, expect, it } from "vitest";
import { ColumnStatistics, maxProfiledColumns, type WholeProfile } from "../../src/mapping/column-statistics.ts";
import { DistinctEstimate, extrapolated, hashBytes, restoredEstimate } from "../../src/mapping/distinct-estimate.ts";
import { FrequentValues } from "../../src/mapping/frequent-values.ts";
import { sampleRows } from "../../src/mapping/profile.ts";
import { fc } from "../property.ts";
import { batchOf, type Cell } from "../staging/make-batch.ts";

const range = { headerRow: 1, lastRow: null };

/** The profiles of rows that come in batches of some hundred. */
function profilesOf(
  headers: string[],
  rows: readonly (readonly Cell[])[],
  options: { all?: boolean } = {},
): WholeProfile[] {
  const statistics = new ColumnStatistics(headers, options);
  for (let at = 0; at < rows.length; at += 700) {
    const batch = batchOf(rows.slice(at, at + 700), { firstRow: 2 + at, columnCount: headers.length });
    statistics.add(batch, range);
  }
  return statistics.profiles();
}

describe("ColumnStatistics", () => {
  it("counts rows and filled cells exactly, beyond the rows that it looks at", () => {
    const rows = Array.from({ length: 5000 }, (_, k): Cell[] => [
      `A${k}`,
      k % 3 === 0 ? "" : k % 3 === 1 ? " \u00a0" : "x",
      "é".repeat(k % 7),
    ]);
    const [id, sparse, long] = profilesOf(["id", "sparse", "long"], rows);
    expect([id.rows, id.filled, sparse.filled, long.filled, long.longestBytes]).toEqual([5000, 5000, 1666, 4285, 12]);
    expect(id.examined).toBeGreaterThanOrEqual(sampleRows);
    expect(id.examined).toBeLessThan(1200);
  });

  it("looks at every row when it is told to", () => {
    const rows = Array.from({ length: 3000 }, (_, k): Cell[] => [String(k), k === 2999 ? "31/12/2030" : "13/01/2024"]);
    const [number, day] = profilesOf(["number", "day"], rows, { all: true });
    expect(number).toMatchObject({ kind: "integer", examined: 3000, least: 0, greatest: 2999 });
    expect(day).toMatchObject({
      kind: "date",
      examined: 3000,
      least: "2024-01-13",
      greatest: "2030-12-31",
      dateOrders: { dmy: 3000 },
    });
    expect(day.top).toEqual([
      { value: "13/01/2024", count: 2999 },
      { value: "31/12/2030", count: 1 },
    ]);
  });

  it("leaves out what is not the table's, blank rows and error values", () => {
    const statistics = new ColumnStatistics(["a", "b"], { all: true });
    const rows: (Cell[] | null)[] = [["1", "2"], ["", " "], [{ error: "#N/A" }, "4"], null, ["9", "9"]];
    statistics.add(batchOf(rows, { columnCount: 2 }), { headerRow: 1, lastRow: 5 });
    const [a, b] = statistics.profiles();
    expect([a.rows, a.filled, a.examined, b.filled]).toEqual([2, 2, 1, 2]);
  });

  it("goes on where it was stored, and takes no row twice", () => {
    const rows = Array.from({ length: 9000 }, (_, k): Cell[] => [
      `user${k % 4000}@x.fr`,
      k % 2 === 0 ? "oui" : "non",
      { typed: String(k / 4) },
    ]);
    const headers = ["mail", "vip", "price"];
    const whole = profilesOf(headers, rows);
    const first = new ColumnStatistics(headers);
    first.add(batchOf(rows.slice(0, 4321), { columnCount: 3 }), range);
    const stored = JSON.parse(JSON.stringify(first));
    const second = new ColumnStatistics(headers, { stored });
    // Read again from the start, as a stage that was lost is.
    second.add(batchOf(rows.slice(0, 6000), { columnCount: 3 }), { ...range, countedToRow: 2 + 4321 });
    second.add(batchOf(rows.slice(6000), { firstRow: 6002, columnCount: 3 }), range);
    expect(second.profiles()).toEqual(whole);
    expect(whole.map(({ kind, filled }) => [kind, filled])).toEqual([
      ["email", 9000],
      ["boolean", 9000],
      ["decimal", 9000],
    ]);
  });

  it("looks at so many columns and no more", () => {
    const headers = Array.from({ length: maxProfiledColumns + 5 }, (_, c) => `c${c}`);
    expect(profilesOf(headers, [headers.map(() => "x")])).toHaveLength(maxProfiledColumns);
  });

  it.each<[kind: string, header: string, cells: Cell[]]>([
    ["blank", "c", [""]],
    ["email", "c", ["a@b.fr", "c@d.fr"]],
    ["phone", "c", ["0612345678", "+33 6 12 34 56 78"]],
    ["integer", "c", ["1", "1 234", "-5"]],
    ["decimal", "c", ["1,5", "12,00 €", "(3,25)"]],
    ["date", "c", ["13/01/2024", "5 mars 2024"]],
    ["date", "c", [{ typed: "2024-01-31" }, { typed: "2024-01-31T00:00:00" }]],
    ["datetime", "c", ["13/01/2024 10:30", "5 mars 2024 14h30"]],
    ["boolean", "c", ["oui", "non", "oui"]],
    ["postal_code", "Code postal", ["75001", "13008", "1000"]],
    ["text", "c", ["007", "012"]],
    ["choice", "c", Array.from({ length: 10 }, (_, k) => (k % 2 === 0 ? "Nouveau" : "Perdu"))],
    ["text", "c", ["12 rue de l'Église", "3 place du Marché"]],
  ])("calls a column %s (%s: %j)", (kind, header, cells) => {
    const rows = cells.map((cell): Cell[] => [cell, "there"]);
    expect(profilesOf([header, "other"], rows)[0].kind).toBe(kind);
  });

  it("gives the least and the greatest by the column's own marks and order", () => {
    const [price, day] = profilesOf(
      ["price", "day"],
      [
        ["1.234,50", "01/13/2024"],
        ["2,5", "02/01/2024"],
        ["-7", "12/31/2023"],
      ],
    );
    expect([price.least, price.greatest]).toEqual([-7, 1234.5]);
    expect([day.least, day.greatest]).toEqual(["2023-12-31", "2024-02-01"]);
  });
});

describe("DistinctEstimate", () => {
  const estimate = (count: number, times = 1): number => {
    const distinct = new DistinctEstimate();
    for (let k = 0; k < count * times; k++) {
      const bytes = Buffer.from(`value ${k % count}`);
      distinct.add(hashBytes(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length));
    }
    return restoredEstimate(distinct.toJSON()).count(count * times);
  };

  it.each([0, 1, 2, 10, 100, 1000, 3000, 20_000, 200_000])("is near %d different values", (count) => {
    expect(Math.abs(estimate(count) - count)).toBeLessThanOrEqual(0.1 * count);
  });

  it("does not count a value twice", () => {
    expect(estimate(500, 20)).toBe(estimate(500));
  });

  it("hashes equal bytes alike wherever they stand, and tells lengths and contents apart", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 9 }), (value, before) => {
        const bytes = new Uint8Array([...before, ...value, 1, 2, 3]);
        const alone = hashBytes(new DataView(value.slice().buffer), 0, value.length);
        expect(hashBytes(new DataView(bytes.buffer), before.length, before.length + value.length)).toBe(alone);
      }),
    );
    const hashes = Array.from({ length: 30 }, (_, length) => hashBytes(new DataView(new ArrayBuffer(32)), 0, length));
    expect(new Set(hashes).size).toBe(30);
  });

  it.each([
    [5, 1000, 4000, 5],
    [1000, 1000, 4000, 4000],
    [100, 100, 100, 100],
    [0, 0, 0, 0],
  ])("takes %d different values of %d cells for those of %d", (distinct, seen, all, expected) => {
    expect(extrapolated(distinct, seen, all)).toBe(expected);
  });

  it("expects more where values repeat seldom", () => {
    const [few, many] = [extrapolated(600, 1000, 4000), extrapolated(900, 1000, 4000)];
    expect(few).toBeGreaterThan(600);
    expect(many).toBeGreaterThan(few);
    expect(many).toBeLessThan(4000);
  });
});

describe("FrequentValues", () => {
  it("finds what makes up more than a 65th, and never counts too high", () => {
    const value = fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom("often", "also often") },
      { weight: 3, arbitrary: fc.nat({ max: 2000 }).map(String) },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 1500 }), (values) => {
        const frequent = new FrequentValues();
        const counts = new Map<string, number>();
        for (const each of values) {
          frequent.add(each);
          counts.set(each, (counts.get(each) ?? 0) + 1);
        }
        const kept = new Map(frequent.toJSON().counts);
        for (const [each, count] of counts) if (count > values.length / 65) expect(kept.has(each)).toBe(true);
        for (const [each, count] of kept) {
          expect(count).toBeLessThanOrEqual(counts.get(each) ?? 0);
          expect(count).toBeGreaterThanOrEqual((counts.get(each) ?? 0) - values.length / 65);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("names none where all are as rare, and keeps what a database can hold", () => {
    const frequent = new FrequentValues();
    for (let k = 0; k < 1000; k++) frequent.add(`${"x".repeat(99)}😀${k}`);
    expect(frequent.toJSON().counts).toEqual([[`${"x".repeat(99)}\ufffd`, 1000]]);
    const rare = new FrequentValues();
    for (let k = 0; k < 1000; k++) rare.add(String(k));
    expect(rare.top(10)).toEqual([]);
  });
});
