/** Rows that a person leaves out of an import, and puts back in: an edit like any, whatever is right or wrong with the rows. */
import { expect, it } from "vitest";
import type { RowsOf } from "../../src/core/store/review.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { commit, people, peopleTable, ready, rowsOf } from "./review-import.ts";

const bank = defineImporter({
  name: "bank",
  fields: { payee: field.text({ required: true }), amount: field.decimal(), phone: field.phone({ country: "FR" }) },
  match: { keys: ["payee"] },
  target: { table: "bank" },
});
const table =
  "create table bank (id bigint generated always as identity primary key, payee text, amount numeric, phone text)";
const mixed = [
  "Payee;Amount;Phone",
  "Ann;100,50;0612345678 / 0698765432",
  "Bo;x;",
  ";7;",
  "Cy;500;;surplus",
  "Di",
  "Total;;",
  "Ann;4;",
  "Eve;5;",
]
  .map((line) => `${line}\n`)
  .join("");

async function openMixed(): Promise<{ open: OpenEngine; jobId: number; review: OpenEngine["engine"]["review"] }> {
  const open = await openEngine([bank], table);
  return { open, jobId: await ready(open, bank, mixed), review: open.engine.review };
}

const totals = async ({ engine }: OpenEngine, jobId: number) => {
  const { validRows, invalidRows, skippedRows, totalRows } = await engine.imports.get(jobId);
  return [validRows, invalidRows, skippedRows, totalRows];
};

it("leaves rows out whatever is right or wrong with them, and puts them back as they were", async () => {
  const { open, review, jobId } = await openMixed();
  const before = await rowsOf(open, jobId);
  const counts = await totals(open, jobId);
  const kinds = Object.fromEntries(before.kept.map(({ row_no, outcome }) => [row_no, outcome]));
  expect(kinds).toEqual({ 3: "invalid", 4: "invalid", 5: "invalid", 6: "invalid", 7: "skipped" });
  const rows = [2, 3, 4, 5, 6, 7, 8, 99];
  // The total is left out already, and row 99 is none.
  expect(await review.leaveOut(jobId, { rows }, "ann")).toEqual({
    changed: 6,
    leftOut: 6,
    nowValid: 0,
    nowInvalid: 0,
    stillInvalid: 0,
  });
  expect(await totals(open, jobId)).toEqual([1, 0, 7, 8]);
  const { staged, issueCounts, warnings } = await rowsOf(open, jobId);
  expect(staged.map(({ row_no }) => row_no)).toEqual([9]);
  expect(warnings).toEqual([]);
  expect(issueCounts).toContainEqual({ field: null, code: "row_left_out", count: 6 });
  expect(await review.leaveOut(jobId, { rows }, "ann")).toMatchObject({ changed: 0 });
  const back = await review.putBack(jobId, { rows: rows.filter((row) => row !== 7) }, "ann");
  expect(back).toEqual({ changed: 6, leftOut: 0, nowValid: 2, nowInvalid: 0, stillInvalid: 4 });
  expect(await rowsOf(open, jobId)).toEqual(before);
  expect(await totals(open, jobId)).toEqual(counts);
});

it("is an edit: undone step by step, in the timeline by its kind and numbers alone", async () => {
  const { open, review, jobId } = await openMixed();
  const before = await rowsOf(open, jobId);
  await review.leaveOut(jobId, { from: 2, to: 4 }, "ann");
  const out = await rowsOf(open, jobId);
  await review.putBack(jobId, { rows: [3] }, "bo");
  expect(await review.undoEdit(jobId, "bo")).toMatchObject({ kind: "put_back", status: "undone" });
  expect(await rowsOf(open, jobId)).toEqual(out);
  expect(await review.undoEdit(jobId, "bo")).toMatchObject({ kind: "leave_out", status: "undone", leftOut: 3 });
  expect(await rowsOf(open, jobId)).toEqual(before);
  const events = (await open.engine.events.list(jobId)).filter(({ name }) => name === "import.edited");
  expect(events).toMatchObject([
    { actor: "ann", data: { kind: "leave_out", changed: 3, leftOut: 3, nowInvalid: 0 } },
    { actor: "bo", data: { kind: "put_back", changed: 1, stillInvalid: 1 } },
  ]);
});

it("takes the rows of a view, a stretch of the file, both, or a total that the parse had left out", async () => {
  const { open, review, jobId } = await openMixed();
  const left = async (which: RowsOf) => {
    await review.leaveOut(jobId, which, null);
    const { rows } = await review.rows(jobId, { issue: "row_left_out" }, { offset: 0, limit: 20 });
    await review.undoEdit(jobId, null);
    return rows.map(({ row, status }) => (status === "skipped" ? row : status));
  };
  expect(await left({ within: {} })).toEqual([2, 3, 4, 5, 6, 8, 9]);
  expect(await left({ within: { statuses: ["valid"] } })).toEqual([2, 8, 9]);
  expect(await left({ within: { search: "ann" }, from: 3 })).toEqual([8]);
  expect(await left({ from: 5, to: 6 })).toEqual([5, 6]);
  expect(await left({ to: 2 })).toEqual([2]);
  expect(await left({ rows: [9, 2], within: { statuses: ["invalid"] } })).toEqual([]);
  expect(await review.putBack(jobId, { rows: [7] }, null)).toMatchObject({ changed: 1, nowValid: 1 });
  await expect(review.leaveOut(jobId, {}, null)).rejects.toMatchObject({ code: "invalid" });
  await rowsOf(open, jobId);
});

it("keeps them from every other edit until they are back", async () => {
  const { open, review, jobId } = await openMixed();
  await review.leaveOut(jobId, { within: { statuses: ["valid", "invalid"] } }, null);
  const out = await rowsOf(open, jobId);
  const cell = { row: 3, field: "amount", value: "1" };
  await expect(review.editCell(jobId, cell, null)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/Row 3 of import \d+ is left out. Put it back in before you edit it/),
  });
  const cells = { fields: ["amount"], rows: [2, 3, 6].map((row) => ({ row, values: ["1"] })) };
  expect(await review.editCells(jobId, cells, null)).toMatchObject({ changed: 0 });
  expect(await review.findAndReplace(jobId, { find: "n", replace: "m" }, null)).toMatchObject({ changed: 0 });
  expect(await review.revalidate(jobId, null)).toMatchObject({ changed: 0 });
  // Of the rows that are left out the total alone is one that sums up others.
  expect(await review.takeIn(jobId, null)).toMatchObject({ changed: 1 });
  await review.undoEdit(jobId, null);
  for (let edits = 0; edits < 4; edits++) await review.undoEdit(jobId, null);
  await review.leaveOut(jobId, { within: { statuses: ["valid", "invalid"] } }, null);
  expect(await rowsOf(open, jobId)).toEqual(out);
});

it("skips them in the dry run and the commit, and tells of them as what they are", async () => {
  const { open, review, jobId } = await openMixed();
  const { engine } = open;
  await review.leaveOut(jobId, { rows: [2, 3, 4, 5, 6] }, null);
  const dry = await engine.dryRun(jobId);
  expect(some(dry.counts)).toEqual({ created: 2, skipped: 6 });
  const { counts, rows, issueCounts } = await commit(open, jobId);
  // Row 8 is Ann's too, and no longer repeats an earlier one.
  expect(some(counts)).toEqual({ created: 2, skipped: 6 });
  expect(rows.filter(({ outcome }) => outcome !== "skipped")).toEqual([]);
  expect(rows.map(({ row, issues }) => [row, issues.map(({ c }) => c).join()])).toEqual([
    ...[2, 3, 4, 5, 6].map((row) => [row, "row_left_out"]),
    [7, "summary_row"],
  ]);
  expect(issueCounts).toContainEqual({ field: null, code: "row_left_out", count: 5 });
});

it("lists them among the rows that were left out, with their cells as in the file, and not among the errors", async () => {
  const { open, review, jobId } = await openMixed();
  await review.leaveOut(jobId, { rows: [2, 3, 5, 6] }, null);
  const job = await open.engine.imports.get(jobId);
  const text = async (outcomes?: readonly ("skipped" | "invalid")[]) => {
    const { pieces } = await open.engine.downloads.rejectedCsv(job, bank, { outcomes, language: "en" });
    let all = "";
    for await (const piece of pieces) all += Buffer.from(piece).toString();
    return all.split("\r\n").slice(1, -1);
  };
  expect(await text()).toEqual(["4;payee is missing.;;7;"]);
  expect((await text(["skipped"])).slice(0, 4)).toEqual([
    "2;This row was left out by hand.;Ann;100,50;0612345678 / 0698765432",
    "3;This row was left out by hand.;Bo;x;",
    "5;This row was left out by hand.;Cy;500;;surplus",
    "6;This row was left out by hand.;Di",
  ]);
});

it("leaves every value of a valid row as it was read, typed or computed", async () => {
  const open = await openEngine([people], peopleTable);
  const jobId = await ready(
    open,
    people,
    'Name,Email,Age,Price,Born,Seen,Active,Status\nA,A@X.fr,7,"1,234.50",31/01/2024,2024-01-31 10:00,yes,New\n',
  );
  const before = await rowsOf(open, jobId);
  await open.engine.review.leaveOut(jobId, { rows: [2] }, null);
  await open.engine.review.putBack(jobId, { rows: [2] }, null);
  expect(await rowsOf(open, jobId)).toEqual(before);
  await open.engine.review.editCell(jobId, { row: 2, field: "name", value: "B" }, null);
  const edited = await rowsOf(open, jobId);
  await open.engine.review.leaveOut(jobId, { rows: [2] }, null);
  await open.engine.review.putBack(jobId, { rows: [2] }, null);
  expect(await rowsOf(open, jobId)).toEqual(edited);
});

it("goes on where a process died, with the stage lost or not, and comes out as without", async () => {
  const heard = { onEdit: (): void => {} };
  const open = await openEngine([bank], table, {
    onEvent: ({ name }) => {
      if (name === "review.rows_edited") heard.onEdit();
    },
  });
  const { review } = open.engine;
  const total = 12_000;
  const text = `Payee;Amount\n${Array.from({ length: total }, (_, k) => `N${k};${k % 3 === 0 ? "x" : k}\n`).join("")}`;
  const within = { statuses: ["invalid"], search: "n" } as const;
  const whole = await ready(open, bank, text);
  const counts = { changed: 4000, leftOut: 4000, nowValid: 0, nowInvalid: 0, stillInvalid: 0 };
  expect(await review.leaveOut(whole, { within, from: 1 }, "ann")).toEqual(counts);
  const expected = await rowsOf(open, whole);

  const jobId = await ready(open, bank, text);
  const cutOff = async (work: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
    const stop = new AbortController();
    heard.onEdit = () => stop.abort(new Error("cut off"));
    await expect(work(stop.signal)).rejects.toThrow("cut off");
    heard.onEdit = () => {};
  };
  const loseStage = async (): Promise<void> => {
    const { stageGeneration } = await open.engine.imports.get(jobId);
    await open.rows(`truncate sluice_stage.job_${jobId}_${stageGeneration}`);
    await expect(review.rows(jobId, {}, { limit: 1 })).rejects.toMatchObject({ code: "unavailable" });
    await workToEnd(open.engine, jobId);
  };
  await review.leaveOut(jobId, { rows: [3] }, null);
  await cutOff((signal) => review.leaveOut(jobId, { within }, "ann", signal));
  const halfway = await rowsOf(open, jobId);
  await loseStage();
  expect(await rowsOf(open, jobId)).toEqual(halfway);
  await Promise.all([review.finishEdit(jobId), review.finishEdit(jobId)]);
  expect(await review.edits(jobId, { limit: 1 })).toMatchObject([{ ...counts, status: "done" }]);
  await review.putBack(jobId, { rows: [3] }, null);
  expect(await rowsOf(open, jobId)).toEqual(expected);
  await review.undoEdit(jobId, null);
  await cutOff((signal) => review.undoEdit(jobId, null, signal));
  await loseStage();
  expect(await review.finishEdit(jobId)).toMatchObject({ status: "undone" });
  await review.undoEdit(jobId, null);
  expect(await totals(open, jobId)).toEqual([8000, 4000, 0, total]);
});
