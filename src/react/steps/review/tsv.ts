/**
 * Cells as spreadsheets exchange them by the clipboard: a line for each row, a tab between two cells. Of a cell with a tab, a line
 * break or a quote at its beginning the text stands in quotes, and quotes in it are doubled, as Excel, Sheets and LibreOffice write it. What
 * a spreadsheet would run as a formula is guarded by an apostrophe, as in reports, and comes back without it.
 */
import { guarded, unguarded } from "../../../core/formula-guard.ts";

export function toTsv(rows: readonly (readonly string[])[]): string {
  // Excel reads CRLF, and writes it.
  return rows.map((cells) => cells.map((cell) => quoted(handedOut(cell))).join("\t")).join("\r\n");
}

/** A number below zero is a number in every spreadsheet, and would be text with a guard. */
function handedOut(cell: string): string {
  return /^-\d+(?:[.,]\d+)?$/.test(cell) ? cell : guarded(cell);
}

function quoted(cell: string): string {
  return /[\t\r\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Rows may differ in their number of cells. A line break at the end is no row; a quote that is never closed is a character. */
export function fromTsv(text: string): string[][] {
  const rows: string[][] = [];
  const end = text.length;
  for (let at = 0; at < end; ) {
    const cells: string[] = [];
    for (let isLast = false; !isLast; ) {
      const inQuotes = text[at] === '"' ? closedQuote(text, at) : null;
      const next = inQuotes?.next ?? endOfCell(text, at);
      cells.push(unguarded(inQuotes?.cell ?? text.slice(at, next)));
      isLast = text[next] !== "\t";
      at = next + (text[next] === "\r" && text[next + 1] === "\n" ? 2 : 1);
    }
    rows.push(cells);
  }
  return rows;
}

/** Where the tab or line break after a cell stands, or the end. */
function endOfCell(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (isEnd(text[at])) return at;
  return text.length;
}

/** Null: no quote closes the cell that begins here. */
function closedQuote(text: string, from: number): { cell: string; next: number } | null {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue;
    if (at + 1 < text.length && !isEnd(text[at + 1])) return null;
    return {
      cell: text
        .slice(from + 1, at)
        .replaceAll('""', '"')
        .replaceAll("\r\n", "\n"),
      next: at + 1,
    };
  }
  return null;
}

function isEnd(char: string): boolean {
  return char === "\t" || char === "\n" || char === "\r";
}
