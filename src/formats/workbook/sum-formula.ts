/**
 * Formulas that add up cells above their own, in the same column: `SUM(C2:C4)`, `SUBTOTAL(9,C2:C4)`, `C4+C7`, in Excel's words
 * (ECMA-376 part 1, section 18.17) and OpenDocument's (OpenFormula 1.3, section 5.8). In a file function names are English.
 */
import type { SumCell } from "../../core/row.ts";

const sums = /^(?:SUM\(|(?:SUBTOTAL|AGGREGATE)\(\s*(?:9|109)\s*[,;](?:\s*\d\s*[,;])?)(.*)\)$/i;
const cell = /^\[?\.?\$?([a-z]{1,3})\$?(\d{1,7})\]?(?::\.?\$?([a-z]{1,3})\$?(\d{1,7})\]?)?$/i;
/** The column of a table, by its name: `Table1[Amount]`, `[Amount]`. */
const tableColumn = /^[\p{L}_\d.]*\[[^[\],;.:]+\]$/u;

/** Null: it is another formula. `column` from 0. */
export function sumFormula(text: string, { column, row }: { column: number; row: number }): SumCell | null {
  const formula = text.replace(/^(?:of:|msoxl:)?=/, "").trim();
  const found = sums.exec(formula);
  const parts = found === null ? formula.split("+") : found[1].split(/[,;~]/);
  if (found === null && parts.length < 2) return null;
  let from: number | null = null;
  let to: number | null = null;
  for (const part of parts) {
    const name = part.trim();
    if (found !== null && tableColumn.test(name)) continue;
    const [, first, start, last = first, end = start] = cell.exec(name) ?? [];
    if (first === undefined || columnOf(first) !== column || columnOf(last) !== column) return null;
    const [top, bottom] = [Math.min(Number(start), Number(end)), Math.max(Number(start), Number(end))];
    if (bottom >= row) return null;
    from = Math.min(from ?? top, top);
    to = Math.max(to ?? bottom, bottom);
  }
  return { column, from, to };
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters.toUpperCase()) column = 26 * column + letter.charCodeAt(0) - 0x40;
  return column - 1;
}
