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
  /** A value of the column's own type, told to be one. */
  typed(value: Sql): Sql;
  /** A carried value as it is compared. */
  compared(carried: Sql): Sql;
}

/** Arrays gather into arrays of more dimensions; these others have no equality, or one that takes different values for the same. */
const carriedAsText = /\[\]$|^(?:json|xml|citext|point|line|lseg|box|path|polygon|circle|tsvector|tsquery)$/;

type Carriage = Pick<Carried, "carry" | "store" | "typed" | "compared">;

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
  return column !== undefined && carriedAsText.test(column.baseType) ? "text" : (column?.castType ?? "text");
}

/** Whether an update changes a part of what a record has: a list that is appended to, a document of members. */
function isOfParts({ merge, members = null }: Pick<Carried, "merge" | "members">): boolean {
  return merge === "append" || members !== null;
}

function carriage(column: TargetColumn | undefined): Carriage {
  if (column === undefined || !carriedAsText.test(column.baseType))
    return { carry: asItIs, store: asItIs, typed: asItIs, compared: asItIs };
  const store = (carried: Sql): Sql => sql`${carried}::${sql.raw(column.castType)}`;
  return {
    carry: (value) => sql`${value}::text`,
    store,
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
  return {
    carry: (value) => sql`to_jsonb(${value})`,
    store: (carried) => (type.endsWith("[]") ? arrayOf(carried, type) : typed(carried)),
    typed,
    compared: asItIs,
  };
}

export function isTextColumn(column: TargetColumn | undefined): boolean {
  return column === undefined || /^(?:text|character|bpchar|citext)/.test(column.baseType);
}
