/**
 * SheetJS doing the same as Sluice's reader and validators: the workbook read with the options that cost it least, and a
 * line of COPY text made of every row.
 */
import XLSX from "xlsx";
import { secondsSince } from "./peer-outcome.ts";

export interface SheetOutcome {
  rows: number;
  valid: number;
  /** Bytes of COPY text made, in UTF-8. */
  bytes: number;
  seconds: number;
}

/** Reads the benchmark's workbook at `path`. */
export function sheetjsEncode(path: string): SheetOutcome {
  const startedAt = performance.now();
  const book = XLSX.readFile(path, {
    dense: true,
    cellDates: true,
    cellFormula: false,
    cellHTML: false,
    cellText: false,
  });
  const rows = book.Sheets[book.SheetNames[0]];
  const outcome: SheetOutcome = { rows: 0, valid: 0, bytes: 0, seconds: 0 };
  let text = "";
  for (let r = 1; r < rows.length; r++) {
    outcome.rows++;
    const row = rows[r];
    const [reference, , , , listed, updated, stock, price, weight, active] = row.map((cell) => cell?.v ?? null);
    // The rules of the importer: a reference, dates that are dates, numbers that are numbers.
    if (typeof reference !== "string" || !(listed instanceof Date) || !(updated instanceof Date)) continue;
    if (typeof stock !== "number" || stock < 0 || typeof price !== "number" || typeof weight !== "number") continue;
    if (typeof active !== "boolean") continue;
    outcome.valid++;
    for (let c = 0; c < 4; c++) text += c === 0 ? copyCell(row[c]?.v) : `\t${copyCell(row[c]?.v)}`;
    text += `\t${listed.toISOString().slice(0, 10)}\t${updated.toISOString()}\t${stock}\t${price.toFixed(2)}\t${weight}\t${active ? "t" : "f"}\n`;
    if (text.length > 65_536) {
      outcome.bytes += Buffer.from(text).length;
      text = "";
    }
  }
  outcome.bytes += Buffer.from(text).length;
  outcome.seconds = secondsSince(startedAt);
  return outcome;
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** Postgres manual, COPY, "Text Format". */
function copyCell(value: unknown): string {
  if (value === undefined || value === null) return "\\N";
  const text = String(value);
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character]) : text;
}
