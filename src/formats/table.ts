/**
 * Where the table is among a file's first rows, whatever the format: its header, its columns' names, its end.
 */
import { SluiceError } from "../errors.ts";
import type { FileFinding } from "../row.ts";

/** Postgres takes at most 1,600 columns in a table; a file may have more, of which some are mapped. It is Excel's limit too. */
export const maxColumns = 16_384;

/** One of the first rows, as text. */
export interface SampleRow {
  /** As a spreadsheet counts. */
  number: number;
  cells: string[];
}

/** The part of a dialect that its first rows decide. */
export interface FoundTable {
  headerRow: number;
  headerRows: number;
  lastRow: number | null;
  columns: string[];
  findings: FileFinding[];
}

/**
 * Finds the table in a sample.
 *
 * @param headerRow what a person says: the header's row, 0 for none.
 * @throws SluiceError `invalid` when there is no row, no such header row, or more than 16,384 columns.
 */
export function findTable(name: string, rows: readonly SampleRow[], headerRow?: number): FoundTable {
  if (rows.length === 0) throw new SluiceError("invalid", `${name} has only empty lines: no header and no rows.`);
  const number = headerRow ?? (looksLikeHeader(rows.map((row) => row.cells)) ? rows[0].number : 0);
  const header = number === 0 ? rows[0] : rows.find((row) => row.number === number);
  if (header === undefined) {
    throw new SluiceError("invalid", `${name} has no row ${headerRow} among its first rows to take as the header.`);
  }
  if (header.cells.length > maxColumns) {
    throw new SluiceError("invalid", `${name} has more than ${maxColumns} columns.`);
  }
  const columns = columnNames(number === 0 ? header.cells.map(() => "") : header.cells);
  return { headerRow: number, headerRows: 1, lastRow: null, columns, findings: [] };
}

/** Headers as names that tell every column from the others: `Email`, `Email (2)`, `Column 3`. */
function columnNames(headers: readonly string[]): string[] {
  const written = new Set(headers.map((header) => header.trim()));
  const taken = new Set<string>();
  const nexts = new Map<string, number>();
  return headers.map((header, c) => {
    const trimmed = header.trim();
    const name = trimmed || `Column ${c + 1}`;
    let unique = name;
    for (let n = nexts.get(name) ?? 2; taken.has(unique) || (unique !== trimmed && written.has(unique)); n++) {
      unique = `${name} (${n})`;
      nexts.set(name, n + 1);
    }
    taken.add(unique);
    return unique;
  });
}

/** A header names: no cell of it is a number, an e-mail or a date, and hardly one is empty. */
function looksLikeHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows;
  const filled = first.filter((cell) => cell.trim() !== "");
  if (filled.length === 0) return false;
  if (filled.some((cell) => cell.includes("@"))) return false;
  const dataLike = filled.filter((cell) => /^[\s\d.,:/+()-]*\d[\s\d.,:/+()-]*$/.test(cell)).length;
  if (dataLike === 0) return true;
  // Years as headers (2024; 2025) stand above rows that are numbers too, but not on their own.
  return rest.length > 0 && dataLike < filled.length / 2;
}
