/** Rows of a file that are the same record: all of them count, or one alone, whatever its place and whatever happens to it. */
import { expect, it } from "vitest";
import type { Repeats } from "../../src/core/repeats.ts";
import { products } from "../../src/importers/catalog/products.ts";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const table = `create table people (id bigserial primary key, email text, name text check (name <> 'bad'), city text);
  insert into people (email, name, city) values ('old@x.fr', 'Old', 'Lyon')`;

const people = (repeats?: Repeats) =>
  defineImporter({
    name: "people",
    fields: { email: field.email({ required: true }), name: field.text(), city: field.text() },
    match: { keys: ["email"], onDuplicate: "update" },
    target: { table: "people" },
    repeats,
  });

const csv =
  "email,name,city\nnew@x.fr,One,\nold@x.fr,Two,Paris\nnew@x.fr,,Nice\nOLD@x.fr,Three,\nnew@x.fr,Four,\nalone@x.fr,Five,\n";
const old = (name: string, city: string | null) => ({ email: "old@x.fr", name, city });
const fresh = (name: string, city: string | null) => ({ email: "new@x.fr", name, city });
const alone = { email: "alone@x.fr", name: "Five", city: null };

it.each<[Repeats | undefined, object[], object, unknown[]]>([
  [undefined, [alone, fresh("Four", "Nice"), old("Three", "Paris")], { created: 2, updated: 4 }, []],
  [
    "first",
    [alone, fresh("One", null), old("Two", "Paris")],
    { created: 2, updated: 1, skipped: 3 },
    [
      [4, null, "duplicate_in_file", 2],
      [5, null, "duplicate_in_file", 3],
      [6, null, "duplicate_in_file", 2],
    ],
  ],
  [
    "last",
    [alone, fresh("Four", null), old("Three", "Lyon")],
    { created: 2, updated: 1, skipped: 3 },
    [
      [2, null, "duplicate_in_file", 6],
      [3, null, "duplicate_in_file", 5],
      [4, null, "duplicate_in_file", 6],
    ],
  ],
])("counts %s", async (repeats, records, counts, skipped) => {
  const importer = people(repeats);
  const app = await openEngine([importer], table);
  expect(some((await app.dryRun(importer, csv)).counts)).toEqual(counts);
  const outcome = await app.importCsv(importer, csv);
  expect(some(outcome.counts)).toEqual(counts);
  expect(await app.rows("select email, name, city from people order by name")).toEqual(records);
  const found = outcome.rows.flatMap(({ row, issues }) => issues.map(({ c, f, p }) => [row, f ?? null, c, p?.row]));
  expect(found.filter(([, , code]) => code === "duplicate_in_file")).toEqual(skipped);
});

it("counts the next row where the one before is not valid, or breaks a rule of the table", async () => {
  const importer = people("first");
  const app = await openEngine([importer], table);
  const text = "email,name\nnot-an-address,Zero\na@x.fr,bad\na@x.fr,Good\nb@x.fr,One\nb@x.fr,Two\n";
  const outcome = await app.importCsv(importer, text);
  expect(some(outcome.counts)).toEqual({ created: 2, invalid: 2, skipped: 1 });
  expect(await app.rows("select email, name from people where id > 1 order by id")).toEqual([
    { email: "a@x.fr", name: "Good" },
    { email: "b@x.fr", name: "One" },
  ]);
});

it("decides the same after an interruption, when some of the rows are in already", async () => {
  for (const repeats of ["first", "last"] as const) {
    const app = await openEngine([products], "", { chunkRows: 3 });
    const job = await app.create(products, "Code;Prix\nA;1\nB;1\nC;1\nA;2\nB;2\nD;1\nA;3\nE;1\nF;1\n", {
      repeats,
    });
    await app.engine.start(job.id);
    while ((await app.engine.work(job.id)) !== "done");
    await app.engine.commit(job.id);
    // One chunk is done; then the stage is lost, and everything is matched anew.
    const stop = new AbortController();
    const commitChunk = app.store.commits.commitChunk.bind(app.store.commits);
    app.store.commits.commitChunk = async (...given) => {
      const outcome = await commitChunk(...given);
      stop.abort(new Error("stopped"));
      return outcome;
    };
    await app.engine.work(job.id, stop.signal).catch(() => {});
    app.store.commits.commitChunk = commitChunk;
    await app.rows("drop schema sluice_stage cascade; create schema sluice_stage");
    await app.engine.resume(job.id);
    while ((await app.engine.work(job.id)) !== "done");
    expect(some(await app.engine.imports.counts(job.id))).toEqual({ created: 6, skipped: 3 });
    const prices = await app.rows(
      "select p.code, v.amount::float as amount from products p join product_prices v on v.product_id = p.id order by p.code",
    );
    expect(prices).toEqual(
      repeats === "first"
        ? ["A", "B", "C", "D", "E", "F"].map((code) => ({ code, amount: 1 }))
        : Object.entries({ A: 3, B: 2, C: 1, D: 1, E: 1, F: 1 }).map(([code, amount]) => ({ code, amount })),
    );
  }
});
