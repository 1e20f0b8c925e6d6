/** A column of a table as the line of TypeScript that makes a field of it, or the reason why it is left out. */
import type { DescribedColumn, DescribedReference, DescribedTable } from "../app.ts";
import { type FieldKind, kindOf, kinds } from "../core/field.ts";
import { type CheckMeaning, meaningOfCheck } from "./check-expression.ts";

export type FieldSource =
  | {
      kind: FieldKind;
      /** `field.text({ maxLength: 20 })` */
      code: string;
      /** What the reader has to know or decide, a sentence each. */
      notes: string[];
      /** Duplicates can be recognised by it. */
      mayBeKey: boolean;
    }
  | { kind: null; reason: string };

/** Columns that an application usually fills from the session. */
const tenantName = /^(?:tenant|organi[sz]ation|org|workspace|account)_?(?:id)?$/;
/** Columns a person recognises a record by, the likeliest first. */
const likelyNames = ["email", "code", "slug", "username", "sku", "name", "full_name", "title", "label"];

export function snakeCase(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

/** The field of a column that is neither the record's id nor filled by the database. */
export function fieldSource(column: DescribedColumn, fieldName: string, table: DescribedTable): FieldSource {
  const notes: string[] = [];
  if (column.comment !== null) notes.push(column.comment);
  const meaning: CheckMeaning = {};
  for (const check of table.checks.filter(({ columns }) => columns.length === 1 && columns[0] === column.name)) {
    const understood = meaningOfCheck(check.expression, column.name);
    const tooFine =
      understood?.min !== undefined && /^(?:numeric|float)/.test(column.typeName) && / > /.test(check.expression);
    if (understood === null || tooFine) notes.push(`The database also demands ${check.expression} (${check.name}).`);
    else Object.assign(meaning, understood);
  }
  const options = new Map<string, string>();
  if (fieldName !== column.name) options.set("column", JSON.stringify(column.name));
  if (column.notNull && !column.hasDefault) options.set("required", "true");
  if (tenantName.test(snakeCase(column.name))) {
    const type = ["uuid", "bigint", "integer"].includes(column.type) ? column.type : "text";
    notes.push(
      `Known from the session, not from the file? Then instead: context: { ${fieldName}: { column: ${JSON.stringify(column.name)}, type: "${type}" } }`,
    );
  }
  const reference = table.references.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
  if (reference !== undefined && !`${reference.schema}${reference.table}`.includes(".")) {
    return referenceSource(reference, options, notes);
  }
  const source = plainSource(column, snakeCase(column.name), meaning, options, notes);
  const unused = table.references.filter(({ columns }) => columns.includes(column.name));
  for (const each of unused) notes.push(`Part of a reference to ${each.table}: a row that points nowhere fails.`);
  return source;
}

function call(kind: FieldKind, options: ReadonlyMap<string, string>, first: readonly string[] = []): string {
  const pairs = [...options].map(([name, code]) => `${name}: ${code}`);
  const args = [...first, ...(pairs.length > 0 ? [`{ ${pairs.join(", ")} }`] : [])];
  return `field.${kind}(${args.join(", ")})`;
}

function referenceSource(reference: DescribedReference, options: Map<string, string>, notes: string[]): FieldSource {
  const { schema, table, foreignColumns, textColumns } = reference;
  const unique = textColumns.filter((column) => column.unique).map(({ name }) => name);
  const likely = likelyNames.flatMap((name) => textColumns.filter((column) => column.name.toLowerCase() === name));
  const by = unique.length > 0 ? unique : [likely[0]?.name ?? textColumns[0]?.name ?? foreignColumns[0]];
  notes.push(
    unique.length > 0
      ? `A cell is looked up in ${table} by ${by.join(", then ")}.`
      : `What do your files hold here? No text of ${table} is unique; a cell is looked up by ${by[0]}, and of several records the first is taken.`,
  );
  options.set("table", JSON.stringify(tableName(schema, table)));
  options.set("by", `[${by.map((name) => JSON.stringify(name)).join(", ")}]`);
  if (foreignColumns[0] !== "id") options.set("id", JSON.stringify(foreignColumns[0]));
  return { kind: "reference", code: call("reference", options), notes, mayBeKey: false };
}

/** As an importer names a table: `leads`, `crm.leads`. */
export function tableName(schema: string, table: string): string {
  return schema === "public" ? table : `${schema}.${table}`;
}

/** A list of values says more than a column's type, and text takes what is left. */
const triedKinds: readonly FieldKind[] = [
  "choice",
  ...(Object.keys(kinds) as FieldKind[]).filter((kind) => kind !== "choice" && kind !== "text"),
  "text",
];

function plainSource(
  column: DescribedColumn,
  name: string,
  allowed: CheckMeaning,
  options: Map<string, string>,
  notes: string[],
): FieldSource {
  if (column.typeName.startsWith("_")) {
    const one = { ...column, typeName: column.typeName.slice(1), type: column.type.replace(/\[\]$/, "") };
    const said: string[] = [];
    const element = plainSource(one, name, {}, new Map(), said);
    if (element.kind !== null) {
      notes.push(...said, "A cell is taken apart where the column's cells show how, or by `separator`.");
      return { kind: "list", code: call("list", options, [element.code]), notes, mayBeKey: false };
    }
  }
  for (const kind of triedKinds) {
    const draft = kindOf({ kind }).draft?.({ ...column, name, allowed }) ?? null;
    if (draft === null) continue;
    for (const [option, code] of Object.entries(draft.options ?? {})) if (code !== undefined) options.set(option, code);
    notes.push(...(draft.notes ?? []));
    const code = call(kind, options, draft.first === undefined ? [] : [draft.first]);
    return { kind, code, notes, mayBeKey: draft.mayBeKey ?? true };
  }
  const { type } = column;
  if (!options.has("required")) return { kind: null, reason: `no kind of field fits ${type}` };
  notes.push(`No kind of field fits ${type}: Postgres reads the text as one, and rows that it cannot read fail.`);
  return { kind: "text", code: call("text", options), notes, mayBeKey: false };
}
