/** ISO 8601 days and moments: the quick reading must never differ from the field's own. */

import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { dateEncoder, datetimeEncoder } from "../../src/values/encode-date.ts";
import { withIsoDay, withIsoMoment } from "../../src/values/encode-iso.ts";
import { fc } from "../property.ts";
import { encodeCell } from "./encode-cell.ts";

const day = dateEncoder(field.date(), {});
const moment = datetimeEncoder(field.datetime({ timeZone: "Europe/Paris" }), {});
const quickDay = withIsoDay(day);
const quickMoment = withIsoMoment(moment, "Europe/Paris");

const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, "0"));
const days = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
  .map(([y, m, d]) => `${String(y).padStart(4, "0")}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`);
const times = fc
  .tuple(fc.constantFrom("T", " ", "t"), two, two, two, fc.constantFrom("", ".", ".2", ".250", ".123456", ".25a", "Z"))
  .map(([mark, h, m, s, rest]) => `${mark}${h}:${m}:${s}${rest}`);

describe("withIsoDay and withIsoMoment", () => {
  it.each([
    ["2024-02-29", "2024-02-29"],
    ["2000-02-29", "2000-02-29"],
    ["1900-02-29", "date_invalid"],
    ["2023-02-29", "date_invalid"],
    ["2024-13-01", "date_invalid"],
    ["2024-00-10", "date_invalid"],
    ["31/01/2024", "2024-01-31"],
  ])("reads the day %s as %s", (cell, expected) => {
    const outcome = encodeCell(quickDay, cell);
    expect(typeof outcome === "string" ? outcome : (outcome as { code: string }).code).toBe(expected);
  });

  it.each([
    ["2024-01-31T08:30:00", "2024-01-31 08:30:00 Europe/Paris"],
    ["2024-01-31T08:30:00.250", "2024-01-31 08:30:00.250 Europe/Paris"],
    ["2024-01-31", "2024-01-31 00:00:00 Europe/Paris"],
  ])("reads the moment %s as %s", (cell, expected) => {
    expect(encodeCell(quickMoment, cell)).toBe(expected);
  });

  it("agrees with the field's own reading of days", () => {
    fc.assert(
      fc.property(days, (cell) => {
        expect(encodeCell(quickDay, cell)).toEqual(encodeCell(day, cell));
      }),
      { numRuns: 3000 },
    );
  });

  it("agrees with the field's own reading of moments", () => {
    fc.assert(
      fc.property(days, times, (date, time) => {
        expect(encodeCell(quickMoment, date + time)).toEqual(encodeCell(moment, date + time));
      }),
      { numRuns: 3000 },
    );
  });
});
