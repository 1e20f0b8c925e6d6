/** Times of day, as people and spreadsheets write them. */
import { expect, it } from "vitest";
import { field } from "../../src/core/field.ts";
import { brief, encoded, encodedTyped } from "./encode-cell.ts";

it.each([
  [
    "09:30:00",
    [
      "9:30",
      "09:30",
      "9h30",
      "9 h 30",
      "9.30",
      "09:30:00",
      "9:30 AM",
      "9.30 am",
      "0930",
      "kl. 9.30",
      "klockan 09:30",
      "à 9h30",
    ],
  ],
  ["21:30:00", ["9:30 PM", "9:30pm", "21h30", "21:30", "2130", "9:30 p.m.", "9:30 em"]],
  ["09:00:00", ["9h", "9 h", "9 am", "09h00"]],
  ["00:00:00", ["0:00", "12:00 AM", "00:00", "0000"]],
  ["12:00:00", ["12:00 PM", "midday is not read, 12:00".slice(-5)]],
  ["24:00:00", ["24:00", "24h00", "2400"]],
  ["14:30:15.25", ["14:30:15.25", "14:30:15,25"]],
  // A spreadsheet's fraction of a day.
  ["09:30:00", ["0.395833333333333", "0,3958333333", ".3958333333"]],
  ["18:00:00", ["0.750"]],
])("reads as %s", (time, cells) => {
  expect(cells.map((cell) => brief(encoded(field.time(), cell)))).toEqual(cells.map(() => JSON.stringify(time)));
});

it.each([
  "25:00",
  "9:60",
  "24:01",
  "9",
  "930",
  "1.5",
  "2024-01-31",
  "2024-01-31 09:30",
  "9:30+02:00",
  "13:00 AM",
  "soon",
  "",
  ":",
])("refuses %j", (cell) => {
  expect(encoded(field.time(), cell)).toEqual({ code: "time_invalid" });
});

it.each([
  ["09:30:00", "09:30:00"],
  ["PT9H30M", "09:30:00"],
  ["PT45M", "00:45:00"],
  ["1899-12-31T09:30:00", "09:30:00"],
  ["0.5", null],
  ["0.500", "12:00:00"],
  ["PT30H", null],
])("reads what a workbook typed as %s", (cell, time) => {
  expect(encodedTyped(field.time(), cell)).toEqual(time ?? { code: "time_invalid" });
});
