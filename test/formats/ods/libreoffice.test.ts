/** A spreadsheet that LibreOffice wrote. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readSheet } from "./ods-rows.ts";

it("has dates, times, elapsed times, booleans and error values in the form all formats share", async () => {
  const sheet = await readSheet(readFileSync(new URL("people.ods", import.meta.url)));
  expect(sheet.dialect).toMatchObject({ sheet: "Leads", findings: [{ code: "other_sheets", count: 1 }] });
  expect(sheet.rows).toEqual([
    [1, "Name", "Phone", "Amount", "Born", "Seen", "At", "Spent", "Active"],
    [2, "Zoé 😀 Dupont", "33612345678", "0.1", "1984-02-29", "2024-01-31T08:30:00", "08:30:00", "PT36H30M", "true"],
    [3, "two\nlines", "0612345678", "0.5", "#DIV/0!", "#N/A", "", "", "false"],
    [6, "merged  & <b> ", "", "0.3", "", "", "", "", "-1234567.891"],
  ]);
  expect(sheet.findings).toEqual([
    { code: "rows_hidden", count: 1 },
    { code: "cells_merged", count: 1 },
  ]);
});
