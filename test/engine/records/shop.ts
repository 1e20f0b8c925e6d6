/** A shop whose rows make several records: a brand, a product, its price in versions, a stock without an id, linked tags. */
import { defineImporter, field, ref } from "../../../src/index.ts";
import { noteWriter } from "../../../src/postgres/commit/record-writers.ts";
import { clusterOf } from "../../../src/postgres/connection/cluster.ts";
import { sql } from "../../../src/postgres/connection/session.ts";
import type { OpenEngine } from "../../open-engine.ts";

export const shop = defineImporter({
  name: "shop",
  fields: {
    code: field.text({ required: true }),
    title: field.text(),
    brand: field.text(),
    price: field.decimal({ scale: 2 }),
    warehouse: field.text(),
    stock: field.integer(),
    tags: field.list(field.text(), { separator: "|", column: null }),
  },
  records: {
    brand: {
      table: "brands",
      key: ["brand"],
      set: { name: "brand" },
      onMatch: "use",
      label: { en: "brands", fr: "marques", sv: "märken" },
    },
    product: {
      table: "products",
      key: ["code"],
      set: { title: "title", brand_id: ref("brand") },
      onMatch: "update",
      label: { en: "products", fr: "produits", sv: "produkter" },
    },
    price: {
      table: "prices",
      key: [ref("product")],
      set: { amount: "price" },
      versions: { from: "valid_from", to: "valid_to" },
      label: { en: "prices", fr: "prix", sv: "priser" },
    },
    stock: {
      table: "stocks",
      id: null,
      key: [ref("product"), "warehouse"],
      set: { quantity: "stock" },
      onMatch: "update",
      label: { en: "stocks", fr: "stocks", sv: "lagersaldon" },
    },
    tag: {
      table: "tags",
      each: "tags",
      key: ["tags"],
      set: { word: "tags" },
      onMatch: "use",
      link: { table: "product_tags", from: ref("product") },
      label: { en: "tags", fr: "étiquettes", sv: "etiketter" },
    },
  },
});

/** With a product or two in it. `idType`: of the products. */
export const shopTables = (idType: "bigint" | "uuid" = "bigint"): string => `
  create table brands (id bigint generated always as identity primary key, name text unique);
  create table products (id ${idType} ${idType === "uuid" ? "default gen_random_uuid()" : "generated always as identity"} primary key,
    code text unique, title text, brand_id bigint references brands);
  create index on products (brand_id);
  create table prices (id bigint generated always as identity primary key, product_id ${idType} not null references products, amount numeric(10, 2),
    valid_from timestamptz not null default now(), valid_to timestamptz);
  create index on prices (product_id);
  create unique index prices_current on prices (product_id) where valid_to is null;
  create table stocks (product_id ${idType} references products, warehouse text, quantity integer, primary key (product_id, warehouse));
  create table tags (id bigint generated always as identity primary key, word text unique);
  create table product_tags (product_id ${idType} references products, tag_id bigint references tags, primary key (product_id, tag_id));
  create index on product_tags (tag_id);
  insert into brands (name) values ('Old');
  insert into products (code, title, brand_id) values ('a', 'Axe', 1), ('b', 'Bow', 1);
  insert into prices (product_id, amount, valid_from) select id, 10, '2026-01-01' from products order by code;
  insert into stocks select id, 'Lyon', 5 from products;
  insert into tags (word) values ('known');
  insert into product_tags select id, 1 from products where code = 'a';`;

export const shopHeader = "code,title,brand,price,warehouse,stock,tags\n";
/** Changes a in every record, leaves b, and makes c. */
export const shopFile = `${shopHeader}a,Adze,Acme,12.00,Lyon,7,new|known\nb,Bow,Old,10.00,Lyon,5,\nc,Cup,Acme,3.00,Paris,1,new\n`;

/** All rows of the shop's tables, as the database writes them. */
export async function shopOf({ rows }: Pick<OpenEngine, "rows">): Promise<Record<string, string[]>> {
  const stand: Record<string, string[]> = {};
  for (const table of ["brands", "products", "prices", "stocks", "tags", "product_tags"]) {
    const lines = await rows<{ line: string }>(`select t::text as line from ${table} t order by 1`);
    stand[table] = lines.map(({ line }) => line);
  }
  return stand;
}

/** Deletes records as a part of an import's chunk, with their journal; each by its table, its id as SQL, and a condition. */
export async function deleteBeside(
  { database }: OpenEngine,
  jobId: number,
  deleted: readonly { record: string; table: string; id: string; where?: string }[],
): Promise<void> {
  const cluster = await clusterOf(database);
  await database.transaction(async (session) => {
    for (const { record, table, id, where = "true" } of deleted) {
      await session.query(sql`
        insert into sluice.import_record_changes (job_id, chunk_no, record, place, row_no, record_id, action, before, after, before_xid)
        select ${jobId}, 0, ${record}, row_number() over (), null, ${sql.raw(id)}, 'deleted', to_jsonb(t.*), null, t.xmin::text::bigint
        from ${sql.id(table)} t where ${sql.raw(where)}`);
      await session.query(sql`delete from ${sql.id(table)} where ${sql.raw(where)}`);
    }
    await session.query(sql`update sluice.import_chunks set turns = turns where job_id = ${jobId} and chunk_no = 0`);
    await noteWriter(session, { jobId, chunk: 0, cluster }, "writer");
  });
}
