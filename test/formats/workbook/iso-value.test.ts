import { describe, expect, it } from "vitest";
import { isoCellText, serialOfIso } from "../../../src/formats/workbook/iso-value.ts";
import {
  numberDate,
  numberDatetime,
  numberDuration,
  numberPlain,
  numberTime,
} from "../../../src/formats/workbook/styles.ts";

describe("isoCellText", () => {
  it.each<[string, number, string | null]>([
    ["2024-01-31", numberPlain, "2024-01-31"],
    ["2024-01-31T08:30", numberPlain, "2024-01-31T08:30:00"],
    ["2024-01-31T08:30:00Z", numberPlain, "2024-01-31T08:30:00"],
    ["2024-01-31T08:30:00+00:00", numberPlain, "2024-01-31T08:30:00"],
    ["2024-01-31T08:30:00+02:00", numberPlain, "2024-01-31T08:30:00+02:00"],
    ["2024-01-31T08:30:00-0530", numberDatetime, "2024-01-31T08:30:00-05:30"],
    ["2024-01-31 08:30:15", numberPlain, "2024-01-31T08:30:15"],
    ["2024-01-31T08:30:00.000", numberPlain, "2024-01-31T08:30:00"],
    ["2024-01-31T08:30:00.2504", numberPlain, "2024-01-31T08:30:00.250"],
    ["2024-01-31T23:59:59.9999", numberPlain, "2024-02-01T00:00:00"],
    ["2024-01-31T24:00:00", numberPlain, "2024-02-01T00:00:00"],
    ["2024-01-31T00:00:00", numberPlain, "2024-01-31T00:00:00"],
    ["2024-01-31T00:00:00", numberDate, "2024-01-31"],
    ["2024-01-31T00:00:00Z", numberDate, "2024-01-31"],
    ["2024-01-31T08:30:00", numberDate, "2024-01-31T08:30:00"],
    ["08:30", numberPlain, "08:30:00"],
    ["T08:30:00", numberPlain, "08:30:00"],
    ["08:30:00.5Z", numberTime, "08:30:00.500"],
    ["1899-12-30T08:30:00", numberTime, "08:30:00"],
    ["1899-12-31T00:00:00", numberTime, "00:00:00"],
    ["1899-12-31T08:30:00", numberPlain, "08:30:00"],
    ["1850-05-05", numberDate, "1850-05-05"],
    ["1900-01-01T12:00:00", numberDuration, "PT36H"],
    ["12:00:00", numberDuration, "PT12H"],
    ["00:00:00", numberDuration, "PT0S"],
    ["PT36H30M", numberDuration, "PT36H30M"],
    ["2024-02-30", numberPlain, null],
    ["2024-13-01", numberPlain, null],
    ["2024-01-31T25:00", numberPlain, null],
    ["31/01/2024", numberPlain, null],
    ["tomorrow", numberPlain, null],
    ["", numberPlain, null],
  ])("%s of kind %i is %s", (value, kind, text) => {
    expect(isoCellText(value, kind, false)).toBe(text);
  });

  it("knows the first day of a workbook that counts from 1904", () => {
    expect(isoCellText("1904-01-01T08:30:00", numberTime, true)).toBe("08:30:00");
    expect(isoCellText("1904-01-02T12:00:00", numberDuration, true)).toBe("PT36H");
    expect(isoCellText("1904-01-01T08:30:00", numberPlain, false)).toBe("1904-01-01T08:30:00");
  });
});

it("counts days as a workbook does", () => {
  const dates = ["1900-01-01", "1900-02-28", "1900-03-01", "2024-01-31T12:00:00", "06:00:00"];
  expect(dates.map((date) => serialOfIso(date, false))).toEqual([1, 59, 61, 45322.5, 0.25]);
  expect(serialOfIso("1904-01-02", true)).toBe(1);
  expect(serialOfIso("soon", false)).toBeNull();
});
