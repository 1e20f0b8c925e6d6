/**
 * A table of Drizzle, by what it looks like when it runs: columns under the symbol `drizzle:Columns` (drizzle-orm 0.30 and later), each
 * with its name, `getSQLType()`, and what fills it.
 */
import type { BooleanField } from "../fields/boolean.ts";
import type { ChoiceField } from "../fields/choice.ts";
import type { DateField } from "../fields/date.ts";
import type { DatetimeField } from "../fields/datetime.ts";
import type { DecimalField } from "../fields/decimal.ts";
import type { IntegerField } from "../fields/integer.ts";
import type { ElementField, ListField } from "../fields/list.ts";
import type { TextField } from "../fields/text.ts";
import type { TimeField } from "../fields/time.ts";
import type { UuidField } from "../fields/uuid.ts";
import type { ModelColumn } from "./model-column.ts";

/** A table of Drizzle as the compiler sees it. */
export interface DrizzleTable {
  readonly _: { readonly columns: object };
}

/** What Drizzle's types say of a column. */
interface ColumnType {
  data: unknown;
  hasDefault: boolean;
  isPrimaryKey: boolean;
  columnType: string;
  enumValues: readonly string[] | undefined;
  generated: unknown;
  identity: unknown;
}

type ColumnTypeOf<C> = C extends { readonly _: infer I extends ColumnType } ? I : never;

/** Filled without a file: see `isFilled` below, which says the same when it runs. */
type IsFilled<I extends ColumnType> = [I["generated"]] extends [undefined]
  ? [I["identity"]] extends [undefined]
    ? I["hasDefault"] extends true
      ? I["isPrimaryKey"] extends true
        ? true
        : I["columnType"] extends `PgTimestamp${string}`
          ? true
          : false
      : false
    : true
  : true;

type TextOf<I extends ColumnType> = I["enumValues"] extends readonly string[]
  ? string extends I["enumValues"][number]
    ? TextField
    : ChoiceField<I["enumValues"][number]>
  : TextField;

type FieldOfType<I extends ColumnType> = I["columnType"] extends "PgText" | "PgVarchar" | "PgChar" | "PgEnumColumn"
  ? TextOf<I>
  : I["columnType"] extends "PgInteger" | "PgSmallInt" | `Pg${string}Serial${string}` | "PgSerial" | `PgBigInt${string}`
    ? IntegerField
    : I["columnType"] extends `PgNumeric${string}` | "PgReal" | "PgDoublePrecision"
      ? DecimalField
      : I["columnType"] extends "PgBoolean"
        ? BooleanField
        : I["columnType"] extends "PgDate" | "PgDateString"
          ? DateField
          : I["columnType"] extends `PgTimestamp${string}`
            ? DatetimeField
            : I["columnType"] extends "PgTime"
              ? TimeField
              : I["columnType"] extends "PgUUID"
                ? UuidField
                : I["columnType"] extends "PgArray"
                  ? ListField<ElementField>
                  : I["columnType"] extends "PgCustomColumn"
                    ? I["data"] extends string
                      ? TextField
                      : never
                    : never;

/** The fields of a table of Drizzle, by the names of its columns in the program. */
export type DrizzleFields<T extends DrizzleTable> = {
  [N in keyof T["_"]["columns"] & string as IsFilled<ColumnTypeOf<T["_"]["columns"][N]>> extends true
    ? never
    : [FieldOfType<ColumnTypeOf<T["_"]["columns"][N]>>] extends [never]
      ? never
      : N]: FieldOfType<ColumnTypeOf<T["_"]["columns"][N]>>;
};

/** A column when it runs. */
interface Column {
  name: string;
  keyAsName?: boolean;
  primary: boolean;
  notNull: boolean;
  hasDefault: boolean;
  columnType: string;
  dataType: string;
  enumValues?: readonly string[];
  baseColumn?: Column;
  generated?: unknown;
  generatedIdentity?: unknown;
  onUpdateFn?: unknown;
  getSQLType(): string;
}

const columnsKey = Symbol.for("drizzle:Columns");

/** How Drizzle turns the program's names of columns into the table's, where it is told to. */
export type Casing = "snake_case" | "camelCase";

/** The columns of a table of Drizzle; null: it is none. */
export function drizzleColumns(table: object, casing: Casing | undefined): ModelColumn[] | null {
  const columns = (table as Record<symbol, unknown>)[columnsKey];
  if (typeof columns !== "object" || columns === null) return null;
  return Object.entries(columns as Record<string, Column>).map(([name, column]) => {
    const isTime = /^timestamp/.test(column.getSQLType());
    return {
      name,
      column: column.keyAsName === true && casing !== undefined ? cased(name, casing) : column.name,
      type: typeOf(column),
      labels: (column.baseColumn ?? column).enumValues ?? null,
      isRequired: column.notNull && !column.hasDefault,
      isFilled:
        column.generated !== undefined ||
        column.generatedIdentity !== undefined ||
        (column.hasDefault && (column.primary || isTime)),
    };
  });
}

/** A custom type that is none of Postgres's texts has a form of its own. */
function typeOf(column: Column): string {
  const type = column.getSQLType();
  const isOwn = column.columnType === "PgCustomColumn" && !/^(?:text|citext|(?:var)?char(?:acter)?)/i.test(type);
  return isOwn ? "custom" : type;
}

/** As drizzle-orm's casing does: words begin at capitals and behind `_`. */
function cased(name: string, casing: Casing): string {
  const words = name.replaceAll(/['\u2019]/g, "").match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];
  const small = words.map((word) => word.toLowerCase());
  if (casing === "snake_case") return small.join("_");
  return small.map((word, k) => (k === 0 ? word : word[0].toUpperCase() + word.slice(1))).join("");
}
