/** What is counted of all rows, and what follows of it: the cells' bytes say the same as reading them does. */
import { describe, expect, it } from "vitest";
import type { ColumnMapping, Mapping } from "../../src/core/import.ts";
import type { Dialect } from "../../src/core/row.ts";
import { countDay, noDays } from "../../src/mapping/count-day.ts";
import { countMark } from "../../src/mapping/count-mark.ts";
import { decideAgain } from "../../src/mapping/decide-again.ts";
import type { RowReading } from "../../src/mapping/row-readings.ts";

function ofDay(cell: string): Record<string, number> {
  const counts = noDays();
  countDay(counts, Buffer.from(cell), 0, Buffer.byteLength(cell));
  return Object.fromEntries(
    Object.entries({ ...counts.dateOrders, ...counts.plainDays }).filter(([, count]) => count > 0),
  );
}

function ofMark(cell: string): string | null {
  const counts = { comma: 0, point: 0, either: 0 };
  countMark(counts, Buffer.from(cell), 0, Buffer.byteLength(cell));
  return Object.entries(counts).find(([, count]) => count > 0)?.[0] ?? null;
}

describe("countDay", () => {
  it.each([
    ["13/01/2024", { dmy: 1 }],
    ["1/13/2024", { mdy: 1 }],
    ["1/13/24 10:00", { mdy: 1 }],
    ["01.02.2024", { either: 1 }],
    ["1. 2. 2024", { either: 1 }],
    ["2024-05-03", { ymd: 1, early: 1 }],
    ["2024-05-23T10:00:00", { ymd: 1, late: 1 }],
    ["05/05/2024", {}],
    ["13/14/2024", {}],
    ["3 mars 2024", {}],
    ["12345", {}],
    ["1.2", {}],
    ["192.168.1.1", {}],
    ["", {}],
  ])("%s", (cell, counts) => {
    expect(ofDay(cell)).toEqual(counts);
  });
});

describe("countMark", () => {
  it.each([
    ["1,5", "comma"],
    ["1.5", "point"],
    ["1.234", "either"],
    ["1,234", "either"],
    ["-3.000", "either"],
    ["€ 1.200,-", "either"],
    ["0.125", "point"],
    ["1234.567", "point"],
    ["1.234,56", "comma"],
    ["1,234.56", "point"],
    ["1.234.567", "comma"],
    ["12,34,567.89", "point"],
    ["1 234,567", "comma"],
    ["12,50 kr.", "comma"],
    ["1234", null],
    ["12.5.2024", null],
    ["abc", null],
    ["", null],
  ])("%s", (cell, mark) => {
    expect(ofMark(cell)).toBe(mark);
  });
});

describe("decideAgain", () => {
  const column = (more: Partial<ColumnMapping>): ColumnMapping => ({
    column: 0,
    header: "Date",
    field: "day",
    score: 1,
    reason: "name",
    transform: { dateOrder: "dmy" },
    readBy: "usual",
    ...more,
  });
  const reading = (more: Partial<RowReading>): RowReading => ({
    column: 0,
    header: "Date",
    field: "day",
    kind: "date_order",
    ...noDays(),
    decimalMarks: { comma: 0, point: 0, either: 0 },
    ...more,
  });
  const dialect = { columns: ["Date"], delimiter: "," } as unknown as Dialect;
  const decided = (columns: ColumnMapping[], readings: RowReading[], by = dialect): unknown => {
    const mapping: Mapping = { columns };
    const { mapping: after, findings } = decideAgain(mapping, readings, by);
    const [{ transform, readBy, doubt }] = after.columns;
    return [
      after === mapping ? "same" : { ...transform, readBy, doubt },
      findings.map(({ code, count }) => [code, count]),
    ];
  };
  const orders = (dmy: number, mdy: number, either: number): RowReading =>
    reading({ dateOrders: { dmy, mdy, ymd: 0, either } });

  it.each([
    [
      "only months first fit",
      column({ doubt: "date_order" }),
      orders(0, 3, 9),
      [{ dateOrder: "mdy", readBy: "whole_file", doubt: undefined }, []],
    ],
    [
      "a few slips remain",
      column({ readBy: "cells" }),
      orders(2, 50, 9),
      [{ dateOrder: "mdy", readBy: "whole_file", doubt: undefined }, []],
    ],
    ["what was read fits", column({ readBy: "cells" }), orders(50, 2, 9), ["same", []]],
    ["no order fits", column({ readBy: "cells" }), orders(50, 20, 9), ["same", [["reading_mixed", 20]]]],
    ["somebody has said it", column({ readBy: undefined }), orders(0, 20, 9), ["same", [["reading_mixed", 20]]]],
    ["nobody was asked", column({}), orders(0, 0, 9), ["same", [["reading_open", 9]]]],
    ["somebody was asked", column({ doubt: "date_order" }), orders(0, 0, 9), ["same", []]],
    ["another file's is remembered", column({ readBy: "remembered" }), orders(0, 0, 9), ["same", []]],
    [
      "it was read again",
      column({ transform: { dateOrder: "mdy" }, readBy: "whole_file" }),
      orders(0, 3, 9),
      ["same", [["reading_changed", 12]]],
    ],
    [
      "years came first so far",
      column({ transform: { dateOrder: "ymd" }, readBy: "cells" }),
      orders(4, 0, 1),
      [{ dateOrder: "dmy", readBy: "whole_file", doubt: undefined }, []],
    ],
  ])("where %s", (_, before, counts, expected) => {
    expect(decided([before], [counts])).toEqual(expected);
  });

  it("takes what another column shows in all rows", () => {
    const other = column({ column: 1, field: "other", transform: { dateOrder: "mdy" }, readBy: "cells" });
    const shown = reading({ column: 1, field: "other", dateOrders: { dmy: 0, mdy: 7, ymd: 0, either: 0 } });
    expect(decided([column({ doubt: "date_order" }), other], [orders(0, 0, 9), shown])).toEqual([
      { dateOrder: "mdy", readBy: "whole_file", doubt: undefined },
      [],
    ]);
  });

  it("leaves numbers without a mark alone, as long as each shows its own", () => {
    const number = column({ field: "amount", transform: undefined });
    const marks = (comma: number, point: number, either: number): RowReading =>
      reading({ field: "amount", kind: "decimal_mark", decimalMarks: { comma, point, either } });
    expect(decided([number], [marks(5, 0, 0)])).toEqual(["same", []]);
    expect(decided([number], [marks(5, 0, 2)])).toEqual([
      { decimalMark: ",", readBy: "whole_file", doubt: undefined },
      [],
    ]);
  });
});
