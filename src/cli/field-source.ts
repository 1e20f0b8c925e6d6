/** A column of a table as the line of TypeScript that makes a field of it, or the reason why it is left out. */
import type { DescribedColumn, DescribedReference, DescribedTable } from "../app.ts";
import type { FieldKind } from "../core/field.ts";
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

const stringTypes = new Set(["text", "varchar", "bpchar", "citext", "name"]);
const integerLimits: Readonly<Record<string, [number, number] | null>> = {
  int2: [-32_768, 32_767],
  int4: [-2_147_483_648, 2_147_483_647],
  int8: null,
};
const emailName = /(?:^|[_\W])(?:e_?)?mails?(?:$|[_\W])|courriel|epost/;
const phoneName = /phone|(?:^|_)(?:tel|mobile?|cell|gsm|fax|portable|telefon)(?:$|_|ephone)/;
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

function plainSource(
  column: DescribedColumn,
  name: string,
  meaning: CheckMeaning,
  options: Map<string, string>,
  notes: string[],
): FieldSource {
  const { typeName, type } = column;
  const make = (kind: FieldKind, mayBeKey = true): FieldSource => ({
    kind,
    code: call(kind, options),
    notes,
    mayBeKey,
  });
  const number = (low: number | undefined, high: number | undefined): void => {
    if (low !== undefined) options.set("min", numberCode(low));
    if (high !== undefined) options.set("max", numberCode(high));
  };
  const values = column.labels ?? meaning.values;
  if (values !== undefined && values !== null) {
    notes.push("Add the words that your files use for each value.");
    const words = `{ ${values.map((value) => `${keyCode(value)}: []`).join(", ")} }`;
    return {
      kind: "choice",
      code: call("choice", options, [words]),
      notes,
      mayBeKey: column.labels === null && stringTypes.has(typeName),
    };
  }
  if (Object.hasOwn(integerLimits, typeName)) {
    const limits = integerLimits[typeName] ?? [undefined, undefined];
    number(meaning.min ?? limits[0], meaning.max ?? limits[1]);
    return make("integer");
  }
  switch (typeName) {
    case "numeric": {
      const { precision, scale } = column;
      if (scale !== null && scale >= 0) options.set("scale", String(scale));
      // Beyond 15 digits a JavaScript number cannot say the limit; the database still does.
      const most = precision !== null && scale !== null && scale >= 0 && scale <= precision && precision <= 15;
      const limit = most ? Number(`${"9".repeat(precision - scale) || "0"}.${"9".repeat(scale) || "0"}`) : undefined;
      number(meaning.min ?? (limit === undefined ? undefined : -limit), meaning.max ?? limit);
      return make("decimal");
    }
    case "float4":
    case "float8":
      number(meaning.min, meaning.max);
      return make("decimal", false);
    case "money":
      options.set("scale", "2");
      return make("decimal", false);
    case "bool":
      return make("boolean", false);
    case "date":
      return make("date");
    case "timestamptz":
    case "timestamp":
      options.set("timeZone", '"UTC"');
      notes.push("The time zone of times in the file that name none, as in Europe/Paris.");
      return make("datetime");
    case "uuid":
      options.set("pattern", "/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i");
      return make("text", false);
  }
  if (stringTypes.has(typeName)) {
    if (emailName.test(name)) return make("email");
    if (phoneName.test(name)) {
      options.set("country", '"FR"');
      notes.push("The country (ISO 3166-1) of numbers that are written without one.");
      return make("phone");
    }
    const maxLength = Math.min(
      column.maxLength ?? Number.POSITIVE_INFINITY,
      meaning.maxLength ?? Number.POSITIVE_INFINITY,
    );
    if (meaning.minLength !== undefined) options.set("minLength", String(meaning.minLength));
    if (Number.isFinite(maxLength)) options.set("maxLength", String(maxLength));
    return make("text");
  }
  if (!options.has("required")) return { kind: null, reason: `no kind of field fits ${type}` };
  notes.push(`No kind of field fits ${type}: Postgres reads the text as one, and rows that it cannot read fail.`);
  return make("text", false);
}

function numberCode(value: number): string {
  const [whole, fraction] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, "_");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A key of an object literal; `__proto__` would be its prototype. */
function keyCode(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
