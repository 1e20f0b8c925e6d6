/** What a replace and a mirror take away: in one visible step, not more than was confirmed, and back again by an undo. */
import { expect, it } from "vitest";
import { reasonOf } from "../../src/core/import.ts";
import type { Mode } from "../../src/core/modes.ts";
import { defineImporter, field, ref } from "../../src/index.ts";
import { type OpenEngine, openEngine, workToEnd } from "../open-engine.ts";

const products = defineImporter({
  name: "products",
  fields: { code: field.text({ required: true }), name: field.text(), price: field.integer() },
  match: { keys: ["code"], onDuplicate: "update", where: "deleted_at is null" },
  target: { table: "products", absent: { deactivate: { active: false } } },
  context: { shop: { type: "text" } },
  modes: ["upsert", "replace", "mirror"],
});
const deleting = defineImporter({
  ...products,
  name: "deleting",
  target: { table: "products", absent: "delete" },
});
const ddl = `create table products (
    id bigint generated always as identity primary key, shop text not null, code text not null, name text, price integer,
    active boolean not null default true, deleted_at timestamptz, unique (shop, code));
  insert into products (shop, code, name) select 'lyon', 'P' || k, 'old ' || k from generate_series(1, 10) k;
  insert into products (shop, code, name) values ('nice', 'P1', 'theirs');
  insert into products (shop, code, name, deleted_at) values ('lyon', 'GONE', 'deleted', '2026-01-01')`;
const context = { shop: "lyon" };
const csv = (codes: readonly (string | number)[], name = "new") =>
  `code,name,price\n${codes.map((code) => `P${code},${name} ${code},1\n`).join("")}`;
const numbers = (n: number, from = 1) => Array.from({ length: n }, (_, k) => from + k);
const all = "select * from products order by id";
const codes = async ({ rows }: OpenEngine, where = "active and deleted_at is null and shop = 'lyon'") =>
  (await rows<{ code: string; name: string }>(`select code, name from products where ${where} order by id`)).map(
    ({ code, name }) => `${code} ${name}`,
  );

/** The counts that are not 0, those of records among them. */
const some = (counts: object) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

/** The sentence and step of an import that is paused. */
async function stop({ engine }: OpenEngine, id: number) {
  const job = await engine.imports.get(id);
  return [job.status, job.errorMessage, reasonOf(job)?.next];
}

it.each([
  ["replace", products, { created: 8, deleted_target: 10 }, numbers(8).map((k) => `P${k} new ${k}`)],
  ["mirror", products, { updated: 8, deactivated_target: 2 }, numbers(8).map((k) => `P${k} new ${k}`)],
  ["mirror", deleting, { updated: 8, deleted_target: 2 }, numbers(8).map((k) => `P${k} new ${k}`)],
] as const)(
  "in the mode %s, does as the dry run foretold, in scope, and an undo gives back what was there",
  async (mode, importer, counts, there) => {
    const app = await openEngine([importer], ddl, { chunkRows: 3 });
    const before = await app.rows(all);
    const foretold = await app.dryRun(importer, csv(numbers(8)), { mode, context });
    expect(await app.rows(all)).toEqual(before);
    const { job, counts: found } = await app.importCsv(importer, csv(numbers(8)), { mode, context });
    expect([job.status, some(found)]).toEqual(["completed", counts]);
    expect(foretold.counts).toEqual(found);
    expect(await codes(app)).toEqual(there);
    expect(await codes(app, "shop = 'nice' or deleted_at is not null")).toEqual(["P1 theirs", "GONE deleted"]);
    const { toDelete, toRestore } = await app.engine.undoPreview(job.id);
    expect([toDelete, toRestore]).toEqual(mode === "replace" ? [8, 10] : [0, 10]);
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect((await app.engine.imports.get(job.id)).status).toBe("undone");
    expect(await app.rows(all)).toEqual(before);
  },
);

it("gives back columns of every type as they were, whatever JSON has for them", async () => {
  const importer = defineImporter({
    name: "things",
    fields: { code: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
    modes: ["replace"],
    maxRemoval: 1,
  });
  const app = await openEngine(
    [importer],
    `create extension hstore; create type pair as (a integer, b json);
     create table things (id serial primary key, code text unique, marks hstore, several hstore[], doc jsonb not null default '{}', p pair,
       at timestamptz, day date, size float8, span int4range, path jsonpath, words tsvector, bytes bytea);
     insert into things (code, marks, several, doc, p, at, day, size, span, path, words, bytes)
     values ('a', 'x=>1, y=>NULL', array['x=>"{1}"'::hstore], 'null', '(1,"{}")', 'infinity', '0044-03-15 BC', 'NaN', '[1,3)', '$.a[*]', 'a:1 b:2A', '\\x00ff')`,
  );
  const texts = "select things::text from things";
  const before = await app.rows(texts);
  const { job } = await app.importCsv(importer, "code\nb\n", { mode: "replace" });
  expect(await app.rows("select code from things")).toEqual([{ code: "b" }]);
  await app.engine.undo(job.id);
  await workToEnd(app.engine, job.id);
  expect(await app.rows(texts)).toEqual(before);
});

it.each([
  ["replace", products, [...numbers(6), 21, 22, 23, 24], 4],
  ["mirror", products, [...numbers(6), 21, 22, 23, 24], 4],
  ["mirror", deleting, numbers(6), 4],
] as const)(
  "in the mode %s, stops before it writes anything where more than 30 % would go, until the number is confirmed",
  async (mode, importer, named, gone) => {
    const app = await openEngine([importer], ddl, { chunkRows: 3 });
    const before = await app.rows(all);
    const { job } = await app.importCsv(importer, csv(named), { mode, context });
    const refusal = [
      "paused",
      `This import would remove ${gone} of 10 records. Nothing has been removed; so many have to be confirmed first.`,
      { code: "confirm_removals", importId: job.id, records: gone },
    ];
    expect(await stop(app, job.id)).toEqual(refusal);
    expect(await app.rows(all)).toEqual(before);
    await app.engine.resume(job.id, null, { confirmRemovals: gone - 1 });
    await workToEnd(app.engine, job.id);
    expect(await stop(app, job.id)).toEqual(refusal);
    await app.engine.resume(job.id, null, { confirmRemovals: gone });
    await workToEnd(app.engine, job.id);
    expect(await stop(app, job.id)).toEqual(["completed", null, undefined]);
    expect((await codes(app)).sort()).toEqual(named.map((k) => `P${k} new ${k}`).sort());
  },
);

const decides = `create function decide() returns trigger language plpgsql as $$ begin
    if new.name = 'sold' then raise exception 'sold'; end if; return case when new.name = 'ignored' then null else new end; end $$;
  create trigger decide before insert on products for each row execute function decide()`;

it.each([
  ["that the database refuses", decides, "sold,1", "failed"],
  ["that the table leaves out", decides, "ignored,1", "skipped"],
  ["that break a check", "alter table products add check (price > 0)", "bad,-1", "failed"],
  ["that are too long", "alter table products alter name type varchar(8)", "far too long,1", "invalid"],
  ["that are invalid as they are read", "", "bad,many", "invalid"],
])("replaces: records of which the file has only rows %s do not come again", async (_, tables, values, outcome) => {
  const app = await openEngine([products], `${ddl}; ${tables}`);
  const before = await app.rows(all);
  const text = `${csv([...numbers(6), 21, 22, 23, 24])}${numbers(4, 7)
    .map((k) => `P${k},${values}\n`)
    .join("")}`;
  const foretold = await app.dryRun(products, text, { mode: "replace", context });
  const { job } = await app.importCsv(products, text, { mode: "replace", context });
  expect(await stop(app, job.id)).toEqual([
    "paused",
    "This import would remove 4 of 10 records. Nothing has been removed; so many have to be confirmed first.",
    { code: "confirm_removals", importId: job.id, records: 4 },
  ]);
  expect(await app.rows(all)).toEqual(before);
  await app.engine.resume(job.id, null, { confirmRemovals: 4 });
  await workToEnd(app.engine, job.id);
  const { counts } = await app.outcomeOf(job.id);
  expect(some(counts)).toEqual({ created: 10, [outcome]: 4, deleted_target: 10 });
  expect(foretold.counts).toEqual(counts);
});

it("replaces: a record comes again by any of its rows", async () => {
  const app = await openEngine([products], `${ddl}; alter table products drop constraint products_shop_code_key`);
  const text = `${csv(numbers(10))}${csv(numbers(4)).replaceAll(",1\n", ",many\n").slice("code,name,price\n".length)}`;
  const { job, counts } = await app.importCsv(products, text, { mode: "replace", context });
  expect([job.status, some(counts)]).toEqual(["completed", { created: 10, invalid: 4, deleted_target: 10 }]);
});

it.each([
  ["replace", "code,name\n"],
  ["replace", "code,name\n,x\n"],
  ["mirror", "code,name\n"],
] as [Mode, string][])("in the mode %s, asks first where no row of the file goes in: %j", async (mode, text) => {
  const app = await openEngine([defineImporter({ ...products, maxRemoval: 1 })], ddl);
  const before = await app.rows(all);
  const { job } = await app.importCsv(products, text, { mode, context });
  expect((await stop(app, job.id)).slice(0, 2)).toEqual([
    "paused",
    "This import would remove 10 of 10 records, and no row of its file goes in. Nothing has been removed; the number has to be confirmed first.",
  ]);
  expect(await app.rows(all)).toEqual(before);
  await app.engine.resume(job.id, null, { confirmRemovals: 10 });
  await workToEnd(app.engine, job.id);
  expect(await codes(app)).toEqual([]);
  await app.engine.undo(job.id);
  await workToEnd(app.engine, job.id);
  expect(await app.rows(all)).toEqual(before);
});

it("mirrors: a row that is invalid keeps the record that it names, and asks where it could name any", async () => {
  const app = await openEngine([products], ddl);
  const rows = csv(numbers(8));
  const known = await app.importCsv(products, `${rows}p9,x,many\n`, { mode: "mirror", context });
  expect([known.job.status, some(known.counts)]).toEqual([
    "completed",
    { updated: 8, invalid: 1, deactivated_target: 1 },
  ]);
  expect(await codes(app)).toContain("P9 old 9");
  const unknown = await app.importCsv(products, `${rows},x,1\n`, { mode: "mirror", context });
  expect((await stop(app, unknown.job.id))[1]).toBe(
    "This import would remove 1 of 9 records, and its file has invalid rows (1) that may name any of them. Nothing has been removed; correct these rows, or confirm the number.",
  );
});

it("deletes nothing that others refer to, and says who does", async () => {
  const app = await openEngine(
    [deleting],
    `${ddl}; create table order_lines (product_id bigint references products on delete cascade); insert into order_lines select id from products where code = 'P10'`,
  );
  const before = await app.rows(all);
  const { job } = await app.importCsv(deleting, csv(numbers(8)), { mode: "mirror", context });
  expect((await stop(app, job.id)).slice(0, 2)).toEqual([
    "paused",
    "Records of public.order_lines (1) refer to records of public.products that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.",
  ]);
  expect((await app.rows(all)).length).toBe(before.length);
});

it("deletes nothing that others refer to of a table whose name has capitals", async () => {
  const capitals = defineImporter({ ...deleting, name: "capitals", target: { table: "Products", absent: "delete" } });
  const app = await openEngine(
    [capitals],
    `${ddl.replaceAll(" products", ' "Products"')}; create table order_lines (product_id bigint references "Products" on delete cascade);
     insert into order_lines select id from "Products" where code = 'P10'`,
  );
  const { job } = await app.importCsv(capitals, csv(numbers(8)), { mode: "mirror", context });
  expect((await stop(app, job.id)).slice(0, 2)).toEqual([
    "paused",
    "Records of public.order_lines (1) refer to records of public.Products that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.",
  ]);
  expect(await app.rows("select from order_lines")).toHaveLength(1);
});

it("deletes nothing that a record of the same table refers to, unless that goes too", async () => {
  const app = await openEngine(
    [deleting],
    `${ddl}; alter table products add parent_id bigint references products on delete cascade;
     update products set parent_id = (select id from products where code = 'P10') where code = 'P9'`,
  );
  const { job } = await app.importCsv(deleting, csv(numbers(9)), { mode: "mirror", context });
  expect((await stop(app, job.id)).slice(0, 2)).toEqual([
    "paused",
    "Records of public.products (1) refer to records of public.products that would be deleted. Nothing has been removed. Take these references away first, or choose another mode.",
  ]);
  expect(await codes(app)).toContain("P9 new 9");
  const { counts } = await app.importCsv(deleting, csv(numbers(8)), { mode: "mirror", context });
  expect(some(counts)).toEqual({ unchanged: 8, deleted_target: 2 });
});

it("mirrors: finds absent what was absent when the last chunk goes in, and nothing that this import has made", async () => {
  const app = await openEngine([products], ddl, { chunkRows: 2 });
  const job = await app.create(products, csv([...numbers(8), 11, 12]), { mode: "mirror", context });
  await app.engine.start(job.id);
  await workToEnd(app.engine, job.id);
  const commitChunk = app.store.commits.commitChunk.bind(app.store.commits);
  let done = 0;
  app.store.commits.commitChunk = async (...args) => {
    if (++done === 2) await app.rows("insert into products (shop, code) values ('lyon', 'LATE')");
    return commitChunk(...args);
  };
  await app.engine.commit(job.id);
  await workToEnd(app.engine, job.id);
  expect(some(await app.engine.imports.counts(job.id))).toEqual({ created: 2, updated: 8, deactivated_target: 3 });
  expect(await codes(app, "not active")).toEqual(["P9 old 9", "P10 old 10", "LATE null"]);
});

it.each([
  ["deletes", "delete", "unique (barcode)", { deleted_target: 2 }],
  ["deactivates", { deactivate: { active: false } }, "", { deactivated_target: 2 }],
] as const)(
  "mirrors: %s first what has a value that a row of the file gives to another record",
  async (_, absent, unique, gone) => {
    const reusing = defineImporter({
      ...products,
      name: "reusing",
      fields: { ...products.fields, barcode: field.text() },
      match: { ...products.match, where: undefined },
      target: { table: "products", absent },
    });
    const app = await openEngine(
      [reusing],
      `${ddl}; alter table products add barcode text${unique === "" ? "" : `, add ${unique}`};
     update products set barcode = code where shop = 'lyon';
     ${unique === "" ? "create unique index on products (barcode) where active" : ""}`,
      { chunkRows: 3 },
    );
    const before = await app.rows(all);
    // P9 and P10 are absent, and P1 and a new one get their codes; P2 keeps its own from another new one.
    const text = `code,name,price,barcode\n${numbers(8)
      .map((k) => `P${k},new,1,${k === 1 ? "P10" : `P${k}`}\n`)
      .join("")}P11,new,1,P9\nP12,new,1,P2\nGONE,x,1,GONE\n`;
    const foretold = await app.dryRun(reusing, text, { mode: "mirror", context });
    expect(await app.rows(all)).toEqual(before);
    const { job, counts, issues } = await app.importCsv(reusing, text, { mode: "mirror", context });
    expect([job.status, some(counts)]).toEqual(["completed", { created: 1, updated: 9, invalid: 1, ...gone }]);
    expect(foretold.counts).toEqual(counts);
    expect(issues).toEqual([[11, "barcode", "database_unique"]]);
    expect(
      await app.rows("select code, barcode from products where barcode in ('P9', 'P10') and active order by code"),
    ).toEqual([
      { code: "P1", barcode: "P10" },
      { code: "P11", barcode: "P9" },
    ]);
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect((await app.engine.imports.get(job.id)).status).toBe("undone");
    expect(await app.rows(all)).toEqual(before);
  },
);

it("mirrors: asks before anything is removed first, and goes on where it was interrupted after the removal", async () => {
  const reusing = defineImporter({
    ...deleting,
    name: "reusing",
    fields: { ...products.fields, barcode: field.text() },
    match: { ...products.match, where: undefined },
  });
  const app = await openEngine(
    [reusing],
    `${ddl}; alter table products add barcode text unique; update products set barcode = code where shop = 'lyon'`,
    { chunkRows: 3 },
  );
  const before = await app.rows(all);
  const text = `code,name,price,barcode\n${numbers(6)
    .map((k) => `P${k},new,1,P${k}\n`)
    .join("")}GONE,x,1,GONE\nP11,new,1,P9\n`;
  const { job } = await app.importCsv(reusing, text, { mode: "mirror", context });
  expect(await app.rows(all)).toEqual(before);
  const commitChunk = app.store.commits.commitChunk.bind(app.store.commits);
  let done = 0;
  app.store.commits.commitChunk = async (...args) => {
    const outcome = await commitChunk(...args);
    if (outcome.kind === "committed" && done++ === 0) await app.engine.pause(job.id, "enough");
    return outcome;
  };
  await app.engine.resume(job.id, null, { confirmRemovals: 4 });
  await workToEnd(app.engine, job.id);
  expect((await app.engine.imports.get(job.id)).status).toBe("paused");
  expect((await app.rows("select from products where code in ('P7', 'P8', 'P9', 'P10')")).length).toBe(0);
  await app.engine.resume(job.id);
  await workToEnd(app.engine, job.id);
  expect(some(await app.engine.imports.counts(job.id))).toEqual({ created: 1, updated: 7, deleted_target: 4 });
  await app.engine.undo(job.id);
  await workToEnd(app.engine, job.id);
  expect(await app.rows(all)).toEqual(before);
});

const shop = defineImporter({
  name: "shop",
  fields: {
    code: field.text({ required: true }),
    brand: field.text(),
    price: field.integer(),
    tags: field.list(field.text()),
  },
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
    product: { table: "goods", key: ["code"], set: { code: "code", brand_id: ref("brand") }, absent: "delete" },
    price: {
      table: "prices",
      key: [ref("product")],
      set: { amount: "price" },
      versions: { from: "valid_from", to: "valid_to" },
    },
    tag: {
      table: "tags",
      each: "tags",
      key: ["tags"],
      set: { name: "tags" },
      onMatch: "use",
      link: { table: "good_tags", from: ref("product") },
    },
  },
  modes: ["upsert", "replace", "mirror"],
});
const shopDdl = `create table brands (id serial primary key, name text unique);
  create table goods (id serial primary key, code text unique, brand_id int references brands);
  create table prices (id serial primary key, product_id int references goods, amount int, valid_from timestamptz, valid_to timestamptz);
  create table tags (id serial primary key, name text unique);
  create table good_tags (product_id int references goods, tag_id int references tags, primary key (product_id, tag_id))`;
const goods = (n: number) =>
  `code,brand,price,tags\n${numbers(n)
    .map((k) => `G${k},B${k % 2},${k},a;b\n`)
    .join("")}`;

it.each([
  ["replace", { created: 8, created_product: 8, created_price: 8, deleted_product: 10, deleted_price: 10 }],
  ["mirror", { unchanged: 8, deleted_product: 2, deleted_price: 2 }],
] as const)(
  "in the mode %s, takes with a record what belongs to it, and an undo gives all of it back",
  async (mode, counts) => {
    const app = await openEngine([shop], shopDdl);
    const tables = ["brands", "goods", "prices", "tags", "good_tags"];
    const whole = () => Promise.all(tables.map((name) => app.rows(`select * from ${name} order by 1, 2`)));
    await app.importCsv(shop, goods(10));
    const before = await whole();
    const foretold = await app.dryRun(shop, goods(8), { mode });
    const { job, counts: found } = await app.importCsv(shop, goods(8), { mode });
    expect(job.errorMessage).toBe(null);
    expect(some(found)).toMatchObject(counts);
    expect(some(foretold.counts)).toEqual(some(found));
    expect((await app.rows("select from good_tags")).length).toBe(16);
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect(await whole()).toEqual(before);
  },
);

it.each(["replace", "mirror"] as const)(
  "in the mode %s, works as the importer's role, which sees nothing of Sluice's",
  async (mode) => {
    const own = defineImporter({ ...deleting, name: "own", session: () => ({ role: "sluice_removal_app" }) });
    const app = await openEngine(
      [own],
      `${ddl}; do $$ begin create role sluice_removal_app; exception when duplicate_object or unique_violation then null; end $$;
     grant select, insert, update, delete on products to sluice_removal_app`,
    );
    const before = await app.rows(all);
    const { job } = await app.importCsv(own, csv(numbers(8)), { mode, context });
    expect([job.status, job.errorMessage]).toEqual(["completed", null]);
    expect(await codes(app)).toEqual(numbers(8).map((k) => `P${k} new ${k}`));
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect(await app.rows(all)).toEqual(before);
  },
);

it.each([
  ["replace", deleting, "P0001"],
  ["mirror", deleting, "08001"],
  ["mirror", products, "23503"],
] as const)(
  "in the mode %s, pauses where the table refuses to let a record go, and goes on when it does",
  async (mode, importer, errcode) => {
    const app = await openEngine(
      [importer],
      `${ddl}; create function keep() returns trigger language plpgsql as $$ begin
        if old.code = 'P9' then raise exception 'P9 is sold' using errcode = '${errcode}'; end if; return coalesce(new, old); end $$;
      create trigger keep before update or delete on products for each row execute function keep()`,
    );
    const refusal =
      "The database refuses to remove a record of public.products: P9 is sold. Nothing has been removed. Correct what holds it and resume the import, or choose another mode.";
    await expect(app.dryRun(importer, csv(numbers(8)), { mode, context })).rejects.toThrow(refusal);
    const { job } = await app.importCsv(importer, csv(numbers(8)), { mode, context });
    expect(await stop(app, job.id)).toEqual(["paused", refusal, undefined]);
    expect((await codes(app)).filter((each) => /^P9|^P10/.test(each))).toEqual(["P9 old 9", "P10 old 10"]);
    await app.rows("drop trigger keep on products");
    await app.engine.resume(job.id);
    await workToEnd(app.engine, job.id);
    expect((await stop(app, job.id))[0]).toBe("completed");
    expect(await codes(app)).toEqual(numbers(8).map((k) => `P${k} new ${k}`));
  },
);
