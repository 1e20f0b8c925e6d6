/**
 * How a cell is written in the report of rejected rows: no spreadsheet runs it as a formula. When the report comes back
 * corrected, the cell is what it was.
 */

import { guarded, isFormula } from "../core/formula-guard.ts";
import { decodeCell } from "./encode.ts";

/** The report's own columns, which precede the file's. */
const headersByLanguage: Readonly<Record<string, readonly [row: string, reason: string]>> = {
  en: ["Sluice: row", "Sluice: reason"],
  fr: ["Sluice : ligne", "Sluice : motif"],
  sv: ["Sluice: rad", "Sluice: orsak"],
};

export function reportHeaders(language: string): readonly [row: string, reason: string] {
  return headersByLanguage[language] ?? headersByLanguage.en;
}

/** Whether a file is a report that comes back corrected. */
export function isReport(columns: readonly string[]): boolean {
  return reportColumnCount(columns) > 0;
}

/** How many of the report's own columns a file begins with. A person may have taken the reasons out. */
export function reportColumnCount(columns: readonly string[]): number {
  const own = Object.values(headersByLanguage).find(([row]) => row === columns[0]);
  if (own === undefined) return 0;
  return columns[1] === own[1] ? 2 : 1;
}

/** One CSV cell (RFC 4180), which no spreadsheet runs as a formula. */
export function reportCell(value: string, delimiter: string): string {
  return quotedCell(guarded(value), delimiter);
}

/** One CSV cell that does not come from a user: it is not guarded. */
export function quotedCell(safe: string, delimiter: string): string {
  return /["\r\n]/.test(safe) || safe.includes(delimiter) || safe.startsWith("'")
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

/** Whether a cell of a report begins with an apostrophe that only guards it. */
export function isGuarded(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 2 && bytes[start] === 0x27 && isFormula(decodeCell(bytes, start + 1, end));
}
