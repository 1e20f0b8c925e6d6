/** Files that LibreOffice wrote from the tables in libreoffice-sources.ts. */
import type { CorpusCase } from "./corpus-case.ts";

const typeColumns = ["text", "number", "day", "french", "moment", "time", "duration", "boolean", "formula"];
/** `number`, `midnight` and `minutes`: what the format itself keeps of three of the values. */
const typeRows = (number: string, midnight: string, minutes: string) => [
  [2, "007", number, "=2024-01-31", "=2024-02-01", "=2024-01-31T08:30:00", "=08:30:00", "=PT36H30M", "=true", "=2"],
  [
    3,
    "1E5",
    "=33612345678",
    "=1999-12-31",
    "=1901-03-04",
    "=2024-12-31T23:59:59",
    "=23:59:59",
    minutes,
    "=false",
    "!#DIV/0!",
  ],
  [4, "Zoé & Åsa", "=-1234.5", "=2000-02-29", "=2038-01-19", midnight, "=00:00:01", "=PT100H", "=true", "ab"],
  [
    5,
    "two\nlines",
    "=0.125",
    "=1900-03-01",
    "=9999-12-31",
    "=2024-02-29T12:00:00",
    "=12:00:00",
    "=PT24H",
    "=false",
    "!#N/A",
  ],
  [6, 'says "hi", twice', "=0.0000001", "", "", "", "", "", "", "=2024-05-06"],
  [7, "日本語 😀", "=12345678901234", "", "", "", "", "", "", "=true"],
];
const types = (format: string, rows: (string | number)[][]): CorpusCase => ({
  file: `libreoffice/types.${format}`,
  about: "every type of cell",
  columns: typeColumns,
  rows,
});

const layout = {
  about: "merged, hidden and repeated cells, rows that end at the last real one",
  columns: ["group", "secret", "name", "amount"],
  rows: [
    [2, "north", "x", "Zoé", "=1"],
    [3, "", "y", "Bo", "=2"],
    [7, "south", "z", "Åsa", "=3"],
    [8, "twice", "", "same", "=7"],
    [9, "twice", "", "same", "=7"],
    [10, "wide", "both", "both", "=5"],
  ],
  findings: { cells_merged: 1, rows_hidden: 1, columns_hidden: 1, other_sheets: 1 },
};

const peopleColumns = ["Prénom", "Nom", "Ville", "Montant", "Date"];
const people = {
  about: "people in a workbook",
  columns: peopleColumns,
  rows: [
    [2, "Zoé", "Lefèvre", "Besançon", "=12.5", "=2024-01-31"],
    [3, "François", 'dit "le Grand"', "Nîmes; Gard", "=1234", "=2024-02-01"],
    [4, "Åsa", "Öberg, Växjö", "två\nrader", "=0.99", "=2024-12-13"],
    [5, "Cœur", "D’Arcy", "Évreux", "=-7", "=1999-06-30"],
  ],
};
const exported = (file: string, about: string): CorpusCase => ({
  file: `libreoffice/${file}`,
  about,
  columns: peopleColumns,
  rows: [
    [2, "Zoé", "Lefèvre", "Besançon", "12.50", "31/01/2024"],
    [3, "François", 'dit "le Grand"', "Nîmes; Gard", "1,234.00", "01/02/2024"],
    [4, "Åsa", "Öberg, Växjö", "två\nrader", "0.99", "13/12/2024"],
    [5, "Cœur", "D’Arcy", "Évreux", "-7.00", "30/06/1999"],
  ],
});

export const libreofficeCases: CorpusCase[] = [
  // LibreOffice saves 15 digits of a number as text, all of them in binary.
  types("xlsx", typeRows("=0.3", "=1970-01-01T00:00:00", "=PT5M")),
  types("xls", typeRows("=0.30000000000000004", "=1970-01-01T00:00:00", "=PT5M")),
  // OpenDocument's values have no midnight, and only their styles tell a time from a short duration.
  types("ods", typeRows("=0.3", "=1970-01-01", "=00:05:00")),
  ...["xlsx", "ods", "xls"].flatMap((format) => [
    { file: `libreoffice/layout.${format}`, ...layout },
    { file: `libreoffice/people.${format}`, ...people },
  ]),
  exported("people-utf-8.csv", "commas in UTF-8"),
  exported("people-french-windows-1252.csv", "semicolons in Windows-1252"),
  exported("people-tabs-utf-16.csv", "tabs in UTF-16"),
  { ...exported("people-mac-roman.csv", "semicolons in Mac Roman"), findings: { encoding_guessed: 1 } },
  exported("people-all-quoted.csv", "semicolons, all text in quotes"),
];
