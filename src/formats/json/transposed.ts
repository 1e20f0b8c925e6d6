/**
 * A table that a JSON file holds by columns, as the same table by rows. A row's values are all over such a file, so the
 * file has to be small enough to be held.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { type Member, membersOf } from "./objects.ts";
import { unequalColumns } from "./tables.ts";
import { closeBrace, closeBracket, closingQuote, colon, comma, openBrace, quote, skipSpace } from "./token.ts";
import { ValueEnd } from "./value-end.ts";

/** The longest file that is turned: it is held twice. */
export const longestTurnedBytes = 16 * 1024 * 1024;

export interface Turned {
  names: string[];
  /** An array of arrays: a row each. */
  source: Source;
}

/** The columns of the object at `at`, each a list or an object with a value for each row's label. */
export function turnColumns(source: Source, text: Uint8Array, at: number): Turned {
  const membersAt = (place: number): Member[] => membersOf(text, place, true, Number.POSITIVE_INFINITY);
  const members = membersAt(at).filter(({ kind }) => kind === "array" || kind === "object");
  const columns = members.map(({ key, at: from }) => new Column(source.name, text, key, from));
  // The rows' labels are a column as well, unless they count the rows.
  const labels = members[0].kind === "object" ? membersAt(members[0].at).map(({ key }) => key) : [];
  const labelled = labels.some((label, k) => label !== String(k));
  const names = [...(labelled ? ["index"] : []), ...columns.map(({ key }) => key)];
  return { names, source: rowsSource(source, text.length, rowsOf(source.name, columns, labelled)) };
}

/** The rows of the array of arrays at `at`, each behind its label. */
export function labelRows(
  source: Source,
  text: Uint8Array,
  at: number,
  names: readonly string[],
  labels: Member,
): Turned {
  const rows = new Column(source.name, text, "data", at);
  const label = new Column(source.name, text, labels.key, labels.at);
  const out = new Rows(text.length);
  while (movesOn(source.name, [label, rows])) {
    const inner = text.subarray(rows.start + 1, rows.end - 1);
    out.row(inner.length > 0 ? [label.value, inner] : [label.value]);
  }
  return { names: ["index", ...names], source: rowsSource(source, text.length, out.end()) };
}

function rowsOf(name: string, columns: readonly Column[], labelled: boolean): Uint8Array {
  const out = new Rows(columns[0].size);
  const [first, ...others] = columns;
  while (movesOn(name, columns)) {
    if (others.some((each) => !sameBytes(each.label, first.label))) {
      while (movesOn(name, columns));
      throw new SluiceError(
        "invalid",
        told`${name}: its columns have different rows. Write the records as an array of objects.`,
      );
    }
    const values = columns.map(({ value }) => value);
    out.row(labelled ? [first.label, ...values] : values);
  }
  return out.end();
}

/** Moves all to their next values, if there are any. @throws SluiceError `invalid` where some have more values than others */
function movesOn(name: string, columns: readonly Column[]): boolean {
  const more = columns.map((column) => column.next());
  if (more.includes(true) && more.includes(false)) {
    for (const column of columns) while (column.next());
    const [{ key, count }] = columns;
    throw unequalColumns(
      name,
      key,
      count,
      columns,
      columns.map((each) => each.count),
    );
  }
  return more.includes(true);
}

/** Goes through the values of one column. */
class Column {
  readonly key: string;
  readonly size: number;
  start = 0;
  end = 0;
  count = 0;
  /** The key of the value, with its quotes, when the column is an object. */
  label: Uint8Array = new Uint8Array();
  readonly #text: Uint8Array;
  readonly #ends = new ValueEnd();
  readonly #file: string;
  #at: number;

  constructor(file: string, text: Uint8Array, key: string, at: number) {
    this.#file = file;
    this.#text = text;
    this.key = key;
    this.size = text.length;
    this.#at = at;
    this.end = at + 1;
  }

  get value(): Uint8Array {
    return this.#text.subarray(this.start, this.end);
  }

  /** Moves to the next value, if there is one. */
  next(): boolean {
    const text = this.#text;
    let i = skipSpace(text, this.end, text.length);
    if (text[i] === comma) i = skipSpace(text, i + 1, text.length);
    if (i >= text.length || text[i] === closeBracket || text[i] === closeBrace) return false;
    if (text[this.#at] === openBrace) {
      const closing = text[i] === quote ? closingQuote(text, i, text.length) : -1;
      if (closing < 0) throw this.#broken(i);
      this.label = text.subarray(i, closing + 1);
      i = skipSpace(text, closing + 1, text.length);
      if (text[i] !== colon) throw this.#broken(i);
      i = skipSpace(text, i + 1, text.length);
    }
    const end = this.#ends.find(text, i, text.length, true);
    if (end < 0) throw this.#broken(i);
    this.start = i;
    this.end = end;
    this.count++;
    return true;
  }

  #broken(at: number): SluiceError {
    return new SluiceError("invalid", told`${this.#file} is not valid JSON at byte ${at}, in its column ${this.key}.`);
  }
}

/** An array of arrays that grows by rows. */
class Rows {
  #bytes: Uint8Array;
  #length = 1;

  constructor(sizeBytes: number) {
    this.#bytes = new Uint8Array(sizeBytes + 1024);
    this.#bytes[0] = 0x5b;
  }

  row(values: readonly Uint8Array[]): void {
    const needed = values.reduce((sum, { length }) => sum + length + 1, 4);
    if (this.#length + needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.ceil(1.5 * this.#bytes.length) + needed);
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    if (this.#length > 1) this.#bytes[this.#length++] = comma;
    this.#bytes[this.#length++] = 0x5b;
    values.forEach((value, k) => {
      if (k > 0) this.#bytes[this.#length++] = comma;
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
    });
    this.#bytes[this.#length++] = closeBracket;
  }

  end(): Uint8Array {
    this.#bytes[this.#length++] = closeBracket;
    return this.#bytes.subarray(0, this.#length);
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The rows as a file of their own; what is read of it counts as the same part of the stored file. */
function rowsSource(stored: Source, storedBytes: number, bytes: Uint8Array): Source {
  let read = 0;
  return {
    name: stored.name,
    sizeBytes: bytes.length,
    read: (into, offset) => {
      const found = bytes.subarray(offset, offset + into.length);
      into.set(found);
      read = offset + found.length;
      return Promise.resolve(found.length);
    },
    packedBytesRead: () => stored.packedBytesRead?.() ?? Math.round((read / bytes.length) * storedBytes),
    close: () => Promise.resolve(),
  };
}
