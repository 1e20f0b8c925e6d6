/** One form for a number, however a program wrote it. */

import { describe, expect, it } from "vitest";
import { numberRoom, plainNumber, readSerial, writeNumber } from "../../../src/formats/workbook/cell-number.ts";
import { fc } from "../../property.ts";

/** What stands in the cell between other bytes; null: it is no number. */
function written(text: string): string | null {
  const bytes = Buffer.from(`1${text}2`);
  const out = Buffer.alloc(text.length + numberRoom);
  const end = writeNumber(bytes, 1, bytes.length - 1, out, 1);
  return end < 0 ? null : out.toString("latin1", 1, end);
}

describe("writeNumber", () => {
  it.each([
    ["0", "0"],
    ["-0", "0"],
    ["-0.0", "0"],
    ["7", "7"],
    ["-7", "-7"],
    ["+7", "7"],
    ["007", "7"],
    ["-007", "-7"],
    ["00", "0"],
    ["123456789012345", "123456789012345"],
    ["1234567890123456", "1234567890123456"],
    ["9007199254740993", "9007199254740993"],
    ["-12345678901234567890123", "-12345678901234567890123"],
    ["0.5", "0.5"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-0.5", "-0.5"],
    ["00.5", "0.5"],
    ["1.50", "1.5"],
    ["1.0", "1"],
    ["12345678.1234567", "12345678.1234567"],
    ["0.10000000000000001", "0.1"],
    ["0.30000000000000004", "0.30000000000000004"],
    ["123456789.123456789", "123456789.12345679"],
    ["3.36E+10", "33600000000"],
    ["3.3612345678E10", "33612345678"],
    ["1e-7", "0.0000001"],
    ["1.5E-10", "0.00000000015"],
    ["-1E21", "-1000000000000000000000"],
    ["1.2345678901234567E+19", "12345678901234567000"],
    ["1E300", "1e+300"],
    ["5E-324", "5e-324"],
  ])("writes %s as %s", (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each([
    "",
    "-",
    "+",
    ".",
    "-.",
    "1,5",
    "1 2",
    "abc",
    "0x10",
    "NaN",
    "Infinity",
    "1E999",
    "1e",
    "--1",
    "1.2.3",
    "١",
  ])("takes %j for no number", (text) => {
    expect(written(text)).toBeNull();
  });

  it("writes every double so that it reads back as the same", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e308, max: 1e308 }),
        fc.integer({ min: 0, max: 17 }),
        (value, digits) => {
          for (const text of [String(value), value.toExponential(), value.toPrecision(17)]) {
            expect(Number(written(text))).toBe(value === 0 ? 0 : value);
          }
          const short = value.toExponential(Math.min(digits, 14));
          expect(Number(written(short))).toBe(Number(short) === 0 ? 0 : Number(short));
          expect(written(plainNumber(value) ?? "")).toBe(plainNumber(value));
        },
      ),
    );
  });
});

describe("readSerial", () => {
  const serial = (text: string): number => readSerial(Buffer.from(text), 0, text.length);

  it.each([
    ["45322", 45322],
    ["-1", -1],
    ["0", 0],
    ["45322.5", 45322.5],
    ["4.5322E4", 45322],
    [".5", 0.5],
  ])("reads %s", (text, value) => {
    expect(serial(text)).toBe(value);
  });

  it.each(["", "-", ".", "x", "1-2"])("takes %j for no number", (text) => {
    expect(serial(text)).toBeNaN();
  });

  it("is right to a microsecond for all that a spreadsheet writes", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3_000_000, noNaN: true }), (value) => {
        expect(Math.abs(serial(value.toPrecision(17)) - value) * 86_400e6).toBeLessThan(100);
      }),
    );
  });
});
