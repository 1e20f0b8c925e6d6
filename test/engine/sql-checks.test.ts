/** Checks of an importer that are queries: over all rows of a file, and against other tables. */
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { type SqlCheck, sqlCheck } from "../../src/core/importer.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";

const addUp = sqlCheck({
  field: "share",
  message: { en: "The shares of {deal} add up to {total}.", fr: "Les parts de {deal} font {total} au total." },
  find: ({ rows }) =>
    `select row_no, deal, total from (select row_no, deal, sum(share) over (partition by deal) as total from ${rows}) r where total <> 100;`,
});
const isOpen = sqlCheck({
  field: "warehouse",
  message: "There is no open warehouse {warehouse}.",
  find: ({ rows }) =>
    `select row_no, warehouse from ${rows} r where not exists (select from warehouses w where w.code = r.warehouse)`,
});

function deals(checks: readonly SqlCheck[]) {
  return defineImporter({
    name: "deals",
    fields: {
      code: field.text({ required: true }),
      deal: field.text(),
      share: field.decimal(),
      warehouse: field.text(),
    },
    checks: checks as readonly SqlCheck<"share" | "warehouse">[],
    match: { keys: ["code"] },
    target: { table: "deals" },
    tables: [
      {
        name: "deals",
        columns: { id: "bigint", code: "text", deal: "text", share: "numeric", warehouse: "text" },
        create: [
          "create table deals (id bigint generated always as identity primary key, code text, deal text, share numeric, warehouse text)",
        ],
      },
    ],
  });
}

async function withWarehouses(importer: ReturnType<typeof deals>, options?: Parameters<typeof openEngine>[2]) {
  const engine = await openEngine([importer], "", options);
  await engine.rows("create table warehouses (code text)");
  await engine.rows("insert into warehouses values ('L'), ('P')");
  return engine;
}

const file = [
  "code,deal,share,warehouse",
  "1,north,60,L",
  "2,north,40,L",
  "3,south,60,L",
  "4,south,30,X",
  "5,east,100,X",
  "6,west,one,L",
  "7,west,100,P",
  "1,north,0,L",
].join("\n");
const counts = { created: 3, skipped: 1, invalid: 4 };

it("rejects rows by what other rows and other tables have, in a dry run as in the import", async () => {
  const importer = deals([addUp, isOpen]);
  const engine = await withWarehouses(importer);
  expect(some((await engine.dryRun(importer, file)).counts)).toEqual({ ...counts, invalid: 4 });
  const { counts: imported, job } = await engine.importCsv(importer, file);
  expect(some(imported)).toEqual(counts);
  expect(await engine.rows("select code from deals order by code")).toEqual(["1", "2", "7"].map((code) => ({ code })));
  expect(
    await engine.rows(
      `select row_no, issues -> 0 as issue from sluice.import_rows where job_id = ${job.id} and outcome = 'invalid' and issues -> 0 ->> 'c' = 'row_rejected' order by row_no`,
    ),
  ).toEqual([
    { row_no: 4, issue: { c: "row_rejected", f: "share", p: { message: "The shares of south add up to 90." } } },
    { row_no: 5, issue: { c: "row_rejected", f: "share", p: { message: "The shares of south add up to 90." } } },
    { row_no: 6, issue: { c: "row_rejected", f: "warehouse", p: { message: "There is no open warehouse X." } } },
  ]);
});

it("speaks the language of whoever imports", async () => {
  const importer = deals([addUp]);
  const engine = await withWarehouses(importer);
  const { job } = await engine.importCsv(importer, "code,deal,share\n1,nord,99\n", { language: "fr" });
  expect(
    await engine.rows(
      `select issues -> 0 -> 'p' ->> 'message' as said from sluice.import_rows where job_id = ${job.id}`,
    ),
  ).toEqual([{ said: "Les parts de nord font 99 au total." }]);
});

it("is not asked again in the middle of an import, whose own records would then be found", async () => {
  const isNew = sqlCheck({
    field: "deal",
    message: "The deal {deal} is closed.",
    find: ({ rows, target }) =>
      `select row_no, deal from ${rows} r where exists (select from ${target} t where t.deal = r.deal)`,
  });
  const importer = deals([isNew as unknown as SqlCheck]);
  const stop = new AbortController();
  const engine = await withWarehouses(importer, {
    chunkRows: 1,
    onEvent({ name }) {
      if (name === "chunk.committed") stop.abort();
    },
  });
  await engine.rows(
    "create table deals (id bigint generated always as identity primary key, code text, deal text, share numeric, warehouse text)",
  );
  await engine.rows("insert into deals (code, deal) values ('0', 'old')");
  const job = await engine.create(importer, "code,deal\n1,new\n2,new\n3,old\n4,new\n");
  await engine.engine.start(job.id);
  await workToEnd(engine.engine, job.id);
  await engine.engine.commit(job.id);
  await engine.engine.work(job.id, stop.signal).catch(() => {});
  // What was matched is forgotten, as after an edit or by a worker that takes over.
  await engine.rows(`update sluice.import_jobs set matched_at = null where id = ${job.id}`);
  await engine.engine.resume(job.id);
  await workToEnd(engine.engine, job.id);
  expect(some(await engine.engine.imports.counts(job.id))).toEqual({ created: 3, invalid: 1 });
});

it.each([
  ["select row_no from nowhere", /checks\[0\] failed: relation "nowhere" does not exist\. Correct its query\./],
  ["select 1 / 0 as row_no", /checks\[0\] failed: division by zero\. Correct its query\./],
  ["select code from (select 'a' as code) r", /checks\[0\] failed: column f\.row_no does not exist/],
])("fails with what to correct where the query is %s", async (query, message) => {
  const importer = deals([sqlCheck({ message: "Wrong.", find: () => query }) as unknown as SqlCheck]);
  const engine = await withWarehouses(importer);
  await expect(engine.importCsv(importer, file)).rejects.toThrow(message);
  expect(await engine.rows("select from deals")).toEqual([]);
});

it("takes no notice of rows that the file does not have", async () => {
  const importer = deals([
    sqlCheck({
      message: "Wrong.",
      find: () => "select unnest(array[null, 0, 99, 3, 3]) as row_no",
    }) as unknown as SqlCheck,
  ]);
  const engine = await withWarehouses(importer);
  expect(some((await engine.importCsv(importer, "code\n1\n2\n3\n")).counts)).toEqual({ created: 2, invalid: 1 });
});

it("is refused where its field or its options are wrong", () => {
  const define = (check: object) => () => deals([{ kind: "sql", ...check } as SqlCheck]);
  expect(define({ find: () => "select 1", message: "No", field: "shares" })).toThrow(/checks.*shares/);
  expect(define({ find: "select 1", message: "No" })).toThrow(/checks\[0\]\.find/);
  expect(define({ find: () => "select 1" })).toThrow(/checks\[0\].*message/);
});
