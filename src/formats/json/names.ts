/**
 * The names of objects' members and the columns they are: a member of an object within an object is the column
 * `address.city`. Names are compared as bytes, and as a rule only with the one that came next the last time.
 */
import { SluiceError, told } from "../../core/errors.ts";
import { maxColumns } from "../table/table.ts";
import { unescape } from "./token.ts";

/** Names kept ready to compare with; a file of ever new names is looked up one by one beyond them. */
const maxKept = 65_536;
/** Nobody makes a column with a longer name. */
const maxKeptBytes = 1024;

/** A member's name at its place. */
export interface Name {
  /** As written in the file, including escapes. */
  raw: Uint8Array;
  /** The column's name. */
  path: string;
  /** The column's index; -1 when the table has none of this name. */
  column: number;
  /** The names within, when its value is an object. */
  within: Names | null;
  /** The name that followed it in the last object. */
  next: Name | null;
}

/** The names at one place: at the top of the row or within one of its members. */
export class Names {
  /** The name that the last object began with. */
  first: Name | null = null;
  readonly #prefix: string;
  readonly #columns: NameColumns;
  readonly #known = new Map<string, Name>();

  constructor(columns: NameColumns, prefix: string) {
    this.#columns = columns;
    this.#prefix = prefix;
  }

  /** The name that is written in `bytes[start, end)`; `expected` is the one that is likely. */
  find(bytes: Uint8Array, start: number, end: number, expected: Name | null): Name {
    if (expected !== null && sameBytes(expected.raw, bytes, start, end)) return expected;
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const path = this.#prefix + nameText(bytes, start, end);
    const name: Name = {
      raw: Uint8Array.from(bytes.subarray(start, end)),
      path,
      column: this.#columns.indexOf(path),
      within: null,
      next: null,
    };
    if (this.#columns.kept < maxKept && end - start <= maxKeptBytes) {
      this.#columns.kept++;
      this.#known.set(key, name);
    }
    return name;
  }

  namesWithin(name: Name): Names {
    name.within ??= new Names(this.#columns, `${name.path}.`);
    return name.within;
  }
}

/** The table's columns by their names: all there are, or as they appear. */
export class NameColumns {
  /** How many names are kept ready. */
  kept = 0;
  readonly paths: string[];
  readonly #indexes: Map<string, number>;
  readonly #fileName: string;
  readonly #open: boolean;

  /** `open`: a name that is new becomes a column. `keyed`: the first column is the records' keys, and no member's. */
  constructor(fileName: string, paths: readonly string[], { open = false, keyed = false } = {}) {
    this.#fileName = fileName;
    this.paths = [...paths];
    this.#indexes = new Map(paths.map((path, index) => [path, index]));
    if (keyed) this.#indexes.delete(paths[0]);
    this.#open = open;
  }

  indexOf(path: string): number {
    return this.#indexes.get(path) ?? -1;
  }

  /** The column of a name that has a value; -1 when there is none and none can be made. */
  columnFor(name: Name): number {
    if (name.column >= 0 || !this.#open) return name.column;
    // Two ways to write a name are one column.
    name.column = this.indexOf(name.path);
    if (name.column < 0) {
      if (this.paths.length === maxColumns) {
        throw new SluiceError(
          "invalid",
          told`${this.#fileName} has more than ${maxColumns} columns, one for each name in its objects. If every record has its own name, write the records as an array.`,
        );
      }
      name.column = this.paths.push(name.path) - 1;
      this.#indexes.set(name.path, name.column);
    }
    return name.column;
  }
}

function sameBytes(raw: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (raw.length !== end - start) return false;
  for (let i = 0; i < raw.length; i++) if (raw[i] !== bytes[start + i]) return false;
  return true;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A name's text. The empty name, which JSON allows, is written as it is in the file. */
function nameText(bytes: Uint8Array, start: number, end: number): string {
  if (start === end) return '""';
  const text = new Uint8Array(end - start);
  return decoder.decode(text.subarray(0, unescape(bytes, start, end, text, 0)));
}
