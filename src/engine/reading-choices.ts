/**
 * What was decided of a file, each with the runner-up: what else it could be is tried on its first rows, and told by what would come of
 * it. Nothing is read but the head.
 */
import { type Telling, told } from "../core/errors.ts";
import type { Mapping } from "../core/import.ts";
import type { Format, Source } from "../core/ports.ts";
import type { ReadingChoice, RunnerUp } from "../core/reading-choice.ts";
import { type CsvDialect, type Dialect, type Encoding, quotes, saidOf, type WorkbookDialect } from "../core/row.ts";
import type { ColumnProfile } from "../mapping/profile.ts";
import { type Trial, tryDialect, tryHints } from "./reading-trial.ts";

interface Looked {
  format: Format;
  source: Source;
  /** As the file is read. */
  own: Trial;
  signal: AbortSignal | undefined;
}

/** The choices of a file's dialect. */
export async function fileChoices(
  format: Format,
  source: Source,
  dialect: Dialect,
  signal?: AbortSignal,
): Promise<ReadingChoice[]> {
  const looked: Looked = { format, source, own: await tryDialect(format, source, dialect, signal), signal };
  const choices: ReadingChoice[] = [];
  if (dialect.format === "csv") {
    choices.push({ of: "delimiter", chosen: dialect.delimiter, runnerUp: await otherDelimiter(looked, dialect) });
    choices.push({ of: "encoding", chosen: dialect.encoding, runnerUp: await otherEncoding(looked, dialect) });
    choices.push({ of: "quote", chosen: dialect.quote, runnerUp: await otherQuote(looked, dialect) });
  }
  if ("sheet" in dialect)
    choices.push({ of: "sheet", chosen: dialect.sheet, runnerUp: await otherSheet(looked, dialect) });
  if (dialect.format === "csv" || "sheet" in dialect)
    choices.push({ of: "headerRow", chosen: dialect.headerRow, runnerUp: otherHeader(looked.own) });
  return choices;
}

const delimiters = [",", ";", "\t", "|"];
/** Share of the rows that must be cut alike. */
const closeShare = 0.8;

async function otherDelimiter({ format, source, own, signal }: Looked, dialect: CsvDialect): Promise<RunnerUp> {
  const { delimiter, encoding, quote } = dialect;
  const texts = [own.dialect.columns, ...own.rows.map(({ cells }) => cells)];
  const others = delimiters.filter((each) => each !== delimiter);
  let best: { value: string; trial: Trial; share: number } | null = null;
  for (const value of others) {
    if (!texts.some((cells) => cells.some((cell) => cell.includes(value)))) continue;
    const trial = await tryHints(format, source, { encoding, quote, entry: dialect.entry, delimiter: value }, signal);
    if (trial === null || trial.dialect.columns.length < 2) continue;
    const share = trial.even / Math.max(1, trial.rows.length);
    if (best === null || share > best.share) best = { value, trial, share };
  }
  if (best === null) {
    const count = own.rows.length;
    return { value: others[0], reason: told`would give 1 column in ${count} of ${count} {1:row|rows}`, isClose: false };
  }
  const { value, trial, share } = best;
  const { columns } = trial.dialect;
  // What cuts the rows and not the header is a mark inside cells; so is a comma before a space.
  const cutsHeader = columns.every((name, c) => name !== `Column ${c + 1}`) || trial.dialect.headerRow === 0;
  const prose = trial.rows.filter(({ cells }) => cells.slice(1).some((cell) => cell.startsWith(" "))).length;
  return {
    value,
    reason: told`would give ${columns.length} columns in ${trial.even} of ${trial.rows.length} {2:row|rows}`,
    isClose: share >= closeShare && cutsHeader && 2 * prose < trial.rows.length,
  };
}

const encodings: readonly Encoding[] = [
  "utf-8",
  "windows-1252",
  "macintosh",
  "cp850",
  "windows-1250",
  "iso-8859-15",
  "windows-1251",
];

async function otherEncoding({ format, source, own, signal }: Looked, dialect: CsvDialect): Promise<RunnerUp | null> {
  const texts = textsOf(own);
  if (!texts.some(isForeign)) return null;
  let best: { value: Encoding; example: [string, string]; odd: number } | null = null;
  for (const value of encodings) {
    if (value === dialect.encoding) continue;
    const trial = await tryHints(format, source, { ...saidOf(dialect), encoding: value }, signal);
    if (trial === null) continue;
    const others = textsOf(trial);
    const k = texts.findIndex((text, at) => others[at] !== undefined && others[at] !== text);
    if (k < 0) continue;
    const odd = oddity(others);
    if (best === null || odd < best.odd) best = { value, example: [texts[k], others[k]], odd };
  }
  if (best === null) return null;
  const [from, to] = best.example.map(shown);
  return {
    value: best.value,
    reason: told`would read “${from}” as “${to}”`,
    isClose: dialect.findings.some(({ code }) => code === "encoding_guessed"),
  };
}

function textsOf({ dialect, above, rows }: Trial): string[] {
  return [...dialect.columns, ...[...above, ...rows].flatMap(({ cells }) => cells)];
}

const isForeign = (text: string): boolean => /[^\0-\x7f]/.test(text);

/** How much of what is beyond ASCII is none of a word: signs between letters, capitals after small ones, controls. */
function oddity(texts: readonly string[]): number {
  const all = texts.filter(isForeign).join("\n");
  const foreign = all.match(/[^\0-\x7f]/g)?.length ?? 0;
  const odd =
    all.match(/[\x80-\x9f\ufffd]|(?<=\p{L})[^\0-\x7f\p{L}\p{M}\s’–-]|(?<=\p{Ll})[^\0-\x7f\P{Lu}]/gu)?.length ?? 0;
  return odd / Math.max(1, foreign);
}

async function otherQuote({ format, source, own, signal }: Looked, dialect: CsvDialect): Promise<RunnerUp | null> {
  let best: { value: string; trial: Trial } | null = null;
  for (const value of [...quotes].reverse()) {
    if (value === dialect.quote) continue;
    if (value !== "none" && !textsOf(own).some((text) => text.includes(value))) continue;
    const trial = await tryHints(format, source, { ...saidOf(dialect), quote: value }, signal);
    if (trial === null || firstDifference(own, trial) === null) continue;
    if (best === null || oddRows(trial) < oddRows(best.trial)) best = { value, trial };
  }
  if (best === null) return null;
  const { value, trial } = best;
  // Lines inside quotes that are each a whole row of the file are likelier rows.
  const hidesRows = oddRows(trial) === 0 && trial.rows.length > own.rows.length;
  const isClose = hidesRows || (oddRows(own) > 0 && oddRows(trial) < oddRows(own));
  return { value, reason: quoteReason(own, trial), isClose };
}

const oddRows = ({ rows, even }: Trial): number => rows.length - even;

function quoteReason(own: Trial, trial: Trial): Telling {
  if (own.isWhole && trial.isWhole && own.rows.length !== trial.rows.length)
    return told`would give ${trial.rows.length} {0:row|rows} instead of ${own.rows.length}`;
  if (oddRows(trial) > 0)
    return told`would leave ${oddRows(trial)} of ${trial.rows.length} {1:row|rows} with too few or too many cells`;
  const [from, to] = firstDifference(own, trial) ?? ["", ""];
  return told`would read “${shown(from)}” as “${shown(to)}”`;
}

/** The first cell that two ways of reading see otherwise. */
function firstDifference(one: Trial, other: Trial): [string, string] | null {
  for (const [r, row] of [...one.above, ...one.rows].entries()) {
    const cells = [...other.above, ...other.rows][r]?.cells ?? [];
    for (const [c, cell] of row.cells.entries()) if (cells[c] !== cell) return [cell, cells[c] ?? ""];
    if (cells.length > row.cells.length) return ["", cells[row.cells.length]];
  }
  return null;
}

async function otherSheet(
  { format, source, own, signal }: Looked,
  { entry, sheetIndex }: WorkbookDialect,
): Promise<RunnerUp | null> {
  const sheets = (await format.sheets?.(source, signal, entry)) ?? [];
  const others = sheets.filter((sheet) => sheet.index !== sheetIndex && sheet.rows.length > 0);
  const weight = ({ hidden, columns, rows, more }: (typeof others)[number]): number =>
    (hidden ? 0 : 100_000) + columns * (rows.length + (more ? 10 : 0));
  const [best] = others.sort((a, b) => weight(b) - weight(a));
  if (best === undefined) return null;
  const names = best.rows[0].filter((cell) => cell.trim() !== "").map(shown);
  return {
    value: best.name,
    reason: told`has ${best.columns} {0:column|columns} and begins with ${listed(names)}`,
    isClose: !best.hidden && best.more && best.columns >= own.dialect.columns.length,
  };
}

function otherHeader({ dialect, above, rows }: Trial): RunnerUp | null {
  const { headerRow, headerRows, columns } = dialect;
  const isGuess = dialect.findings.some(({ code }) => code === "header_guessed");
  // Where each column has a name, the row below it can hardly be the header.
  const isNamed = headerRow > 0 && nameShare(columns) === 1;
  const [best] = [...above.filter(({ number }) => number <= headerRow - headerRows), ...rows.slice(0, isNamed ? 0 : 1)]
    .filter(({ cells }) => cells.filter((cell) => cell.trim() !== "").length > 1 || columns.length === 1)
    .map(({ number, cells }) => ({ number, cells, share: nameShare(cells) }))
    .sort((a, b) => b.share - a.share);
  if (headerRow === 0) {
    if (best === undefined) return null;
    return { value: best.number, reason: namesReason(best.cells), isClose: isGuess || best.share === 1 };
  }
  if (best !== undefined && best.share >= leastNameShare)
    return { value: best.number, reason: namesReason(best.cells), isClose: isGuess };
  return { value: 0, reason: told`would read row ${headerRow} as data`, isClose: isGuess };
}

/** From this share of names on, a row could be the header. */
const leastNameShare = 0.6;

const namesReason = (cells: readonly string[]): Telling => told`would call the columns ${listed(cells.map(shown))}`;

/** The share of the cells that could be a column's name: words, none twice, no number, date or address. */
function nameShare(cells: readonly string[]): number {
  const named = cells.filter((cell) => /\p{L}/u.test(cell) && !/^Column \d+$|@|\d{3}|\d[./:-]\d/.test(cell));
  return new Set(named).size / Math.max(1, cells.length);
}

/** Names that a reason has. */
const shownNames = 3;
function listed(names: readonly string[]): string {
  return `${names.slice(0, shownNames).join(", ")}${names.length > shownNames ? " …" : ""}`;
}

/** Characters of a cell that a reason has. */
const shownChars = 24;
function shown(text: string): string {
  // What is beyond ASCII decides most often, so the word that has it is shown.
  const at = Math.max(0, text.search(/[^\0-\x7f]/));
  const start = at < shownChars - 4 ? 0 : at - 8;
  const cut = text.slice(start, start + shownChars).replaceAll(/\s+/g, " ");
  return `${start > 0 ? "…" : ""}${cut}${start + shownChars < text.length ? "…" : ""}`;
}

/** The choices of columns that feed a field of dates or numbers. */
export function columnChoices({ columns }: Mapping, profiles: readonly ColumnProfile[]): ReadingChoice[] {
  return columns.flatMap(({ column, header, transform = {}, doubt }): ReadingChoice[] => {
    const { dateOrders, decimalMarks } = profiles[column];
    const { dateOrder, decimalMark } = transform;
    if (dateOrder !== undefined && dateOrder !== "serial") {
      const { dmy, mdy, ymd, either } = dateOrders;
      const of = dmy + mdy + ymd + either;
      if (of === 0) return [];
      const value = dateOrder === "dmy" || (dateOrder === "ymd" && mdy > dmy) ? "mdy" : "dmy";
      const fits = either + (value === "mdy" ? mdy : dmy);
      const runnerUp = { value, reason: fitsReason(fits, of), isClose: doubt === "date_order" };
      return [{ of: "dateOrder", column: header, chosen: dateOrder, runnerUp }];
    }
    if (decimalMark !== undefined) {
      const { comma, point, either } = decimalMarks;
      const of = comma + point + either;
      if (of === 0) return [];
      const value = decimalMark === "," ? "." : ",";
      const fits = either + (value === "," ? comma : point);
      const runnerUp = { value, reason: fitsReason(fits, of), isClose: doubt === "decimal_mark" };
      return [{ of: "decimalMark", column: header, chosen: decimalMark, runnerUp }];
    }
    return [];
  });
}

const fitsReason = (fits: number, of: number): Telling => told`fits ${fits} of ${of} {1:cell|cells}`;
