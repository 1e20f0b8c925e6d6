/** Sinks of one's own in `afterCommit`: functions and objects, what they are given, and what is wrong with a definition of one. */
import { expect, it } from "vitest";
import { type AnySink, allSinks, recordSinksOf } from "../../src/core/bound-sink.ts";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import type { ChangedRecords, RecordSink } from "../../src/core/record-sink.ts";
import type { Sink } from "../../src/core/sink.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { leadsCsv } from "../worker/open-workers.ts";
import { openShop, products, productsCsv, shopTables } from "./open-shop.ts";

it("gives a function what changed, and only that: records as they are, and ids of those that are gone", async () => {
  const told: ChangedRecords[] = [];
  async function tellPricing(changes: ChangedRecords): Promise<void> {
    told.push(changes);
  }
  const shop = await openShop({ afterCommit: [tellPricing] });
  await shop.imports(productsCsv(2));
  await expect.poll(shop.standing).toMatchObject({ name: "products-tell-pricing", waiting: 0 });
  const nothing = { name: "Product 0", active: null, brand_id: null, owner: null };
  expect(told).toEqual([
    {
      importer: "products",
      changed: [
        { id: "1", record: { ...nothing, id: "1", code: "P0", price: 0.5 } },
        { id: "2", record: { ...nothing, id: "2", code: "P1", name: "Product 1", price: 1.5 } },
      ],
      removed: [],
    },
  ]);
  const second = await shop.imports("code,price\nP0,0.50\nP1,9\nP2,3\n");
  await expect.poll(() => told[1]?.changed.map(({ id, record }) => `${id} ${record.price}`)).toEqual(["2 9", "3 3"]);
  await shop.undoes(second);
  await expect.poll(() => told[2]).toMatchObject({ changed: [{ id: "2", record: { price: 1.5 } }], removed: ["3"] });
});

it("calls one that throws again with the same records, sets aside what it returns, and after ten attempts what is alone", async () => {
  let fails = true;
  const tried: string[][] = [];
  const shop = await openShop({
    afterCommit: [
      async ({ changed }) => {
        tried.push(changed.map(({ id }) => id));
        if (fails && changed.some(({ id }) => id === "2")) throw new Error("no such place");
        return changed.filter(({ id }) => id === "3").map(({ id }) => ({ id, reason: "not for sale" }));
      },
    ],
  });
  await shop.imports(productsCsv(4));
  await expect
    .poll(async () => {
      await shop.hurry();
      return shop.standing();
    })
    .toMatchObject({ name: "products-sink-1", waiting: 0, dead: 2, state: "working" });
  const aside = () => shop.server.outbox.records.setAside("products-sink-1", { limit: 9, offset: 0 });
  expect((await aside()).map(({ id, reason }) => [id, reason]).sort()).toEqual([
    ["2", "no such place"],
    ["3", "not for sale"],
  ]);
  expect(tried[0]).toEqual(["1", "2", "3", "4"]);
  expect(tried.filter((ids) => ids.includes("2")).length).toBeGreaterThanOrEqual(10);
  fails = false;
  await shop.server.outbox.records.retry("products-sink-1");
  await expect.poll(async () => (await aside()).map(({ id }) => id)).toEqual(["3"]);
});

it("tells the sinks of an importer nothing of another importer's records", async () => {
  const { openWorkers } = await import("../worker/open-workers.ts");
  const told: string[] = [];
  const hearing = (importer: string) => async (changes: ChangedRecords) =>
    void told.push(`${importer} ${changes.importer}`);
  const importers = [
    { ...leads, afterCommit: [hearing("leads")] },
    { ...leads, name: "others", afterCommit: [hearing("others")] },
  ];
  const opened = await openWorkers({ importers });
  const { id } = await opened.begin(leadsCsv(2), { importer: importers[1] });
  await opened.reaches(id, "completed");
  await expect.poll(() => told).toEqual(["others others"]);
  expect(await opened.rows("select sink from sluice.outbox")).toEqual([{ sink: "others-sink-1" }]);
});

it("reads records as the import's own session does", async () => {
  const told: string[] = [];
  const shop = await openShop({
    session: ({ user }) => ({ "app.user": user.id ?? "" }),
    afterCommit: [
      {
        name: "index",
        select: "select id, code, current_setting('app.user', true) as reader from products",
        async apply({ put }) {
          told.push(...put.map(({ document }) => `${document.code} ${document.reader}`));
          return { kind: "applied", refused: [] };
        },
      },
    ],
  });
  await shop.imports(productsCsv(1));
  await expect.poll(() => told).toEqual(["P0 tester"]);
});

it("sends every record again for a rebuild where there is no index to build beside it", async () => {
  const held = new Map<string, unknown>();
  const shop = await openShop({
    afterCommit: [
      {
        name: "cache",
        limits: { documents: 20 },
        document: ({ code, active }) => (active === false ? null : { code }),
        async apply({ put, remove }) {
          for (const { id, document } of put) held.set(id, document);
          for (const id of remove) held.delete(id);
          return { kind: "applied", refused: [] };
        },
      },
    ],
  });
  await shop.imports(productsCsv(50));
  await expect.poll(() => held.size).toBe(50);
  held.clear();
  held.set("3", "stale");
  await shop.rows("update products set active = false where code = 'P2'");
  await shop.server.outbox.records.askRebuild("cache", null);
  await expect.poll(async () => (await shop.standing()).rebuild).toBeNull();
  expect([...held.keys()]).toEqual(Array.from({ length: 50 }, (_, k) => String(k + 1)).filter((id) => id !== "3"));
});

it("removes what a chunk says is deleted, of an importer with one table and with several", async () => {
  const { sink, removed } = removing();
  const shop = await openShop({ afterCommit: [sink] });
  await shop.imports(productsCsv(3));
  await expect.poll(shop.standing).toMatchObject({ waiting: 0 });
  await shop.rows("delete from products where code in ('P0', 'P2')");
  const told = { created: [], updated: null, records: { main: { created: [], updated: [], deleted: ["1", "3"] } } };
  await shop.rows(`insert into sluice.outbox (sink, topic, job_id, payload) select name, 'chunk.committed', 1,
    '${JSON.stringify({ context: {}, user: null, data: told })}' from sluice.sinks`);
  await expect.poll(() => removed).toEqual(["1", "3"]);
});

it("is taken by an importer that is shipped, or defined elsewhere", async () => {
  const { sink } = removing();
  const more = defineImporter({ ...leads, afterCommit: [sink] });
  expect(recordSinksOf(more).map(({ name, place }) => [name, place])).toEqual([
    ["index", { table: "leads", id: "id", where: null }],
  ]);
  const planner = defineImporter({ ...activities, afterCommit: [sink, { ...sink, name: "rings", record: "rings" }] });
  expect(recordSinksOf(planner).map(({ record, place }) => [record, place.table])).toEqual([
    ["items", "items"],
    ["rings", "rings"],
  ]);
});

function removing(): { sink: RecordSink; removed: string[] } {
  const removed: string[] = [];
  const sink: RecordSink = {
    name: "index",
    async apply({ remove }) {
      removed.push(...remove);
      return { kind: "applied", refused: [] };
    },
  };
  return { sink, removed };
}

const apply: RecordSink["apply"] = async () => ({ kind: "applied", refused: [] });

it.each<[unknown, string]>([
  [async () => {}, "afterCommit is a function: put it into a list, [afterCommit]"],
  [[{}], "afterCommit[0] lacks `apply`"],
  [[null], "afterCommit[0] is null"],
  [[{ apply, select: "" }], "afterCommit[0].select is"],
  [[{ apply, document: async () => ({}) }], "afterCommit[0].document"],
  [
    [{ apply, limits: { documents: 0 } }],
    "afterCommit[0].limits.documents is 0: it must be a whole number from 1 to 100000",
  ],
  [[{ apply, documents: () => ({}) }], "documents"],
])("refuses %j in a definition", (afterCommit, problem) => {
  expect(() => products({ afterCommit: afterCommit as RecordSink[] })).toThrow(problem);
});

it.each<[RecordSink[], string]>([
  [[{ apply, name: "My index" }], 'afterCommit[0].name is "My index": small letters, digits and hyphens, at most 40.'],
  [
    [
      { apply, name: "index" },
      { apply, name: "index" },
    ],
    'two sinks of `afterCommit` are called "index". Give one of them a `name`.',
  ],
  [[{ apply, record: "prices" }], 'afterCommit[0].record is "prices": it has no such record. It has: none.'],
])("refuses the names of %j", (afterCommit, problem) => {
  expect(() => recordSinksOf(products({ afterCommit }))).toThrow(`Importer "products": ${problem}`);
});

it("refuses a sink of the config that is called as one of an importer", () => {
  const sink: Sink = { name: "index", topics: ["import.completed"], deliver: async () => {} };
  const all = (): AnySink[] => allSinks([sink], [products({ afterCommit: [{ apply, name: "index" }] })]);
  expect(all).toThrow('Two sinks are called "index".');
});

it.each<[string, string | null]>([
  ["select id, code from products -- all of them", null],
  ["select p.id, b.name from products p left join brands b on b.id = p.brand_id", null],
  ["select code from products", "column d.id does not exist"],
  ["select id from product", 'relation "product" does not exist'],
  ["select id fro products", "syntax error"],
])("says in a check whether %j is a query of documents", async (select, problem) => {
  const { database } = await freshDatabase();
  await database.query(sql.raw(shopTables));
  const findings = await checkImporter(database, products({ afterCommit: [{ apply, name: "index", select }] }));
  const warnings = findings.filter(({ message }) => message.includes('the sink "index"'));
  expect(warnings.map(({ level }) => level)).toEqual(problem === null ? [] : ["warning"]);
  if (problem !== null) expect(warnings[0].message).toContain(problem);
});
