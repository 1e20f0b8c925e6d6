/** defineImporter(): what it fills in, what it refuses, and what does not compile. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { type Field, field } from "../../src/core/field.ts";
import { atLeastOne, type ImporterDefinition, targetColumn } from "../../src/core/importer.ts";

const fields = { email: field.email({ column: "mail" }), name: field.text() };
const target = { table: "people" };

describe("defineImporter", () => {
  it("fills in what is not said", () => {
    const { match, target: filled } = defineImporter({ name: "people", fields, target });
    expect([match, filled]).toEqual([
      { keys: [], onDuplicate: "skip" },
      { table: "people", id: "id" },
    ]);
  });

  it("keeps what is said", () => {
    const own = { table: "crm.people", id: "uid", job: "job_id", updatedAt: "changed" };
    const importer = defineImporter({
      name: "people-2",
      fields,
      match: { keys: ["email"], onDuplicate: "update" },
      target: own,
    });
    expect([importer.match, importer.target, importer.fields]).toEqual([
      { keys: ["email"], onDuplicate: "update" },
      own,
      fields,
    ]);
  });

  type Loose = Partial<ImporterDefinition<Record<string, Field>>>;
  const tenant: Loose = { context: { tenant_id: { type: "integer" } } };
  const reference = (more: Partial<Parameters<typeof field.reference>[0]>) =>
    field.reference({ table: "companies", by: ["name"], ...more });
  const f = field.text();
  it.each<[string, Loose, RegExp]>([
    ["a name with capitals", { name: "People" }, /"People": the name must be lower case/],
    ["a name that begins with a digit", { name: "1st" }, /the name must be/],
    ["an empty name", { name: "" }, /the name must be/],
    ["no fields", { fields: {} }, /has no fields/],
    ["a field name with a dash", { fields: { "e-mail": f } }, /field name "e-mail" cannot be used/],
    ["a field name of 56 letters", { fields: { ["a".repeat(56)]: f } }, /at most 55/],
    ["a field name of the stage's own", { fields: { row_no: f } }, /field name "row_no" cannot be used/],
    [
      "a field named as an object's own members",
      { fields: { ["__proto__"]: f } },
      /field name "__proto__" cannot be used/,
    ],
    [
      "two fields of one column",
      { fields: { a: field.text({ column: "b" }), b: f } },
      /fields\.a and fields\.b both go to the column "b"/,
    ],
    ["a key that is no field", { match: { keys: ["nope"] } }, /match\.keys names "nope", which is not one of: a/],
    ["a key of Object's", { match: { keys: ["constructor"] } }, /match\.keys names "constructor"/],
    ["a check on what is no field", { checks: [atLeastOne("a", "nope")] }, /checks names "nope"/],
    ["a context value that is a field", { context: { a: {} } }, /context value "a"/],
    ["a context value with a dash", { context: { "tenant-id": {} } }, /context value "tenant-id"/],
    [
      "a reference that is bounded by no context",
      { ...tenant, fields: { a: f, company: reference({}) } },
      /field "company" looks into companies without its context \(tenant_id\).*context: \["tenant_id"\].*context: \{ tenant_id: "COLUMN" \}.*shared: true/,
    ],
    [
      "a reference with an empty context",
      { ...tenant, fields: { a: reference({ context: [] }) } },
      /without its context/,
    ],
    [
      "owners that are bounded by no context",
      { ...tenant, assign: { column: "owner", table: "people", by: ["mail"] } },
      /assign looks into people without its context/,
    ],
    [
      "a reference bounded by what is no context value",
      { ...tenant, fields: { a: reference({ context: ["org"] }) } },
      /field "a" names the context value "org"/,
    ],
    [
      "a map from what is no context value",
      { fields: { a: reference({ context: { tenant_id: "org_id" } }) } },
      /field "a" names the context value "tenant_id"/,
    ],
    [
      "a map to no column",
      { ...tenant, fields: { a: reference({ context: { tenant_id: "" } }) } },
      /must name the column that has "tenant_id"/,
    ],
    [
      "a reference that is bounded and everybody's",
      { ...tenant, fields: { a: reference({ context: ["tenant_id"], shared: true }) } },
      /both `context` and `shared`/,
    ],
  ])("refuses %s", (_, wrong, message) => {
    expect(() => defineImporter({ name: "people", fields: { a: f }, target, ...wrong })).toThrow(message);
    expect(() => defineImporter({ name: "people", fields: { a: f }, target, ...wrong })).toThrow(
      expect.objectContaining({ code: "invalid" }),
    );
  });

  it.each<[string, Loose]>([
    ["names of columns", { ...tenant, fields: { a: reference({ context: ["tenant_id"] }) } }],
    ["a map to columns", { ...tenant, fields: { a: reference({ context: { tenant_id: "org_id" } }) } }],
    ["everybody's", { ...tenant, fields: { a: reference({ shared: true }) } }],
    ["no context at all", { fields: { a: reference({}) } }],
    [
      "owners",
      { ...tenant, assign: { column: "owner", table: "people", by: ["mail"], context: { tenant_id: "org_id" } } },
    ],
  ])("takes a reference whose table is bounded by %s", (_, definition) => {
    expect(defineImporter({ name: "people", fields: { a: f }, target, ...definition }).name).toBe("people");
  });

  it("does not compile with the name of no field", () => {
    // @ts-expect-error: "mail" is no field
    expect(() => defineImporter({ name: "people", fields, match: { keys: ["mail"] }, target })).toThrow("mail");
    // @ts-expect-error: "mail" is no field
    expect(() => defineImporter({ name: "people", fields, match: { keys: [["email", "mail"]] }, target })).toThrow(
      "mail",
    );
    // @ts-expect-error: "phone" is no field
    expect(() => defineImporter({ name: "people", fields, checks: [atLeastOne("email", "phone")], target })).toThrow(
      "phone",
    );
  });

  it("gives a check the row's types", () => {
    const importer = defineImporter({
      name: "sales",
      fields: { count: field.integer(), stage: field.choice({ open: [], shut: [] }), day: field.date() },
      checks: [
        (row) => {
          expectTypeOf(row.count).toEqualTypeOf<number | null>();
          expectTypeOf(row.stage).toEqualTypeOf<"open" | "shut" | null>();
          expectTypeOf(row.day).toEqualTypeOf<string | null>();
          // @ts-expect-error: no such field
          expect(row.nope).toBeUndefined();
          return null;
        },
      ],
      target,
    });
    const [check] = importer.checks ?? [];
    expect(typeof check === "function" && check({ count: 1, stage: "open", day: null })).toBeNull();
  });
});

describe("targetColumn", () => {
  it("is the field's own column, else its name", () => {
    const importer = defineImporter({ name: "people", fields, target });
    expect([targetColumn(importer, "email"), targetColumn(importer, "name")]).toEqual(["mail", "name"]);
  });
});

describe("values that the definition makes", () => {
  it("see the row by type, where the importer says them", () => {
    const fields = { starts: field.date(), ends: field.date(), count: field.integer() };
    const target = { table: "t" };
    const made = defineImporter({
      name: "made",
      fields,
      defaults: { ends: (row) => row.starts, count: 1 },
      target,
    });
    expect(made.fields.count.default).toBe(1);
    expect({ ...made }).not.toHaveProperty("defaults");
    // @ts-expect-error there is no such field
    expect(() => defineImporter({ name: "made", fields, defaults: { end: () => null }, target })).toThrow("defaults");
    // @ts-expect-error a number is no day
    defineImporter({ name: "made", fields, derive: { ends: (row) => row.count }, target });
    // @ts-expect-error the row has no such field
    defineImporter({ name: "made", fields, derive: { ends: (row) => row.begins }, target });
  });

  it("take a row that is annotated, where the field says them", () => {
    const made = field.text({ derive: (row: { a: string | null }) => row.a?.toUpperCase() });
    expect(made.derive?.({ a: "x" })).toBe("X");
  });
});
