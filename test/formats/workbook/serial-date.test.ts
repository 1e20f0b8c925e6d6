import { describe, expect, it } from "vitest";
import { writeSerial } from "../../../src/formats/workbook/serial-date.ts";
import { numberDate, numberDatetime, numberDuration, numberTime } from "../../../src/formats/workbook/styles.ts";
import { fc } from "../../property.ts";

/** The text of a serial; null: it is no date. */
function textOf(serial: number, kind: number, date1904 = false): string | null {
  const out = Buffer.alloc(50, 0x7e);
  const end = writeSerial(serial, kind, date1904, out, 5);
  expect(out.toString("latin1", 0, 5)).toBe("~~~~~");
  if (end < 0) return null;
  expect(end).toBeLessThanOrEqual(45);
  return out.toString("latin1", 5, end);
}

describe("a serial", () => {
  it.each<[serial: number, text: string | null]>([
    [1, "1900-01-01"],
    [31, "1900-01-31"],
    [32, "1900-02-01"],
    [59, "1900-02-28"],
    // The day that only spreadsheets know.
    [60, null],
    [60.5, null],
    [61, "1900-03-01"],
    [366, "1900-12-31"],
    [367, "1901-01-01"],
    [25_569, "1970-01-01"],
    [36_525, "1999-12-31"],
    [36_585, "2000-02-29"],
    [45_322, "2024-01-31"],
    [45_322.5, "2024-01-31T12:00:00"],
    [2_958_465, "9999-12-31"],
    [2_958_465.5, "9999-12-31T12:00:00"],
    [2_958_465.999999999, null],
    [2_958_466, null],
    // 0 January 1900.
    [0, null],
    [0.25, "06:00:00"],
    [-1, null],
    [-0.5, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    [1e300, null],
  ])("%f is the date %s", (serial, text) => {
    expect(textOf(serial, numberDate)).toBe(text);
  });

  it.each<[serial: number, text: string | null]>([
    [0, "1904-01-01"],
    [0.25, "06:00:00"],
    [1, "1904-01-02"],
    [60, "1904-03-01"],
    [43_860, "2024-01-31"],
    [43_860.354166666664, "2024-01-31T08:30:00"],
    [2_957_003, "9999-12-31"],
    [2_957_004, null],
    [-1, null],
  ])("%f is the date %s in a workbook of 1904", (serial, text) => {
    expect(textOf(serial, numberDate, true)).toBe(text);
  });

  it.each<[serial: number, text: string | null]>([
    [45_322, "2024-01-31T00:00:00"],
    [45_322.354166666664, "2024-01-31T08:30:00"],
    [45_322.35417, "2024-01-31T08:30:00.288"],
    [45_322.00000289352, "2024-01-31T00:00:00.250"],
    [45_322.00000000058, "2024-01-31T00:00:00"],
    [45_322.0000000116, "2024-01-31T00:00:00.001"],
    [45_322.99998842592, "2024-01-31T23:59:59"],
    // A float's noise is no second before midnight, and no 24:00.
    [45_000.999999999, "2023-03-16T00:00:00"],
    [59.9999999999, null],
    [0.354166666666667, "08:30:00"],
    [0, null],
    [60.25, null],
  ])("%f is the datetime %s", (serial, text) => {
    expect(textOf(serial, numberDatetime)).toBe(text);
  });

  it.each<[serial: number, text: string | null, date1904?: boolean]>([
    [0, "00:00:00"],
    [0, "00:00:00", true],
    [0.354166666666667, "08:30:00"],
    [0.354166666666667, "08:30:00", true],
    [0.999988425925926, "23:59:59"],
    [0.9999999999, "00:00:00"],
    [0.0000000116, "00:00:00.001"],
    [1, "1900-01-01T00:00:00"],
    [45_322.5, "2024-01-31T12:00:00"],
    [60.5, null],
    [-0.25, null],
  ])("%f is the time %s", (serial, text, date1904) => {
    expect(textOf(serial, numberTime, date1904)).toBe(text);
  });

  it.each<[serial: number, text: string | null]>([
    [0, "PT0S"],
    [-0, "PT0S"],
    [1.5, "PT36H"],
    [1.520833333333333, "PT36H30M"],
    [1.521006944444444, "PT36H30M15S"],
    [0.000011574074074074, "PT1S"],
    [0.041666666666666664, "PT1H"],
    [1 / 1440, "PT1M"],
    [0.000000005, "PT0S"],
    [0.00000289351851851852, "PT0.250S"],
    [-0.0625, "-PT1H30M"],
    [-0.000000001, "PT0S"],
    [45_322, "PT1087728H"],
    [2_958_465, "PT71003160H"],
    [2_958_466, null],
    [-2_958_466, null],
    [Number.NaN, null],
    [Number.NEGATIVE_INFINITY, null],
  ])("%f is the duration %s", (serial, text) => {
    expect(textOf(serial, numberDuration)).toBe(text);
  });
});

it("counts the days as the calendar does, from 1900 to 9999", () => {
  const firstDay = Date.UTC(1899, 11, 30);
  const out = Buffer.alloc(40);
  const wrong: number[] = [];
  for (let serial = 61; serial < 2_958_466; serial += serial < 60_000 ? 1 : 61) {
    const end = writeSerial(serial, numberDate, false, out, 0);
    const expected = new Date(firstDay + serial * 86_400_000).toISOString().slice(0, 10);
    if (out.toString("latin1", 0, end) !== expected) wrong.push(serial);
  }
  expect(wrong).toEqual([]);
});

it("finds the millisecond again that any moment was written with", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1904-01-02T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
      fc.boolean(),
      (moment, date1904) => {
        const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
        const iso = moment.toISOString().slice(0, -1);
        expect(textOf((moment.getTime() - epoch) / 86_400_000, numberDatetime, date1904)).toBe(
          iso.endsWith(".000") ? iso.slice(0, -4) : iso,
        );
      },
    ),
    { numRuns: 1000 },
  );
});
