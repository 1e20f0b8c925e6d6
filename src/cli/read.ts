/** `sluice read`: every row of a file as plain text, whatever its format. It needs no database. */

import { shapeOf } from "../core/file-formats.ts";
import { type Dialect, rowCells, rowIntact } from "../core/row.ts";
import { formats } from "../formats/formats.ts";
import { rowsText } from "../locale/locale.ts";
import type { CommonFlags } from "../server/config-file.ts";
import { NeedsDecision } from "./decision.ts";
import { type DialectFlags, dialectHints, refuseUnusedFlags } from "./dialect-flags.ts";
import { withSource } from "./open-source.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

/** Text waits in pieces of this size before it is written. */
const writeChars = 64 * 1024;

export async function readCommand(
  terminal: Terminal,
  path: string,
  flags: DialectFlags & CommonFlags & { format?: string; limit?: string },
): Promise<ExitCode> {
  const format = flags.format ?? "csv";
  if (format !== "csv" && format !== "jsonl")
    throw new NeedsDecision(`--format "${format}" is not one of: csv, jsonl.`);
  const limit = flags.limit === undefined ? Number.POSITIVE_INFINITY : Number(flags.limit);
  if (!(limit >= 0)) throw new NeedsDecision(`--limit "${flags.limit}" is not a number of rows.`);
  const hints = dialectHints(flags);
  return withSource(terminal, path, flags, async (source) => {
    const dialect = await formats.detect(source, hints, terminal.signal);
    refuseUnusedFlags(hints, dialect);
    const lines = format === "csv" ? new CsvLines(dialect) : new JsonLines(dialect);
    let text = lines.first();
    let damaged = 0;
    let rows = 0;
    reading: for await (const batch of formats.read(source, dialect, {
      everyRow: format === "csv",
      signal: terminal.signal,
    })) {
      for (let r = 0; r < batch.rowCount; r++) {
        const number = batch.rowNumbers[r];
        if (number > dialect.headerRow && rows++ >= limit) break reading;
        if (number > dialect.headerRow && batch.shapes[r] !== rowIntact) damaged++;
        // Blank rows of a sheet can be a million.
        for (const piece of lines.of(number, rowCells(batch, r))) {
          text += piece;
          if (text.length <= writeChars) continue;
          await terminal.out(text);
          text = "";
        }
      }
    }
    await terminal.out(text);
    if (damaged > 0)
      terminal.err(
        `${rowsText("en", damaged)} with too few or too many cells, or a quote that never closes: as in the file.\n`,
      );
    if (lines.leftOut > 0) terminal.err(`Left out below the table's end: ${rowsText("en", lines.leftOut)}.\n`);
    return exitCodes.done;
  });
}

/** Rows in one of the forms they are printed in. */
interface Lines {
  /** The lines before the first row. */
  first(): string;
  /** The row, with the lines before it. */
  of(number: number, cells: string[]): Iterable<string>;
  /** Rows that have no place in this form. */
  leftOut: number;
}

const blankLines = 4096;

/** Plain RFC 4180. A sheet's rows come out as wide as its table, and blank rows between them as empty lines. */
class CsvLines implements Lines {
  readonly leftOut = 0;
  readonly #dialect: Dialect;
  readonly #width: number;
  #next = 1;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#width = shapeOf(dialect.format) === "text" ? 0 : dialect.columns.length;
  }

  /** The names of a JSON file's members are in no row. */
  first(): string {
    const { format, headerRow, columns } = this.#dialect;
    const isNamed = columns.some((name, c) => name !== `Column ${c + 1}`);
    return shapeOf(format) === "records" && headerRow === 0 && isNamed ? csvLine(columns) : "";
  }

  *of(number: number, cells: string[]): Iterable<string> {
    if ("sheet" in this.#dialect) {
      for (let blank = number - this.#next; blank > 0; blank -= blankLines)
        yield "\r\n".repeat(Math.min(blank, blankLines));
      this.#next = number + 1;
    }
    while (cells.length < this.#width) cells.push("");
    yield csvLine(cells);
  }
}

/** One object a row, by the columns' names; titles, header and what is below the table are omitted. */
class JsonLines implements Lines {
  leftOut = 0;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  first(): string {
    return "";
  }

  *of(number: number, cells: string[]): Iterable<string> {
    const { headerRow, lastRow, columns } = this.#dialect;
    if (number <= headerRow) return;
    if (lastRow !== null && number > lastRow) this.leftOut++;
    else yield jsonLine(columns, cells);
  }
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\r\n`;
}

function jsonLine(columns: readonly string[], cells: readonly string[]): string {
  // Written pair by pair: a column called __proto__ is a column like any other.
  const width = Math.max(columns.length, cells.length);
  const pairs = Array.from(
    { length: width },
    (_, c) => `${JSON.stringify(columns[c] ?? `Column ${c + 1}`)}:${JSON.stringify(cells[c] ?? "")}`,
  );
  return `{${pairs.join(",")}}\n`;
}
