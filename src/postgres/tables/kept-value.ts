/** A staged value on its way to a column's type: whether it can get there, and what it is there. */
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "./plan.ts";
import type { TargetColumn } from "./target.ts";

/** Whether the stage's value reaches the column without a cast that could fail. */
export function keepsValue({ columns }: Plan, stageColumn: string, column: TargetColumn): boolean {
  return isKept(columns.find(({ name }) => name === stageColumn)?.type ?? "", column.baseType);
}

function isKept(staged: string, base: string): boolean {
  if (staged.endsWith("[]") && base.endsWith("[]")) return isKept(staged.slice(0, -2), base.slice(0, -2));
  if (staged === "text") return base === "text" || base === "character varying" || base === "citext";
  if (staged === "bigint") return base === "bigint" || base === "numeric";
  if (staged === "uuid") return base === "uuid" || base === "text" || base === "citext";
  if (staged === "timestamptz") return base === "timestamp with time zone";
  return base === staged;
}

/** A value of the stage as its column has it. */
export interface Stored {
  /** Of a row of the stage, by the name that it has in the statement. */
  of(row: string): Sql;
  /** Whether that is the value as it is staged. */
  isAsStaged: boolean;
}

/**
 * The staged value as it compares with what the column has: rounded, folded, of its type; null where it may not get there, or where that is
 * told only once it is stored. No cast in it can fail.
 */
export function storedAs({ columns }: Plan, stageColumn: string, column: TargetColumn): Stored | null {
  const cast = storedCast(columns.find(({ name }) => name === stageColumn)?.type ?? "", column);
  if (cast === null) return null;
  return { of: (row) => cast(sql.id(row, stageColumn)), isAsStaged: cast === asStaged };
}

const asStaged = (value: Sql): Sql => value;

function storedCast(staged: string, { baseType, castType }: TargetColumn): ((value: Sql) => Sql) | null {
  const castTo = (type: string) => (value: Sql) => sql`${value}::${sql.raw(type)}`;
  // Whole numbers compare whatever their size.
  if (staged === "bigint" && (baseType === "integer" || baseType === "smallint")) return asStaged;
  if (staged === "text" && (baseType === "bpchar" || baseType === "name")) return castTo(baseType);
  if (staged === "uuid" && baseType === "character varying") return castTo("text");
  if (!isKept(staged, baseType)) return null;
  const digits = /^numeric\(\d+,(-?\d+)\)$/.exec(castType);
  if (digits !== null) return (value) => sql`round(${value}::numeric, ${sql.lit(Number(digits[1]))})`;
  if (/^time.*\(\d\)/.test(castType)) return castTo(castType);
  if (castType.includes("(")) return null;
  if (staged === "uuid" && baseType !== "uuid") return castTo("text");
  if (baseType === "citext") return castTo(baseType);
  return staged.endsWith("[]") && staged !== baseType ? castTo(baseType) : asStaged;
}

/** The least and the greatest number of each type of whole numbers, as text: the last are beyond what JavaScript counts to. */
export const integerRanges: Readonly<Record<string, readonly [least: string, most: string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};

/** What `comparedAs` can make of a value that has to be cast. */
const typed: ReadonlySet<string> = new Set([...Object.keys(integerRanges), "uuid", "numeric"]);

/**
 * The staged value as one of the column's type that can be compared with it; null where it cannot be one. No cast in it can
 * fail, whatever the cell says.
 */
export function comparedAs(plan: Plan, stageColumn: string, column: TargetColumn): Sql {
  const value = sql`s.${sql.id(stageColumn)}`;
  // Without its length or precision, to which nothing is cut.
  const type = column.baseType;
  const cast = sql.raw(type);
  if (keepsValue(plan, stageColumn, column)) return sql`${value}::${cast}`;
  if (!typed.has(type)) return sql`${value}::text`;
  if (type === "uuid") {
    return sql`(case when ${value}::text ~* '^([0-9a-f]{4}-?){7}[0-9a-f]{4}$' then ${value}::text::uuid end)`;
  }
  const number = sql`(case when ${value}::text ~ '^[+-]?[0-9]{1,99}(\\.[0-9]{1,99})?$' then ${value}::text::numeric end)`;
  if (type === "numeric") return number;
  const [least, greatest] = integerRanges[type];
  return sql`(case when ${number} between ${sql.raw(least)} and ${sql.raw(greatest)} and ${number} = trunc(${number}) then ${number}::${cast} end)`;
}

/** A column as it compares with what `comparedAs` makes of a value that is to be stored in one of its type. */
export function comparedColumn(plan: Plan, stageColumn: string, column: TargetColumn, other: Sql): Sql {
  const isTyped = keepsValue(plan, stageColumn, column) || typed.has(column.baseType);
  return isTyped ? other : sql`${other}::text`;
}
