/** A column of a table as a program's own model has it, and the field that reads cells for it. */
import { type Field, field } from "../field.ts";
import type { ElementField } from "../fields/list.ts";

export interface ModelColumn {
  /** What the program calls it. */
  readonly name: string;
  /** What the table calls it. */
  readonly column: string;
  /** As in `create table`: `varchar(80)`, `numeric(10, 2)`, `text[]`. */
  readonly type: string;
  /** The values of an enum. */
  readonly labels: readonly string[] | null;
  /** It must have a value, and the database has none for it. */
  readonly isRequired: boolean;
  /** Not from a file: a key that is made, a time of creation or change, what the database generates. */
  readonly isFilled: boolean;
}

interface Given {
  required?: boolean;
  column?: string;
}

/** Limits of Postgres's own types; `bigint` has more than a number in JavaScript. */
const integers: Readonly<Record<string, { min?: number; max?: number }>> = {
  smallint: { min: -32_768, max: 32_767 },
  int2: { min: -32_768, max: 32_767 },
  smallserial: { min: 1, max: 32_767 },
  integer: { min: -2_147_483_648, max: 2_147_483_647 },
  int: { min: -2_147_483_648, max: 2_147_483_647 },
  int4: { min: -2_147_483_648, max: 2_147_483_647 },
  serial: { min: 1, max: 2_147_483_647 },
  bigint: {},
  int8: {},
  bigserial: { min: 1 },
};

/** The field of a column; null: no kind of field fits its type. */
export function fieldOfColumn({ name, column, type, labels, isRequired }: ModelColumn): Field | null {
  const given: Given = { ...(isRequired && { required: true }), ...(column !== name && { column }) };
  const plain = type.trim().toLowerCase();
  const element = /^(.*?)\s*\[\d*\]$/.exec(plain)?.[1];
  if (element === undefined) return fieldOfType(plain, labels, given);
  const one = element.endsWith("]") ? null : fieldOfType(element, labels, {});
  return one === null ? null : field.list(one, given);
}

function fieldOfType(type: string, labels: readonly string[] | null, given: Given): ElementField | null {
  if (labels !== null && labels.length > 0)
    return field.choice(Object.fromEntries(labels.map((label) => [label, []])), given);
  const [, base = "", first, second = "0"] =
    /^([a-z][a-z0-9 ]*?)\s*(?:\((\d+)(?:\s*,\s*(\d+))?\))?(?: with.*)?$/.exec(type) ?? [];
  const limits = integers[base];
  if (limits !== undefined) return field.integer({ ...given, ...limits });
  switch (base) {
    case "text":
    case "citext":
    case "varchar":
    case "character varying":
    case "char":
    case "character":
    case "bpchar":
      return field.text({ ...given, ...(first !== undefined && { maxLength: Number(first) }) });
    case "numeric":
    case "decimal":
      return field.decimal({ ...given, ...(first !== undefined && digits(Number(first), Number(second))) });
    case "real":
    case "float4":
    case "double precision":
    case "float8":
      return field.decimal(given);
    case "boolean":
    case "bool":
      return field.boolean(given);
    case "date":
      return field.date(given);
    case "timestamp":
    case "timestamptz":
      return field.datetime(given);
    case "time":
      return field.time(given);
    case "uuid":
      return field.uuid(given);
    default:
      return null;
  }
}

/** What `numeric(precision, scale)` holds. */
function digits(precision: number, scale: number): { scale: number; min?: number; max?: number } {
  // Beyond 15 digits a limit would not be the number that is written.
  if (precision > 15) return { scale };
  const most = Number(`${"9".repeat(precision - scale) || "0"}.${"9".repeat(scale) || "0"}`);
  return { scale, min: -most, max: most };
}
