import { describe, expect, it } from "vitest";
import { cellTyped } from "../../../src/core/row.ts";
import { FormattedNumber, formattedRoom } from "../../../src/formats/workbook/formatted-number.ts";
import { numberFormatOf } from "../../../src/formats/workbook/number-format.ts";

/** What a cell with this number and format comes to; `=` before what is typed. */
function read(code: string, number: string, date1904 = false): string {
  const bytes = Buffer.from(number);
  const out = Buffer.alloc(bytes.length + formattedRoom);
  const formatted = new FormattedNumber(date1904);
  const end = formatted.write(numberFormatOf(code), bytes, 0, bytes.length, out, 0);
  return (formatted.flags === cellTyped ? "=" : "") + out.toString("utf8", 0, end);
}

describe("the section that a value takes", () => {
  it.each([
    ["[=0]?;[<1][hh]:mm:ss;[hh]:mm", "0.3125", "=PT7H30M"],
    ["[=0]?;[<1][hh]:mm:ss;[hh]:mm", "1.5", "=PT36H"],
    ["[=0]?;[<1][hh]:mm:ss;[hh]:mm", "0", "=0"],
    ["[<1]h:mm;[h]:mm", "0.25", "=06:00:00"],
    ["[<1]h:mm;[h]:mm", "1.25", "=PT30H"],
    ['[=0]"";dd/mm/yyyy', "0", "=0"],
    ['[=0]"";dd/mm/yyyy', "45292", "=2024-01-01"],
    ['[Red][>=45000]dd/mm/yyyy;[Blue][<10]"soon";General', "45292", "=2024-01-01"],
    ['[Red][>=45000]dd/mm/yyyy;[Blue][<10]"soon";General', "9", "=9"],
    ['[Red][>=45000]dd/mm/yyyy;[Blue][<10]"soon";General', "12", "=12"],
    ["0;[$-40C]jj/mm/aaaa;@", "45292", "=45292"],
    ["0.00;-0.00;h:mm", "0", "=00:00:00"],
    ['"-";"-";[h]:mm', "2", "=2"],
    ["dd/mm/yyyy;;", "0", "=0"],
    ["dd/mm/yyyy;-0", "-3", "=-3"],
    ["[$-409]h:mm AM/PM;@", "0.5", "=12:00:00"],
    // Both conditions are said, and neither holds.
    ["[<1]h:mm;[>10]dd/mm/yyyy", "5", "=5"],
    // An implied condition is that of the place.
    ["[=1]dd/mm/yyyy;[h]:mm;0", "-0.5", "=-PT12H"],
    ["[=1]dd/mm/yyyy;[h]:mm;0", "3", "=3"],
  ])("of %s: %s is %s", (code, number, text) => {
    expect(read(code, number)).toBe(text);
  });

  it("knows a workbook that counts from 1904", () => {
    expect(read('[=0]"";dd/mm/yyyy', "43830", true)).toBe("=2024-01-01");
    expect(read('[=0]"";dd/mm/yyyy', "0", true)).toBe("=0");
  });
});

describe("digits that a format shows as a code", () => {
  it.each([
    ["00000", "1000", "=01000"],
    ["00000", "123456", "=123456"],
    ["00000", "0", "=00000"],
    ["[$-40C]00000", "1000", "=01000"],
    ["00000;[Red]-00000", "1000", "=01000"],
    ["00000;@", "1000", "=01000"],
    ["000 000", "1000", "=001 000"],
    ["000\\ 00", "11455", "=114 55"],
    ["00000\\-0000", "19701234", "=01970-1234"],
    ["000\\-00\\-0000", "12345678", "=012-34-5678"],
    ["000000\\-0000", "1212121212", "=121212-1212"],
    ['0#" "##" "##" "##" "##', "612345678", "=06 12 34 56 78"],
    [
      '[>=3000000000000]#" "##" "##" "##" "###" "###" | "##;#" "##" "##" "##" "###" "###',
      "1850675123456",
      "=1 85 06 75 123 456",
    ],
    ["[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "5551234", "=555-1234"],
    ["[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "2125551234", "=(212) 555-1234"],
    ['000"."000"."000"-"00', "1234567890", "=012.345.678-90"],
    ['"INV-"0000', "42", "=INV-0042"],
    ['"INV-"0', "42", "=INV-42"],
    ['"A/"General', "12", "=A/12"],
    ["+0", "33612345678", "=+33612345678"],
    ["000.00", "5.5", "=005.50"],
    ["0000.00", "101.21", "=0101.21"],
    ["00000", "9007199254740993123", "=9007199254740993123"],
    // Digits that are not the number's own: it cannot be told from the text any more.
    ['"+33 "0" "00" "00" "00" "00', "612345678", "+33 6 12 34 56 78"],
    ['"2024-"000', "7", "2024-007"],
  ])("%s shows %s as %s", (code, number, text) => {
    expect(read(code, number)).toBe(text);
  });

  it.each([
    ["0", "5"],
    ["#,##0", "1234567"],
    ["# ##0", "1234567"],
    ["#\\ ##0", "1234567"],
    ["#\\.##0", "1234567"],
    ["0,000", "12"],
    ["00.00", "5.5"],
    ["0.00", "12.5"],
    ["00%", "0.05"],
    ["000E+00", "12"],
    ["00/00", "0.5"],
    ["+0;-0;0", "5"],
    ['0" kg"', "5"],
    ['"day "0', "5"],
    ["\\d0", "5"],
    ['"EUR "0', "5"],
    ['"kr "0', "5"],
    ['"Fr."0', "5"],
    ['"$"0', "5"],
    ["[$€-407]00", "5"],
    ["[$SEK] 0", "5"],
    ["$#,##0_);($#,##0)", "5"],
    ['_-* #,##0\\ _k_r_-;\\-* #,##0\\ _k_r_-;_-* "-"\\ _k_r_-;_-@_-', "5"],
    ["???", "5"],
    ["[DBNum1]000", "5"],
    ['"high";"low";"none"', "5"],
    // Rounded, it would be another one.
    ["00000", "1000.5"],
    ["000.00", "5.125"],
    // Nothing with a sign is a code.
    ["00000", "-5"],
    ["00000", "1e+300"],
  ])("%s leaves the number: %s", (code, number) => {
    expect(read(code, number)).toBe(`=${number}`);
  });

  it("is found in a hostile format as quickly", () => {
    for (const piece of ["0", "0;", '"0"', "0-", "[<1]", "#,", "General"]) {
      expect(read(piece.repeat(100_000), "12345")).toMatch(/\d/);
    }
  });
});
