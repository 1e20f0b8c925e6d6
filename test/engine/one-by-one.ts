/**
 * The simplest thing that could be right: an import that takes the rows of a file one by one, in memory. The engine's
 * set-based statements are compared with it. A row belongs to a record where the strongest key that both have is equal by now: of
 * several records to that of the strongest key, then to the oldest.
 */

import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import type { Counts } from "../../src/core/import.ts";

/** The strongest first. */
export const keys = ["email", ["over", "kept"], "phone", "code"] as const;
type Key = (typeof keys)[number];
const keyFields = ["email", "phone", "code"] as const;
export const plainFields = ["over", "filled", "kept", "cleared", "state"] as const;
export type Name = (typeof keyFields)[number] | (typeof plainFields)[number];
export const names: readonly Name[] = [...keyFields, ...plainFields];
/** Values as they stand in the file; "" is blank. */
export type Cells = Record<Name, string>;
export type Values = Record<Name, string | null>;

type Rules = Readonly<Record<Name, "overwrite" | "fill" | "never" | "clear">>;
export const merges: Rules = {
  email: "overwrite",
  phone: "overwrite",
  code: "overwrite",
  over: "overwrite",
  filled: "fill",
  kept: "never",
  cleared: "clear",
  state: "fill",
};
const defaults: Partial<Record<Name, string>> = { state: "new" };
export interface Model {
  counts: Counts;
  existing: (Values & { id: number })[];
  changedIds: number[];
  created: Values[];
  /** Rows that several records match. */
  ambiguousRows: number[];
  /** Rows that make a record, and share a weaker key with somebody else. */
  warnedRows: number[];
}

/** `existing` in the order of their ids; the first row of the file is row 2. */
export function importOneByOne(
  existing: readonly (Values & { id: number })[],
  file: readonly Values[],
  strategy: DuplicateStrategy | "update_only",
  rules: Rules = merges,
  {
    decided = new Set(),
    by = keys,
  }: {
    /** Places of rows in the file that update what they repeat, whatever becomes of others. */
    decided?: ReadonlySet<number>;
    by?: readonly Key[];
  } = {},
): Model {
  const counts: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 0, failed: 0 };
  const records: Held[] = existing.map((record) => ({
    id: record.id,
    record: { ...record },
    before: record,
    rows: [],
  }));
  const ambiguousRows: number[] = [];
  const warnedRows: number[] = [];
  for (const [n, row] of file.entries()) {
    const known =
      strategy === "create"
        ? []
        : by.flatMap((key) =>
            records.filter(({ record }) => decisiveKey(row, record, by) === key && isSame(row, record, key)),
          );
    const isNew = known.length === 0 && strategy !== "update_only";
    if (isNew && strategy !== "create" && sharesWeakKey(row, n, existing, file)) warnedRows.push(n + 2);
    if (known.length === 0 && strategy === "update_only") {
      counts.skipped++;
    } else if (known.length === 0) {
      const record = Object.fromEntries(names.map((name) => [name, row[name] ?? defaults[name] ?? null])) as Values;
      records.push({ id: null, record, before: { ...record }, rows: [] });
      counts.created++;
    } else if (strategy === "skip" && !decided.has(n)) {
      counts.skipped++;
    } else {
      const [held] = known;
      if (new Set(known).size > 1 && held.id !== null) ambiguousRows.push(n + 2);
      Object.assign(held.record, apply(held.record, row, rules));
      held.rows.push(row);
    }
  }
  for (const { id, before, record, rows } of records) {
    for (const row of rows) {
      const changes = (id === null || differs(before, record)) && differs(before, apply(before, row, rules));
      counts[changes ? "updated" : "unchanged"]++;
    }
  }
  const there = records.filter(({ id }) => id !== null);
  return {
    counts,
    existing: there.map(({ id, record }) => ({ ...record, id: id as number })),
    changedIds: there.filter(({ before, record }) => differs(before, record)).map(({ id }) => id as number),
    created: records.filter(({ id }) => id === null).map(({ record }) => record),
    ambiguousRows,
    warnedRows,
  };
}

/** The parts of a key. */
export function fieldsOf(key: Key): readonly Name[] {
  return typeof key === "string" ? [key] : key;
}

/** A blank text is no value. */
function has(row: Values, key: Key): boolean {
  return fieldsOf(key).every((name) => row[name] !== null && row[name] !== "");
}

function isSame(a: Values, b: Values, key: Key): boolean {
  return fieldsOf(key).every((name) => fold(a[name]) === fold(b[name]));
}

/** The strongest key that both have. */
function decisiveKey(a: Values, b: Values, by: readonly Key[] = keys): Key | undefined {
  return by.find((key) => has(a, key) && has(b, key));
}

/** Whether a weaker key is that of a record, as they were before the import, or of the file's first row with it, which a stronger one tells apart. */
function sharesWeakKey(row: Values, n: number, existing: readonly Values[], file: readonly Values[]): boolean {
  const isApart = (other: Values, key: Key): boolean => {
    const decisive = decisiveKey(row, other);
    return (
      decisive !== undefined &&
      decisive !== key &&
      keys.indexOf(decisive) < keys.indexOf(key) &&
      !isSame(row, other, decisive)
    );
  };
  return keys.some((key) => {
    if (!has(row, key)) return false;
    if (existing.some((other) => has(other, key) && isSame(row, other, key) && isApart(other, key))) return true;
    const first = file.findIndex((other) => has(other, key) && isSame(row, other, key));
    return first < n && isApart(file[first], key);
  });
}

/** A record with the rows that changed it; null as its id while the import makes it. */
interface Held {
  id: number | null;
  record: Values;
  before: Values;
  rows: Values[];
}

function fold(value: string | null): string | null {
  return value?.toLowerCase() ?? null;
}

function differs(a: Values, b: Values): boolean {
  return names.some((name) => a[name] !== b[name]);
}

function apply(old: Values, row: Values, rules: Rules): Values {
  const value = (name: Name): string | null => {
    switch (rules[name]) {
      case "overwrite":
        return row[name] ?? old[name];
      case "fill":
        return old[name] === null || old[name] === "" ? (row[name] ?? old[name]) : old[name];
      case "never":
        return old[name];
      case "clear":
        return row[name] ?? defaults[name] ?? null;
    }
  };
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Values;
}
