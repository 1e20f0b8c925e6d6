/** The file of rejected rows: safe in a spreadsheet, and the same file when it comes back. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { unguarded } from "../../src/core/formula-guard.ts";
import type { ImportJob } from "../../src/core/import.ts";
import { atLeastOne } from "../../src/core/importer.ts";
import type { Format } from "../../src/core/ports.ts";
import type { Dialect } from "../../src/core/row.ts";
import type { ReportedRow } from "../../src/core/store/outcomes.ts";
import { csv } from "../../src/formats/csv/csv.ts";
import { formats } from "../../src/formats/formats.ts";
import { fieldLabel } from "../../src/locale/locale.ts";
import { rejectedRowsCsv } from "../../src/report/report.ts";
import { isReport, reportCell, reportColumnCount, reportHeaders } from "../../src/values/report-cell.ts";
import { bytesSource, dialectOf, repeatedSource } from "../formats/csv/bytes-source.ts";
import { issuesOf, validateFile } from "../staging/read-file.ts";

const people = defineImporter({
  name: "people",
  fields: {
    name: field.text({ required: true, label: { en: "Name", fr: "Nom", sv: "Namn" } }),
    email: field.email({ label: { en: "E-mail", fr: "E-mail", sv: "E-post" } }),
    phone: field.phone(),
    amount: field.decimal({ aliases: { en: ["Amount"] } }),
  },
  checks: [atLeastOne("email", "phone")],
  target: { table: "people" },
});

type Row = Omit<ReportedRow, "outcome" | "recordId">;

async function report(
  dialect: Dialect,
  source: Parameters<typeof rejectedRowsCsv>[2]["source"],
  rows: Row[],
  language = "en",
  format: Format = csv,
): Promise<string> {
  const job = { dialect, language } as ImportJob;
  const stored = (async function* () {
    for (const row of rows) yield { outcome: "invalid", recordId: null, ...row } satisfies ReportedRow;
  })();
  const pieces = await Array.fromAsync(rejectedRowsCsv(job, stored, { source, format }, fieldLabel(people, language)));
  return pieces.join("");
}

describe("reportCell", () => {
  it.each([
    ["plain", "plain"],
    ["", ""],
    ["a b", "a b"],
    ["a;b", '"a;b"'],
    ["a,b", "a,b"],
    ['say "hi"', '"say ""hi"""'],
    ["a\nb", '"a\nb"'],
    ["=1+1", '"\'=1+1"'],
    ["+33612345678", '"\'+33612345678"'],
    ["-5", '"\'-5"'],
    ["@SUM(A1)", '"\'@SUM(A1)"'],
    ["\tx", '"\'\tx"'],
    ["\rx", '"\'\rx"'],
    ["'x", "\"''x\""],
    ["''=x", "\"'''=x\""],
    ['=cmd|"/c calc"!A1', '"\'=cmd|""/c calc""!A1"'],
    ["a=1", "a=1"],
    ["x =1", "x =1"],
    [" plain", " plain"],
    ["\u200bplain", "\u200bplain"],
  ])("writes %j as %s", (value, cell) => {
    expect(reportCell(value, ";")).toBe(cell);
  });

  const trimmed = [
    ...[" ", "   ", "\u00a0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000", "\u2028", "\u0085", "\u2800", "\u3164"],
    ...[
      "\ufeff",
      "\u200b",
      "\u200d",
      "\u200e",
      "\u202e",
      "\u2060",
      "\u00ad",
      "\u180e",
      "\u034f",
      "\ufe0f",
      "\u{e0020}",
    ],
    ...["\f", "\v", "\n", "\t", "\r", "\0", "\x1f", "\x7f", " \ufeff\u200b\t "],
  ];
  const marks = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"];
  it.each(["", ...trimmed])("guards a formula behind %j, which a spreadsheet takes off, and is undone", (before) => {
    for (const mark of marks) {
      const value = `${before}${mark}1+1`;
      const cell = reportCell(value, ";");
      expect([value, cell]).toEqual([value, `"'${value}"`]);
      expect(unguarded(cell.slice(1, -1))).toBe(value);
    }
  });

  it.each(["", "'", "'x", "''", "=1", "'=1", "-5", "@x", "+33", "\tx", "\r", "plain", "O'Hara", "'-'"])(
    "is undone: %j",
    (value) => {
      const cell = reportCell(value, ";");
      const text = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(unguarded(text)).toBe(value);
    },
  );
});

describe("reportColumnCount", () => {
  it.each(["en", "fr", "sv"])("knows a report of %s", (language) => {
    const [row, reason] = reportHeaders(language);
    expect([[row, reason, "a"], [row, "a"], ["a", row, reason], [reason, "a"], []].map(reportColumnCount)).toEqual([
      2, 1, 0, 0, 0,
    ]);
    expect([isReport([row, reason]), isReport(["a"])]).toEqual([true, false]);
  });

  it("writes English headers for a language that it does not know", () => {
    expect(reportHeaders("de")).toEqual(reportHeaders("en"));
  });
});

describe("rejectedRowsCsv", () => {
  const dialect = dialectOf(["name", "e;mail"], { delimiter: ";" });
  const rows: Row[] = [
    {
      row: 2,
      offset: null,
      issues: [
        { c: "required", f: "name" },
        { c: "email_invalid", f: "email" },
      ],
      cells: ["", "=x"],
    },
    { row: 9, offset: null, issues: [{ c: "row_too_long", p: { cells: 3, columns: 2 } }], cells: ["a", "b\nc", "d"] },
  ];

  it.each([
    [
      "en",
      "Sluice: row;Sluice: reason",
      "Name is missing. E-mail is not an e-mail address.",
      "The row has 3 cells but the header has 2: there is an extra delimiter, or quotes are missing.",
    ],
    [
      "fr",
      "Sluice : ligne;Sluice : motif",
      "Nom : valeur manquante. E-mail : adresse e-mail non valide.",
      "La ligne a 3 cellules, l’en-tête 2 : un séparateur de trop, ou des guillemets manquants.",
    ],
    [
      "sv",
      "Sluice: rad;Sluice: orsak",
      "Namn saknas. E-post är ingen e-postadress.",
      "Raden har 3 celler, rubriken 2: ett skiljetecken för mycket, eller citattecken som saknas.",
    ],
  ])("tells rows, reasons and cells in %s", async (language, headers, first, second) => {
    expect(await report(dialect, bytesSource(""), rows, language)).toBe(
      `\ufeff${headers};name;"e;mail"\r\n2;${first};;"'=x"\r\n9;${second};a;"b\nc";d\r\n`,
    );
  });

  it("reads rows whose cells are not kept again from the file, near and far, in any order", async () => {
    const size = "1000000,x\n".length;
    const source = repeatedSource([
      ["a,b\n", 1],
      ["1000000,x\n", 1_500_000],
      ["last,", 1],
      ['"y\nz"', 1],
    ]);
    const at = (row: number): Row => ({
      row,
      offset: 4 + (row - 2) * size,
      issues: [{ c: "database_check" }],
      cells: null,
    });
    const wanted = [2, 3, 900, 1_000_000, 1_000_001, 1_500_001, 1_500_002, 900];
    source.bytesRead = 0;
    const text = await report(dialectOf(["a", "b"]), source, wanted.map(at));
    const lines = text.trimEnd().split("\r\n").slice(1);
    expect(lines.map((line) => [Number(line.split(",")[0]), line.split(",").slice(2).join(",")])).toEqual(
      wanted.map((row) => [row, row === 1_500_002 ? 'last,"y\nz"' : "1000000,x"]),
    );
    expect(source.bytesRead).toBeLessThan(8 * 1024 * 1024);
  });

  it("reads a packed file once, from the first row that is wanted on, however far apart they are", async () => {
    const lines = Array.from({ length: 200_000 }, (_, k) => `${k + 2},${(k * 7919) % 1_000_003}\n`);
    const source = bytesSource(gzipSync(`a,b\n${lines.join("")}`));
    const opened: unknown[] = [];
    const format: Format = {
      ...formats,
      read(file, itsDialect, options) {
        opened.push(options.from);
        return formats.read(file, itsDialect, options);
      },
    };
    const wanted: Row[] = [];
    let offset = 4;
    for (const [k, line] of lines.entries()) {
      if (k % 40_000 === 39_999) wanted.push({ row: k + 2, offset, issues: [], cells: null });
      offset += line.length;
    }
    const text = await report(dialectOf(["a", "b"], { packing: "gzip" }), source, wanted, "en", format);
    expect(text.trimEnd().split("\r\n").slice(1)).toEqual(wanted.map(({ row }) => `${row},,${lines[row - 2].trim()}`));
    expect(opened).toEqual([{ offset: wanted[0].offset, row: wanted[0].row }]);
  });

  it.each([
    ["en", ","],
    ["fr", ";"],
    ["sv", ";"],
  ])(
    "parts the cells of a file without a delimiter as spreadsheets of the language do (%s)",
    async (language, mark) => {
      const sheet: Dialect = {
        format: "xlsx",
        sheet: "People",
        sheetIndex: 1,
        packing: "none",
        headerRow: 1,
        headerRows: 1,
        lastRow: null,
        columns: ["a,b", "c;d"],
        findings: [],
      };
      const text = await report(sheet, null, [{ row: 2, offset: null, issues: [], cells: ["1,5", "2;5"] }], language);
      const quoted = (cell: string): string => (cell.includes(mark) ? `"${cell}"` : cell);
      const headers = [...reportHeaders(language), quoted("a,b"), quoted("c;d")];
      expect(text).toBe(`\ufeff${headers.join(mark)}\r\n2${mark}${mark}${quoted("1,5")}${mark}${quoted("2;5")}\r\n`);
    },
  );

  it("mixes rows that are kept with rows read again, in every encoding", async () => {
    const text = "Prénom,Ville\nZoé,Orléans\nLéo,Besançon\n";
    const bytes = Buffer.from(text, "utf16le");
    const again: Row = {
      row: 3,
      offset: 2 * text.indexOf("Léo"),
      issues: [{ c: "row_rejected", p: { message: "no" } }],
      cells: null,
    };
    const kept: Row = { row: 4, offset: null, issues: [], cells: ["Ann", "Metz"] };
    const own = dialectOf(["Prénom", "Ville"], { encoding: "utf-16le" });
    const lines = (await report(own, bytesSource(bytes), [again, kept])).split("\r\n");
    expect(lines.slice(1)).toEqual(["3,no,Léo,Besançon", "4,,Ann,Metz", ""]);
  });

  it("gives number and reason alone where the file is gone", async () => {
    const gone: Row = { row: 3, offset: 10, issues: [{ c: "row_rejected", p: { message: "no" } }], cells: null };
    expect((await report(dialect, null, [gone])).split("\r\n")[1]).toBe("3;no");
  });
});

describe("a report that comes back", () => {
  const original =
    'name;email;phone;amount\n=Zoé;zoe@x;+33612345678;-1,5\n"\'Léo";;"+33 6 99 99 99 99";"-2,5"\nAnn;"-x";;\n';

  it.each(["en", "fr", "sv"])(
    "is what it was, cell by cell, and its own columns feed nothing (%s)",
    async (language) => {
      const first = await validateFile(people, original);
      expect(first.rejects).toHaveLength(2);
      const rows = first.rejects.map(({ row, issues, cells }) => ({ row, offset: null, issues, cells }));
      const text = await report(first.dialect, bytesSource(original), rows, language);
      const second = await validateFile(people, text.replace("zoe@x", "zoe@x.fr"));
      expect(second.mapping.columns.map(({ field }) => field)).toEqual([
        null,
        null,
        "name",
        "email",
        "phone",
        "amount",
      ]);
      expect(second.mapping.columns[5].transform).toEqual({ decimalMark: "," });
      expect(second.stage.map(([, , ...values]) => values)).toEqual([["=Zoé", "zoe@x.fr", "+33612345678", "-1.5"]]);
      expect(issuesOf(second).map(([, ...issue]) => issue)).toEqual(
        issuesOf(first)
          .slice(1)
          .map(([, ...issue]) => issue),
      );
      expect(second.rejects.map(({ cells }) => cells.slice(2))).toEqual([["Ann", "-x", "", ""]]);
    },
  );

  it("makes a report with the same columns again, not with its own twice", async () => {
    const first = await validateFile(people, original);
    const text = await report(
      first.dialect,
      bytesSource(original),
      first.rejects.map(({ row, issues, cells }) => ({ row, offset: null, issues, cells })),
    );
    const second = await validateFile(people, text);
    const bytes = bytesSource(text);
    const kept = second.rejects.map(({ row, issues, cells }) => ({ row, offset: null, issues, cells }));
    const again = await report(second.dialect, bytes, kept);
    expect(again.split("\r\n")[0]).toBe("\ufeffSluice: row;Sluice: reason;name;email;phone;amount");
    expect(again.split("\r\n").map((line) => line.split(";").slice(2))).toEqual(
      text.split("\r\n").map((line) => line.split(";").slice(2)),
    );
    const offsets = [Buffer.byteLength(`${text.split("\r\n")[0]}\r\n`)];
    const read = await report(second.dialect, bytes, [
      { row: 2, offset: offsets[0], issues: kept[0].issues, cells: null },
    ]);
    expect(read.split("\r\n").slice(0, 2)).toEqual(again.split("\r\n").slice(0, 2));
  });

  it("takes a guard for one in any other file too, and leaves apostrophes of names alone", async () => {
    const result = await validateFile(people, "name,email\n'=Zoé,a@b.fr\n't Hart,b@b.fr\n");
    expect(result.stage.map(([, , name]) => name)).toEqual(["=Zoé", "'t Hart"]);
  });
});
