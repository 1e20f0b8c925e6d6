/** `fieldsOf`: the fields of an importer, read from the table that the program has described to its ORM already. */
import { SluiceError } from "../errors.ts";
import type { Field } from "../field.ts";
import { nearestName } from "../shape/nearest-name.ts";
import { type Casing, type DrizzleFields, type DrizzleTable, drizzleColumns } from "./drizzle-table.ts";
import { fieldOfColumn } from "./model-column.ts";
import { type PrismaEnum, type PrismaFields, type PrismaModel, prismaColumns } from "./prisma-model.ts";

export interface FieldsOfOptions<N extends string> {
  /** These alone. */
  only?: readonly N[] | undefined;
  /** All but these. */
  omit?: readonly N[] | undefined;
}

/**
 * The fields of a table of Drizzle: names, columns, kinds, lengths, and what is required. Left out is what no file fills, which is
 * generated columns, keys and times that have a default, and types that no kind of field reads, such as jsonb.
 *
 * @example
 * fields: { ...fieldsOf(customers, { omit: ["companyId"] }), email: field.email({ required: true }) }
 * @throws SluiceError `invalid` for what is no table, or a name that it does not have.
 */
export function fieldsOf<
  T extends DrizzleTable,
  const Only extends keyof DrizzleFields<T> & string = keyof DrizzleFields<T> & string,
  const Omitted extends keyof DrizzleFields<T> & string = never,
>(
  table: T,
  options?: {
    only?: readonly Only[] | undefined;
    omit?: readonly Omitted[] | undefined;
    /** As `drizzle()` is told: how columns without a name of their own are called in the database. */
    casing?: Casing | undefined;
  },
): { [N in Exclude<Only, Omitted>]: DrizzleFields<T>[N] };
/**
 * The same of a model of Prisma, such as `Prisma.dmmf.datamodel.models.find(({ name }) => name === "Customer")`. With the type of its
 * records the names of fields are known to the compiler: `fieldsOf<Customer>(model)`. `enums`: `Prisma.dmmf.datamodel.enums`.
 */
export function fieldsOf<M extends object = Record<string, unknown>>(
  model: PrismaModel,
  options?: FieldsOfOptions<keyof M & string> & { enums?: readonly PrismaEnum[] | undefined },
): PrismaFields<M>;
export function fieldsOf(
  model: object,
  options: FieldsOfOptions<string> & { casing?: Casing | undefined; enums?: readonly PrismaEnum[] | undefined } = {},
): Record<string, Field> {
  const isObject = typeof model === "object" && model !== null;
  const columns = isObject
    ? (drizzleColumns(model, options.casing) ?? prismaColumns(model, options.enums ?? []))
    : null;
  if (columns === null)
    throw new SluiceError(
      "invalid",
      "fieldsOf() takes a table of Drizzle (pgTable), or a model of Prisma, one of Prisma.dmmf.datamodel.models.",
    );
  const names = columns.map(({ name }) => name);
  for (const option of ["only", "omit"] as const)
    for (const name of options[option] ?? []) {
      if (names.includes(name)) continue;
      const near = nearestName(name, names);
      throw new SluiceError(
        "invalid",
        `fieldsOf(): ${option} names "${name}", which is not one of: ${names.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`,
      );
    }
  const fields: Record<string, Field> = {};
  for (const column of columns) {
    const { name, isFilled } = column;
    // What is asked for by its name comes from the file.
    const isWanted = options.only?.includes(name) ?? !isFilled;
    if (!isWanted || options.omit?.includes(name) === true) continue;
    const field = fieldOfColumn(column);
    if (field !== null) fields[name] = field;
  }
  return fields;
}
