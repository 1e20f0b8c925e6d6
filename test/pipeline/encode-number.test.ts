/** Whole and decimal numbers, by the column's own marks. */
import { describe, expect, it } from "vitest";
import { field } from "../../src/field.ts";
import { brief, encoded } from "./encode-cell.ts";

type Mark = "," | "." | undefined;
const outcome = (value: string | null, invalid: string): string => (value === null ? invalid : JSON.stringify(value));

describe("decimalEncoder", () => {
  it.each<[cell: string, mark: Mark, value: string | null]>([
    ["12", undefined, "12"],
    ["12.5", undefined, "12.5"],
    ["12,5", undefined, "12.5"],
    ["12,5", ",", "12.5"],
    ["12.5", ",", null],
    ["12.500", ",", "12500"],
    ["1,234", ".", "1234"],
    ["1,234", ",", "1.234"],
    ["1,234", undefined, "1.234"],
    ["1,23", ".", null],
    ["1 234,50", ",", "1234.50"],
    ["1\u00a0234,50", ",", "1234.50"],
    ["1\u202f234\u202f567,5", undefined, "1234567.5"],
    ["1'234'567.5", ".", "1234567.5"],
    ["1’234.5", undefined, "1234.5"],
    ["1.234,50", undefined, "1234.50"],
    ["1,234.50", undefined, "1234.50"],
    ["1.234.567", undefined, "1234567"],
    ["1,234,567", undefined, "1234567"],
    ["1.234.567", ".", null],
    ["1,234,56", ".", null],
    ["12 34", ",", null],
    ["1 23", ",", null],
    ["-12,5", ",", "-12.5"],
    ["−12,5", ",", "-12.5"],
    ["+12.5", ".", "12.5"],
    [".5", undefined, "0.5"],
    ["5.", undefined, "5"],
    ["-,5", ",", "-0.5"],
    ["007.50", ".", "7.50"],
    ["0", undefined, "0"],
    ["00", undefined, "0"],
    ["123456789012345678901234567890.123456789", undefined, "123456789012345678901234567890.123456789"],
    [".", undefined, null],
    ["-", undefined, null],
    ["--5", undefined, null],
    ["5-", undefined, null],
    ["1.2.3", undefined, null],
    ["1,2,3", undefined, null],
    ["12 €", undefined, null],
    ["12%", undefined, null],
    ["1e5", undefined, null],
    ["NaN", undefined, null],
    ["Infinity", undefined, null],
    ["0x10", undefined, null],
    ["١٢", undefined, null],
    ["9".repeat(201), undefined, null],
  ])("reads %j with the mark %j as %j", (cell, decimalMark, value) => {
    expect(brief(encoded(field.decimal(), cell, { decimalMark }))).toBe(outcome(value, "decimal_invalid"));
  });

  it.each<[string, string]>([
    ["1.25", '"1.25"'],
    ["1.250", '"1.250"'],
    ["1.255", "decimal_invalid"],
    ["1.2500", '"1.2500"'],
  ])("allows %j two digits behind the mark: %s", (cell, result) => {
    expect(brief(encoded(field.decimal({ scale: 2 }), cell))).toBe(result);
  });

  it("names its limits", () => {
    const price = field.decimal({ min: 0.5, max: 10 });
    expect(encoded(price, "0.4")).toEqual({ code: "number_too_small", params: { min: 0.5 } });
    expect(encoded(price, "10.01")).toEqual({ code: "number_too_large", params: { max: 10 } });
    expect([encoded(price, "0.5"), encoded(price, "10")]).toEqual(["0.5", "10"]);
  });

  it("names what a spreadsheet has damaged", () => {
    expect(brief(encoded(field.decimal(), "3,36E+10"))).toBe("spreadsheet_damage");
  });
});

describe("integerEncoder", () => {
  it.each<[cell: string, mark: Mark, value: string | null]>([
    ["0", undefined, "0"],
    ["007", undefined, "7"],
    ["42", undefined, "42"],
    ["-42", undefined, "-42"],
    ["-0", undefined, "0"],
    ["+42", undefined, "42"],
    ["12,0", undefined, "12"],
    ["12.00", undefined, "12"],
    ["12,5", undefined, null],
    ["1 234", undefined, "1234"],
    ["1\u00a0234\u00a0567", undefined, "1234567"],
    ["1,234", ".", "1234"],
    ["1,234", undefined, null],
    ["1.234.567", undefined, "1234567"],
    ["999999999999999", undefined, "999999999999999"],
    ["1000000000000000", undefined, "1000000000000000"],
    ["2147483648", undefined, "2147483648"],
    ["1000000000", undefined, "1000000000"],
    ["1000000001000000000", undefined, "number_too_large"],
    ["9007199254740991", undefined, "9007199254740991"],
    ["-9007199254740991", undefined, "-9007199254740991"],
    ["9007199254740992", undefined, "number_too_large"],
    ["-9007199254740993", undefined, "number_too_small"],
    ["9007199254740991.5", undefined, null],
    ["1E5", undefined, null],
    ["1E+5", undefined, "spreadsheet_damage"],
    ["12a", undefined, null],
    ["a12", undefined, null],
    ["1-2", undefined, null],
  ])("reads %j with the mark %j as %j", (cell, decimalMark, value) => {
    const expected = value !== null && /^[a-z_]+$/.test(value) ? value : outcome(value, "integer_invalid");
    expect(brief(encoded(field.integer(), cell, { decimalMark }))).toBe(expected);
  });

  it("names its limits", () => {
    const year = field.integer({ min: 1900, max: 2100 });
    expect(encoded(year, "1899")).toEqual({ code: "number_too_small", params: { min: 1900 } });
    expect(encoded(year, "2 101")).toEqual({ code: "number_too_large", params: { max: 2100 } });
    expect([encoded(year, "1900"), encoded(year, "2100")]).toEqual(["1900", "2100"]);
  });
});
