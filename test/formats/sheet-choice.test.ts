/** Which sheet of a workbook is read where nobody says. */
import { type BookType, utils, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import type { DetectionHints } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { memorySource } from "../memory-source.ts";

type Sheets = Record<string, (string | number)[][]>;

async function chosenSheet(sheets: Sheets, bookType: BookType, hints: DetectionHints = {}): Promise<string> {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  const bytes = new Uint8Array(write(book, { type: "buffer", bookType }));
  const dialect = await formats.detect(memorySource(`book.${bookType}`, bytes), hints);
  return "sheet" in dialect ? dialect.sheet : "";
}

const people = [
  ["Nom", "E-mail", "Téléphone"],
  ["Anna", "anna@example.com", "0612345678"],
  ["Bo", "bo@example.com", "0612345679"],
];
const fields = [
  ["Field", "Meaning"],
  ["Nom", "the name of the person"],
  ["E-mail", "where to write to"],
];
const prices = [
  ["Artikel", "Pris"],
  ["A1", 12],
  ["A2", 13],
];
const prose = [
  ["Welcome to this export of the team's contacts, which is made every night."],
  ["Do not change the names of the columns on the second sheet, please."],
];
const names = ["name", "Nom", "E-mail", "Téléphone"];

describe.each<BookType>(["xlsx", "ods", "xls"])("the sheet that is read of a workbook: %s", (bookType) => {
  it.each<[what: string, sheets: Sheets, hints: DetectionHints, chosen: string]>([
    ["the first of two tables", { Prices: prices, People: people }, {}, "Prices"],
    ["the one with the importer's names", { Prices: prices, People: people }, { names }, "People"],
    ["the first where the importer knows no name", { Prices: prices, People: people }, { names: ["sku"] }, "Prices"],
    ["the one a person says", { Prices: prices, People: people }, { names, sheet: "Prices" }, "Prices"],
    ["the table behind a sheet called Read me", { "Read me": fields, Data: people }, {}, "Data"],
    ["the same by the importer's names", { "Read me": fields, Data: people }, { names }, "Data"],
    ["the table behind a German one", { Anleitung: fields, Daten: people }, {}, "Daten"],
    ["the table behind a cover", { Cover: [["ACME 2024"]], Data: people }, {}, "Data"],
    ["the table behind sentences", { Sheet1: prose, Sheet2: people }, {}, "Sheet2"],
    ["a sheet called Read me that is alone", { "Read me": people }, {}, "Read me"],
    ["a list of one column that is first", { Mails: [["email"], ["a@b.fr"], ["c@d.fr"]], Prices: prices }, {}, "Mails"],
  ])("is %s", async (_, sheets, hints, chosen) => {
    expect(await chosenSheet(sheets, bookType, hints)).toBe(chosen);
  });
});
