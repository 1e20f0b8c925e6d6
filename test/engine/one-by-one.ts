/**
 * The simplest thing that could be right: an import that takes the rows of a file one by one, in memory. The engine's
 * set-based statements are compared with it. A row belongs to the record that its first key knows: the table's, else that
 * of the first row of the file with the same key.
 */
import type { Counts, DuplicateStrategy } from "../../src/import.ts";

export const keys = ["email", "phone", "code"] as const;
export const plainFields = ["over", "filled", "kept", "cleared", "state"] as const;
export type Name = (typeof keys)[number] | (typeof plainFields)[number];
/** Values as they stand in the file; "" is blank. */
export type Cells = Record<Name, string>;
export type Values = Record<Name, string | null>;

const merges: Record<Name, "overwrite" | "fill" | "never" | "clear"> = {
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
const names = Object.keys(merges) as Name[];

export interface Model {
  counts: Counts;
  existing: (Values & { id: number })[];
  changedIds: number[];
  created: Values[];
  /** Rows that several records match. */
  ambiguousRows: number[];
}

/** `existing` in the order of their ids; the first row of the file is row 2. */
export function importOneByOne(
  existing: readonly (Values & { id: number })[],
  file: readonly Values[],
  strategy: DuplicateStrategy,
): Model {
  const counts: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 0, failed: 0 };
  const records = existing.map((record) => ({
    record: { ...record },
    before: { ...record } as Values,
    rows: [] as Values[],
  }));
  const created: { record: Values; before: Values; rows: Values[] }[] = [];
  const groups: ((typeof created)[number] | null)[] = [];
  const ambiguousRows: number[] = [];
  for (const [n, row] of file.entries()) {
    const known = keys.flatMap((key) =>
      row[key] === null ? [] : existing.filter((record) => fold(record[key]) === fold(row[key])),
    );
    const group = strategy === "create" ? null : groupOf(row, n);
    if (strategy === "skip" && (known.length > 0 || file.slice(0, n).some((other) => share(other, row)))) {
      counts.skipped++;
      groups.push(null);
    } else if (group === null || strategy === "skip") {
      const record = Object.fromEntries(names.map((name) => [name, row[name] ?? defaults[name] ?? null])) as Values;
      created.push({ record, before: { ...record }, rows: [] });
      groups.push(created[created.length - 1]);
      counts.created++;
    } else {
      if (new Set(known.map(({ id }) => id)).size > 1 && records.includes(group as never) && byTable(row, n))
        ambiguousRows.push(n + 2);
      Object.assign(group.record, apply(group.record, row));
      group.rows.push(row);
      groups.push(group);
    }
  }
  for (const group of [...records, ...created]) {
    const isNew = created.includes(group as never);
    for (const row of group.rows) {
      const changes = (isNew || differs(group.before, group.record)) && differs(group.before, apply(group.before, row));
      counts[changes ? "updated" : "unchanged"]++;
    }
  }
  return {
    counts,
    existing: records.map(({ record }) => record),
    changedIds: records.filter(({ before, record }) => differs(before, record)).map(({ record }) => record.id),
    created: created.map(({ record }) => record),
    ambiguousRows,
  };

  function groupOf(row: Values, n: number) {
    for (const key of keys) {
      if (row[key] === null) continue;
      const known = records.find(({ before }) => fold(before[key]) === fold(row[key]));
      if (known !== undefined) return known;
      const earlier = file.findIndex((other, k) => k < n && fold(other[key]) === fold(row[key]));
      if (earlier >= 0) return groups[earlier];
    }
    return null;
  }

  /** Whether the table decides, and not an earlier row of the file. */
  function byTable(row: Values, n: number): boolean {
    for (const key of keys) {
      if (row[key] === null) continue;
      if (existing.some((record) => fold(record[key]) === fold(row[key]))) return true;
      if (file.some((other, k) => k < n && fold(other[key]) === fold(row[key]))) return false;
    }
    return false;
  }
}

function share(a: Values, b: Values): boolean {
  return keys.some((key) => a[key] !== null && fold(a[key]) === fold(b[key]));
}

function fold(value: string | null): string | null {
  return value?.toLowerCase() ?? null;
}

function differs(a: Values, b: Values): boolean {
  return names.some((name) => a[name] !== b[name]);
}

function apply(old: Values, row: Values): Values {
  const value = (name: Name): string | null => {
    switch (merges[name]) {
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
