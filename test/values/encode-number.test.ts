/** Whole and decimal numbers, by the column's own marks. */

import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { readNumber } from "../../src/values/read-number.ts";
import { fc } from "../property.ts";
import { brief, encoded, encodedTyped } from "./encode-cell.ts";

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
    ["--5", undefined, null],
    ["5-", undefined, "-5"],
    ["-5-", undefined, null],
    ["1 234,50-", ",", "-1234.50"],
    ["(1 234,00)", ",", "-1234.00"],
    ["($1,234.50)", ".", "-1234.50"],
    ["-(5)", undefined, null],
    ["(5", undefined, null],
    ["1234 567", undefined, null],
    ["1 234.567,8", undefined, null],
    ["1\u2009234,5", ",", "1234.5"],
    ["1.2.3", undefined, null],
    ["1,2,3", undefined, null],
    ["12 €", undefined, "12"],
    ["€12.50", ".", "12.50"],
    ["-€5", undefined, "-5"],
    ["€ -5", undefined, "-5"],
    ["£1,234.50", ".", "1234.50"],
    ["kr 1 234,50", ",", "1234.50"],
    ["1 234,50 kr", ",", "1234.50"],
    ["123:-", undefined, "123"],
    ["SEK 12", undefined, "12"],
    ["12 EUR", undefined, "12"],
    ["CHF 1'234.50", ".", "1234.50"],
    ["12,34,567.89", ".", "1234567.89"],
    ["12,34,567.89", undefined, "1234567.89"],
    ["1,23,456", undefined, "123456"],
    ["1,23,456", ",", null],
    ["₹ 1,00,000.00", ".", "100000.00"],
    ["Rs. 1,00,000/-", ".", "100000"],
    ["Rs 500", ".", "500"],
    ["12,-", ",", "12"],
    ["CHF 12.–", ".", "12"],
    ["12.50 CR", ".", "12.50"],
    ["12.50 Dr.", ".", "-12.50"],
    ["Dr 12.50", ".", "-12.50"],
    ["-12.50 DR", ".", null],
    ["12,50 zł", ",", "12.50"],
    ["12,50 Kč", ",", "12.50"],
    ["1 234 Ft", ",", "1234"],
    ["1 234 руб.", ",", "1234"],
    ["US$5", undefined, "5"],
    ["5 $US", undefined, "5"],
    ["12 euros", undefined, "12"],
    ["12 PCS", undefined, null],
    ["12 kg", undefined, null],
    ["€", undefined, null],
    ["1 € 2", undefined, null],
    ["€12€", undefined, null],
    ["12%", undefined, "12"],
    ["12,5 %", ",", "12.5"],
    ["%", undefined, null],
    ["5 % €", undefined, null],
    ["1.5E-05", ".", "0.000015"],
    ["1,5e-3", ",", "0.0015"],
    ["1234E-2", undefined, "12.34"],
    ["1E-999", undefined, null],
    ["1E-1000", undefined, null],
    ["1e5", undefined, null],
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
    expect(
      ["1-Mar", "01-mars", "mars-01", "1. mars", "Mar-25", "01/03/2024", "2024-03-01"].map((cell) =>
        encoded(field.decimal(), cell),
      ),
    ).toEqual(
      ["1-Mar", "01-mars", "mars-01", "1. mars", "Mar-25", "01/03/2024", "2024-03-01"].map((value) => ({
        code: "date_damage",
        params: { value },
      })),
    );
  });

  it.each<[cell: string, outcome: string]>([
    ["1.5", '"1.5"'],
    ["-0.001", '"-0.001"'],
    ["1.234", '"1.234"'],
    ["0.30000000000000004", '"0.30000000000000004"'],
    ["1e+21", '"1000000000000000000000"'],
    ["1.5e-7", '"0.00000015"'],
    ["1,5", "decimal_invalid"],
    ["true", "decimal_invalid"],
    ["08:30:00", "decimal_invalid"],
    ["2024-03-01", "date_damage"],
    ["2024-03-01T08:30:00", "date_damage"],
  ])("reads the typed cell %j as %s, whatever the column's mark", (cell, result) => {
    expect(brief(encodedTyped(field.decimal(), cell, { decimalMark: "," }))).toBe(result);
  });

  const marks = fc.constantFrom<Mark>(",", ".", undefined);
  const numberLike = fc
    .array(fc.constantFrom(..."0123456789", ..."0123456789", ",", ".", "-", " "), { minLength: 1, maxLength: 14 })
    .map((chars) => chars.join(""));

  it("reads bytes as it reads text", () => {
    fc.assert(
      fc.property(numberLike, marks, (cell, decimalMark) => {
        const number = readNumber(cell, decimalMark);
        // Limits that nothing breaks make no difference.
        for (const price of [field.decimal(), field.decimal({ min: -1e15, max: 1e15 }), field.decimal({ scale: 14 })]) {
          const read = brief(encoded(price, cell, { decimalMark }));
          if (number === null) expect(["decimal_invalid", "date_damage", "null blank_word"]).toContain(read);
          else expect(read).toBe(JSON.stringify(number));
        }
      }),
      { numRuns: 4000 },
    );
  });

  const formats = ["en-US", "en-GB", "fr", "fr-CA", "fr-CH", "sv"].flatMap((locale) => {
    const options: Intl.NumberFormatOptions[] = [
      {},
      { useGrouping: false },
      ...["EUR", "SEK", "USD", "GBP", "CHF", "JPY"].flatMap((currency): Intl.NumberFormatOptions[] => [
        { style: "currency", currency, maximumFractionDigits: 2 },
        { style: "currency", currency, currencySign: "accounting", maximumFractionDigits: 2 },
        { style: "currency", currency, currencyDisplay: "code", maximumFractionDigits: 2 },
      ]),
    ];
    return options.map((each) => new Intl.NumberFormat(locale, each));
  });

  it("reads amounts as three languages write them", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(...formats), (cents, format) => {
        const parts = format.formatToParts(0.5);
        const decimalMark = parts.find(({ type }) => type === "decimal")?.value as Mark;
        const read = encoded(field.decimal(), format.format(cents / 100).trim(), { decimalMark });
        expect(Number(read)).toBe(cents / 100);
      }),
      { numRuns: 2000 },
    );
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
    ["12 €", undefined, "12"],
    ["12 %", undefined, "12"],
    ["(12)", undefined, "-12"],
    ["1200E-2", undefined, "12"],
    ["3-mars", undefined, "date_damage"],
    ["03/12/2024", undefined, "date_damage"],
  ])("reads %j with the mark %j as %j", (cell, decimalMark, value) => {
    const expected = value !== null && /^[a-z_]+$/.test(value) ? value : outcome(value, "integer_invalid");
    expect(brief(encoded(field.integer(), cell, { decimalMark }))).toBe(expected);
  });

  it("takes no longer over a cell of a million blanks than it takes to see that it is none", () => {
    const cell = `1${" ".repeat(1_500_000)}x`;
    expect([brief(encoded(field.integer(), cell)), brief(encoded(field.decimal(), cell))]).toEqual([
      "integer_invalid",
      "decimal_invalid",
    ]);
  });

  it("names its limits", () => {
    const year = field.integer({ min: 1900, max: 2100 });
    expect(encoded(year, "1899")).toEqual({ code: "number_too_small", params: { min: 1900 } });
    expect(encoded(year, "2 101")).toEqual({ code: "number_too_large", params: { max: 2100 } });
    expect([encoded(year, "1900"), encoded(year, "2100")]).toEqual(["1900", "2100"]);
  });

  it.each<[cell: string, outcome: string]>([
    ["1234", '"1234"'],
    ["1.5", "integer_invalid"],
    ["9007199254740993", "number_too_large"],
    ["2024-03-01", "date_damage"],
    ["true", "integer_invalid"],
  ])("reads the typed cell %j as %s, whatever the column's mark", (cell, result) => {
    expect(brief(encodedTyped(field.integer(), cell, { decimalMark: "," }))).toBe(result);
  });
});
