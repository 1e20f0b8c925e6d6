/** What an import does with what is there: adds and matches, only updates, only adds. */
import { expect, it } from "vitest";
import type { Mode } from "../../src/core/modes.ts";
import { settle } from "../../src/engine/start-check.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), phone: field.text(), city: field.text() },
  match: { keys: ["email"] },
  target: { table: "people" },
});
const ddl = `create table people (id serial primary key, email text, phone text, city text not null);
  insert into people (email, city) values ('a@x.fr', 'Lyon'), ('b@x.fr', 'Nice')`;
const text = "email,city\na@x.fr,Metz\nnew@x.fr,Brest\nA@x.fr,Caen\nnew@x.fr,\n";
const all = "select email, city from people order by id";

it.each([
  [
    "append",
    { created: 3, invalid: 1 },
    [[5, "city", "database_not_null"]],
    ["a@x.fr Lyon", "b@x.fr Nice", "a@x.fr Metz", "new@x.fr Brest", "a@x.fr Caen"],
  ],
  [
    "upsert",
    { created: 1, skipped: 2, invalid: 1 },
    [
      [2, null, "duplicate_in_table"],
      [4, null, "duplicate_in_table"],
      [5, "city", "database_not_null"],
    ],
    ["a@x.fr Lyon", "b@x.fr Nice", "new@x.fr Brest"],
  ],
  [
    "update_only",
    { updated: 2, skipped: 2 },
    [
      [3, null, "no_match"],
      [5, null, "no_match"],
    ],
    ["a@x.fr Caen", "b@x.fr Nice"],
  ],
] as [Mode, object, unknown[], string[]][])(
  "in the mode %s, does with the table what the dry run foretold",
  async (mode, counts, issues, records) => {
    const { importCsv, dryRun, rows } = await openEngine([people], ddl);
    const foretold = await dryRun(people, text, { mode });
    const outcome = await importCsv(people, text, { mode });
    expect(some(outcome.counts)).toEqual(counts);
    expect(outcome.issues).toEqual(issues);
    expect(foretold.counts).toEqual(outcome.counts);
    expect(foretold.issueCounts.map(({ code, count }) => [code, count]).sort()).toEqual(
      outcome.issueCounts.map(({ code, count }) => [code, count]).sort(),
    );
    expect((await rows<{ email: string; city: string }>(all)).map(({ email, city }) => `${email} ${city}`)).toEqual(
      records,
    );
  },
);

async function ready({ create, engine }: OpenEngine, mode: Mode, csv = text): Promise<number> {
  const job = await create(people, csv, { mode });
  await engine.start(job.id);
  await workToEnd(engine, job.id);
  return job.id;
}

/** Something that happens once, when an import has matched and before its first chunk goes in. */
function beforeChunks({ store }: OpenEngine, id: number, happens: () => Promise<unknown>): void {
  const commitChunk = store.commits.commitChunk.bind(store.commits);
  let happened: Promise<unknown> | null = null;
  store.commits.commitChunk = async (job, ...rest) => {
    if (job.id === id) await (happened ??= happens());
    return commitChunk(job, ...rest);
  };
}

it("only updates: makes no record anew that is deleted between match and chunk, wherever its rows stand", async () => {
  const open = await openEngine([people], ddl, { chunkRows: 2 });
  const id = await ready(open, "update_only", `${text}b@x.fr,Rennes\n`);
  beforeChunks(open, id, () => open.rows("delete from people where email = 'a@x.fr'"));
  await open.engine.commit(id);
  await workToEnd(open.engine, id);
  const { counts, issues } = await open.outcomeOf(id);
  expect(some(counts)).toEqual({ updated: 1, skipped: 4 });
  expect(issues).toEqual([2, 3, 4, 5].map((row) => [row, null, "no_match"]));
  expect(await open.rows(all)).toEqual([{ email: "b@x.fr", city: "Rennes" }]);
});

it("only updates: finds a record that was made between match and chunk", async () => {
  const open = await openEngine([people], ddl, { chunkRows: 2 });
  const id = await ready(open, "update_only");
  const other = await ready(open, "upsert");
  await open.engine.commit(other);
  beforeChunks(open, id, () => workToEnd(open.engine, other));
  await open.engine.commit(id);
  await workToEnd(open.engine, id);
  const { counts, issues } = await open.outcomeOf(id);
  expect({ counts: some(counts), issues }).toEqual({ counts: { updated: 2, unchanged: 2 }, issues: [] });
  expect((await open.rows<{ email: string }>(all)).map(({ email }) => email)).toEqual(["a@x.fr", "b@x.fr", "new@x.fr"]);
});

it("refuses a mode that the importer does not offer", async () => {
  const adds = defineImporter({ ...people, modes: ["append"] });
  const { create } = await openEngine([adds], ddl);
  await expect(create(adds, text, { mode: "update_only" })).rejects.toThrow(
    'The importer "people" does not offer the mode "update_only". It offers: append.',
  );
});

it("refuses to only update where no column recognises a record", async () => {
  const { create } = await openEngine([people], ddl);
  const job = await create(people, "phone,city\n1,Lyon\n", { mode: "update_only" });
  expect(() => settle(job, people, false)).toThrow("no column feeds a field to recognise them by: email");
});

it("begins in the importer's first mode", async () => {
  const adds = defineImporter({ ...people, modes: ["append", "update_only"] });
  const { create } = await openEngine([adds], ddl);
  expect((await create(adds, text)).mode).toBe("append");
});
