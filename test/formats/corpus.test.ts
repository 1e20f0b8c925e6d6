/** Every file of the corpus gives the rows, findings and errors that stand beside it. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CorpusCase } from "../corpus/corpus-case.ts";
import { headerCases } from "../corpus/header-cases.ts";
import { libreofficeCases } from "../corpus/libreoffice-cases.ts";
import { quoteCases } from "../corpus/quote-cases.ts";
import { readOutcome, tableRows } from "../corpus/read-outcome.ts";
import { textCases } from "../corpus/text-cases.ts";
import { workbookCases } from "../corpus/workbook-cases.ts";
import { memorySource } from "../memory-source.ts";

const bytesOf = (file: string): Buffer => readFileSync(new URL(`../corpus/files/${file}`, import.meta.url));

describe.each<[string, CorpusCase[]]>([
  ["workbooks written by hand", workbookCases],
  ["text written by hand", textCases],
  ["quotes and delimiters", quoteCases],
  ["headers, and what comes between rows", headerCases],
  ["files that LibreOffice wrote", libreofficeCases],
])("%s", (_, cases) => {
  it.each(cases.map((each) => [each.file, each.about, each] as const))(
    "%s: reads %s",
    async (file, _about, expected) => {
      const outcome = await readOutcome(memorySource(file, bytesOf(file)), { hints: expected.hints });
      if (expected.error !== undefined) {
        expect(outcome.error?.message).toMatch(expected.error);
        expect(outcome.error?.code).toBe("invalid");
        return;
      }
      if (outcome.error !== null) throw outcome.error;
      if (expected.columns !== undefined) expect(outcome.dialect?.columns).toEqual(expected.columns);
      expect(tableRows(outcome)).toEqual(expected.rows);
      expect(outcome.findings).toEqual(expected.findings ?? {});
    },
  );

  it.each([...new Set(cases.map(({ file }) => file))])(
    "%s: reads the same in pieces of any size, and again from any row",
    async (file) => {
      const bytes = bytesOf(file);
      const whole = await readOutcome(memorySource(file, bytes));
      for (const cut of [1, 7, 64, 1000]) {
        expect(await readOutcome(memorySource(file, bytes, { cut })), `pieces of ${cut} bytes`).toEqual(whole);
      }
      const { dialect, rows } = whole;
      if (dialect === null) return;
      for (const [k, row] of rows.entries()) {
        const from = { offset: row.offset, row: row.number };
        const rest = await readOutcome(memorySource(file, bytes), { dialect, from });
        expect(rest.rows, `from row ${row.number}`).toEqual(rows.slice(k));
      }
    },
  );
});
