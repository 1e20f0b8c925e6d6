/** Days and moments, by the column's own order of day and month. */
import { describe, expect, it } from "vitest";
import { field } from "../../src/field.ts";
import type { Transform } from "../../src/import.ts";
import { brief, encoded } from "./encode-cell.ts";

type Order = NonNullable<Transform["dateOrder"]>;
const outcome = (value: string | null, invalid: string): string => (value === null ? invalid : JSON.stringify(value));

describe("dateEncoder", () => {
  it.each<[cell: string, order: Order, value: string | null]>([
    ["2024-03-05", "dmy", "2024-03-05"],
    ["2024-03-05", "mdy", "2024-03-05"],
    ["2024/3/5", "dmy", "2024-03-05"],
    ["2024.03.05", "ymd", "2024-03-05"],
    ["20240305", "dmy", "2024-03-05"],
    ["05/03/2024", "dmy", "2024-03-05"],
    ["05/03/2024", "mdy", "2024-05-03"],
    ["5.3.2024", "dmy", "2024-03-05"],
    ["5-3-24", "dmy", "2024-03-05"],
    ["5 3 2024", "dmy", "2024-03-05"],
    ["24-03-05", "ymd", "2024-03-05"],
    ["05/03/2024", "ymd", null],
    ["13/05/2024", "mdy", null],
    ["05/13/2024", "dmy", null],
    ["01/01/69", "dmy", "2069-01-01"],
    ["01/01/70", "dmy", "1970-01-01"],
    ["01/01/00", "dmy", "2000-01-01"],
    ["29/02/2024", "dmy", "2024-02-29"],
    ["29/02/2023", "dmy", null],
    ["29/02/2000", "dmy", "2000-02-29"],
    ["29/02/1900", "dmy", null],
    ["31/04/2024", "dmy", null],
    ["00/01/2024", "dmy", null],
    ["01/00/2024", "dmy", null],
    ["0000-01-01", "dmy", null],
    ["0001-01-01", "dmy", "0001-01-01"],
    ["9999-12-31", "dmy", "9999-12-31"],
    ["05/03/2024 00:00:00", "dmy", "2024-03-05"],
    ["05/03/2024 0:00", "dmy", "2024-03-05"],
    ["2024-03-05T00:00:00.000Z", "dmy", "2024-03-05"],
    ["05/03/2024 10:30", "dmy", null],
    ["5 March 2024", "dmy", "2024-03-05"],
    ["March 5, 2024", "dmy", "2024-03-05"],
    ["5th of March", "dmy", null],
    ["Mar 5th 2024", "dmy", "2024-03-05"],
    ["5-Mar-24", "mdy", "2024-03-05"],
    ["1er août 2024", "dmy", "2024-08-01"],
    ["12 févr. 2024", "dmy", "2024-02-12"],
    ["3 DÉCEMBRE 2024", "dmy", "2024-12-03"],
    ["3 maj 2024", "dmy", "2024-05-03"],
    ["17 oktober 2024", "dmy", "2024-10-17"],
    ["31 juni 2024", "dmy", null],
    ["5 Brumaire 2024", "dmy", null],
    ["45356", "dmy", null],
    ["05/03", "dmy", null],
    ["5/3/024", "dmy", null],
    ["hier", "dmy", null],
    [`5 March 2024${" ".repeat(40)}x`, "dmy", null],
  ])("reads %j in the order %s as %j", (cell, dateOrder, value) => {
    expect(brief(encoded(field.date(), cell, { dateOrder }))).toBe(outcome(value, "date_invalid"));
  });

  it("names the order it read with", () => {
    expect(encoded(field.date(), "13/13/2024", { dateOrder: "mdy" })).toEqual({
      code: "date_invalid",
      params: { order: "mdy" },
    });
  });

  it("reads day first when nothing is known of the column", () => {
    expect(encoded(field.date(), "05/03/2024")).toBe("2024-03-05");
  });

  it("knows the months of three languages, long and short", () => {
    const months = (language: string, month: "long" | "short"): string[] =>
      Array.from({ length: 12 }, (_, k) =>
        new Intl.DateTimeFormat(language, { month, timeZone: "UTC" }).format(Date.UTC(2024, k, 9)),
      );
    for (const language of ["en", "fr", "sv"]) {
      for (const style of ["long", "short"] as const) {
        const days = months(language, style).map((name) => encoded(field.date(), `9 ${name} 2024`));
        expect(days).toEqual(days.map((_, k) => `2024-${String(k + 1).padStart(2, "0")}-09`));
      }
    }
  });
});

describe("datetimeEncoder", () => {
  it.each<[cell: string, value: string | null]>([
    ["2024-03-05T10:20:30Z", "2024-03-05 10:20:30 Z"],
    ["2024-03-05T10:20:30.123456789Z", "2024-03-05 10:20:30.123456 Z"],
    ["2024-03-05 10:20:30,5", "2024-03-05 10:20:30.5 Europe/Paris"],
    ["2024-03-05T10:20:30+02:00", "2024-03-05 10:20:30 +02:00"],
    ["2024-03-05 10:20:30 -0530", "2024-03-05 10:20:30 -0530"],
    ["2024-03-05 10:20:30+01", "2024-03-05 10:20:30 +01"],
    ["05/03/2024 9:05", "2024-03-05 09:05:00 Europe/Paris"],
    ["05/03/2024, 9:05", "2024-03-05 09:05:00 Europe/Paris"],
    ["5 mars 2024 9h05", "2024-03-05 09:05:00 Europe/Paris"],
    ["05/03/2024", "2024-03-05 00:00:00 Europe/Paris"],
    ["05/03/2024 23:59:59", "2024-03-05 23:59:59 Europe/Paris"],
    ["05/03/2024 24:00", null],
    ["05/03/2024 12:60", null],
    ["05/03/2024 12:00:60", null],
    ["05/03/2024 12:00 +16:00", null],
    ["05/03/2024 12:00 +99:99", null],
    ["05/03/2024 12:00 +01:60", null],
    ["31/02/2024 12:00", null],
    ["12:00", null],
    ["tomorrow", null],
  ])("reads %j as %j", (cell, value) => {
    const outcome = brief(encoded(field.datetime({ timeZone: "Europe/Paris" }), cell));
    expect(outcome).toBe(value === null ? "datetime_invalid" : JSON.stringify(value));
  });
});
