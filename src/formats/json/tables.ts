/**
 * Which tables the object at the beginning of a JSON file holds: arrays of records, records that are keyed by their ids
 * (`{"17": {…}, "18": {…}}`), lists that are its columns (`{"name": […], "city": […]}`), and names that stand apart from
 * the rows (`{"columns": […], "data": [[…]]}`). What may be a table or one record is decided with care: three people are
 * never one.
 */
import { SluiceError, told } from "../../core/errors.ts";
import { elementsOf, type Member, membersOf, namesAt, probeArray, valueAt } from "./objects.ts";
import { openBrace } from "./token.ts";

export interface JsonTable {
  /** Elements of an array, members of an object, or an object whose members are the columns. */
  form: "array" | "members" | "columns";
  /** Position after the bracket of the array or object. */
  start: number;
  /** Objects around it. */
  wrappers: number;
  /** How much of the text it takes. */
  weight: number;
  /** Names of the columns, where they stand apart from the rows. */
  names: string[] | null;
  /** A list with a label for each row, beside the rows. */
  labels: Member | null;
}

/** A table is looked for this many objects deep: `{"data": {"users": {"edges": […]}}}`. */
const maxWrappers = 8;

/** What lists of column names are called. */
const namesKey =
  /^(?:columns?|cols|headers?|header_?row|fields?|names|(?:column|field)_?(?:names|headers)|labels|variables|schema|spalten|felder|colonnes|champs|kolumner|fält)$/i;
/** What says something about a table and is none of its records' values. */
const metaKey =
  /^(?:status|code|ok|success|errors?|message|msg|counts?|totals?|page|pages|per_?page|page_?size|limit|offset|size|length|rows?|row_?counts?|(?:num|total)_?\w+|version|schema|schema_?version|pandas_version|kind|format|source|description|generated\w*|exported\w*|created_?at|updated_?at|timestamp|took|next\w*|previous|prev|cursor|has_?more|self|href|links?|etag|license|\$schema|@context|_.*)$/i;

/** @throws SluiceError `invalid` where lists may be columns and may be of one record. */
export function tablesWithin(name: string, text: Uint8Array, at: number, last: boolean): JsonTable[] {
  return new TableSearch(name, text, last).tables(at, 1);
}

/** The table of an array that holds but one object with a table in it: `[{"name": […], "city": […]}]`. */
export function tableInArray(name: string, text: Uint8Array, at: number, last: boolean): JsonTable | null {
  const [first, second] = elementsOf(text, at, last, 2);
  if (first === undefined || second !== undefined || text[first.start] !== openBrace) return null;
  const members = membersOf(text, first.start, last);
  if (members.length < 2 || members.some(({ kind }) => kind !== "array")) return null;
  const [table] = new TableSearch(name, text, last).tables(first.start, 2);
  return table !== undefined && (table.form === "columns" || table.names !== null) ? table : null;
}

class TableSearch {
  readonly #name: string;
  readonly #text: Uint8Array;
  readonly #last: boolean;
  readonly #tables: JsonTable[] = [];
  /** Lists of objects that describe columns; they are a table only where there is no other. */
  readonly #descriptions: JsonTable[] = [];
  readonly #names: string[][] = [];
  #hasEmptyList = false;

  constructor(name: string, text: Uint8Array, last: boolean) {
    this.#name = name;
    this.#text = text;
    this.#last = last;
  }

  tables(at: number, wrappers: number): JsonTable[] {
    this.#within(at, wrappers, true);
    if (this.#tables.length === 0 && this.#descriptions.length > 0 && this.#hasEmptyList) {
      throw new SluiceError("invalid", told`${this.#name} is JSON with no records: its list is empty.`);
    }
    const tables = this.#tables.length > 0 ? this.#tables : this.#descriptions;
    for (const table of tables) if (table.form === "array") this.#nameColumns(table);
    return tables;
  }

  /** `bare`: what is around holds no values of a record. */
  #within(at: number, wrappers: number, bare: boolean): void {
    const members = membersOf(this.#text, at, this.#last);
    const own = bare ? this.#ownTable(members, at, wrappers) : null;
    if (own !== null) {
      this.#tables.push(own);
      return;
    }
    const isBare = bare && members.every(({ kind, key }) => kind !== "value" || metaKey.test(key));
    const lists: JsonTable[] = [];
    let names: string[] | null = null;
    for (const member of members) {
      if (member.kind === "object" && wrappers < maxWrappers) this.#within(member.at, wrappers + 1, isBare);
      if (member.kind !== "array") continue;
      const found = namesKey.test(member.key) ? namesAt(this.#text, member) : null;
      if (found !== null) this.#names.push(found);
      names = found ?? names;
      const { kinds } = probeArray(this.#text, member.at, this.#last);
      this.#hasEmptyList ||= kinds.size === 0 && member.end >= 0;
      if (!kinds.has("object") && !kinds.has("array")) continue;
      const weight = (member.end < 0 ? this.#text.length : member.end) - member.at;
      const list: JsonTable = { form: "array", start: member.at + 1, wrappers, weight, names: null, labels: null };
      if (found === null) lists.push(list);
      else this.#descriptions.push(list);
    }
    const labels = members.find(({ key, kind }) => kind === "array" && key === "index") ?? null;
    for (const list of lists) this.#tables.push({ ...list, names, labels });
  }

  /** Rows without names have those that stand apart from them, if there are as many. */
  #nameColumns(table: JsonTable): void {
    const { kinds, widths } = probeArray(this.#text, table.start - 1, this.#last);
    const { names, labels } = table;
    table.names = null;
    table.labels = null;
    if (kinds.has("object")) {
      this.#refuseWrappedCells(table);
      return;
    }
    const width = Math.max(...widths);
    const fitting = [...(names === null ? [] : [names]), ...this.#names].find(({ length }) => length === width);
    if (fitting !== undefined) {
      table.names = fitting;
      if (labels !== null && !this.#countsRows(labels)) table.labels = labels;
    } else if (names !== null && kinds.has("array")) {
      throw new SluiceError(
        "invalid",
        told`${this.#name} names ${names.length} {1:column|columns}, but its rows have ${width} {2:value|values}. Write the records as an array of objects.`,
      );
    }
  }

  /** Whether labels are but the rows' numbers from 0 on, as pandas writes them. */
  #countsRows({ at }: Member): boolean {
    let row = 0;
    for (const { start, end } of elementsOf(this.#text, at, this.#last)) {
      if (valueAt(this.#text, start, end) !== row++) return false;
    }
    return true;
  }

  /** Query answers (BigQuery's `f` and `v`, Google Visualization's `c` and `v`) have an object around every value. */
  #refuseWrappedCells(table: JsonTable): void {
    const [first] = elementsOf(this.#text, table.start - 1, this.#last, 1);
    if (first === undefined) return;
    const [cells, ...more] = membersOf(this.#text, first.start, this.#last);
    if (more.length > 0 || cells?.kind !== "array" || !/^[fc]$/.test(cells.key)) return;
    throw new SluiceError(
      "invalid",
      told`${this.#name} has an object around every value, as answers of BigQuery do. Export the table as CSV or as JSON Lines.`,
    );
  }

  /** The object itself as a table: of records that are keyed, or of columns. */
  #ownTable(members: readonly Member[], at: number, wrappers: number): JsonTable | null {
    const form = this.#isKeyed(members) ?? this.#areColumns(members);
    if (form === null) return null;
    const end = members.length === 0 || members.at(-1)?.end === -1 ? this.#text.length : (members.at(-1)?.end ?? 0);
    return { form, start: at + 1, wrappers: wrappers - 1, weight: end - at, names: null, labels: null };
  }

  /** Objects with the same members: rows by their keys, or columns by the rows' (pandas' `orient="columns"`). */
  #isKeyed(members: readonly Member[]): "members" | "columns" | null {
    const objects = members.filter(({ kind }) => kind === "object");
    const keys = objects.map(({ key }) => key);
    if (objects.length === 0) return this.#areKeyedValues(members) ? "members" : null;
    // What is among records that have ids is a damaged record; among members with names it is one record's value.
    const others = members.filter(({ kind }) => kind === "value" || kind === "array").length;
    if (others > 0 && !(areIds(keys) && objects.length >= 2 * others)) return null;
    const inner = objects.slice(0, 50).map(({ at }) => membersOf(this.#text, at, this.#last));
    const whole = inner.filter((_, k) => objects[k].end >= 0);
    const looked = whole.length > 0 ? whole : inner;
    // Objects of objects hold tables; they are none.
    if (!looked.some((each) => each.some(({ kind }) => kind === "value" || kind === "array"))) return null;
    const labels = looked[0].map(({ key }) => key);
    const sameLabels = looked.every((each) => sameKeys(each, labels));
    if (sameLabels && !areIds(keys) && (countUp(labels) || (areIds(labels) && looked.length > 1))) return "columns";
    if (objects.length === 1) return areIds(keys) && objects[0].end >= 0 ? "members" : null;
    return areAlike(looked, areIds(keys) ? 0.3 : 0.75) ? "members" : null;
  }

  /** A value for each number or Firebase's key: rows of two columns. */
  #areKeyedValues(members: readonly Member[]): boolean {
    const keys = members.map(({ key }) => key);
    const areKeys = keys.every((key) => /^\d+$/.test(key)) || keys.every((key) => /^-[\w-]{4,}$/.test(key));
    return members.length >= 2 && areKeys && members.every(({ kind }) => kind === "value" || kind === "null");
  }

  /** Lists of one length that nothing but what describes them surrounds. */
  #areColumns(members: readonly Member[]): "columns" | null {
    const lists = members.filter(({ kind }) => kind === "array");
    if (lists.length === 0 || members.some(({ kind }) => kind === "object")) return null;
    const probes = lists.map(({ at }) => probeArray(this.#text, at, this.#last));
    const ofValues = probes.filter(({ kinds }) => !kinds.has("object") && !kinds.has("array")).length;
    // Of records with lists of values beside them, the records are the table.
    const withObjects = probes.some(({ kinds }) => kinds.has("object"));
    if (withObjects && ofValues < 2) return null;
    const isOfRows = ({ kinds }: (typeof probes)[number]): boolean => kinds.has("array") && !kinds.has("value");
    if (probes.every(isOfRows)) return null;
    // Names and rows, which are told by what the names are called.
    if (probes.some(isOfRows) && lists.some(({ key }) => namesKey.test(key))) return null;
    const lengths = lists.map(({ at, end }) => (end < 0 ? -1 : [...elementsOf(this.#text, at, true)].length));
    const isBare = members.every(({ key, kind }) => kind !== "value" || metaKey.test(key));
    if (lengths.includes(-1)) return isBare && !withObjects ? "columns" : null;
    const longest = Math.max(...lengths);
    const equal = lengths.every((each) => each === longest);
    if (withObjects && !equal) return null;
    const values = members.filter(
      (each) => each.kind === "value" && !metaKey.test(each.key) && valueAt(this.#text, each.at, each.end) !== longest,
    );
    if (longest < 2) return null;
    if (values.length > 0) {
      if (!equal || longest < 3 || lists.length < 2) return null;
      throw this.#undecided();
    }
    if (!equal) throw unequalColumns(this.#name, lists[0].key, lengths[0], lists, lengths);
    if (lists.length > 1 && (countLike(lists.map(({ key }) => key)) || this.#areRows(lists))) throw this.#undecided();
    return "columns";
  }

  /** Whether the values of each list are of several kinds, and those at one place of all lists of one: lists are rows. */
  #areRows(lists: readonly Member[]): boolean {
    const kindOf = (value: unknown): string => (value === null ? "null" : typeof value);
    const kinds = lists
      .slice(0, 20)
      .map(({ at, end }) => valueAt(this.#text, at, end))
      .map((list) => (Array.isArray(list) ? list.slice(0, 100).map(kindOf) : []));
    const mixed = kinds.every((each) => new Set(each.filter((kind) => kind !== "null")).size > 1);
    return mixed && kinds[0].every((kind, k) => kinds.every((each) => each[k] === kind || each[k] === "null"));
  }

  #undecided(): SluiceError {
    return new SluiceError(
      "invalid",
      told`${this.#name}: there is no telling whether its lists are columns, rows or parts of one record. Write the records as an array of objects.`,
    );
  }
}

export function unequalColumns(
  name: string,
  key: string,
  length: number,
  lists: readonly { key: string }[],
  lengths: readonly number[],
): SluiceError {
  const other = lengths.findIndex((each) => each !== length);
  return new SluiceError(
    "invalid",
    told`${name} has its columns as lists of unequal length: ${key} has ${length} {2:value|values}, ${lists[other].key} ${lengths[other]}. Write the records as an array of objects.`,
  );
}

function sameKeys(members: readonly Member[], keys: readonly string[]): boolean {
  return members.length === keys.length && members.every(({ key }, k) => key === keys[k]);
}

/** 0, 1, 2 … */
function countUp(keys: readonly string[]): boolean {
  return keys.length > 0 && keys.every((key, k) => key === String(k));
}

/** Whole numbers. */
function countLike(keys: readonly string[]): boolean {
  return keys.every((key) => /^\d+$/.test(key));
}

/** Whether keys read as ids rather than as names: with digits, or longer than a word is. */
function areIds(keys: readonly string[]): boolean {
  const ids = keys.filter(
    (key) => /\d|@|^[-_]/.test(key) || (/^[\w-]{18,}$/.test(key) && /[A-Z]/.test(key) && /[a-z]/.test(key)),
  );
  return keys.length > 0 && ids.length >= 0.5 * keys.length;
}

/** Whether objects have the same members, but for a part of them. */
function areAlike(objects: readonly (readonly Member[])[], least: number): boolean {
  const counts = new Map<string, number>();
  for (const members of objects) for (const { key } of members) counts.set(key, (counts.get(key) ?? 0) + 1);
  const filled = objects.filter((members) => members.length > 0);
  const shares = filled.map((members) => {
    const common = members.filter(({ key }) => (counts.get(key) ?? 0) > objects.length / 2).length;
    return common / members.length;
  });
  return shares.length > 0 && shares.reduce((sum, share) => sum + share, 0) / shares.length >= least;
}
