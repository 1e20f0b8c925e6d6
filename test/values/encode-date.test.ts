/** Days and moments, by the column's own order of day and month. */

import { describe, expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import type { Transform } from "../../src/core/import.ts";
import { fc } from "../property.ts";
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
    ["01/01/68", "dmy", "2068-01-01"],
    ["01/01/69", "dmy", "1969-01-01"],
    ["05-03/2024", "dmy", null],
    ["05-03 2024", "dmy", null],
    ["5. 3. 2024", "dmy", "2024-03-05"],
    ["05\u201103\u20112024", "dmy", "2024-03-05"],
    ["2024 03 05", "dmy", "2024-03-05"],
    ["31012024", "dmy", "2024-01-31"],
    ["01312024", "mdy", "2024-01-31"],
    ["01312024", "dmy", null],
    ["99999999", "dmy", null],
    ["lundi 4 mars 2024", "mdy", "2024-03-04"],
    ["mar. 5 mars 2024", "dmy", "2024-03-05"],
    ["Tue, 05 Mar 2024", "dmy", "2024-03-05"],
    ["tisdagen den 5 mars 2024", "dmy", null],
    ["den 3:e maj 2024", "dmy", "2024-05-03"],
    ["le 1er mai 2024", "dmy", "2024-05-01"],
    ["the 3rd of May, 2024", "dmy", "2024-05-03"],
    ["03MAR2024", "dmy", "2024-03-03"],
    ["2024-Mar-03", "dmy", "2024-03-03"],
    ["3-mars-69", "dmy", "1969-03-03"],
    ["mars 2024", "dmy", null],
    ["Mar-24", "dmy", null],
    ["1-Mar", "dmy", null],
    ["2024-W10-2", "dmy", null],
    ["3/5/2024 12:00:00 AM", "mdy", "2024-03-05"],
    ["2024-03-05T00:00:00", "mdy", "2024-03-05"],
    ["2024-03-05T08:30:00", "mdy", null],
    ["45356", "serial", "2024-03-05"],
    ["45356.0", "serial", "2024-03-05"],
    ["45356.5", "serial", null],
    ["1", "serial", "1900-01-01"],
    ["59", "serial", "1900-02-28"],
    ["60", "serial", null],
    ["61", "serial", "1900-03-01"],
    ["2958465", "serial", "9999-12-31"],
    ["2958466", "serial", null],
    ["0", "serial", null],
    ["05/03/2024", "serial", "2024-03-05"],
    ["2024-03-05", "serial", "2024-03-05"],
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
    [`5 March 2024${" ".repeat(80)}x`, "dmy", null],
  ])("reads %j in the order %s as %j", (cell, dateOrder, value) => {
    expect(brief(encoded(field.date(), cell, { dateOrder }))).toBe(outcome(value, "date_invalid"));
  });

  it("takes two digits for a year of the century that the field says", () => {
    const born = field.date({ twoDigitYearsFrom: 1925 });
    expect(["31/12/24", "01/01/25", "12/05/45", "5 mars 99"].map((cell) => encoded(born, cell))).toEqual([
      "2024-12-31",
      "1925-01-01",
      "1945-05-12",
      "1999-03-05",
    ]);
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
    ["2024-03-05 10:20:30 -0530", "2024-03-05 10:20:30 -05:30"],
    ["Tue Mar 05 2024 10:20:30 GMT+0100 (Central European Standard Time)", "2024-03-05 10:20:30 +01:00"],
    ["Tue, 05 Mar 2024 10:20:30 GMT", "2024-03-05 10:20:30 Z"],
    ["2024-03-05 10:20 UTC+2", "2024-03-05 10:20:00 +02"],
    ["05/03/2024 2:30 PM", "2024-03-05 14:30:00 Europe/Paris"],
    ["05/03/2024 12:30 am", "2024-03-05 00:30:00 Europe/Paris"],
    ["05/03/2024 12:30 p.m.", "2024-03-05 12:30:00 Europe/Paris"],
    ["05/03/2024 2 pm", "2024-03-05 14:00:00 Europe/Paris"],
    ["05/03/2024 13:30 AM", null],
    ["05/03/2024 0:30 PM", null],
    ["05/03/2024 14h30", "2024-03-05 14:30:00 Europe/Paris"],
    ["05/03/2024 14 h 30", "2024-03-05 14:30:00 Europe/Paris"],
    ["05/03/2024 14h", "2024-03-05 14:00:00 Europe/Paris"],
    ["5 mars 2024 à 14 h 07 min 09 s", "2024-03-05 14:07:09 Europe/Paris"],
    ["5.3.2024 kl. 14.30", "2024-03-05 14:30:00 Europe/Paris"],
    ["5.3.2024 14", null],
    ["2024-03-05T08:30:00.250", "2024-03-05 08:30:00.250 Europe/Paris"],
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

  it("reads a spreadsheet's day numbers with their time, where the column is made of them", () => {
    const seen = field.datetime({ timeZone: "UTC" });
    expect(
      ["45356.4375", "45356,75", "45356", "45356.000011574"].map((cell) =>
        encoded(seen, cell, { dateOrder: "serial" }),
      ),
    ).toEqual([
      "2024-03-05 10:30:00 UTC",
      "2024-03-05 18:00:00 UTC",
      "2024-03-05 00:00:00 UTC",
      "2024-03-05 00:00:01 UTC",
    ]);
    expect(brief(encoded(seen, "45356.4375"))).toBe("datetime_invalid");
  });
});

describe("dates as three languages write them", () => {
  const moments = fc
    .date({ min: new Date("1970-01-01"), max: new Date("2068-12-31"), noInvalidDate: true })
    .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
  const written = (locale: string, options: Intl.DateTimeFormatOptions): ((date: Date) => string) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
    return (date) => format.format(date);
  };
  const locales: [locale: string, order: Order][] = [
    ["en-US", "mdy"],
    ["en-GB", "dmy"],
    ["fr", "dmy"],
    ["fr-CA", "dmy"],
    ["fr-CH", "dmy"],
    ["sv", "dmy"],
  ];

  it.each(locales)("read back as the day that they were (%s)", (locale, dateOrder) => {
    const styles = (["full", "long", "medium", "short"] as const).map((dateStyle) => written(locale, { dateStyle }));
    fc.assert(
      fc.property(moments, fc.constantFrom(...styles), (date, write) => {
        expect(encoded(field.date(), write(date), { dateOrder })).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });

  it.each(locales)("read back as the moment that they were (%s)", (locale, dateOrder) => {
    const styles = (["full", "long", "medium", "short"] as const).map((dateStyle) =>
      written(locale, { dateStyle, timeStyle: "medium" }),
    );
    fc.assert(
      fc.property(moments, fc.constantFrom(...styles), (date, write) => {
        const iso = date.toISOString();
        expect(encoded(field.datetime(), write(date), { dateOrder })).toBe(
          `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`,
        );
      }),
    );
  });

  it("never throw, and are a day or none, whatever the text", () => {
    const pieces = fc.constantFrom(
      ..."0123456789/-. :,T+hZ",
      "mars",
      "Mar",
      "1er",
      "PM",
      "lundi",
      "é",
      "2024",
      "\u00a0",
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 14 }),
        fc.constantFrom<Order>("dmy", "mdy", "ymd", "serial"),
        (parts, dateOrder) => {
          const text = parts.join("").trim();
          fc.pre(text !== "");
          expect(brief(encoded(field.date(), text, { dateOrder }))).toMatch(
            /^"\d{4}-\d{2}-\d{2}"$|^date_invalid$|^null blank_word$/,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
