/** A value on its way into a column of a user's table, and how rows of one record are merged on that way. */
import type { MergeRule } from "../../core/fields/kind.ts";
import { type Sql, sql } from "../connection/session.ts";
import { arrayOf } from "./list-values.ts";
import type { TargetColumn } from "./target.ts";

/** A field on its way from the stage (`s`) to its column. */
export interface Carried {
  name: string;
  column: string;
  merge: MergeRule;
  /** The value in the column's type. */
  value: Sql;
  /** Of a document, those of its members that the file has: an update leaves the others alone. Null: it is replaced as a whole. */
  members?: readonly string[] | null;
  /** The column's default, for a record that is created with a blank. */
  fallback: string | null;
  isText: boolean;
  /** How rows of one record are merged: as they are, or as text where the type cannot be gathered or compared. */
  carry(value: Sql): Sql;
  /** A carried value in the column's type. */
  store(carried: Sql): Sql;
  /** A carried value as a journal in JSON has it, from which an undo reads it back. */
  told(carried: Sql): Sql;
  /** A value of the column's own type, told to be one. */
  typed(value: Sql): Sql;
  /** A carried value as it is compared. */
  compared(carried: Sql): Sql;
}

/** Arrays gather into arrays of more dimensions; the equality of these others takes different values for the same. */
const comparedLoosely = /\[\]$|^(?:xml|citext|point|line|lseg|box|path|polygon|circle|tsvector|tsquery)$/;

function isCarriedAsText({ baseType, hasEquality, isLoose }: TargetColumn): boolean {
  return !hasEquality || isLoose || comparedLoosely.test(baseType);
}

/** Whether its type is a domain: operators of enums and ranges are not found for one. */
function isOfDomain({ type, baseType }: TargetColumn): boolean {
  return type.replace(/\([^()]*\)/, "") !== baseType;
}

/** A column's value as jsonb keeps it whole. */
export function asJson(column: TargetColumn, value: Sql): Sql {
  return column.hasOwnJson ? sql`${value}::text` : isDocument(column) ? wrapped(value) : value;
}

function isDocument({ baseType }: TargetColumn): boolean {
  return /^jsonb?$/.test(baseType);
}

/** The member that a document is wrapped in which a journal could not tell from none; no other document has it. */
const whole = sql.lit("sluice: whole");

/** A null of JSON within JSON is what no value is, too. */
function wrapped(document: Sql): Sql {
  const value = sql`${document}::jsonb`;
  return sql`case when ${value} = 'null' or ${value} ? ${whole} then jsonb_build_object(${whole}, ${value}) else ${value} end`;
}

/** A value that a journal in JSON has, as people and programs are told of it. */
export function shown(value: Sql): Sql {
  return sql`case when jsonb_typeof(${value}) = 'object' and ${value} ? ${whole} then ${value} -> ${whole} else ${value} end`;
}

/** The same of an object of values, by column; `columns` are those of the table. */
export function shownValues(columns: Iterable<TargetColumn>, values: Sql): Sql {
  if (![...columns].some(isDocument)) return values;
  return sql`coalesce((select jsonb_object_agg(e.key, ${shown(sql`e.value`)}) from jsonb_each(${values}) e), ${values})`;
}

/** A value of the column as the journal's has become it, as it was. */
export function unwrapped(column: TargetColumn | undefined, value: Sql): Sql {
  if (column === undefined || !isDocument(column)) return value;
  return sql`case when ${value}::jsonb ? ${whole} then (${value}::jsonb -> ${whole})::${sql.raw(column.castType)} else ${value} end`;
}

/** A record, under its alias, as a journal in JSON has it. */
export function recordAsJson(columns: Iterable<TargetColumn>, alias: string): Sql {
  const own = [...columns].filter((column) => column.hasOwnJson || isDocument(column));
  const record = sql`to_jsonb(${sql.id(alias)}.*)`;
  if (own.length === 0) return record;
  const texts = own.map((column) => sql`${sql.lit(column.name)}, ${asJson(column, sql.id(alias, column.name))}`);
  return sql`${record} || jsonb_build_object(${sql.join(texts)})`;
}

type Carriage = Pick<Carried, "carry" | "store" | "told" | "typed" | "compared">;

/** A value on its way to a column, which may be unknown: how it is carried follows from that, and from how it is merged. */
export function carriedTo(
  column: TargetColumn | undefined,
  own: Pick<Carried, "name" | "column" | "merge" | "value" | "members">,
): Carried {
  return {
    ...own,
    fallback: column?.defaultExpression ?? null,
    isText: isTextColumn(column),
    ...(isOfParts(own) ? listCarriage(column) : carriage(column)),
  };
}

/** The type of carried values. */
export function carriedType(column: TargetColumn | undefined, own: Pick<Carried, "merge" | "members">): string {
  if (isOfParts(own)) return "jsonb";
  return column !== undefined && isCarriedAsText(column) ? "text" : (column?.castType ?? "text");
}

/** Whether an update changes a part of what a record has: a list that is appended to, a document of members. */
function isOfParts({ merge, members = null }: Pick<Carried, "merge" | "members">): boolean {
  return merge === "append" || members !== null;
}

function carriage(column: TargetColumn | undefined): Carriage {
  if (column === undefined) return { carry: asItIs, store: asItIs, told: asItIs, typed: asItIs, compared: asItIs };
  if (!isCarriedAsText(column))
    return {
      carry: isOfDomain(column) ? (value) => sql`${value}::${sql.raw(column.castType)}` : asItIs,
      store: asItIs,
      told: (carried) => asJson(column, carried),
      typed: asItIs,
      compared: asItIs,
    };
  const store = (carried: Sql): Sql => sql`${carried}::${sql.raw(column.castType)}`;
  return {
    carry: (value) => (column.isLoose ? sql`${value}::text collate "C"` : sql`${value}::text`),
    store,
    told: (carried) => asJson(column, store(carried)),
    typed: store,
    // White space and the order of members say nothing.
    compared: (carried) => (column.baseType === "json" ? sql`${carried}::jsonb` : carried),
  };
}

const asItIs = (value: Sql): Sql => value;

/** Of a list that is appended to what a record has, and of members of a document. */
function listCarriage(column: TargetColumn | undefined): Carriage {
  const type = column?.castType ?? "jsonb";
  const typed = (value: Sql): Sql => sql`${value}::${sql.raw(type)}`;
  const store = (carried: Sql): Sql => (type.endsWith("[]") ? arrayOf(carried, type) : typed(carried));
  return {
    carry: (value) => sql`to_jsonb(${value})`,
    store,
    told: (carried) => (column !== undefined && isDocument(column) ? wrapped(store(carried)) : store(carried)),
    typed,
    compared: asItIs,
  };
}

export function isTextColumn(column: TargetColumn | undefined): boolean {
  return column === undefined || /^(?:text|character|bpchar|citext)/.test(column.baseType);
}
