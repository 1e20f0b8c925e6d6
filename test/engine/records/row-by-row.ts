/**
 * The simplest thing that could be right of an import of several records: a loop that applies the rows of a file one by one, in memory.
 * The set-based statements are compared with it. What a chunk does is told at its end: a record that comes back to what it was has not
 * changed, and a price that changes twice has one new version.
 */
import type { Counts } from "../../../src/core/import.ts";

/** A row of the file; "" is blank. */
export interface Cells {
  code: string;
  title: string;
  note: string;
  brand: string;
  country: string;
  price: string;
  warehouse: string;
  quantity: string;
  shelf: string;
  tags: string[];
}

type Value = string | null;
type Values = Record<string, Value>;
type Rule = "overwrite" | "fill" | "clear" | "never";

/** A record's kind: how its values are merged. */
const rules: Record<string, Record<string, Rule>> = {
  brand: { name: "never", country: "fill" },
  product: { code: "never", title: "overwrite", note: "fill", brand: "overwrite" },
  price: { amount: "overwrite" },
  stock: { warehouse: "never", quantity: "overwrite", shelf: "clear" },
  tag: { name: "never" },
  link: {},
};

export interface Loop {
  counts: Counts;
  /** Kind → key → values. */
  records: Record<string, Map<string, Values>>;
  /** Kind → how many were made. */
  made: Record<string, number>;
}

export class RowByRow {
  readonly records: Loop["records"] = Object.fromEntries(Object.keys(rules).map((kind) => [kind, new Map()]));
  /** Key of a product → amounts of its versions. */
  readonly versions = new Map<string, string[]>();

  /** `fails`: rows that the database refuses. */
  import(file: readonly Cells[], chunkRows: number, fails: (row: Cells) => boolean): Loop {
    const counts: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, invalid: 0, failed: 0 };
    const made: Record<string, number> = Object.fromEntries(Object.keys(rules).map((kind) => [kind, 0]));
    const chunks = new Map<number, Cells[]>();
    for (const [k, row] of file.entries()) {
      const no = Math.floor((k + 2) / chunkRows);
      chunks.set(no, [...(chunks.get(no) ?? []), row]);
    }
    for (const chunk of chunks.values()) this.#commit(chunk, counts, made, fails);
    return { counts, records: this.records, made };
  }

  #commit(chunk: readonly Cells[], counts: Counts, made: Loop["made"], fails: (row: Cells) => boolean): void {
    const before = Object.fromEntries(
      Object.entries(this.records).map(([kind, all]) => [
        kind,
        new Map([...all].map(([key, values]) => [key, { ...values }])),
      ]),
    ) as Loop["records"];
    /** What each row says of each record: in the order of the file. */
    const said: { row: number; kind: string; key: string; values: Values }[] = [];
    const rows: number[] = [];
    for (const [row, cells] of chunk.entries()) {
      if (isInvalid(cells)) counts.invalid++;
      else if (fails(cells)) counts.failed++;
      else {
        rows.push(row);
        for (const each of saysOf(cells)) {
          said.push({ row, ...each });
          this.#apply(each);
        }
      }
    }
    const firsts = new Map<string, { row: number; values: Values }>();
    const touched = new Map<number, Set<string>>();
    const makers = new Map<number, Set<string>>();
    const add = (to: Map<number, Set<string>>, row: number, kind: string) =>
      to.set(row, (to.get(row) ?? new Set()).add(kind));
    for (const { row, kind, key, values } of said) {
      const old = before[kind].get(key);
      const now = this.records[kind].get(key) as Values;
      const first = firsts.get(`${kind} ${key}`);
      if (old !== undefined) {
        if (differ(kind, old, now) && wants(kind, old, values)) add(touched, row, kind);
      } else if (first === undefined) {
        firsts.set(`${kind} ${key}`, { row, values });
        made[kind]++;
        add(makers, row, kind);
      } else if (wants(kind, first.values, values)) add(touched, row, kind);
    }
    for (const [key, { amount }] of this.records.price) {
      const old = before.price.get(key)?.amount;
      if (old !== amount) this.versions.set(key, [...(this.versions.get(key) ?? []), amount as string]);
    }
    for (const row of rows) {
      if (makers.get(row)?.has("product")) counts.created++;
      else if (touched.has(row) || makers.has(row)) counts.updated++;
      else counts.unchanged++;
    }
  }

  #apply({ kind, key, values }: { kind: string; key: string; values: Values }): void {
    const old = this.records[kind].get(key);
    this.records[kind].set(key, old === undefined ? { ...values } : merged(kind, old, values));
  }
}

function isInvalid({ warehouse, quantity, shelf, brand, country }: Cells): boolean {
  return (warehouse === "" && (quantity !== "" || shelf !== "")) || (brand === "" && country !== "");
}

function saysOf(cells: Cells): { kind: string; key: string; values: Values }[] {
  const value = (text: string): Value => (text === "" ? null : text);
  const { code, brand, warehouse, quantity, shelf, price } = cells;
  const said: { kind: string; key: string; values: Values }[] = [];
  if (brand !== "")
    said.push({ kind: "brand", key: brand.toLowerCase(), values: { name: brand, country: value(cells.country) } });
  said.push({
    kind: "product",
    key: code,
    values: { code, title: value(cells.title), note: value(cells.note), brand: value(brand.toLowerCase()) },
  });
  if (price !== "") said.push({ kind: "price", key: code, values: { amount: price } });
  if (warehouse !== "" && (quantity !== "" || shelf !== ""))
    said.push({
      kind: "stock",
      key: `${code} ${warehouse.toLowerCase()}`,
      values: { warehouse, quantity: value(quantity), shelf: value(shelf) },
    });
  for (const tag of cells.tags) {
    said.push({ kind: "tag", key: tag.toLowerCase(), values: { name: tag } });
    said.push({ kind: "link", key: `${code} ${tag.toLowerCase()}`, values: {} });
  }
  return said;
}

function merged(kind: string, old: Values, fresh: Values): Values {
  return Object.fromEntries(
    Object.entries(rules[kind]).map(([name, rule]) => {
      if (rule === "overwrite") return [name, fresh[name] ?? old[name]];
      if (rule === "fill")
        return [name, old[name] === null || old[name] === "" ? (fresh[name] ?? old[name]) : old[name]];
      return [name, rule === "clear" ? fresh[name] : old[name]];
    }),
  );
}

function wants(kind: string, old: Values, fresh: Values): boolean {
  return differ(kind, old, merged(kind, old, fresh));
}

function differ(kind: string, one: Values, other: Values): boolean {
  return Object.keys(rules[kind]).some((name) => one[name] !== other[name]);
}
