/** Encodings that little tells of, and text that came through two of them. */
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { CorpusCase } from "./corpus-case.ts";

const windows1252 = (...lines: string[]): Uint8Array => iconv.encode(`${lines.join("\r\n")}\r\n`, "windows-1252");
const lines = (...all: string[]): Buffer => Buffer.from(`${all.join("\n")}\n`);

export const encodingCases: CorpusCase[] = [
  {
    file: "windows-1252-no-break-spaces.csv",
    about: "Windows-1252 by a no-break space after each name and one dash",
    make: () =>
      windows1252(
        "Company\u00a0,City\u00a0,Contact\u00a0,Opening Date\u00a0,Rate",
        "Acme Ltd,Leeds,John Smith,3-May-24,12.50",
        "Baker–Stone plc,York,Mary Jones,4-May-24,8.00",
        "Crown Supplies,Bath,Peter Brown,5-May-24,99.95",
      ),
    columns: ["Company", "City", "Contact", "Opening Date", "Rate"],
    rows: [
      [2, "Acme Ltd", "Leeds", "John Smith", "3-May-24", "12.50"],
      [3, "Baker–Stone plc", "York", "Mary Jones", "4-May-24", "8.00"],
      [4, "Crown Supplies", "Bath", "Peter Brown", "5-May-24", "99.95"],
    ],
  },
  {
    file: "windows-1252-one-sign.csv",
    about: "Windows-1252 by one apostrophe",
    make: () => windows1252("id,text", "1,plain", "2,Chairman’s office", "3,plain"),
    columns: ["id", "text"],
    rows: [
      [2, "1", "plain"],
      [3, "2", "Chairman’s office"],
      [4, "3", "plain"],
    ],
  },
  {
    file: "utf-8-c1-controls.csv",
    about: "UTF-8 with C1 controls, which are what Windows-1252 has there",
    make: () =>
      lines("id,text", "1,Chairman\u0092s office", "2,\u0093urgent\u0094 \u0096 today", "3,é 5 \u0080", "4,plain"),
    columns: ["id", "text"],
    rows: [
      [2, "1", "Chairman’s office"],
      [3, "2", "“urgent” – today"],
      [4, "3", "é 5 €"],
      [5, "4", "plain"],
    ],
  },
  {
    file: "utf-8-c1-controls.csv.gz",
    about: "the same, packed",
    make: () => gzipSync(lines("id,text\u0085", "1,Chairman\u0092s office"), { level: 9 }),
    columns: ["id", "text…"],
    rows: [[2, "1", "Chairman’s office"]],
  },
  {
    file: "utf-8-mixed.csv",
    about: "UTF-8 with lines of Windows-1252 among it, whose cells are not text",
    make: () => Buffer.concat([lines("id,name", "1,Café", "2,Zoé"), windows1252("3,René"), lines("4,Noël")]),
    columns: ["id", "name"],
    rows: [
      [2, "1", "Café"],
      [3, "2", "Zoé"],
      [4, "3", "Ren\ufffd"],
      [5, "4", "Noël"],
    ],
  },
  {
    file: "utf-8-cut.csv",
    about: "UTF-8 that ends within a character",
    make: () => lines("id,name", "1,Café", "2,René").subarray(0, -2),
    columns: ["id", "name"],
    rows: [
      [2, "1", "Café"],
      [3, "2", "Ren\ufffd"],
    ],
  },
  {
    file: "utf-8-twice.csv",
    about: "UTF-8 that was read as Windows-1252 and written as UTF-8 again",
    make: () => lines("id,name", "1,CafÃ© Zoé", "2,Lâ€™OrÃ©al", "3,MAÇÃ”"),
    columns: ["id", "name"],
    rows: [
      [2, "1", "CafÃ© Zoé"],
      [3, "2", "Lâ€™OrÃ©al"],
      [4, "3", "MAÇÃ”"],
    ],
    findings: { text_garbled: 2 },
  },
];
