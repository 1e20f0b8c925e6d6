/** The examples beside a question: each cell read in every way that it could be meant. */
import { describe, expect, it } from "vitest";
import {
  type DateOrder,
  type DecimalMark,
  ordersOf,
  readDate,
  readNumber,
  tellingExample,
} from "../../src/react/steps/map/reading-examples.ts";

describe("a cell read as a date", () => {
  it.each<[string, DateOrder, string | null]>([
    ["03/04/2025", "dmy", "2025-04-03"],
    ["03/04/2025", "mdy", "2025-03-04"],
    ["3.4.25", "dmy", "2025-04-03"],
    ["1/2/69", "dmy", "1969-02-01"],
    ["1/2/68", "dmy", "2068-02-01"],
    ["31/12/2025", "mdy", null],
    ["30/02/2025", "dmy", null],
    ["2025-03-04", "ymd", "2025-03-04"],
    ["03/04/2025 10:30", "dmy", "2025-04-03"],
    ["45292", "serial", "2024-01-01"],
    ["soon", "serial", null],
    ["soon", "dmy", null],
    ["", "dmy", null],
  ])("%s in the order %s is %s", (text, order, day) => {
    expect(readDate(text, order)?.toISOString().slice(0, 10) ?? null).toBe(day);
  });
});

describe("a cell read as a number", () => {
  it.each<[string, DecimalMark, number | null]>([
    ["1,500", ",", 1.5],
    ["1,500", ".", 1500],
    ["1.234.567,5", ",", 1_234_567.5],
    ["€ 2 000", ".", 2000],
    ["-3.25", ".", -3.25],
    ["none", ".", null],
  ])("%s with the mark %s is %s", (text, mark, number) => {
    expect(readNumber(text, mark)).toBe(number);
  });
});

it("tells the ways apart by the cell that they read most differently", () => {
  expect(tellingExample(["soon", "13/01/2025", "03/04/2025"], ["dmy", "mdy"], readDate)).toBe("03/04/2025");
  expect(tellingExample(["soon", "13/01/2025"], ["dmy", "mdy"], readDate)).toBe("13/01/2025");
  expect(tellingExample(["soon"], ["dmy", "mdy"], readDate)).toBeUndefined();
});

it("asks for years first only where a cell begins with one, and for day numbers only where they are chosen", () => {
  expect(ordersOf(["03/04/2025"], "dmy")).toEqual(["dmy", "mdy"]);
  expect(ordersOf(["2025-03-04"], "dmy")).toEqual(["dmy", "mdy", "ymd"]);
  expect(ordersOf([], "serial")).toEqual(["dmy", "mdy", "serial"]);
});
