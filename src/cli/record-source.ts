/** The records of an importer for an existing table: small tables that it refers to, and the table itself. */

import type { DescribedReference, DescribedTable } from "../app.ts";
import { refColumn } from "../core/definition/record-plans.ts";
import { type KeptKey, partsOf } from "../core/keys.ts";
import { keyCode } from "../core/shape/key-code.ts";
import { snakeCase, tableName } from "./field-source.ts";

/** A table whose records are known, and made, by one text alone: brands, countries, labels. */
export interface Lookup {
  /** Column of the described table. */
  column: string;
  /** What field and record are called, unless that name is taken. */
  name: string;
  table: string;
  /** Its id, and the text that recognises one. */
  id: string;
  by: string;
  maxLength: number | null;
}

/** More columns than that are no list of names. */
const mostColumns = 8;
/** Larger tables are looked up in, and not added to. */
const mostRecords = 10_000;
/** People are invited, not imported by their name. */
const peopleName =
  /(?:^|_)(?:users?|accounts?|members?|people|persons?|staff|employees?|owners?|profiles?|tenants?|org\w*)(?:_|$)/;

/** The references of a table that are to such a one, by their column. */
export function lookupsOf(described: DescribedTable): Map<string, Lookup> {
  const found = new Map<string, Lookup>();
  for (const reference of described.references) {
    const by = nameColumn(described, reference);
    if (by === null) continue;
    const [column] = reference.columns;
    const name = snakeCase(column).replace(/_(?:id|no|ref|fk)$/, "");
    found.set(column, {
      column,
      name,
      table: tableName(reference.schema, reference.table),
      id: reference.foreignColumns[0],
      by: by.name,
      maxLength: by.maxLength,
    });
  }
  return found;
}

/** A lookup whose records belong to those of the described table by a table of links: tags, categories. */
export interface LinkedLookup extends Lookup {
  link: { table: string; column: string; to: string };
}

/** The tables that others link to this one, where their records are known by a text alone. */
export function linkedLookupsOf(described: DescribedTable): LinkedLookup[] {
  return described.links.flatMap(({ schema, table, column, to }) => {
    const by = nameColumn(described, to);
    if (by === null || `${schema}${table}`.includes(".")) return [];
    const link = { table: tableName(schema, table), column, to: to.columns[0] };
    const [id] = to.foreignColumns;
    const { name: byName, maxLength } = by;
    return [
      { column: "", name: snakeCase(to.table), table: tableName(to.schema, to.table), id, by: byName, maxLength, link },
    ];
  });
}

/** The one text that a record of the referenced table can be made from; null: it takes more, or nothing tells it apart. */
function nameColumn(
  described: DescribedTable,
  reference: DescribedReference,
): DescribedReference["textColumns"][number] | null {
  const { schema, table, columns, foreignColumns, textColumns, demanded, width, records } = reference;
  const isItself = schema === described.schema && table === described.table;
  const isSmall = width <= mostColumns && (records ?? 0) <= mostRecords && !peopleName.test(snakeCase(table));
  if (columns.length !== 1 || isItself || !isSmall || `${schema}${table}`.includes(".")) return null;
  const [name, ...others] = textColumns;
  if (name === undefined || others.length > 0 || !name.unique || foreignColumns[0] === name.name) return null;
  return demanded.every((each) => each === name.name) ? name : null;
}

/** A field that goes to a lookup's record. */
export interface LookedUp extends Lookup {
  field: string;
}
/** A list of such. */
export interface Linked extends LinkedLookup {
  field: string;
}

/** What of the described table is known by now. */
export interface MainRecord {
  id: string;
  keys: readonly KeptKey[];
  where: string | null;
  updatedAt: string | null;
  /** Its id, where the application makes them. */
  ownId: string | null;
  /** Columns with their fields. */
  set: readonly { column: string; field: string }[];
  lookups: readonly LookedUp[];
  links: readonly Linked[];
}

/** Longer lines are broken, as formatters do. */
const widest = 100;

/** `records: { … }` of the importer. */
export function recordLines(described: DescribedTable, main: MainRecord): string[] {
  const { id, keys, where, updatedAt, ownId, set, lookups, links } = main;
  const taken = new Set(lookups.map(({ field }) => field));
  const own = recordName(described.table, taken);
  taken.add(own);
  const columns = [
    ...set.map(({ column, field }) => [column, text(field)]),
    ...lookups.map(({ column, field }) => [column, `ref(${text(field)})`]),
    ...(updatedAt === null ? [] : [[updatedAt, "now()"]]),
    ...(ownId === null ? [] : [[ownId, "onCreate(() => crypto.randomUUID())"]]),
  ].map(([column, source]) => `${keyCode(column)}: ${source}`);
  const options = [
    `table: ${text(tableName(described.schema, described.table))}`,
    ...(id === "id" ? [] : [`id: ${text(id)}`]),
    ...(keys.length === 0
      ? []
      : [
          keys.length === 1
            ? `key: [${partsOf(keys[0]).map(text).join(", ")}]`
            : `keys: [${keys.map(keySource).join(", ")}]`,
        ]),
    ...(where === null || keys.length === 0 ? [] : [`where: ${text(where)}`]),
    ...(keys.length === 0 ? [] : ['onMatch: "skip"']),
  ];
  return [
    "  records: {",
    ...lookups.flatMap(lookupLines),
    ...(keys.length === 0
      ? [
          '    // No unique column tells a duplicate: every row becomes a new record. Which fields would? key: ["…"], onMatch: "update"',
        ]
      : [
          ...(where === null
            ? []
            : ["    // Other records are as if they were not there: a row makes a new one beside them."]),
          `    // A row is a duplicate when ${keys.length === 1 ? "this" : "any of these keys"} is the same${keys.length === 1 ? "" : ", the strongest first"}. Then skip or update?`,
        ]),
    `    ${keyCode(own)}: {`,
    ...options.map((option) => `      ${option},`),
    "      set: {",
    ...columns.map((column) => `        ${column},`),
    "      },",
    "    },",
    ...links.flatMap((linked) => {
      const name = recordName(linked.field, taken);
      taken.add(name);
      return linkLines(linked, name, own);
    }),
    "  },",
  ];
}

function lookupLines(lookup: LookedUp): string[] {
  return objectLines(lookup.field, lookupOptions(lookup));
}

function linkLines(linked: Linked, name: string, from: string): string[] {
  const { table, column, to } = linked.link;
  const link = [
    `table: ${text(table)}`,
    `from: ref(${text(from)})`,
    ...(column === refColumn(from) ? [] : [`column: ${text(column)}`]),
    ...(to === refColumn(name) ? [] : [`to: ${text(to)}`]),
  ];
  return objectLines(name, [`each: ${text(linked.field)}`, ...lookupOptions(linked), `link: { ${link.join(", ")} }`]);
}

function lookupOptions({ field, table, id, by }: LookedUp): string[] {
  return [
    `table: ${text(table)}`,
    ...(id === "id" ? [] : [`id: ${text(id)}`]),
    `key: [${text(field)}]`,
    `set: { ${keyCode(by)}: ${text(field)} }`,
    'onMatch: "use"',
  ];
}

function objectLines(name: string, options: readonly string[]): string[] {
  const line = `    ${keyCode(name)}: { ${options.join(", ")} },`;
  if (line.length <= widest) return [line];
  return [`    ${keyCode(name)}: {`, ...options.map((option) => `      ${option},`), "    },"];
}

/** What one record of a table is called: `product` of `products`. */
function recordName(table: string, taken: ReadonlySet<string>): string {
  const plural =
    snakeCase(table)
      .replace(/^[^a-z]+/, "")
      .slice(0, 36) || "record";
  const single = plural.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
  return [single, plural, `${single}_row`].find((name) => !taken.has(name)) ?? `${single}_row`;
}

/** A key as TypeScript. */
export function keySource(key: KeptKey): string {
  return typeof key === "string" ? text(key) : `[${key.map(text).join(", ")}]`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
