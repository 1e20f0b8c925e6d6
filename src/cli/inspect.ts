/** `sluice inspect` and `sluice read`: look at a file without importing it. They need no database. */

import { importersOf } from "../app.ts";
import { SluiceError } from "../errors.ts";
import { diskFiles } from "../files/disk.ts";
import { openFile } from "../files/source.ts";
import { csv } from "../formats/csv/csv.ts";
import { mapColumns } from "../pipeline/map.ts";
import { type ColumnProfile, Profiler } from "../pipeline/profile.ts";
import type { Source } from "../ports.ts";
import { type Dialect, rowCells, rowIntact } from "../row.ts";
import { type CommonFlags, loadConfig } from "./config-file.ts";
import { NeedsDecision } from "./decision.ts";
import { mappingTable } from "./mapping.ts";
import { dialectHints } from "./open-import.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

interface DialectFlags extends CommonFlags {
  encoding?: string;
  delimiter?: string;
  headerRow?: string;
}

/** Opens a file, or standard input, which is kept in the data folder meanwhile. */
async function withSource<T>(
  terminal: Terminal,
  path: string,
  flags: CommonFlags,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  if (path !== "-") {
    const source = await openFile(path);
    return work(source).finally(() => source.close());
  }
  const files = diskFiles((await loadConfig(terminal, flags)).dataDir);
  const kept = await files.keep(terminal.stdin, { name: "stdin", signal: terminal.signal });
  try {
    const source = await files.open(kept.storagePath);
    return await work({ ...source, name: "stdin" }).finally(() => source.close());
  } finally {
    await files.remove(kept.storagePath);
  }
}

export async function inspectCommand(
  terminal: Terminal,
  path: string,
  flags: DialectFlags & { json?: boolean; importer?: string },
): Promise<ExitCode> {
  const config = await loadConfig(terminal, flags);
  const importers = importersOf(config);
  const importer = importers.get(flags.importer ?? "leads");
  if (importer === undefined)
    throw new SluiceError(
      "not_found",
      `There is no importer "${flags.importer}". There is: ${[...importers.keys()].join(", ")}.`,
    );
  return withSource(terminal, path, flags, async (source) => {
    const dialect = await csv.detect(source, dialectHints(flags), terminal.signal);
    const profiler = new Profiler(dialect.columns);
    for await (const batch of csv.read(source, dialect, { signal: terminal.signal })) {
      profiler.add(batch, dialect.headerRow);
      if (profiler.full) break;
    }
    const profiles = profiler.profile();
    const mapping = mapColumns(importer, profiles);
    if (flags.json) {
      await terminal.out(
        `${JSON.stringify({ file: source.name, sizeBytes: source.sizeBytes, dialect, columns: profiles, mapping: mapping.columns }, null, 2)}\n`,
      );
    } else {
      await terminal.out(
        `${dialectText(source, dialect)}\n${profileText(profiles)}\n${mappingTable(mapping, config.language)}`,
      );
    }
    return exitCodes.done;
  });
}

function dialectText(source: Source, dialect: Dialect): string {
  const header = dialect.headerRow === 0 ? "no header" : `header in row ${dialect.headerRow}`;
  const words = [...formatWords(dialect), header, `${dialect.columns.length} columns`];
  return `${source.name}  ${source.sizeBytes} bytes\n  ${words.join(", ")}\n`;
}

function formatWords(dialect: Dialect): string[] {
  const packing = dialect.packing === "none" ? [] : [`packed by ${dialect.packing}`];
  if ("sheet" in dialect)
    return [...packing, `${dialect.format} workbook`, `sheet ${dialect.sheetIndex} "${dialect.sheet}"`];
  const encoding = `encoding ${dialect.encoding}${dialect.bomBytes > 0 ? " (BOM)" : ""}`;
  if (dialect.format !== "csv") return [...packing, dialect.format, encoding];
  const lineEnding = { "\r\n": "CRLF", "\n": "LF", "\r": "CR" }[dialect.lineEnding];
  return [...packing, encoding, `delimiter ${JSON.stringify(dialect.delimiter)}`, `lines end in ${lineEnding}`];
}

function profileText(profiles: readonly ColumnProfile[]): string {
  const lines = profiles.slice(0, 60).map(({ header, rows, filled, distinct, top, shares }) => {
    const kind = Object.entries(shares).sort((a, b) => b[1] - a[1])[0];
    const share = rows === 0 ? 0 : Math.round((100 * filled) / rows);
    const examples = top.slice(0, 3).map(({ value }) => value.replaceAll(/\s+/g, " ").slice(0, 24));
    return `  ${header.slice(0, 30).padEnd(30)} ${`${share} %`.padStart(5)} filled  ${String(distinct).padStart(5)} distinct  ${(kind[1] >= 0.8 ? kind[0] : "text").padEnd(8)} ${examples.join(" · ")}`;
  });
  return `${lines.join("\n")}\n`;
}

/** Text waits in pieces of this size before it is written. */
const writeChars = 64 * 1024;

export async function readCommand(
  terminal: Terminal,
  path: string,
  flags: DialectFlags & { format?: string; limit?: string },
): Promise<ExitCode> {
  const format = flags.format ?? "csv";
  if (format !== "csv" && format !== "jsonl")
    throw new NeedsDecision(`--format "${format}" is not one of: csv, jsonl.`);
  const limit = flags.limit === undefined ? Number.POSITIVE_INFINITY : Number(flags.limit);
  if (!(limit >= 0)) throw new NeedsDecision(`--limit "${flags.limit}" is not a number of rows.`);
  return withSource(terminal, path, flags, async (source) => {
    const dialect = await csv.detect(source, dialectHints(flags), terminal.signal);
    let text = "";
    let damaged = 0;
    let rows = 0;
    reading: for await (const batch of csv.read(source, dialect, { signal: terminal.signal })) {
      for (let r = 0; r < batch.rowCount; r++) {
        const isHeader = batch.rowNumbers[r] === dialect.headerRow;
        if (format === "jsonl" && batch.rowNumbers[r] <= dialect.headerRow) continue;
        if (!isHeader && rows >= limit) break reading;
        if (!isHeader) rows++;
        if (batch.shapes[r] !== rowIntact) damaged++;
        const cells = rowCells(batch, r);
        text += format === "csv" ? csvLine(cells) : jsonLine(dialect.columns, cells);
      }
      if (text.length > writeChars) {
        await terminal.out(text);
        text = "";
      }
    }
    await terminal.out(text);
    if (damaged > 0)
      terminal.err(
        `${damaged} rows have too few or too many cells, or a quote that never closes; they stand as they are in the file.\n`,
      );
    return exitCodes.done;
  });
}

/** Plain RFC 4180. */
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
