/** The review's edits of many rows: by distinct value, find and replace, validation anew; taken back, cut off, and gone on with. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { commit, people, peopleTable, ready, rowsOf } from "./review-import.ts";

const importer = defineImporter({
  name: "contacts",
  fields: {
    name: field.text({ required: true }),
    age: field.integer(),
    status: field.choice({ fresh: ["New"], won: ["Won"] }),
    city: field.text({ maxLength: 12 }),
  },
  target: { table: "contacts" },
});
const table =
  "create table contacts (id bigint generated always as identity primary key, name text, age bigint, status text, city text)";
const header = "Name,Age,Status,City,Note";
const lines = (...rows: string[]): string => `${header}\n${rows.map((row) => `${row}\n`).join("")}`;
const mixed = lines(
  "A,1,Gagné,Lyon,n1",
  "B,x,Gagné,Paris,n2",
  "C,3,gagné ,Lyon,n3",
  "D,4,New,Lyon sud,n4",
  "E,x,Perdu,LYON,n5",
  ",6,Gagné,Nice,n6",
  "G,7,Gagné,Lyon Lyon,n7",
);

async function openReady(
  text = mixed,
): Promise<{ open: OpenEngine; jobId: number; review: OpenEngine["engine"]["review"] }> {
  const open = await openEngine([importer], table);
  return { open, jobId: await ready(open, importer, text), review: open.engine.review };
}

describe("by distinct value", () => {
  it("counts the cells that keep rows out, page by page", async () => {
    const { review, jobId } = await openReady();
    const all = [
      { value: "Gagné", rows: 4 },
      { value: "Perdu", rows: 1 },
      { value: "gagné ", rows: 1 },
    ];
    expect(await review.distinctBadValues(jobId, "status", { limit: 9 })).toEqual(all);
    expect(await review.distinctBadValues(jobId, "status", { limit: 1, after: all[0] })).toEqual([all[1]]);
    expect(await review.distinctBadValues(jobId, "status", { limit: 9, after: all[1] })).toEqual([all[2]]);
    expect(await review.distinctBadValues(jobId, "age", { code: "integer_invalid", limit: 9 })).toEqual([
      { value: "x", rows: 2 },
    ]);
    expect(await review.distinctBadValues(jobId, "age", { code: "required", limit: 9 })).toEqual([]);
    expect(await review.distinctBadValues(jobId, "name", { limit: 9 })).toEqual([{ value: "", rows: 1 }]);
    await expect(review.distinctBadValues(jobId, "nope", { limit: 9 })).rejects.toMatchObject({ code: "invalid" });
  });

  it("puts another value in its place everywhere, and nowhere else", async () => {
    const { open, review, jobId } = await openReady();
    const before = await rowsOf(open, jobId);
    const counts = await review.replaceValue(jobId, { field: "status", from: "Gagné", to: "Won" }, "ann");
    expect(counts).toEqual({ changed: 4, leftOut: 0, nowValid: 2, nowInvalid: 0, stillInvalid: 2 });
    const { staged, issueCounts } = await rowsOf(open, jobId);
    expect(staged.map(({ row_no }) => row_no)).toEqual([2, 5, 8]);
    expect(issueCounts).toEqual(
      [
        { field: "status", code: "choice_unknown", count: 2 },
        { field: "age", code: "integer_invalid", count: 2 },
        { field: "name", code: "required", count: 1 },
      ].sort((a, b) => b.count - a.count || a.code.localeCompare(b.code)),
    );
    const events = await open.engine.events.list(jobId);
    expect(events.filter(({ name }) => name === "import.edited")).toMatchObject([
      { actor: "ann", data: { kind: "replace", field: "status", changed: 4, nowValid: 2, stillInvalid: 2 } },
    ]);
    expect(JSON.stringify(events)).not.toContain("Gagn");
    expect(await review.undoEdit(jobId, "bob")).toMatchObject({ status: "undone", kind: "replace" });
    expect(await rowsOf(open, jobId)).toEqual(before);
    await expect(review.undoEdit(jobId, "bob")).rejects.toMatchObject({ code: "conflict" });
  });

  it("fills blanks of a required field", async () => {
    const { open, review, jobId } = await openReady(lines(",1,New,,n", ",2,New,,n", "C,3,New,,n"));
    expect(await review.replaceValue(jobId, { field: "name", from: "", to: "?" }, null)).toMatchObject({ nowValid: 2 });
    await rowsOf(open, jobId);
    const { counts } = await commit(open, jobId);
    expect(some(counts)).toEqual({ created: 3 });
  });

  it("takes texts as they are: quotes, backslashes, what looks like a null or a pattern", async () => {
    const { open, review, jobId } = await openReady(lines(`A,"""x\\",New,,n`, `B,"""x\\",New,,n`));
    expect(await review.distinctBadValues(jobId, "age", { limit: 9 })).toEqual([{ value: '"x\\', rows: 2 }]);
    expect(await review.replaceValue(jobId, { field: "age", from: '"x\\', to: "12" }, null)).toMatchObject({
      nowValid: 2,
    });
    const replace = (find: string, to: string) =>
      review.findAndReplace(jobId, { field: "name", find, replace: to, caseSensitive: true }, null);
    expect(await replace("A", "\\N $& '{\"")).toMatchObject({ changed: 1 });
    expect(await replace("$& '{\"", "(.*)+")).toMatchObject({ changed: 1 });
    expect(await replace("(.*)+", "\\")).toMatchObject({ changed: 1 });
    expect((await rowsOf(open, jobId)).staged).toMatchObject([{ name: "\\N \\" }, { name: "B" }]);
    await expect(review.replaceValue(jobId, { field: "age", from: "x", to: "\0" }, null)).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(review.replaceValue(jobId, { field: "age", from: "x", to: "x" }, null)).rejects.toMatchObject({
      code: "invalid",
    });
  });
});

describe("find and replace", () => {
  const found: [string, Parameters<OpenEngine["engine"]["review"]["findAndReplace"]>[1], object, (string | null)[]][] =
    [
      [
        "part of a cell, any case",
        { field: "city", find: "lyon", replace: "L" },
        { changed: 5, stillInvalid: 4 },
        ["L sud"],
      ],
      [
        "part of a cell, this case",
        { field: "city", find: "Lyon", replace: "L", caseSensitive: true },
        { changed: 4 },
        ["L sud"],
      ],
      ["whole cells", { field: "city", find: "lyon", replace: "L", wholeCell: true }, { changed: 3 }, ["Lyon sud"]],
      [
        "letters beyond ASCII in any case",
        { field: "status", find: "GAGNÉ", replace: "won" },
        { changed: 5, nowValid: 3 },
        ["Lyon", "Lyon", "Lyon sud", "Lyon Lyon"],
      ],
      [
        "signs that mean something in a pattern",
        { field: "city", find: "[é]|.*", replace: "L" },
        { changed: 0 },
        ["Lyon sud"],
      ],
      ["in every field", { find: "x", replace: "5" }, { changed: 2, stillInvalid: 2 }, ["Lyon sud"]],
      [
        "a valid row can become invalid by it",
        { field: "city", find: " ", replace: " in the " },
        { changed: 2, nowInvalid: 1 },
        [],
      ],
      [
        "blank cells of a field",
        { field: "name", find: "", replace: "F", wholeCell: true },
        { changed: 1, stillInvalid: 1 },
        ["Lyon sud"],
      ],
      ["nothing", { find: "zebra", replace: "F" }, { changed: 0 }, ["Lyon sud"]],
      ["numbers of a field that is named", { field: "age", find: "4", replace: "44" }, { changed: 1 }, ["Lyon sud"]],
    ];
  it.each(found)("%s", async (_what, options, counts, cities) => {
    const { open, review, jobId } = await openReady();
    const before = await rowsOf(open, jobId);
    expect(await review.findAndReplace(jobId, options, null)).toMatchObject(counts);
    const { staged } = await rowsOf(open, jobId);
    expect(staged.map((row) => (row as unknown as { city: string }).city)).toEqual(cities);
    await review.undoEdit(jobId, null);
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it("reads a replaced number of a valid row in plain form, whatever the column's decimal mark", async () => {
    const open = await openEngine([people], peopleTable);
    const map = [{ column: "Price", field: "price", transform: { decimalMark: "," as const } }];
    const jobId = await ready(open, people, 'Name,Price\nA,"1,234"\nB,"9,5"\n', { map });
    const { review } = open.engine;
    await review.findAndReplace(jobId, { field: "price", find: "1.2", replace: "7.2" }, null);
    expect((await rowsOf(open, jobId)).staged).toMatchObject([{ price: "7.234" }, { price: "9.5" }]);
  });

  it("refuses to look for nothing", async () => {
    const { review, jobId } = await openReady();
    await expect(review.findAndReplace(jobId, { find: "", replace: "x" }, null)).rejects.toMatchObject({
      code: "invalid",
    });
  });
});

it("reads a cell that the file typed in plain form again, when another cell of its row is mended", async () => {
  const open = await openEngine([people], peopleTable);
  const map = [{ column: "price", field: "price", transform: { decimalMark: "," as const } }];
  const text = JSON.stringify([
    { name: "", price: 1.234, born: "2024-01-31" },
    { name: "B", price: 2.5, born: "2024-02-01" },
  ]);
  const jobId = await ready(open, people, text, { map });
  expect((await rowsOf(open, jobId)).kept).toMatchObject([{ cells: ["", "1.234", "2024-01-31"], typed_cells: [1] }]);
  const [{ row }] = (await open.engine.review.rows(jobId, { statuses: ["invalid"] }, { limit: 1 })).rows;
  await open.engine.review.editCell(jobId, { row, field: "name", value: "A" }, null);
  expect((await rowsOf(open, jobId)).staged).toMatchObject([{ price: "1.234" }, { price: "2.5" }]);
});

it("validates the invalid rows again after the importer has changed", async () => {
  const { open, review, jobId } = await openReady();
  expect(await review.revalidate(jobId, null)).toMatchObject({ changed: 0 });
  await open.database.query(sql`
    update sluice.import_jobs set column_mapping = jsonb_set(column_mapping, '{columns,2,transform}', '{"values":{"gagne":"won"}}') where id = ${jobId}`);
  expect(await review.revalidate(jobId, null)).toEqual({
    changed: 5,
    leftOut: 0,
    nowValid: 3,
    nowInvalid: 0,
    stillInvalid: 2,
  });
  await rowsOf(open, jobId);
});

describe("several at once", () => {
  const many = lines(...Array.from({ length: 3000 }, (_, k) => `N${k},x,New,Lyon,n`));

  it("two processes that go on with one edit change every row once", async () => {
    const { open, review, jobId } = await openReady(many);
    const stop = new AbortController();
    const begun = review.replaceValue(jobId, { field: "age", from: "x", to: "1" }, null, stop.signal);
    const helpers = [1, 2, 3].map(() => review.finishEdit(jobId));
    expect(await begun).toMatchObject({ changed: 3000, nowValid: 3000 });
    await Promise.all(helpers);
    expect((await rowsOf(open, jobId)).staged).toHaveLength(3000);
    expect(await review.edits(jobId, { limit: 9 })).toMatchObject([{ status: "done", changed: 3000 }]);
  });

  it("a cell that is edited meanwhile waits for the edit of many rows, and nothing is committed until it is done", async () => {
    const { open, review, jobId } = await openReady(many);
    const edit = await open.store.review.begin(jobId, {
      kind: "replace",
      field: "age",
      params: { from: "x", to: "1" },
      actor: "ann",
    });
    await expect(open.store.imports.move(jobId, "queued", { from: ["ready"], phase: "commit" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/not finished/),
    });
    const row = await review.editCell(jobId, { row: 3001, field: "age", value: "7" }, "bob");
    expect(row).toMatchObject({ status: "valid", values: { age: "7" } });
    expect(await review.edits(jobId, { limit: 9 })).toMatchObject([
      { kind: "cell", actor: "bob" },
      { id: edit.id, kind: "replace", actor: "ann", changed: 3000, status: "done" },
    ]);
    await rowsOf(open, jobId);
    const { counts } = await commit(open, jobId);
    expect(some(counts)).toEqual({ created: 3000 });
  });

  it("duplicates are decided by the rows as they are after the edit, in a dry run and in the commit", async () => {
    const open = await openEngine([people], peopleTable);
    const jobId = await ready(open, people, "Name,Email\nA,a@x.fr\nB,nope\nC,c@x.fr\n");
    const { engine } = open;
    const dry = async () => some((await engine.dryRun(jobId)).counts);
    expect(await dry()).toEqual({ created: 2, invalid: 1 });
    await engine.review.editCell(jobId, { row: 3, field: "email", value: "A@X.fr" }, null);
    expect(await dry()).toEqual({ created: 2, skipped: 1 });
    await engine.review.editCell(jobId, { row: 2, field: "email", value: "c@x.fr" }, null);
    expect(await dry()).toEqual({ created: 2, skipped: 1 });
    expect((await commit(open, jobId)).issues).toEqual([[4, null, "duplicate_in_file"]]);
  });
});

describe("cells of several rows", () => {
  it("are put in as one edit, in valid and invalid rows, and taken back together", async () => {
    const { open, review, jobId } = await openReady();
    const before = await rowsOf(open, jobId);
    const cells = {
      fields: ["age", "status"],
      rows: [
        { row: 6, values: ["5", "Won"] },
        { row: 2, values: [null, "Won"] },
        { row: 5, values: ["four", null] },
        { row: 8, values: ["7", null] },
        { row: 99, values: ["1", "Won"] },
      ],
    };
    expect(await review.editCells(jobId, cells, "ann")).toEqual({
      changed: 3,
      leftOut: 0,
      nowValid: 2,
      nowInvalid: 1,
      stillInvalid: 0,
    });
    const { staged, kept } = await rowsOf(open, jobId);
    expect(staged.map(({ row_no }) => row_no)).toEqual([2, 6]);
    expect(staged).toMatchObject([
      { status: "won", age: 1 },
      { status: "won", age: 5 },
    ]);
    expect(kept.map(({ row_no }) => row_no)).toEqual([3, 4, 5, 7, 8]);
    // Its values are gone from the list, and nothing of them is in the timeline.
    const [{ params }] = await review.edits(jobId, { limit: 1 });
    expect(Object.keys(params).sort()).toEqual(["fields"]);
    expect(JSON.stringify(await open.engine.events.list(jobId))).not.toContain("four");
    expect(await review.undoEdit(jobId, "ann")).toMatchObject({ kind: "cells", status: "undone", field: null });
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it("leaves alone what stays as it is, what would be blank, and rows whose cells do not line up", async () => {
    const { open, review, jobId } = await openReady(lines("A,1,New,Lyon,n", ",x,,,", "C,3,New,Lyon,n,more"));
    const before = await rowsOf(open, jobId);
    const rows = [2, 3, 4].map((row) => ({ row, values: [row === 2 ? "1" : ""] }));
    expect(await review.editCells(jobId, { fields: ["age"], rows }, null)).toMatchObject({ changed: 0 });
    expect(await rowsOf(open, jobId)).toEqual(before);
  });

  it("of more rows than one transaction changes go on where a process died", async () => {
    const open = await openEngineThatTells();
    const { review } = open.engine;
    const jobId = await ready(open, importer, lines(...Array.from({ length: 5000 }, (_, k) => `N${k},x,New,Lyon,n`)));
    const rows = Array.from({ length: 2500 }, (_, k) => ({ row: 5001 - 2 * k, values: [`${k}`] }));
    const stop = new AbortController();
    open.heard.onEdit = () => stop.abort(new Error("cut off"));
    await expect(review.editCells(jobId, { fields: ["age"], rows }, "ann", stop.signal)).rejects.toThrow("cut off");
    open.heard.onEdit = () => {};
    // Somebody else's waits for it, and comes after it.
    expect(await review.editCell(jobId, { row: 5001, field: "age", value: "9" }, "bob")).toMatchObject({
      status: "valid",
    });
    const [, { status, nowValid }] = await review.edits(jobId, { limit: 2 });
    expect([status, nowValid]).toEqual(["done", 2500]);
    expect((await rowsOf(open, jobId)).staged.at(-1)).toMatchObject({ row_no: 5001, age: 9 });
  });

  it("of two people at once come one after the other", async () => {
    const { open, review, jobId } = await openReady();
    const edit = (value: string, by: string) =>
      review.editCells(jobId, { fields: ["city"], rows: [2, 3, 4].map((row) => ({ row, values: [value] })) }, by);
    const done = await Promise.all(
      [edit("Oslo", "ann"), edit("Bergen", "bob")].map((each) => each.catch((e) => e.code)),
    );
    // The second may find the first under way: it is told so, and nothing of it goes in.
    expect(done).toContainEqual(expect.objectContaining({ changed: 3 }));
    const { rows } = await review.rows(jobId, {}, { limit: 3 });
    const cities = new Set(rows.map(({ values, cells }) => values?.city ?? cells?.[3]));
    expect(cities.size).toBe(1);
    await rowsOf(open, jobId);
  });

  it("are refused where they are none, twice the same, impossible values, or too many", async () => {
    const { open, review, jobId } = await openReady();
    const refused: [fields: string[], rows: [number, (string | null)[]][]][] = [
      [[], [[2, []]]],
      [["city"], []],
      [["nope"], [[2, ["x"]]]],
      [["city", "city"], [[2, ["x", "y"]]]],
      [
        ["city"],
        [
          [2, ["x"]],
          [2, ["y"]],
        ],
      ],
      [["city", "age"], [[2, ["x"]]]],
      [["city"], [[0, ["x"]]]],
      [["city"], [[2, ["\0"]]]],
      [["city"], [[2, ["x".repeat(32_768)]]]],
      [["city"], Array.from({ length: 10_001 }, (_, k) => [k + 2, ["x"]])],
      [Array(11).fill("city"), Array.from({ length: 9_999 }, (_, k) => [k + 2, Array(11).fill("x")])],
    ];
    for (const [fields, rows] of refused) {
      const edit = review.editCells(jobId, { fields, rows: rows.map(([row, values]) => ({ row, values })) }, null);
      await expect(edit).rejects.toMatchObject({ code: "invalid" });
    }
    expect(await review.edits(jobId, { limit: 1 })).toEqual([]);
    await rowsOf(open, jobId);
  });
});

describe("the rejected rows", () => {
  it("are those that are still invalid, with their cells as edited, and all the others as in the file", async () => {
    const open = await openEngine([importer], `${table}; alter table contacts add check (city <> 'Nowhere')`);
    const jobId = await ready(
      open,
      importer,
      lines("A,x,New,Lyon,n1", "B,y,New,Nice,n2", "C,3,New,Lyon,n3", "D,4,New,Lyon,n4"),
    );
    const edit = (row: number, name: string, value: string) =>
      open.engine.review.editCell(jobId, { row, field: name, value }, null);
    await edit(2, "age", "1");
    await edit(3, "age", "still wrong");
    await edit(4, "status", "wrong now");
    await edit(5, "city", "Nowhere");
    await edit(2, "city", "Nowhere");
    await edit(2, "name", "A2");
    const outcome = await commit(open, jobId);
    expect(some(outcome.counts)).toMatchObject({ invalid: 4 });
    const report = await readFile(outcome.job.rejectedRowsPath as string, "utf8");
    const cells = report
      .trim()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",").slice(-5).join(","));
    expect(cells).toEqual([
      "A2,1,New,Nowhere,n1",
      "B,still wrong,New,Nice,n2",
      "C,3,wrong now,Lyon,n3",
      "D,4,New,Nowhere,n4",
    ]);
  });
});

describe("cut off in the middle", () => {
  const total = 20_000;
  const many = lines(
    ...Array.from({ length: total }, (_, k) => `N${k},${k},${k % 4 === 0 ? "New" : "Gagné"},Lyon${k % 7},n`),
  );

  /** Stops the edit after some of its transactions, as a process that dies would. */
  async function cutOff(
    open: Telling,
    jobId: number,
    steps: number,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const stop = new AbortController();
    open.heard.onEdit = () => {
      if (--steps === 0) stop.abort(new Error("cut off"));
    };
    await expect(work(stop.signal)).rejects.toThrow("cut off");
    open.heard.onEdit = () => {};
    expect((await open.engine.imports.get(jobId)).status).toBe("ready");
  }

  it("a bulk replace goes on where it was, with the stage lost or not, and comes out as without", async () => {
    const open = await openEngineThatTells();
    const { review } = open.engine;
    const whole = await ready(open, importer, many);
    const replace = (id: number, signal?: AbortSignal) =>
      review.replaceValue(id, { field: "status", from: "Gagné", to: "Won" }, null, signal);
    expect(await replace(whole)).toEqual({
      changed: 15_000,
      leftOut: 0,
      nowValid: 15_000,
      nowInvalid: 0,
      stillInvalid: 0,
    });
    const expected = await rowsOf(open, whole);
    expect(expected.kept).toEqual([]);

    const jobId = await ready(open, importer, many);
    await review.editCell(jobId, { row: 2, field: "name", value: "" }, null);
    await review.editCell(jobId, { row: 3, field: "city", value: "Nice" }, null);
    await cutOff(open, jobId, 12, (signal) => replace(jobId, signal));
    const halfway = await rowsOf(open, jobId);
    expect(halfway.kept.length).toBeGreaterThan(1000);
    expect(halfway.staged.length).toBeGreaterThan(6000);

    await loseStage(open, jobId);
    await expect(review.finishEdit(jobId)).rejects.toMatchObject({ code: "unavailable" });
    await workToEnd(open.engine, jobId);
    expect(await rowsOf(open, jobId)).toEqual(halfway);
    expect(await review.finishEdit(jobId)).toMatchObject({ status: "done", changed: 15_000, nowValid: 15_000 });

    await cutOff(open, jobId, 9, (signal) => review.undoEdit(jobId, null, signal));
    const undoing = await rowsOf(open, jobId);
    await loseStage(open, jobId);
    await expect(review.rows(jobId, {}, { limit: 1 })).rejects.toMatchObject({ code: "unavailable" });
    await workToEnd(open.engine, jobId);
    expect(await rowsOf(open, jobId)).toEqual(undoing);
    expect(await review.finishEdit(jobId)).toMatchObject({ status: "undone" });
    await review.undoEdit(jobId, null);
    await review.undoEdit(jobId, null);
    await replace(jobId);
    expect(await rowsOf(open, jobId)).toEqual(expected);

    // Lost in the middle of the commit's work, it comes back with the edits.
    await open.engine.commit(jobId);
    await loseStage(open, jobId);
    await workToEnd(open.engine, jobId);
    expect(some((await open.outcomeOf(jobId)).counts)).toEqual({ created: total });
  });
});

describe("an edit whose process died", () => {
  const cutOff = async (open: Telling, work: (signal: AbortSignal) => Promise<unknown>) => {
    const stop = new AbortController();
    open.heard.onEdit = () => stop.abort(new Error("cut off"));
    await expect(work(stop.signal)).rejects.toThrow("cut off");
    open.heard.onEdit = () => {};
  };
  const rows = 5000;
  const text = lines(...Array.from({ length: rows }, (_, k) => `N${k},${k},Gagné,Lyon,n`));
  const replace = (open: Telling, jobId: number, signal: AbortSignal) =>
    open.engine.review.replaceValue(jobId, { field: "status", from: "Gagné", to: "Won" }, "ann", signal);

  it("is finished by the press of commit", async () => {
    const open = await openEngineThatTells();
    const jobId = await ready(open, importer, text);
    await cutOff(open, (signal) => replace(open, jobId, signal));
    expect((await open.store.review.unfinished(jobId))?.status).toBe("under_way");
    expect(some((await commit(open, jobId)).counts)).toEqual({ created: rows });
  });

  it("is taken back to its end by the press of commit, where it was being taken back", async () => {
    const open = await openEngineThatTells();
    const jobId = await ready(open, importer, text);
    await replace(open, jobId, new AbortController().signal);
    await cutOff(open, (signal) => open.engine.review.undoEdit(jobId, "ann", signal));
    expect((await open.store.review.unfinished(jobId))?.status).toBe("undoing");
    expect(some((await commit(open, jobId)).counts)).toEqual({ invalid: rows });
  });

  it("is told to one who asks for the abandoned, once, and not while somebody is at it", async () => {
    const open = await openEngineThatTells();
    const jobId = await ready(open, importer, text);
    await cutOff(open, (signal) => replace(open, jobId, signal));
    const { review } = open.store;
    expect(await review.claimAbandoned()).toEqual([]);
    await open.rows("update sluice.import_edits set worked_at = now() - interval '1 minute'");
    const told = await Promise.all([review.claimAbandoned(), review.claimAbandoned(), review.claimAbandoned()]);
    expect(told.flat()).toEqual([jobId]);
    await open.rows("update sluice.import_edits set worked_at = now() - interval '1 minute'");
    expect(await open.engine.finishEdits()).toBe(1);
    expect(await review.claimAbandoned()).toEqual([]);
    expect((await review.edits(jobId, { limit: 1 }))[0]).toMatchObject({ status: "done", nowValid: rows });
  });

  it("comes to its end for both where another process finishes it and commits meanwhile", async () => {
    const open = await openEngineThatTells();
    const jobId = await ready(open, importer, text);
    let committing: Promise<unknown> | undefined;
    open.heard.onEdit = () => {
      committing ??= open.engine.commit(jobId);
    };
    expect(await replace(open, jobId, new AbortController().signal)).toMatchObject({ nowValid: rows });
    await committing;
    await workToEnd(open.engine, jobId);
    expect(some((await open.outcomeOf(jobId)).counts)).toEqual({ created: rows });
  });
});

type Telling = OpenEngine & { heard: { onEdit: () => void } };

async function openEngineThatTells(): Promise<Telling> {
  const heard = { onEdit: (): void => {} };
  const open = await openEngine([importer], table, {
    onEvent: ({ name }) => {
      if (name === "review.rows_edited") heard.onEdit();
    },
  });
  return { ...open, heard };
}

/** What a crash of Postgres leaves of an unlogged table. */
async function loseStage({ engine, rows }: OpenEngine, jobId: number): Promise<void> {
  const { stageGeneration } = await engine.imports.get(jobId);
  await rows(`truncate sluice_stage.job_${jobId}_${stageGeneration}`);
}
