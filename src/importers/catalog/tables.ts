/** The tables that the catalogue's importers ship: created where absent, else checked column by column. */
import type { TableDefinition } from "../../core/importer.ts";
import { adminsAlone, readAndWrite, type TableAccess } from "../../core/table-access.ts";

/** A catalogue is there to be read. */
const published: TableAccess = readAndWrite(["signed_in"], ["admins"]);

export const dealerTables: readonly TableDefinition[] = [
  {
    name: "dealers",
    columns: {
      id: "bigint",
      code: "text",
      name: "text",
      email: "text",
      phone: "text",
      address: "text",
      region: "text",
      discount: "numeric(5,2)",
      created_at: "timestamp with time zone",
      updated_at: "timestamp with time zone",
    },
    create: [
      `create table dealers (
         id bigint generated always as identity primary key,
         code text not null,
         name text not null,
         email text,
         phone text,
         address text,
         region text,
         discount numeric(5, 2),
         created_at timestamptz not null default now(),
         updated_at timestamptz not null default now()
       )`,
      "create unique index dealers_code_key on dealers (lower(code))",
    ],
    // Their discounts are nobody else's business.
    access: adminsAlone,
  },
];

/** Known by their names, whatever the case. */
function named(name: string): TableDefinition {
  return {
    name,
    columns: { id: "bigint", name: "text" },
    create: [
      `create table ${name} (id bigint generated always as identity primary key, name text not null)`,
      `create unique index ${name}_name_key on ${name} (lower(name))`,
    ],
    access: published,
  };
}

/** The version that holds has no end; there is one of each. */
const validity = {
  columns: { valid_from: "timestamp with time zone", valid_to: "timestamp with time zone" },
  ddl: `valid_from timestamptz not null default now(),
         valid_to timestamptz,
         check (valid_to >= valid_from)`,
};

export const productTables: readonly TableDefinition[] = [
  named("brands"),
  named("categories"),
  {
    name: "products",
    columns: {
      id: "bigint",
      code: "text",
      name: "text",
      description: "text",
      unit: "text",
      brand_id: "bigint",
      category_id: "bigint",
      active: "boolean",
      created_at: "timestamp with time zone",
      updated_at: "timestamp with time zone",
    },
    create: [
      `create table products (
         id bigint generated always as identity primary key,
         code text not null,
         name text,
         description text,
         unit text,
         brand_id bigint references brands (id),
         category_id bigint references categories (id),
         active boolean not null default true,
         created_at timestamptz not null default now(),
         updated_at timestamptz not null default now()
       )`,
      "create unique index products_code_key on products (lower(code))",
      "create index products_brand_idx on products (brand_id)",
      "create index products_category_idx on products (category_id)",
    ],
    access: published,
  },
  {
    name: "product_prices",
    columns: {
      id: "bigint",
      product_id: "bigint",
      amount: "numeric(18,4)",
      currency: "text",
      ...validity.columns,
    },
    create: [
      `create table product_prices (
         id bigint generated always as identity primary key,
         product_id bigint not null references products (id) on delete cascade,
         -- Null: on request.
         amount numeric(18, 4),
         currency text,
         ${validity.ddl}
       )`,
      "create unique index product_prices_current_key on product_prices (product_id) where valid_to is null",
      "create index product_prices_product_idx on product_prices (product_id, valid_from)",
    ],
    access: published,
  },
  {
    name: "product_stocks",
    columns: {
      id: "bigint",
      product_id: "bigint",
      warehouse: "text",
      quantity: "numeric(18,3)",
      ...validity.columns,
    },
    create: [
      `create table product_stocks (
         id bigint generated always as identity primary key,
         product_id bigint not null references products (id) on delete cascade,
         warehouse text not null,
         quantity numeric(18, 3) not null,
         ${validity.ddl}
       )`,
      "create unique index product_stocks_current_key on product_stocks (product_id, warehouse) where valid_to is null",
      "create index product_stocks_product_idx on product_stocks (product_id, valid_from)",
    ],
    access: published,
  },
];
