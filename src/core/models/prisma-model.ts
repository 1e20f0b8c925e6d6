/** A model of Prisma, as `Prisma.dmmf.datamodel.models` lists them. */
import type { Field } from "../field.ts";
import type { BooleanField } from "../fields/boolean.ts";
import type { ChoiceField } from "../fields/choice.ts";
import type { DateField } from "../fields/date.ts";
import type { DatetimeField } from "../fields/datetime.ts";
import type { DecimalField } from "../fields/decimal.ts";
import type { IntegerField } from "../fields/integer.ts";
import type { TextField } from "../fields/text.ts";
import type { TimeField } from "../fields/time.ts";
import type { UuidField } from "../fields/uuid.ts";
import type { ModelColumn } from "./model-column.ts";

export interface PrismaModel {
  readonly name: string;
  readonly fields: readonly PrismaField[];
}

export interface PrismaField {
  readonly name: string;
  readonly dbName?: string | null;
  readonly kind: string;
  readonly type: string;
  readonly isList?: boolean;
  readonly isRequired?: boolean;
  readonly isId?: boolean;
  readonly hasDefaultValue?: boolean;
  readonly isGenerated?: boolean;
  readonly isUpdatedAt?: boolean;
  /** `["VarChar", ["80"]]`. */
  readonly nativeType?: readonly unknown[] | null;
}

/** `Prisma.dmmf.datamodel.enums`. */
export interface PrismaEnum {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly dbName?: string | null }[];
}

type FieldOfValue<V> = V extends boolean
  ? BooleanField
  : V extends bigint
    ? IntegerField
    : V extends number
      ? IntegerField | DecimalField
      : V extends Date
        ? DateField | DatetimeField | TimeField
        : V extends string
          ? string extends V
            ? TextField | UuidField
            : ChoiceField<V>
          : Field;

/** The fields of a model, by the type that Prisma generates for its records. */
export type PrismaFields<M extends object> = {
  readonly [N in keyof M & string]-?: FieldOfValue<NonNullable<M[N]>>;
};

/** Types of Postgres, by the model's. */
const types: Readonly<Record<string, string>> = {
  String: "text",
  Boolean: "boolean",
  Int: "integer",
  BigInt: "bigint",
  Float: "double precision",
  Decimal: "numeric",
  DateTime: "timestamptz",
};
/** And by what an attribute such as `@db.VarChar(80)` says. */
const nativeTypes: Readonly<Record<string, string>> = {
  VarChar: "varchar",
  Char: "char",
  Citext: "citext",
  Uuid: "uuid",
  SmallInt: "smallint",
  Decimal: "numeric",
  Date: "date",
  Time: "time",
  Timetz: "time",
};

/** The columns of a model; null: it is none. */
export function prismaColumns(model: object, enums: readonly PrismaEnum[]): ModelColumn[] | null {
  const { fields } = model as Partial<PrismaModel>;
  if (
    !Array.isArray(fields) ||
    !fields.every((each) => typeof each?.name === "string" && typeof each.kind === "string")
  )
    return null;
  return (fields as readonly PrismaField[])
    .filter(({ kind }) => kind === "scalar" || kind === "enum")
    .map((field) => {
      const values = field.kind === "enum" ? enums.find(({ name }) => name === field.type)?.values : undefined;
      const isTime = field.type === "DateTime";
      return {
        name: field.name,
        column: field.dbName ?? field.name,
        type: `${field.kind === "enum" ? "text" : typeOf(field)}${field.isList === true ? "[]" : ""}`,
        labels: values?.map(({ name, dbName }) => dbName ?? name) ?? null,
        // A list that has nothing is an empty one.
        isRequired: field.isRequired === true && field.hasDefaultValue !== true && field.isList !== true,
        isFilled:
          field.isGenerated === true ||
          field.isUpdatedAt === true ||
          (field.hasDefaultValue === true && (field.isId === true || isTime)),
      };
    });
}

function typeOf({ type, nativeType }: PrismaField): string {
  const [name, given] = nativeType ?? [];
  const native = typeof name === "string" ? nativeTypes[name] : undefined;
  if (native === undefined) return types[type] ?? "unsupported";
  const numbers = Array.isArray(given) && /^(?:varchar|char|numeric)$/.test(native) ? given : [];
  return numbers.length === 0 ? native : `${native}(${numbers.join(", ")})`;
}
