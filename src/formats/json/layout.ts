/**
 * Where the rows of a JSON file are: the elements of its one array, of an array within an object (`{"data": […]}`), the
 * members of an object that is keyed by ids, or values one after the other, as a rule one a line (JSON Lines). Decided on the
 * file's beginning alone, so that every reader of the file comes to the same answer.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import type { Encoding } from "../../core/row.ts";
import { membersOf } from "./objects.ts";
import { type JsonTable, tableInArray, tablesWithin } from "./tables.ts";
import { TextReader } from "./text-reader.ts";
import { comma, incomplete, lineFeed, openBrace, openBracket, skipSpace } from "./token.ts";
import { labelRows, longestTurnedBytes, turnColumns } from "./transposed.ts";
import { ValueEnd } from "./value-end.ts";

/** What the elements are: objects with names, arrays with places, or bare values. */
export type RowKind = "objects" | "arrays" | "scalars";

export interface Layout {
  /** The elements of an array, the members of an object, a value a line, values with anything between them, or the elements of arrays one after the other. */
  kind: "array" | "members" | "lines" | "values" | "arrays";
  rows: RowKind;
  /** Byte of the file where the elements begin. */
  start: number;
  /** Objects around the array. */
  wrappers: number;
  /** Bytes of the file that were examined. */
  lookedBytes: number;
  /** Other arrays of rows that were seen on the way. */
  otherTables: number;
  /** Names of the columns, where they stand apart from the rows. */
  names: string[] | null;
}

/** A layout, and the file that it is of: of columns that were turned into rows, those rows. */
export interface FoundLayout {
  layout: Layout;
  source: Source;
  encoding: Encoding;
}

/** Most files say what they are within this. */
const headBytes = 256 * 1024;
/** The beginning of a wrapped array is looked for in this much. */
const longestHeadBytes = 4 * 1024 * 1024;

/** Lines that are examined to see whether each is a value. */
const probedLines = 10;

/**
 * Looks at the beginning of a file.
 *
 * @throws SluiceError `invalid` where there is no JSON, or no rows in it.
 */
export async function findLayout(source: Source, encoding: Encoding, bomBytes: number): Promise<FoundLayout> {
  const head = await readHead(source, encoding, bomBytes, headBytes);
  const look = lookAt(source.name, head);
  if (look !== null && "kind" in look) return { layout: look, source, encoding };
  const longer = head.atEnd ? head : await readHead(source, encoding, bomBytes, longestHeadBytes);
  const found = look ?? lookAt(source.name, { ...longer, last: true });
  if (found !== null && "kind" in found) return { layout: found, source, encoding };
  const whole = longer.atEnd ? longer : await readHead(source, encoding, bomBytes, longestTurnedBytes + 1);
  const turned = whole.atEnd ? lookAt(source.name, whole) : found;
  if (turned !== null && "kind" in turned) return { layout: turned, source, encoding };
  if (turned !== null && whole.atEnd) return turnedLayout(source, whole, turned);
  throw new SluiceError(
    "invalid",
    turned === null
      ? told`${source.name} is JSON, but no list of records starts in its first ${longer.text.length} bytes. Write the records as an array, or one per line.`
      : told`${source.name} holds its table by columns and is larger than ${longestTurnedBytes} bytes. Write the records as an array of objects, or one per line (pandas: orient="records").`,
  );
}

/** The rows of a table that is held by columns, as a file in memory. */
function turnedLayout(source: Source, { text }: Head, table: JsonTable): FoundLayout {
  const at = table.start - 1;
  const { names, source: rows } =
    table.labels === null
      ? turnColumns(source, text, at)
      : labelRows(source, text, at, table.names ?? [], table.labels);
  const layout: Layout = {
    kind: "array",
    rows: "arrays",
    start: 1,
    wrappers: 0,
    lookedBytes: rows.sizeBytes,
    otherTables: 0,
    names,
  };
  return { layout, source: rows, encoding: "utf-8" };
}

interface Head {
  text: Uint8Array;
  /** There is no more of the file. */
  atEnd: boolean;
  /** No more of it will be read. */
  last: boolean;
  /** The byte of the file that a byte of `text` came from. */
  offsetOf(position: number): number;
}

async function readHead(source: Source, encoding: Encoding, bomBytes: number, sizeBytes: number): Promise<Head> {
  const reader = new TextReader(source, encoding, bomBytes);
  const text = new Uint8Array(Math.min(sizeBytes, 2 * source.sizeBytes + 16));
  let length = 0;
  // Room for what a read of UTF-16 may grow to.
  while (!reader.atEnd && length + 8 < text.length) length += await reader.read(text, length, text.length);
  const { atEnd } = reader;
  return {
    text: text.subarray(0, length),
    atEnd,
    last: atEnd,
    offsetOf: (position) => bomBytes + reader.fileLength(text, 0, position),
  };
}

/**
 * The layout that this much of the file shows, or the table that has to be turned first; null when more of it has to be
 * seen.
 */
function lookAt(name: string, head: Head): Layout | JsonTable | null {
  const { text } = head;
  const start = skipSpace(text, 0, text.length);
  if (start === text.length && !head.last) return null;
  const first = text[start];
  if (first !== openBrace && first !== openBracket) {
    throw new SluiceError(
      "invalid",
      start === text.length
        ? told`${name} is empty: it has no header and no rows.`
        : told`${name} is not JSON with records: it starts with neither { nor [.`,
    );
  }
  const lines = linesOf(head, start);
  if (lines !== null) return lines.rows === "arrays" && isOfRecords(text, start) ? arraysAt(head, start) : lines;
  const ends = new ValueEnd();
  const end = ends.find(text, start, text.length, head.atEnd);
  if (end < 0 && !head.last) return null;
  const next = end < 0 ? text.length : skipSpace(text, end, text.length);
  if (end >= 0 && next < text.length) {
    const another = skipSpace(text, text[next] === comma ? next + 1 : next, text.length);
    if (text[another] === openBracket && isOfRecords(text, start)) return arraysAt(head, start);
    if (text[another] === openBrace || text[another] === openBracket) {
      return { ...layoutAt(head, start, "values", 0), rows: first === openBrace ? "objects" : "arrays" };
    }
  }
  const inArray = first === openBracket ? tableInArray(name, text, start, head.last) : null;
  if (first === openBracket && inArray === null) return layoutAt(head, start + 1, "array", 0);
  const tables = inArray === null ? tablesWithin(name, text, start, head.last) : [inArray];
  if (tables.length > 0) {
    const [best] = [...tables].sort((a, b) => b.weight - a.weight);
    if (best.form === "columns" || best.labels !== null) return best;
    const layout = layoutAt(head, best.start, best.form, best.wrappers);
    return {
      ...layout,
      rows: best.form === "members" ? memberKind(text, best.start) : layout.rows,
      names: best.names,
      otherTables: tables.length - 1,
    };
  }
  // One object and no list in it: a file of one record. (When something is wrong in it, reading it says where.)
  if (end !== incomplete || head.atEnd) return { ...layoutAt(head, start, "values", 0), rows: "objects" };
  return null;
}

function layoutAt(head: Head, position: number, kind: Layout["kind"], wrappers: number): Layout {
  const { text } = head;
  return {
    kind,
    rows: rowKindAt(text, position),
    start: head.offsetOf(position),
    wrappers,
    lookedBytes: head.offsetOf(text.length),
    otherTables: 0,
    names: null,
  };
}

/** Whether the array at `start` is one of objects: a batch of records. */
function isOfRecords(text: Uint8Array, start: number): boolean {
  return text[start] === openBracket && text[skipSpace(text, start + 1, text.length)] === openBrace;
}

/** Arrays of records one after the other, as programs append them to a file. */
function arraysAt(head: Head, start: number): Layout {
  return { ...layoutAt(head, start, "arrays", 0), rows: "objects" };
}

/** What the members' values are: records, or one value each. */
function memberKind(text: Uint8Array, start: number): RowKind {
  return membersOf(text, start - 1, true).some(({ kind }) => kind === "object") ? "objects" : "scalars";
}

/** What the first element is that is not null. */
function rowKindAt(text: Uint8Array, position: number): RowKind {
  let i = position;
  for (;;) {
    i = skipSpace(text, i, text.length);
    if (text[i] === openBrace) return "objects";
    if (text[i] === openBracket) return "arrays";
    if (text[i] === comma) i++;
    else if (Buffer.from(text.buffer, text.byteOffset + i, Math.min(4, text.length - i)).toString("latin1") === "null")
      i += 4;
    else return "scalars";
  }
}

/** JSON Lines: the first lines are values, each on its own. Some may be damaged, if more are not. */
function linesOf(head: Head, start: number): Layout | null {
  const { text } = head;
  const ends = new ValueEnd();
  let seen = 0;
  let whole = 0;
  let rows: RowKind | null = null;
  let firstIsWhole = false;
  let secondBegins = false;
  for (let i = start; i < text.length && seen < probedLines; ) {
    const feed = text.indexOf(lineFeed, i);
    if (feed < 0 && !head.atEnd) break;
    const lineEnd = feed < 0 ? text.length : feed;
    const at = skipSpace(text, i, lineEnd);
    i = lineEnd + 1;
    if (at === lineEnd) continue;
    seen++;
    if (seen === 2) secondBegins = text[at] === openBrace && skipSpace(text, at + 1, lineEnd) < lineEnd;
    if (text[at] !== openBrace && text[at] !== openBracket) continue;
    const end = ends.find(text, at, lineEnd, true);
    if (end < 0) continue;
    let after = skipSpace(text, end, lineEnd);
    // Objects with a comma after each, from the first line on, are the inside of an array that lost its brackets.
    if (text[after] === comma && whole === seen - 1) after = skipSpace(text, after + 1, lineEnd);
    if (after < lineEnd) continue;
    whole++;
    if (seen === 1) firstIsWhole = true;
    rows ??= text[at] === openBrace ? "objects" : "arrays";
  }
  if (rows === null || seen < 2 || !(2 * whole >= seen || firstIsWhole)) return null;
  // A second record that begins on the second line and ends on another is not a JSON Lines record.
  if (whole === 1 && !secondBegins) return null;
  return { ...layoutAt(head, start, "lines", 0), rows };
}
