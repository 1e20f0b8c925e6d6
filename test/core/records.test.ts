/** Records: what `defineImporter` makes of them, in which order they are written, and what does not compile. */
import { describe, expect, it } from "vitest";
import { type RecordsDefinition, recordPlans } from "../../src/core/definition/record-plans.ts";
import { type Importer, targetColumn, targetFields } from "../../src/core/importer.ts";
import { constant, defineImporter, field, nameOf, now, onCreate, type RecordPlan, ref } from "../../src/index.ts";

const products = {
  name: "products",
  fields: {
    code: field.text({ required: true }),
    brand: field.text(),
    title: field.text({ column: "name" }),
    price: field.decimal({ scale: 2 }),
    warehouse: field.text({ column: "warehouse_code" }),
    stock: field.integer(),
  },
} as const;

const shop = defineImporter({
  ...products,
  records: {
    stock: { table: "stocks", key: [ref("product"), "warehouse"], set: { quantity: "stock" } },
    price: {
      table: "prices",
      key: [ref("product")],
      set: { amount: "price", currency: constant("EUR") },
      versions: { from: "valid_from", to: "valid_to" },
    },
    product: {
      table: "products",
      key: ["code"],
      set: { title: "title", brand_id: ref("brand"), changed: now(), uid: onCreate(() => "x") },
      where: "deleted_at is null",
    },
    brand: { table: "brands", id: "brand_no", key: ["brand"], set: { name: "brand" } },
  },
});

const summary = (plans: readonly RecordPlan[] | undefined) =>
  plans?.map(({ name, isMain, onMatch, keys, columns }) => [
    isMain ? `${name}!` : name,
    onMatch,
    keys.map((parts) => parts.map(({ column }) => column).join(" + ")).join(", "),
    columns.map(({ column }) => column).join(" "),
  ]);

describe("records", () => {
  it("are written in the order of what refers to what, the main one once its parents are there", () => {
    expect(summary(shop.records)).toEqual([
      ["brand", "use", "name", "name"],
      ["product!", "update", "code", "code title brand_id changed uid"],
      ["stock", "update", "product_id + warehouse_code", "product_id warehouse_code quantity"],
      ["price", "update", "product_id", "product_id amount currency"],
    ]);
  });

  it("say each thing once they are planned", () => {
    const [brand, product, , price] = shop.records as RecordPlan[];
    expect(brand).toEqual({
      name: "brand",
      table: "brands",
      id: "brand_no",
      isMain: false,
      keys: [[{ column: "name", source: { kind: "field", field: "brand" } }]],
      columns: [{ column: "name", source: { kind: "field", field: "brand" } }],
      scope: [],
      each: [],
      onMatch: "use",
      onMissing: "create",
      others: "leave",
      where: null,
      versions: null,
      link: null,
      path: null,
      absent: "leave",
      label: undefined,
    });
    expect(product.columns.map(({ source }) => source.kind)).toEqual(["field", "field", "ref", "now", "on_create"]);
    expect([product.where, price.versions]).toEqual(["deleted_at is null", { from: "valid_from", to: "valid_to" }]);
  });

  it("make the main one the importer's target, whose columns are those of its fields", () => {
    expect([shop.target, shop.match]).toEqual([
      { table: "products", id: "id" },
      { keys: ["code"], onDuplicate: "update", where: "deleted_at is null" },
    ]);
    expect(targetFields(shop as Importer)).toEqual([
      ["code", "code"],
      ["title", "title"],
    ]);
    expect(targetColumn(shop as Importer, "price")).toBeNull();
  });

  it("are defined again from an importer that has them", () => {
    expect(defineImporter(shop)).toEqual(shop);
    expect(defineImporter({ ...shop, name: "more" })).toEqual({ ...shop, name: "more" });
    expect(() => defineImporter({ ...shop, target: { table: "others" } })).toThrow(
      "it has both `records` and `target`: each record says its own table and key",
    );
  });

  const f = field.text();
  const list = field.list(field.text());
  const key = ["a"];
  it.each<[what: string, records: RecordsDefinition["records"], main: string | null, order: string]>([
    ["the only one", { a: { table: "t", key } }, "a", "a"],
    ["one without a key", { a: { table: "t" } }, "a", "a"],
    [
      "the one with a key before the one without",
      { log: { table: "l", set: { a: "a", t_id: ref("a") } }, a: { table: "t", key, set: { b: "b" } } },
      "a",
      "a log",
    ],
    [
      "the one that refers to the other",
      { company: { table: "c", key }, person: { table: "p", key: ["b"], set: { company_id: ref("company") } } },
      "person",
      "company person",
    ],
    [
      "none that is only a name to refer to",
      {
        ring: { table: "rings", key },
        item: { table: "items", each: "list", set: { ring_id: ref("ring"), n: "list" } },
      },
      null,
      "ring item",
    ],
    [
      "a name to refer to that is said to change",
      {
        ring: { table: "rings", key, onMatch: "update" },
        item: { table: "items", each: "list", set: { ring_id: ref("ring"), n: "list" } },
      },
      "ring",
      "ring item",
    ],
    [
      "the first of two that know nothing of one another",
      { one: { table: "t", key }, two: { table: "u", key } },
      "one",
      "two one",
    ],
    ["none that is only used", { a: { table: "t", key, onMatch: "use" }, b: { table: "u", key } }, "b", "a b"],
    ["none without an id", { a: { table: "t", key, id: null }, b: { table: "u", key } }, "b", "a b"],
    [
      "none where a row makes several",
      {
        page: { table: "pages", each: "list", key: ["list"], set: { year: "list" } },
        item: { table: "items", each: ["list"], set: { page_id: ref("page"), name: "a" } },
      },
      null,
      "page item",
    ],
    [
      "none that is everybody's",
      { a: { table: "t", key, shared: true }, b: { table: "u", key: [ref("a")] } },
      null,
      "a b",
    ],
    [
      "none whose context is called otherwise than the importer's",
      { a: { table: "t", key, context: { tenant: "org" } }, b: { table: "u", key, context: ["tenant"] } },
      "b",
      "a b",
    ],
  ])("takes for the main one %s", (_, records, main, order) => {
    const plans = recordPlans({ fields: { a: f, b: f, list }, context: { tenant: { column: "tenant_id" } }, records });
    expect(plans.find(({ isMain }) => isMain)?.name ?? null).toBe(main);
    expect(plans.map(({ name }) => name).join(" ")).toBe(order);
  });

  it("have the columns of the context, unless they are told otherwise", () => {
    const plans = recordPlans({
      fields: { a: f },
      context: { tenant: { column: "tenant_id" }, dealer: {} },
      records: {
        all: { table: "t", key },
        some: { table: "t", key, context: ["tenant"] },
        own: { table: "t", key, context: { dealer: "dealer_no" } },
        below: { table: "t", key: [ref("all")], context: [] },
        shared: { table: "t", key, shared: true },
      },
    });
    expect(Object.fromEntries(plans.map(({ name, scope }) => [name, scope.map(({ column }) => column)]))).toEqual({
      all: ["tenant_id", "dealer"],
      some: ["tenant_id"],
      own: ["dealer_no"],
      below: [],
      shared: [],
    });
  });

  it("know links, paths and lists", () => {
    const plans = recordPlans({
      fields: { code: f, tags: list, path: f, stock: list },
      records: {
        product: { table: "products", key: ["code"], onMatch: "update" },
        tag: {
          table: "tags",
          each: "tags",
          key: ["tags"],
          set: { name: "tags" },
          link: { table: "product_tags", from: ref("product") },
        },
        category: {
          table: "categories",
          key: ["path"],
          set: { name: "path" },
          path: { separator: ">", parent: "parent_id" },
        },
        stock: {
          table: "stocks",
          each: "stock",
          key: [ref("product"), nameOf("stock")],
          set: { place: nameOf("stock"), n: "stock" },
        },
      },
    });
    expect(plans.map(({ name, each, link, path }) => ({ name, each, link, path }))).toEqual([
      { name: "category", each: [], link: null, path: { field: "path", separator: ">", parent: "parent_id" } },
      { name: "product", each: [], link: null, path: null },
      {
        name: "tag",
        each: ["tags"],
        link: { table: "product_tags", from: "product", column: "product_id", to: "tag_id" },
        path: null,
      },
      { name: "stock", each: ["stock"], link: null, path: null },
    ]);
    expect(plans[3].keys).toEqual([
      [
        { column: "product_id", source: { kind: "ref", record: "product" } },
        { column: "place", source: { kind: "name_of", field: "stock" } },
      ],
    ]);
  });

  it("do not compile with the name of no field and no record", () => {
    const wrong = (define: () => unknown): void => expect(define).toThrow(expect.objectContaining({ code: "invalid" }));
    // @ts-expect-error: "cod" is no field
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["cod"] } } }));
    // @ts-expect-error: "cod" is no field
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["code"], set: { code: "cod" } } } }));
    // @ts-expect-error: "cod" is no field
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", keys: ["code", ["title", "cod"]] } } }));
    // @ts-expect-error: "b" is no record
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: [ref("b")] } } }));
    // @ts-expect-error: "b" is no record
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["code"], set: { x: ref("b") } } } }));
    const link = { table: "l", from: ref("b") };
    // @ts-expect-error: "b" is no record
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["code"], link } } }));
    // @ts-expect-error: "code" is no list
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["code"], each: "code" } } }));
    const listed = { ...products.fields, tags: field.list(field.text()) };
    const tag = { table: "tags", key: ["tags"], each: "tags" } as const;
    // @ts-expect-error: "code" is no list, and "tags" is one
    wrong(() => defineImporter({ name: "x", fields: listed, records: { tag: { ...tag, each: ["tags", "code"] } } }));
    // @ts-expect-error: "cod" is no field
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: [nameOf("cod")] } } }));
    // @ts-expect-error: there is no option "sett"
    wrong(() => defineImporter({ ...products, records: { a: { table: "t", key: ["code"], sett: {} } } }));
    // @ts-expect-error: neither a target nor records
    wrong(() => defineImporter({ ...products }));
  });
});
