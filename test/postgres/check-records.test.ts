/** What `sluice check` says of an importer whose rows make records in several tables. */
import { expect, it } from "vitest";
import { constant, defineImporter, field, now, ref } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";

// A definition of any records.
// biome-ignore lint/suspicious/noExplicitAny: what each case changes is checked when it runs
type Anything = any;

const fields = {
  code: field.text({ required: true }),
  brand: field.text(),
  price: field.decimal({ scale: 2 }),
  category: field.text(),
};
const records = {
  brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
  category: {
    table: "categories",
    key: ["category"],
    set: { name: "category" },
    path: { separator: ">", parent: "parent_id" },
    link: { table: "product_categories", from: ref("product") },
  },
  product: { table: "products", key: ["code"], set: { brand_id: ref("brand") } },
  price: {
    table: "prices",
    key: [ref("product")],
    set: { amount: "price" },
    versions: { from: "valid_from", to: "valid_to" },
  },
} as const;

const ddl = {
  brands: "create table brands (id bigserial primary key, name text not null unique)",
  categories:
    "create table categories (id serial primary key, name text, parent_id integer references categories, unique (parent_id, name))",
  products:
    "create table products (id uuid primary key default gen_random_uuid(), code text not null unique, brand_id bigint references brands)",
  prices:
    "create table prices (id serial primary key, product_id uuid not null references products, amount numeric(9, 2), valid_from timestamptz not null, valid_to timestamptz); create unique index on prices (product_id) where valid_to is null",
  links:
    "create table product_categories (product_id uuid references products on delete cascade, category_id integer references categories, primary key (product_id, category_id))",
  indexes:
    "create index on products (brand_id); create index on categories (parent_id); create index on product_categories (category_id); create index on prices (product_id)",
};

const fits = [
  "ok",
  "the tables public.brands, public.products, public.categories, public.prices have every column the importer fills",
];

const cases: [what: string, tables: Partial<typeof ddl>, more: Anything, findings: [string, RegExp | string][]][] = [
  ["that all is well", {}, {}, [fits as [string, string]]],
  [
    "a table that is not there",
    {
      brands: "create table brand (id bigint)",
      products:
        "create table products (id uuid primary key default gen_random_uuid(), code text not null unique, brand_id bigint)",
    },
    {},
    [["error", /^There is no table brands in the database/]],
  ],
  [
    "a column that is not there",
    {},
    { records: { ...records, brand: { ...records.brand, set: { title: "brand" } } } },
    [
      [
        "error",
        'The table public.brands has no column title, which the record "brand" of the importer "shop" fills. Add it, or name another column in the record.',
      ],
      [
        "error",
        'public.brands.name must not be null and has no default, but the record "brand" of the importer "shop" does not fill it. Say it in the record\'s `set`, or, where the database fills it, in its `filledByDatabase`.',
      ],
    ],
  ],
  [
    "an id that is not there",
    {},
    { records: { ...records, brand: { ...records.brand, id: "no" } } },
    [
      [
        "error",
        /^The table public\.brands has no column no, the id of the record "brand" of the importer "shop"\. Set the record's `id`/,
      ],
    ],
  ],
  [
    "what nothing fills",
    { brands: "create table brands (id bigserial primary key, name text not null unique, country text not null)" },
    {},
    [["error", /^public\.brands\.country must not be null and has no default/]],
  ],
  [
    "that the database fills what it is said to fill",
    { brands: "create table brands (id bigserial primary key, name text not null unique, country text not null)" },
    { records: { ...records, brand: { ...records.brand, filledByDatabase: ["country"] } } },
    [fits as [string, string]],
  ],
  [
    "a column that the database does not fill",
    {},
    { records: { ...records, brand: { ...records.brand, filledByDatabase: ["country"] } } },
    [["error", /^The table public\.brands has no column country, which the record "brand"/]],
  ],
  [
    "a field that its column does not take",
    { prices: ddl.prices.replace("numeric(9, 2)", "date") },
    {},
    [
      [
        "error",
        /^The field "price" of the importer "shop" is of kind decimal, which does not fit public\.prices\.amount of type date/,
      ],
    ],
  ],
  [
    "a reference of another type",
    { prices: ddl.prices.replace("uuid not null references products", "bigint not null") },
    {},
    [
      [
        "error",
        'The record "price" of the importer "shop" stores ref("product") in public.prices.product_id of type bigint, which cannot hold it. Name another column.',
      ],
    ],
  ],
  [
    "constants and times that do not fit",
    { brands: ddl.brands.replace(")", ", rank integer, seen boolean)") },
    {
      records: { ...records, brand: { ...records.brand, set: { name: "brand", rank: constant("high"), seen: now() } } },
    },
    [
      [
        "error",
        /^The record "brand" of the importer "shop" stores constant\("high"\) in public\.brands\.rank of type integer/,
      ],
      ["error", /^The record "brand" of the importer "shop" stores now\(\) in public\.brands\.seen of type boolean/],
    ],
  ],
  [
    "versions that are no times",
    {
      prices: ddl.prices
        .replace("valid_from timestamptz", "valid_from date")
        .replace("valid_to timestamptz", "valid_to timestamptz not null"),
    },
    {},
    [
      [
        "error",
        /^`versions` of the record "price" of the importer "shop" needs columns of type timestamptz, and public\.prices\.valid_from is date/,
      ],
      ["error", /^public\.prices\.valid_to must not be null, but the current version of the record "price"/],
    ],
  ],
  [
    "a tree that has no top",
    { categories: ddl.categories.replace("parent_id integer", "parent_id integer not null") },
    {},
    [
      [
        "error",
        /^public\.categories\.parent_id must not be null, but the first step of a path of the record "category"/,
      ],
    ],
  ],
  [
    "a table of links that is not there",
    { links: "select", indexes: ddl.indexes.replace(/create index on product_cat[^;]*;/, "") },
    {},
    [
      [
        "error",
        'The database has no table product_categories, which links the record "category" of the importer "shop" to "product". Create it, or name another.',
      ],
    ],
  ],
  [
    "links with more than two ends",
    {
      links: ddl.links
        .replace("primary key", "rank integer not null, primary key")
        .replace("uuid references products on delete cascade", "bigint"),
    },
    {},
    [
      [
        "error",
        /^The record "category" of the importer "shop" stores ref\("product"\) in public\.product_categories\.product_id of type bigint/,
      ],
      ["error", /^public\.product_categories\.rank must not be null and has no default/],
    ],
  ],
  [
    "links with a tenant of their own, of another type",
    { links: ddl.links.replace("primary key", "tenant bigint not null, primary key") },
    {
      context: { tenant: { type: "uuid" } },
      records: {
        brand: { ...records.brand, shared: true },
        category: { ...records.category, shared: true },
        product: { ...records.product, shared: true },
        price: { ...records.price, context: [] },
      },
    },
    [
      [
        "error",
        'The context value "tenant" of the importer "shop" is of type uuid, and public.product_categories.tenant is bigint. Set its `type`: text, uuid, bigint or integer.',
      ],
    ],
  ],
  [
    "a condition that is none",
    {},
    { records: { ...records, brand: { ...records.brand, where: "delted_at is null" } } },
    [
      [
        "error",
        /^`records\.brand\.where` of the importer "shop" is not a condition on a record of public\.brands: column "delted_at"/,
      ],
    ],
  ],
  [
    "keys without an index",
    {
      brands: "create table brands (id bigserial primary key, name text not null)",
      links: ddl.links.replace(", primary key (product_id, category_id)", ""),
    },
    {},
    [
      fits as [string, string],
      [
        "warning",
        'no index on public.brands (name): the record "brand" is found by reading the whole table. Run: create unique index on public.brands (lower(name))',
      ],
      ["warning", /^no index on public\.product_categories\.product_id, a foreign key to public\.products/],
      ["warning", /^no unique index on public\.product_categories \(product_id, category_id\): /],
    ],
  ],
  [
    "an index over closed versions too",
    {
      prices: ddl.prices.replace(
        "unique index on prices (product_id) where valid_to is null",
        "index on prices (product_id)",
      ),
    },
    {},
    [
      fits as [string, string],
      [
        "warning",
        /^no unique index on public\.prices \(product_id\): .* Run: create unique index on public\.prices \(product_id\) where valid_to is null$/,
      ],
    ],
  ],
];

it.each(cases)("says %s", async (_, tables, more, findings) => {
  const { database } = await freshDatabase();
  for (const statements of Object.values({ ...ddl, ...tables }))
    for (const statement of statements.split("; ")) await database.query(sql`${sql.raw(statement)}`);
  const said = await checkImporter(database, defineImporter({ name: "shop", fields, records, ...more } as Anything));
  expect(said.map(({ level, message }) => [level, message])).toEqual(
    findings.map(([level, message]) => [level, typeof message === "string" ? message : expect.stringMatching(message)]),
  );
});

it("keeps ids of other tenants out of what the match does not look through", async () => {
  const { database } = await freshDatabase();
  for (const statement of [
    "create table products (id serial primary key, code text, tenant_id bigint, unique (tenant_id, code))",
    "create table warehouses (id serial primary key, tenant_id bigint)",
    "create table stocks (id serial primary key, product_id integer references products, warehouse_id integer references warehouses, unique (product_id, warehouse_id))",
    "create index on stocks (warehouse_id)",
  ])
    await database.query(sql`${sql.raw(statement)}`);
  const importer = (warehouse: ReturnType<typeof field.integer>) =>
    defineImporter({
      name: "shop",
      context: { tenant_id: { type: "bigint" } },
      fields: { code: field.text(), warehouse },
      records: {
        product: { table: "products", key: ["code"], onMatch: "update" },
        stock: { table: "stocks", key: [ref("product"), "warehouse"], set: { warehouse_id: "warehouse" }, context: [] },
      },
    });
  const levels = async (warehouse: ReturnType<typeof field.integer>) =>
    (await checkImporter(database, importer(warehouse))).map(({ level, message }) => [level, message.slice(0, 72)]);
  expect(await levels(field.integer({ shared: true }))).toEqual([
    ["ok", "the tables public.products, public.stocks have every column the importer"],
  ]);
  expect(await levels(field.integer())).toEqual([
    ["error", 'The field "warehouse" of the importer "shop" holds ids of public.warehou'],
  ]);
});
