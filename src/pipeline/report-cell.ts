/**
 * How a cell stands in the report of rejected rows: no spreadsheet runs it as a formula. When the report comes back
 * corrected, the cell is what it was.
 */

/** The report's own columns, which stand before the file's. */
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

/** A spreadsheet takes what begins so for a formula (OWASP, "CSV Injection"); the apostrophe is what guards it. */
const formulaStart = /^[=+\-@\t\r']/;

/** One CSV cell (RFC 4180), which no spreadsheet runs as a formula. */
export function reportCell(value: string, delimiter: string): string {
  const safe = formulaStart.test(value) ? `'${value}` : value;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) || safe.startsWith("'")
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

/** The value of a report's cell, without the apostrophe that guarded it. */
export function unguarded(cell: string): string {
  return cell.startsWith("'") && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/** Whether a cell of a report begins with an apostrophe that only guards it. */
export function isGuarded(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 2 && bytes[start] === 0x27 && guardedStarts[bytes[start + 1]] === 1;
}
const guardedStarts = new Uint8Array(256);
for (const char of "=+-@\t\r'") guardedStarts[char.charCodeAt(0)] = 1;
