/**
 * Fields that are read from the tables of an ORM. Neither is among the packages here: a table has what drizzle-orm 0.45 gives one when
 * it runs and to the compiler, a model what Prisma's DMMF has.
 */
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Field, FieldKind } from "../../src/core/field.ts";
import { defineImporter, field, fieldsOf } from "../../src/index.ts";

type Said = { type: string; columnType: string } & Record<string, unknown>;

function columnOf(name: string, { type, ...said }: Said): object {
  const plain = { name, keyAsName: false, primary: false, notNull: false, hasDefault: false, enumValues: undefined };
  return { ...plain, ...said, getSQLType: () => type };
}

/** As `PgColumn` declares it. */
interface Column<C extends string, D, More = object> {
  readonly _: Omit<
    {
      data: D;
      columnType: C;
      hasDefault: false;
      isPrimaryKey: false;
      enumValues: undefined;
      generated: undefined;
      identity: undefined;
    },
    keyof More
  > &
    More;
}
interface Columns {
  id: Column<"PgUUID", string, { hasDefault: true; isPrimaryKey: true }>;
  email: Column<"PgVarchar", string, { enumValues: [string, ...string[]] }>;
  fullName: Column<"PgText", string, { enumValues: [string, ...string[]] }>;
  visits: Column<"PgInteger", number, { hasDefault: true }>;
  balance: Column<"PgNumeric", string>;
  born: Column<"PgDateString", string>;
  seen: Column<"PgTimestamp", Date>;
  opens: Column<"PgTime", string>;
  active: Column<"PgBoolean", boolean>;
  stage: Column<"PgEnumColumn", "new" | "won", { enumValues: ["new", "won"] }>;
  tags: Column<"PgArray", string[]>;
  token: Column<"PgUUID", string>;
  extra: Column<"PgJsonb", unknown>;
  slug: Column<"PgText", string, { generated: { type: "always" } }>;
  number: Column<"PgInteger", number, { hasDefault: true; identity: "always" }>;
  mail: Column<"PgCustomColumn", string>;
  updatedAt: Column<"PgTimestamp", Date, { hasDefault: true }>;
}
const columns: Record<keyof Columns, Said> = {
  id: { type: "uuid", columnType: "PgUUID", primary: true, notNull: true, hasDefault: true },
  email: { type: "varchar(90)", columnType: "PgVarchar", notNull: true },
  fullName: { type: "text", columnType: "PgText", name: "full_name" },
  visits: { type: "integer", columnType: "PgInteger", notNull: true, hasDefault: true },
  balance: { type: "numeric(10, 2)", columnType: "PgNumeric" },
  born: { type: "date", columnType: "PgDateString" },
  seen: { type: "timestamp with time zone", columnType: "PgTimestamp" },
  opens: { type: "time", columnType: "PgTime" },
  active: { type: "boolean", columnType: "PgBoolean" },
  stage: { type: "stage", columnType: "PgEnumColumn", enumValues: ["new", "won"] },
  tags: { type: "text[]", columnType: "PgArray", baseColumn: columnOf("tags", { type: "text", columnType: "PgText" }) },
  token: { type: "uuid", columnType: "PgUUID", notNull: true },
  extra: { type: "jsonb", columnType: "PgJsonb" },
  slug: { type: "text", columnType: "PgText", generated: { type: "always" } },
  number: { type: "integer", columnType: "PgInteger", hasDefault: true, generatedIdentity: { type: "always" } },
  mail: { type: "citext", columnType: "PgCustomColumn", keyAsName: true },
  updatedAt: { type: "timestamp", columnType: "PgTimestamp", hasDefault: true, onUpdateFn: () => new Date() },
};
const customers = {
  [Symbol.for("drizzle:Columns")]: Object.fromEntries(
    Object.entries(columns).map(([name, said]) => [name, columnOf(name, said)]),
  ),
} as unknown as { readonly _: { readonly columns: Columns } };

/** What of a field is not as it always is. */
const told = (fields: Readonly<Record<string, Field>>) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { aliases: _, label: __, merge: ___, required, ...more }]) => [
      name,
      { ...more, ...(required && { required }) },
    ]),
  );

const expected = {
  email: { kind: "text", maxLength: 90, required: true },
  fullName: { kind: "text", column: "full_name" },
  visits: { kind: "integer", min: -2_147_483_648, max: 2_147_483_647 },
  balance: { kind: "decimal", scale: 2, min: -99_999_999.99, max: 99_999_999.99 },
  born: { kind: "date" },
  seen: { kind: "datetime", timeZone: "UTC" },
  opens: { kind: "time" },
  active: { kind: "boolean" },
  stage: { kind: "choice", values: { new: [], won: [] } },
  tags: { kind: "list", max: 1000, element: field.text() },
  token: { kind: "uuid", required: true },
  mail: { kind: "text" },
};

describe("fieldsOf a table of Drizzle", () => {
  it("has a field for what a file can fill", () => {
    expect(told(fieldsOf(customers))).toEqual(expected);
  });

  it("is known to the compiler", () => {
    const fields = fieldsOf(customers);
    type Kinds = { [N in keyof typeof fields]: (typeof fields)[N]["kind"] };
    expectTypeOf<Kinds>().toEqualTypeOf<{
      email: "text";
      fullName: "text";
      visits: "integer";
      balance: "decimal";
      born: "date";
      seen: "datetime";
      opens: "time";
      active: "boolean";
      stage: "choice";
      tags: "list";
      token: "uuid";
      mail: "text";
    }>();
    expectTypeOf<keyof (typeof fields)["stage"]["values"]>().toEqualTypeOf<"new" | "won">();
  });

  it("leaves out, or has alone, what it is told, and calls columns as the database does", () => {
    expect(Object.keys(fieldsOf(customers, { only: ["email", "stage"] }))).toEqual(["email", "stage"]);
    const { mail, ...others } = fieldsOf(customers, { omit: ["tags", "fullName"], casing: "snake_case" });
    expect(Object.keys(others)).toEqual(
      Object.keys(expected).filter((name) => !["tags", "fullName", "mail"].includes(name)),
    );
    expect(mail.column).toBeUndefined();
  });

  it("makes an importer whose names are checked", () => {
    const fields = { ...fieldsOf(customers), email: field.email({ required: true }) };
    const target = { table: "customers" };
    expect(defineImporter({ name: "customers", fields, match: { keys: ["email"] }, target }).fields.email.kind).toBe(
      "email",
    );
    // @ts-expect-error: "slug" is generated
    expect(() => defineImporter({ name: "customers", fields, match: { keys: ["slug"] }, target })).toThrow("slug");
  });

  it.each<[wrong: unknown, options: object, sentence: RegExp]>([
    [{ name: "customers" }, {}, /^fieldsOf\(\) takes a table of Drizzle \(pgTable\), or a model of Prisma/],
    [undefined, {}, /^fieldsOf\(\) takes a table of Drizzle/],
    [
      customers,
      { omit: ["fulName"] },
      /^fieldsOf\(\): omit names "fulName", which is not one of: .* Did you mean "fullName"\?$/,
    ],
    [customers, { only: ["x"] }, /^fieldsOf\(\): only names "x"/],
  ])("refuses %j with %j", (wrong, options, sentence) => {
    expect(() => fieldsOf(wrong as never, options)).toThrow(sentence);
  });
});

describe("fieldsOf a model of Prisma", () => {
  interface Student {
    id: string;
    firstName: string;
    score: number | null;
    born: Date | null;
    level: "JUNIOR" | "SENIOR";
    roles: string[];
  }
  const scalar = (name: string, type: string, more: object = {}) => ({
    name,
    kind: "scalar",
    type,
    isList: false,
    ...more,
  });
  const student = {
    name: "Student",
    fields: [
      scalar("id", "String", { isId: true, isRequired: true, hasDefaultValue: true, nativeType: ["Uuid", []] }),
      scalar("firstName", "String", { dbName: "first_name", isRequired: true, nativeType: ["VarChar", ["80"]] }),
      scalar("score", "Decimal", { nativeType: ["Decimal", ["5", "1"]] }),
      scalar("born", "DateTime", { nativeType: ["Date", []] }),
      scalar("visits", "BigInt", { isRequired: true, hasDefaultValue: true }),
      scalar("rate", "Float"),
      scalar("roles", "String", { isList: true, isRequired: true }),
      scalar("extra", "Json"),
      scalar("createdAt", "DateTime", { isRequired: true, hasDefaultValue: true }),
      scalar("updatedAt", "DateTime", { isRequired: true, isUpdatedAt: true }),
      { name: "level", kind: "enum", type: "Level", isRequired: true },
      { name: "classes", kind: "object", type: "Class", isList: true, isRequired: true },
    ],
  };
  const enums = [
    {
      name: "Level",
      values: [
        { name: "JUNIOR", dbName: "junior" },
        { name: "SENIOR", dbName: null },
      ],
    },
  ];

  it("has a field for what a file can fill", () => {
    expect(told(fieldsOf(student, { enums }) as Record<string, Field>)).toEqual({
      firstName: { kind: "text", column: "first_name", maxLength: 80, required: true },
      score: { kind: "decimal", scale: 1, min: -9999.9, max: 9999.9 },
      born: { kind: "date" },
      visits: { kind: "integer" },
      rate: { kind: "decimal" },
      roles: { kind: "list", max: 1000, element: field.text() },
      level: { kind: "choice", values: { junior: [], SENIOR: [] }, required: true },
    });
  });

  it("is known to the compiler by the type of its records", () => {
    const fields = fieldsOf<Student>(student, { enums });
    expectTypeOf<(typeof fields)["level"]["kind"]>().toEqualTypeOf<"choice">();
    expectTypeOf<(typeof fields)["score"]["kind"]>().toEqualTypeOf<"integer" | "decimal">();
    expectTypeOf<(typeof fields)["roles"]["kind"]>().toEqualTypeOf<FieldKind>();
    expect(
      defineImporter({ name: "s", fields, match: { keys: ["firstName"] }, target: { table: "s" } }).match.keys,
    ).toEqual(["firstName"]);
    // @ts-expect-error: no field of the model
    expect(() => defineImporter({ name: "s", fields, match: { keys: ["name"] }, target: { table: "s" } })).toThrow(
      "name",
    );
  });
});
