/** The makers of fields, and the types that follow from them. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { type FieldValue, field } from "../../src/core/field.ts";

describe("field", () => {
  it("fills in what is not said", () => {
    const common = { required: false, aliases: {}, label: {}, merge: "overwrite" };
    expect(field.email()).toEqual({ kind: "email", ...common });
    expect(field.phone()).toEqual({ kind: "phone", ...common, country: "FR" });
    expect(field.datetime()).toEqual({ kind: "datetime", ...common, timeZone: "UTC" });
    expect(field.choice({ a: ["A"] })).toEqual({ kind: "choice", ...common, values: { a: ["A"] } });
    expect(field.reference({ table: "t", by: ["x"] })).toEqual({
      kind: "reference",
      ...common,
      table: "t",
      by: ["x"],
      id: undefined,
    });
  });

  it("keeps what is said", () => {
    const options = {
      required: true,
      merge: "fill",
      column: "mail",
      aliases: { fr: ["Mél"] },
      label: { en: "Mail" },
    } as const;
    expect(field.email(options)).toEqual({ kind: "email", ...options });
    expect(field.decimal({ min: 0, max: 9, scale: 2 })).toMatchObject({ kind: "decimal", min: 0, max: 9, scale: 2 });
  });

  it("takes limits that are equal", () => {
    expect(field.text({ minLength: 5, maxLength: 5 })).toMatchObject({ minLength: 5, maxLength: 5 });
  });

  it("knows the type of each field's value", () => {
    const fields = {
      count: field.integer(),
      price: field.decimal(),
      vip: field.boolean(),
      stage: field.choice({ open: [], shut: [] }),
      day: field.date(),
      sizes: field.list(field.integer()),
      stages: field.list(field.choice({ open: [], shut: [] })),
    };
    expectTypeOf<FieldValue<typeof fields.count>>().toEqualTypeOf<number>();
    expectTypeOf<FieldValue<typeof fields.price>>().toEqualTypeOf<string>();
    expectTypeOf<FieldValue<typeof fields.vip>>().toEqualTypeOf<boolean>();
    expectTypeOf<FieldValue<typeof fields.stage>>().toEqualTypeOf<"open" | "shut">();
    expectTypeOf<FieldValue<typeof fields.day>>().toEqualTypeOf<string>();
    expectTypeOf<FieldValue<typeof fields.sizes>>().toEqualTypeOf<number[]>();
    expectTypeOf<FieldValue<typeof fields.stages>>().toEqualTypeOf<("open" | "shut")[]>();
    // @ts-expect-error: a merge rule that there is not
    expect(field.text({ merge: "sometimes" }).merge).toBe("sometimes");
  });
});
