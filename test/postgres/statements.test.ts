/**
 * The statements of a chunk, as they are sent, for importers that differ in what they ask for. A change of the SQL is seen in review;
 * `npm run statements:write` writes them anew.
 */
import { afterEach, expect, it, vi } from "vitest";
import { atLeastOne, defineImporter, field, type Importer, ref } from "../../src/index.ts";
import { compiler, Session, type Sql } from "../../src/postgres/connection/session.ts";
import { openEngine, workToEnd } from "../open-engine.ts";
import { readable } from "./readable-sql.ts";

const table = `
  create table people (id bigint generated always as identity primary key, email text unique, name text, city text not null default 'Lyon',
    owner_id text, updated_at timestamptz);
  create table people_history (person bigint, event text, old_values jsonb, new_values jsonb, actor text);
  create table staff (id text primary key, mail text);
  insert into staff values ('ann', 'ann@x.fr'), ('bo', 'bo@x.fr');
  insert into people (email, name) values ('old@x.fr', 'Old'), ('same@x.fr', 'Same');`;

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), name: field.text(), city: field.text({ merge: "fill" }) },
  match: { keys: ["email"], onDuplicate: "skip" },
  checks: [atLeastOne("email", "name")],
  target: { table: "people" },
});

interface Case {
  importer: Importer;
  ddl?: string;
  /** Rows of the file, where they are others. */
  file?: string;
  assignment?: { mode: "round-robin"; owners: { owner: string; weight: number }[] };
}

const updating = defineImporter({
  ...people,
  match: { keys: ["email"], onDuplicate: "update" },
  history: { table: "people_history", record: "person", actor: "actor" },
  assign: { column: "owner_id", table: "staff", by: ["mail"] },
  target: { table: "people", updatedAt: "updated_at" },
});

const catalogue = defineImporter({
  name: "catalogue",
  fields: {
    code: field.text({ required: true }),
    title: field.text(),
    brand: field.text(),
    price: field.decimal({ scale: 2 }),
    warehouse: field.text(),
    stock: field.integer(),
  },
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
    product: { table: "products", key: ["code"], set: { code: "code", title: "title", brand_id: ref("brand") } },
    price: {
      table: "product_prices",
      key: [ref("product")],
      set: { amount: "price" },
      versions: { from: "valid_from", to: "valid_to" },
    },
    stock: { table: "product_stocks", key: [ref("product"), "warehouse"], set: { quantity: "stock" } },
  },
});

const catalogueTables = `
  create table brands (id bigint generated always as identity primary key, name text not null unique);
  create table products (id bigint generated always as identity primary key, code text unique, title text, brand_id bigint references brands);
  create table product_prices (id bigint generated always as identity primary key, product_id bigint not null references products,
    amount numeric(12, 2) not null, valid_from timestamptz not null, valid_to timestamptz);
  create unique index on product_prices (product_id) where valid_to is null;
  create table product_stocks (id bigint generated always as identity primary key, product_id bigint not null references products,
    warehouse text not null, quantity integer not null, unique (product_id, warehouse));
  insert into brands (name) values ('Acme');
  insert into products (code, title, brand_id) values ('old', 'Old', 1), ('same', 'Same', 1);
  insert into product_prices (product_id, amount, valid_from) values (1, 1, now()), (2, 2, now());
  insert into product_stocks (product_id, warehouse, quantity) values (1, 'Lyon', 1), (2, 'Lyon', 2);`;

const cases: Record<string, Case> = {
  "several-records": {
    importer: catalogue,
    ddl: catalogueTables,
    file: "code,title,brand,price,warehouse,stock\nold,New,Bolt,1.5,Lyon,3\nsame,Same,acme,2,Lyon,2\nnew,New,Acme,3,Paris,1\n",
  },
  "one-record-of-several": {
    importer: catalogue,
    ddl: catalogueTables,
    file: "code,title,brand,price,warehouse,stock\nold,Old,Acme,1.5,Lyon,1\nsame,Same,Acme,2,Lyon,2\n",
  },
  "new-records": { importer: people },
  "updates-history-round-robin": {
    importer: updating,
    assignment: { mode: "round-robin", owners: ["ann", "bo"].map((owner) => ({ owner, weight: 1 })) },
  },
  "table-with-triggers": {
    importer: defineImporter({ ...people, match: { keys: ["email"], onDuplicate: "update" } }),
    ddl: `create function as_it_is() returns trigger language plpgsql as $$ begin return new; end $$;
      create trigger as_it_is before insert or update on people for each row execute function as_it_is();`,
  },
};

const file =
  "email,name,city\nold@x.fr,New,Paris\nnew@x.fr,One,\nnew@x.fr,Two,Nice\nmore@x.fr,More,Lille\nsame@x.fr,Same,\n";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What each transaction on users' tables sends from now on. */
function listen(): Map<Session, string[]> {
  const sent = new Map<Session, string[]>();
  for (const method of ["query", "change"] as const) {
    const run = Session.prototype[method] as (this: Session, fragment: Sql) => Promise<never>;
    vi.spyOn(Session.prototype, method).mockImplementation(function (this: Session, fragment) {
      if ("tables" in this) {
        const { sql: text, parameters } = fragment.compile(compiler);
        sent.set(this, [...(sent.get(this) ?? []), readable(text, parameters)]);
      }
      return run.call(this, fragment as Sql);
    });
  }
  return sent;
}

/** Those of the one transaction that worked on a chunk, from there on where it has the chunk. */
function chunkIn(sent: Map<Session, string[]>): string {
  const ofChunks = [...sent.values()].flatMap((statements) => {
    const at = statements.indexOf("set constraints all immediate;\n");
    return at < 0 ? [] : [statements.slice(at + 1)];
  });
  expect(ofChunks).toHaveLength(1);
  return ofChunks[0].join("\n");
}

it.each(Object.entries(cases))(
  "sends these for %s",
  async (name, { importer, ddl = "", file: rows = file, assignment }) => {
    const { engine, create } = await openEngine([importer], table + ddl);
    const job = await create(importer, rows, { assignment, createdBy: "ann" });
    await engine.start(job.id);
    await workToEnd(engine, job.id);
    const committing = listen();
    await engine.commit(job.id);
    await workToEnd(engine, job.id);
    await expect(chunkIn(committing)).toMatchFileSnapshot(`statements/${name}.commit.sql`);
    vi.restoreAllMocks();
    const undoing = listen();
    await engine.undo(job.id, "ann");
    await workToEnd(engine, job.id);
    await expect(chunkIn(undoing)).toMatchFileSnapshot(`statements/${name}.undo.sql`);
  },
);
