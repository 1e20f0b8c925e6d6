/** What a row can make beside its main record: tags by a link table, trees, rows per element, values that are no cells. */
import { describe, expect, it } from "vitest";
import type { Importer } from "../../../src/core/importer.ts";
import { constant, defineImporter, field, nameOf, now, onCreate, ref } from "../../../src/index.ts";
import { type OpenEngine, openEngine, some } from "../../open-engine.ts";
import { importForetold } from "./foretold.ts";

async function lines({ rows }: Pick<OpenEngine, "rows">, statement: string): Promise<string[]> {
  return (await rows<{ line: string }>(statement)).map(({ line }) => line);
}

interface Case {
  importer: Importer;
  tables: string;
  file: string;
  context?: Record<string, string>;
  counts: Record<string, number>;
  records: Record<string, Record<string, number>>;
  issues?: unknown[];
  /** Statement → lines. */
  content: Record<string, string[]>;
  /** The same file once more. */
  again: Record<string, number>;
}

const contacts = `create table companies (id bigint generated always as identity primary key, tenant bigint not null, name text not null, city text);
  create table contacts (id bigint generated always as identity primary key, tenant bigint not null, email text, first_name text, company_id bigint references companies);`;

const cases: Record<string, Case> = {
  "tags of a list, linked": {
    importer: defineImporter({
      name: "posts",
      fields: { slug: field.text({ required: true }), tags: field.list(field.text()) },
      records: {
        post: { table: "posts", key: ["slug"], set: { slug: "slug" }, onMatch: "update" },
        tag: {
          table: "tags",
          each: "tags",
          key: ["tags"],
          set: { name: "tags" },
          onMatch: "use",
          link: { table: "post_tags", from: ref("post") },
        },
      },
    }),
    tables: `create table posts (id bigint generated always as identity primary key, slug text unique);
      create table tags (id bigint generated always as identity primary key, name text not null);
      create table post_tags (post_id bigint not null references posts, tag_id bigint not null references tags, primary key (post_id, tag_id));
      insert into tags (name) values ('Old')`,
    file: "slug,tags\na,x;old;X\nb,\nc,y;x\na,y\n",
    counts: { created: 3, updated: 1 },
    records: { post: { created: 3 }, tag: { created: 2, unchanged: 1 }, "tag.link": { created: 5 } },
    content: {
      "select name as line from tags order by id": ["Old", "x", "y"],
      "select slug || ' ' || string_agg(name, ',' order by t.id) as line from post_tags l join posts p on p.id = post_id join tags t on t.id = tag_id group by slug order by slug":
        ["a Old,x,y", "c x,y"],
    },
    again: { unchanged: 4 },
  },
  "a tree of categories by path": {
    importer: defineImporter({
      name: "goods",
      fields: { code: field.text({ required: true }), category: field.text() },
      records: {
        category: {
          table: "categories",
          key: ["category"],
          set: { name: "category", kind: constant("shop") },
          onMatch: "use",
          path: { separator: ">", parent: "parent_id" },
        },
        good: { table: "goods", key: ["code"], set: { code: "code", category_id: ref("category") }, onMatch: "update" },
      },
    }),
    tables: `create table categories (id bigint generated always as identity primary key, name text not null, parent_id bigint references categories, kind text);
      create table goods (id bigint generated always as identity primary key, code text unique, category_id bigint references categories);
      insert into categories (name) values ('Tools')`,
    file: "code,category\na,Tools > Hand > Axes\nb,tools>Hand\nc,Hand\nd,\ne,Tools > Hand > Axes > Tools\n",
    counts: { created: 5 },
    records: { category: { created: 4, unchanged: 1 }, good: { created: 5 } },
    content: {
      "with recursive t as (select id, name as path from categories where parent_id is null union all select c.id, t.path || '/' || c.name from t join categories c on c.parent_id = t.id) select path as line from t order by 1":
        ["Hand", "Tools", "Tools/Hand", "Tools/Hand/Axes", "Tools/Hand/Axes/Tools"],
      "select code || ' ' || coalesce(c.name, '-') as line from goods g left join categories c on c.id = category_id order by 1":
        ["a Axes", "b Hand", "c Hand", "d -", "e Tools"],
    },
    again: { unchanged: 5 },
  },
  "a company within its tenant, several of one name": {
    importer: defineImporter({
      name: "contacts",
      context: { tenant: { type: "bigint" } },
      fields: {
        email: field.email(),
        first: field.text({ column: "first_name" }),
        company: field.text(),
        city: field.text(),
      },
      records: {
        company: { table: "companies", key: ["company"], set: { name: "company", city: "city" }, onMatch: "update" },
        contact: {
          table: "contacts",
          key: ["email"],
          set: { email: "email", first_name: "first", company_id: ref("company") },
          onMatch: "update",
        },
      },
    }),
    tables: `${contacts} insert into companies (tenant, name, city) values (1, 'ACME', null), (1, 'Twin', 'a'), (1, 'twin', 'b'), (2, 'Other', 'x')`,
    context: { tenant: "1" },
    file: "email,first,company,city\na@x.fr,Ann,Acme,Lyon\nb@x.fr,Bo,Twin,\nc@x.fr,Cy,Other,Nice\nd@x.fr,Di,,\ne@x.fr,Ed,,Brest\nf@x.fr,Flo,acme,Paris\n",
    counts: { created: 4, invalid: 2 },
    issues: [
      [3, "company", "record_ambiguous"],
      [6, "company", "record_key_blank"],
    ],
    records: { company: { created: 1, updated: 1 }, contact: { created: 4 } },
    content: {
      "select concat_ws(' ', tenant, name, city) as line from companies order by id": [
        "1 ACME Paris",
        "1 Twin a",
        "1 twin b",
        "2 Other x",
        "1 Other Nice",
      ],
      "select concat_ws(' ', t.tenant, email, first_name, c.name) as line from contacts t left join companies c on c.id = company_id order by email":
        ["1 a@x.fr Ann ACME", "1 c@x.fr Cy Other", "1 d@x.fr Di", "1 f@x.fr Flo ACME"],
    },
    again: { unchanged: 4, invalid: 2 },
  },
  "a company that must be there": {
    importer: defineImporter({
      name: "contacts",
      context: { tenant: { type: "bigint" } },
      fields: { email: field.email(), company: field.text() },
      records: {
        company: { table: "companies", key: ["company"], set: { name: "company" }, onMatch: "use", onMissing: "issue" },
        contact: { table: "contacts", key: ["email"], set: { email: "email", company_id: ref("company") } },
      },
    }),
    tables: `${contacts} insert into companies (tenant, name) values (1, 'Acme'), (2, 'Far')`,
    context: { tenant: "1" },
    file: "email,company\na@x.fr,acme\nb@x.fr,Far\nc@x.fr,\n",
    counts: { created: 2, invalid: 1 },
    issues: [[3, "company", "record_unknown"]],
    records: { company: { unchanged: 1 }, contact: { created: 2 } },
    content: {
      "select concat_ws(' ', email, c.name) as line from contacts t left join companies c on c.id = company_id order by email":
        ["a@x.fr Acme", "c@x.fr"],
    },
    again: { unchanged: 2, invalid: 1 },
  },
  "ids and times that no cell has": {
    importer: defineImporter({
      name: "orders",
      fields: { no: field.text({ required: true }), customer: field.text(), note: field.text() },
      records: {
        customer: {
          table: "customers",
          key: ["customer"],
          set: { id: onCreate(() => globalThis.crypto.randomUUID()), name: "customer", made_at: now() },
          onMatch: "use",
        },
        order: {
          table: "orders",
          key: ["no"],
          set: {
            id: onCreate(() => globalThis.crypto.randomUUID()),
            no: "no",
            customer_id: ref("customer"),
            made_by: onCreate((run) => run.user.id),
            changed_at: now(),
          },
          onMatch: "update",
        },
        note: {
          table: "notes",
          key: [ref("order")],
          set: { id: onCreate(() => globalThis.crypto.randomUUID()), text: "note" },
        },
      },
    }),
    tables: `create table customers (id uuid primary key, name text unique, made_at timestamptz not null);
      create table orders (id uuid primary key, no text unique, customer_id uuid references customers, made_by text, changed_at timestamptz not null);
      create table notes (id uuid primary key, order_id uuid not null references orders, text text)`,
    file: "no,customer,note\n1,Ann,hi\n2,Ann,\n3,Bo,ho\n1,Bo,hi\n",
    counts: { created: 3, updated: 1 },
    records: { customer: { created: 2 }, order: { created: 3 }, note: { created: 2 } },
    content: {
      "select concat_ws(' ', no, c.name, made_by, n.text) as line from orders o join customers c on c.id = customer_id left join notes n on n.order_id = o.id order by no":
        ["1 Bo tester hi", "2 Ann tester", "3 Bo tester ho"],
    },
    again: { unchanged: 4 },
  },
  "columns that become rows, by warehouse, and list prices in versions": {
    importer: defineImporter({
      name: "stocks",
      fields: {
        code: field.text({ required: true }),
        stock: field.columns(/^Stock (.+)$/, field.integer({ min: 0 })),
        price: field.columns({ Public: "public", Reseller: "reseller" }, field.decimal({ scale: 2 })),
      },
      records: {
        product: { table: "products", key: ["code"], set: { code: "code" }, onMatch: "update" },
        warehouse: {
          table: "warehouses",
          each: "stock",
          key: [nameOf("stock")],
          set: { name: nameOf("stock") },
          onMatch: "use",
        },
        stock: {
          table: "stocks",
          each: "stock",
          key: [ref("product"), ref("warehouse")],
          set: { quantity: "stock" },
          onMatch: "update",
          id: null,
        },
        price: {
          table: "prices",
          each: "price",
          key: [ref("product"), nameOf("price")],
          set: { list: nameOf("price"), amount: "price" },
          versions: { from: "valid_from", to: "valid_to" },
        },
      },
    }),
    tables: `create table products (id bigint generated always as identity primary key, code text unique);
      create table warehouses (id bigint generated always as identity primary key, name text unique);
      create table stocks (product_id bigint not null references products, warehouse_id bigint not null references warehouses, quantity integer not null, primary key (product_id, warehouse_id));
      create table prices (id bigint generated always as identity primary key, product_id bigint not null references products, list text not null, amount numeric(10, 2) not null,
        valid_from timestamptz not null, valid_to timestamptz);
      create unique index on prices (product_id, list) where valid_to is null`,
    file: "code,Stock Lyon,Stock Paris,Public,Reseller\na,1,2,10,8\nb,,3,5,\nc,,,,\na,1,4,10,9\n",
    counts: { created: 3, updated: 1 },
    records: { product: { created: 3 }, warehouse: { created: 2 }, stock: { created: 3 }, price: { created: 3 } },
    content: {
      "select concat_ws(' ', code, name, quantity) as line from stocks s join products p on p.id = product_id join warehouses w on w.id = warehouse_id order by 1":
        ["a Lyon 1", "a Paris 4", "b Paris 3"],
      "select concat_ws(' ', code, list, amount) as line from prices s join products p on p.id = product_id where valid_to is null order by 1":
        ["a public 10.00", "a reseller 9.00", "b public 5.00"],
    },
    again: { unchanged: 4 },
  },
  "no main record: rings and items": {
    importer: defineImporter({
      name: "activities",
      context: { wheel_id: { type: "bigint" } },
      fields: { name: field.text({ required: true }), ring: field.text(), years: field.list(field.integer()) },
      records: {
        ring: { table: "rings", key: ["ring"], set: { name: "ring" }, onMatch: "use" },
        item: {
          table: "items",
          each: "years",
          key: ["name", "years"],
          set: { name: "name", year: "years", ring_id: ref("ring") },
          context: ["wheel_id"],
        },
      },
    }),
    tables: `create table rings (id bigint generated always as identity primary key, wheel_id bigint not null, name text not null);
      create table items (id bigint generated always as identity primary key, wheel_id bigint not null, name text not null, year integer, ring_id bigint references rings);`,
    context: { wheel_id: "7" },
    file: "name,ring,years\nSkiing,Winter,2024;2025\nSwim,Summer,2025\nNothing,,\nSkiing,winter,2025;2026\n",
    counts: { created: 3, unchanged: 1 },
    records: { ring: { created: 2 }, item: { created: 4 } },
    content: {
      "select concat_ws(' ', i.wheel_id, i.name, year, r.name) as line from items i left join rings r on r.id = ring_id order by i.id":
        ["7 Skiing 2024 Winter", "7 Skiing 2025 Winter", "7 Swim 2025 Summer", "7 Skiing 2026 Winter"],
    },
    again: { unchanged: 4 },
  },
  "several keys of a parent, the first before the next": {
    importer: defineImporter({
      name: "visits",
      fields: { no: field.text({ required: true }), email: field.email(), phone: field.text() },
      records: {
        person: {
          table: "persons",
          keys: ["email", "phone"],
          set: { email: "email", phone: "phone" },
          onMatch: "update",
        },
        visit: { table: "visits", key: ["no"], set: { no: "no", person_id: ref("person") }, onMatch: "update" },
      },
    }),
    tables: `create table persons (id bigint generated always as identity primary key, email text, phone text);
      create table visits (id bigint generated always as identity primary key, no text unique, person_id bigint references persons);
      insert into persons (email, phone) values ('old@x.fr', '1'), (null, '2')`,
    file: "no,email,phone\na,OLD@x.fr,\nb,,2\nc,new@x.fr,2\nd,,3\ne,more@x.fr,3\nf,,\ng,more@x.fr,\n",
    counts: { created: 7 },
    records: { person: { created: 1, updated: 1, unchanged: 1 }, visit: { created: 7 } },
    content: {
      "select concat_ws(' ', no, email, phone) as line from visits v left join persons p on p.id = person_id order by no":
        ["a old@x.fr 1", "b new@x.fr 2", "c new@x.fr 2", "d more@x.fr 3", "e more@x.fr 3", "f", "g more@x.fr 3"],
    },
    again: { unchanged: 7 },
  },
};

describe("records beside the main one", () => {
  it.each(Object.entries(cases))(
    "%s",
    async (_, { importer, tables, file, context, counts, records, issues, content, again }) => {
      const open = await openEngine([importer], tables);
      const first = await importForetold(open, importer, file, { context });
      expect(first.issues).toEqual(issues ?? []);
      expect(some(first.counts)).toEqual(counts);
      expect(first.records).toEqual(records);
      for (const [statement, expected] of Object.entries(content))
        expect(await lines(open, statement)).toEqual(expected);
      const second = await importForetold(open, importer, file, { context });
      expect(some(second.counts)).toEqual(again);
      for (const [statement, expected] of Object.entries(content))
        expect(await lines(open, statement)).toEqual(expected);
    },
  );
});
