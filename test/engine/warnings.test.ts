/** Rows that go in with a warning: told, counted, kept up to a cap, and never counted twice; and what the parse learns of the columns. */
import { expect, it } from "vitest";
import { warningRowsCap } from "../../src/core/issue.ts";
import type { RowWarning } from "../../src/core/store/stage.ts";
import { defineImporter, field } from "../../src/index.ts";
import { ColumnStatistics, type StoredStatistics } from "../../src/mapping/column-statistics.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";

const ddl = `create table people (id bigint generated always as identity primary key, name text, email text, phone text, code text)`;
const people = defineImporter({
  name: "people",
  fields: {
    name: field.text(),
    email: field.email(),
    phone: field.phone(),
    code: field.text({ aliases: { fr: ["CP"] } }),
  },
  match: { keys: ["email"] },
  target: { table: "people" },
});

async function warningsOf(engine: OpenEngine["engine"], jobId: number): Promise<RowWarning[]> {
  const warnings: RowWarning[] = [];
  for await (const warning of engine.outcomes.warnings(jobId)) warnings.push(warning);
  return warnings;
}

const told = ({ row, issue: { c, f, p } }: RowWarning): unknown[] => [row, c, f, p];

it("lets rows with a warning in, and says of each what it is", async () => {
  const { engine, importCsv, rows } = await openEngine([people], ddl);
  const text = [
    "name;email;phone;CP",
    "Ann;ann@x.fr, ann@y.fr;0612345678 / 0145678901;75001",
    "Bob;bob@x.fr;612345679;1000",
    "Cid;no mail;612345670;69001",
    "Dan;dan@x.fr;0612345671;13008",
    "Eve;dan@x.fr;145678901;13008",
  ].join("\n");
  const { job, counts, issueCounts, issues } = await importCsv(people, text);
  expect(some(counts)).toEqual({ created: 3, skipped: 1, invalid: 1 });
  expect(await rows("select name, email, phone, code from people order by id")).toEqual([
    { name: "Ann", email: "ann@x.fr", phone: "+33612345678", code: "75001" },
    { name: "Bob", email: "bob@x.fr", phone: "+33612345679", code: "1000" },
    { name: "Dan", email: "dan@x.fr", phone: "+33612345671", code: "13008" },
  ]);
  expect((await warningsOf(engine, job.id)).map(told)).toEqual([
    [2, "several_values", "email", { value: "ann@x.fr", others: "ann@y.fr" }],
    [2, "several_values", "phone", { value: "+33612345678", others: "0145678901" }],
    [3, "leading_zero_lost", "code", { value: "01000" }],
    [3, "leading_zero_lost", "phone", { value: "+33612345679" }],
    [6, "leading_zero_lost", "phone", { value: "+33145678901" }],
  ]);
  expect(issueCounts).toEqual([
    { field: "phone", code: "leading_zero_lost", count: 2 },
    { field: null, code: "duplicate_in_file", count: 1 },
    { field: "email", code: "email_invalid", count: 1 },
    { field: "code", code: "leading_zero_lost", count: 1 },
    { field: "email", code: "several_values", count: 1 },
    { field: "phone", code: "several_values", count: 1 },
  ]);
  // What keeps rows out or skips them stands where it did.
  expect(issues).toEqual([
    [4, "email", "email_invalid"],
    [6, null, "duplicate_in_file"],
  ]);
});

it("puts a postal code's zeros back where the mapping says so", async () => {
  const { importCsv, rows } = await openEngine([people], ddl);
  const map = [{ column: "CP", field: "code", transform: { padTo: 5 } }];
  const { issueCounts } = await importCsv(people, "name;CP\nAnn;75001\nBob;1000\nCid;69001\n", { map });
  expect(await rows("select code from people order by id")).toEqual([
    { code: "75001" },
    { code: "01000" },
    { code: "69001" },
  ]);
  expect(issueCounts).toEqual([{ field: "code", code: "leading_zero_lost", count: 1 }]);
});

it("keeps the first rows of each code over all batches and resumptions, and counts them all once", async () => {
  let stop = new AbortController();
  const { engine, create, rows, store } = await openEngine([people], ddl, {
    batchBytes: 8 * 1024,
    onEvent: ({ name }) => {
      if (name === "parse.batch_committed") stop.abort(new Error("stopped"));
    },
  });
  // Several batches of the reader.
  const total = 25_000;
  const lines = Array.from({ length: total }, (_, k) => `N${k},n${k}@x.fr,${612_000_000 + k},${10_000 + (k % 90)}\n`);
  const job = await create(people, `name,email,phone,code\n${lines.join("")}`);
  await engine.start(job.id);
  // Stopped after its first batch, and taken up by a new reader, until it is through.
  let stops = 0;
  while ((await engine.imports.get(job.id)).status !== "ready") {
    stop = new AbortController();
    await engine.work(job.id, stop.signal).catch(async (error: Error) => {
      expect(error.message).toBe("stopped");
      stops++;
      await engine.resume(job.id);
    });
  }
  expect(stops).toBeGreaterThan(1);
  const check = async (): Promise<void> => {
    const warnings = await warningsOf(engine, job.id);
    expect(warnings.length).toBe(warningRowsCap);
    expect([warnings[0].row, warnings[warnings.length - 1].row]).toEqual([2, 1 + warningRowsCap]);
    expect(await engine.imports.issueCounts(job.id)).toEqual([
      { field: "phone", code: "leading_zero_lost", count: total },
    ]);
    const stored = (await store.stage.columnStatistics(job.id)) as StoredStatistics;
    const [name, , phone] = new ColumnStatistics(job.dialect.columns, { stored }).profiles();
    expect([name.rows, name.filled, phone.filled]).toEqual([total, total, total]);
  };
  await check();
  // The stage is lost, and the file read again from its start.
  await engine.commit(job.id);
  const { stageGeneration } = await engine.imports.get(job.id);
  await rows(`truncate sluice_stage.job_${job.id}_${stageGeneration}`);
  await workToEnd(engine, job.id);
  expect((await engine.imports.get(job.id)).stageGeneration).toBe(stageGeneration + 1);
  await check();
  expect(await rows("select count(*)::int as n from people")).toEqual([{ n: total }]);
  await store.imports.delete(job.id);
  expect(await rows("select count(*)::int as n from sluice.import_warnings")).toEqual([{ n: 0 }]);
});

it("stores what the whole file's columns hold, for the review", async () => {
  const { importCsv, store } = await openEngine([people], ddl);
  const { job } = await importCsv(people, "name;email;CP\nAnn;a@x.fr;01000\nBob;;75001\n;c@x.fr;\n");
  const stored = (await store.stage.columnStatistics(job.id)) as StoredStatistics;
  const profiles = new ColumnStatistics(job.dialect.columns, { stored }).profiles();
  expect(profiles.map(({ header, kind, rows, filled, distinct }) => [header, kind, rows, filled, distinct])).toEqual([
    ["name", "text", 3, 2, 2],
    ["email", "email", 3, 2, 2],
    ["CP", "postal_code", 3, 2, 2],
  ]);
});
