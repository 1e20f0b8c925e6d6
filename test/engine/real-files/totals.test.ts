/** Rows that sum up others: left out and told, taken in by one press, and the same whatever interrupts the reading. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../../src/index.ts";
import { rowXml, workbookOf } from "../../corpus/workbook-bytes.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../../open-engine.ts";
import { commit, ready } from "../review-import.ts";

const bank = defineImporter({
  name: "bank",
  fields: {
    payee: field.text({ required: true, aliases: { en: ["Client"] } }),
    city: field.text(),
    amount: field.decimal(),
  },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "bank" },
});
const ddl =
  "create table bank (id bigint generated always as identity primary key, payee text, city text, amount numeric)";

const file = (...rows: string[]): string => ["Client;City;Amount", ...rows].join("\r\n");
const three = ["Dupont;Paris;1 200,50", "Durand;Lyon;300,00", "Martin;Nantes;99,50"];
const told = ({ rows }: { rows: { row: number; outcome: string; issues: object }[] }) =>
  rows.map(({ row, outcome, issues }) => [row, outcome, issues]);
const total = [5, "skipped", [{ c: "total_row", p: { from: 2, to: 4 } }]];
const payees = ({ rows }: OpenEngine) => rows("select payee, amount from bank order by id");

it("leaves a total out, says which rows it adds up, and counts it as skipped", async () => {
  const open = await openEngine([bank], ddl);
  const outcome = await open.importCsv(bank, file(...three, "Total;;1 600,00"));
  expect(some(outcome.counts)).toEqual({ created: 3, skipped: 1 });
  expect(told(outcome)).toEqual([total]);
  expect(outcome.issueCounts).toEqual([{ field: null, code: "total_row", count: 1 }]);
  expect(await payees(open)).toEqual([
    { payee: "Dupont", amount: "1200.50" },
    { payee: "Durand", amount: "300.00" },
    { payee: "Martin", amount: "99.50" },
  ]);
  expect(some((await open.dryRun(bank, file(...three, "Total;;1 600,00"))).counts)).toEqual({ created: 3, skipped: 1 });
});

it("leaves out what a workbook adds up by a formula, with a word or without", async () => {
  const open = await openEngine([bank], ddl);
  const rows = (label: string | null) => [
    rowXml(1, "Client", "City", "Amount"),
    rowXml(2, "Dupont", "Paris", 1200.5),
    rowXml(3, "Durand", "Lyon", 300),
    rowXml(4, "Martin", "Nantes", 99.5),
    rowXml(5, label, null, "<c><f>SUM(C2:C4)</f><v>1600</v></c>"),
  ];
  for (const label of ["Total", null]) {
    const outcome = await open.importCsv(bank, workbookOf({ sheet: rows(label).join("") }));
    expect([label, some(outcome.counts), told(outcome)]).toEqual([label, { created: 3, skipped: 1 }, [total]]);
  }
});

it("lets a value that is the sum of those above in, with a warning", async () => {
  const open = await openEngine([bank], ddl);
  const { counts, issueCounts } = await open.importCsv(bank, file(...three, "Leroy;Lille;1 600,00"));
  expect(some(counts)).toEqual({ created: 4 });
  expect(issueCounts).toEqual([{ field: null, code: "sum_without_word", count: 1 }]);
});

it("keeps a client who is called so", async () => {
  const open = await openEngine([bank], ddl);
  const { counts, issueCounts } = await open.importCsv(
    bank,
    file(...three, "Total Energies;Paris;500,00", "Summa AB;Umeå;12,00", "Total;Paris;7,00"),
  );
  expect([some(counts), issueCounts]).toEqual([{ created: 6 }, []]);
});

it("takes every row as a record where a person says so", async () => {
  const open = await openEngine([bank], ddl);
  const { counts } = await open.importCsv(bank, file(...three, "Total;;1 600,00"), { dialect: { totals: "keep" } });
  expect(some(counts)).toEqual({ created: 4 });
});

it("takes the rows that were left out in by one press, which can be undone", async () => {
  const open = await openEngine([bank], ddl);
  const { review, imports } = open.engine;
  const jobId = await ready(open, bank, file(...three, "Total;;1 600,00", ";;x"));
  const rows = async () => {
    const { validRows, invalidRows, skippedRows, totalRows } = await imports.get(jobId);
    const page = await review.rows(jobId, {}, { offset: 0, limit: 10 });
    return [
      validRows,
      invalidRows,
      skippedRows,
      totalRows,
      page.total,
      page.rows.map(({ row, status }) => [row, status]),
    ];
  };
  const before = await rows();
  expect(before).toEqual([
    3,
    1,
    1,
    5,
    5,
    [
      [2, "valid"],
      [3, "valid"],
      [4, "valid"],
      [5, "skipped"],
      [6, "invalid"],
    ],
  ]);
  // What wrong rows are done with does not touch it.
  await review.revalidate(jobId, "ann");
  await review.findAndReplace(jobId, { find: "Total", replace: "Toto" }, "ann");
  expect(await rows()).toEqual(before);
  expect(await review.takeIn(jobId, "ann")).toEqual({
    changed: 1,
    leftOut: 0,
    nowValid: 1,
    nowInvalid: 0,
    stillInvalid: 0,
  });
  expect((await rows()).slice(0, 4)).toEqual([4, 1, 0, 5]);
  expect(await imports.issueCounts(jobId)).not.toContainEqual(expect.objectContaining({ code: "total_row" }));
  await review.undoEdit(jobId, "ann");
  expect(await rows()).toEqual(before);
  await review.takeIn(jobId, "ann");
  const { counts } = await commit(open, jobId);
  expect(some(counts)).toEqual({ created: 4, invalid: 1 });
  expect((await payees(open)).at(-1)).toEqual({ payee: "Total", amount: "1600.00" });
});

it("makes a record of a total whose cell a person edits, in a stage that is lost as well", async () => {
  const open = await openEngine([bank], ddl);
  const { engine, rows } = open;
  const jobId = await ready(open, bank, file(...three, "Total;;1 600,00", "Moyenne;;533,33"));
  const edited = await engine.review.editCell(jobId, { row: 5, field: "payee", value: "Total SA" }, "ann");
  expect(edited).toMatchObject({ row: 5, status: "valid", issues: [] });
  const { stageGeneration } = await engine.imports.get(jobId);
  await rows(`truncate sluice_stage.job_${jobId}_${stageGeneration}`);
  const outcome = await commit(open, jobId);
  expect(some(outcome.counts)).toEqual({ created: 4, skipped: 1 });
  expect(told(outcome)).toEqual([[6, "skipped", [{ c: "summary_row" }]]]);
  expect((await payees(open)).at(-1)).toEqual({ payee: "Total SA", amount: "1600.00" });
});

it("comes out the same over all batches and resumptions", async () => {
  const lines: string[] = [];
  const expected: unknown[] = [];
  for (let group = 0; group < 40; group++) {
    const from = lines.length + 2;
    let cents = 0;
    for (let k = 0; k < 500; k++) {
      const amount = ((group * 7919 + k * 104_729) % 100_000) - 20_000;
      cents += amount;
      lines.push(`Client ${group} ${k};City ${group};${(amount / 100).toFixed(2)}`);
    }
    lines.push(`City ${group} Total;;${(cents / 100).toFixed(2)}`);
    expected.push([lines.length + 1, "skipped", [{ c: "total_row", p: { from, to: lines.length } }]]);
  }
  const text = file(...lines);
  let stop = new AbortController();
  const open = await openEngine([bank], ddl, {
    batchBytes: 8 * 1024,
    onEvent: ({ name }) => {
      if (name === "parse.batch_committed") stop.abort(new Error("stopped"));
    },
  });
  const { engine } = open;
  const { id } = await open.create(bank, text);
  await engine.start(id);
  let stops = 0;
  while ((await engine.imports.get(id)).status !== "ready") {
    stop = new AbortController();
    await engine.work(id, stop.signal).catch(async (error: Error) => {
      expect(error.message).toBe("stopped");
      stops++;
      await engine.resume(id);
    });
  }
  expect(stops).toBeGreaterThan(1);
  stop = new AbortController();
  await engine.commit(id);
  await workToEnd(engine, id);
  const outcome = await open.outcomeOf(id);
  expect(told(outcome)).toEqual(expected);
  expect(some(outcome.counts)).toEqual({ created: 20_000, skipped: 40 });
});
