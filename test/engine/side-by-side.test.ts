/** A duplicate beside the row or the record that it repeats, what either would become, and rows that a person leaves out. */
import { describe, expect, it } from "vitest";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import type { ComparedField, SideBySide } from "../../src/core/store/side-by-side.ts";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { commit, ready, rowsOf } from "./review-import.ts";

const people = defineImporter({
  name: "people",
  fields: {
    email: field.email({ required: true }),
    name: field.text({ merge: "fill" }),
    city: field.text(),
    note: field.text({ merge: "never" }),
    born: field.date(),
    company_id: field.reference({ table: "companies", by: ["name"] }),
  },
  match: { keys: ["email"], onDuplicate: "skip" },
  target: { table: "people" },
});
const tables = `
  create table companies (id bigserial primary key, name text);
  insert into companies (name) values ('Acme'), ('Borealis');
  create table people (id bigserial primary key, email text, name text, city text, note text, born date, company_id bigint references companies);
  insert into people (email, name, city, note, born, company_id) values ('old@x.fr', 'Old', 'Lyon', 'kept', '1980-01-31', 1)`;
const csv = `email,name,city,note,born,company_id
new@x.fr,One,,first,2001-02-03,Acme
OLD@x.fr,Two,Paris,other,,Borealis
new@x.fr,,Nice,second,2001-02-03,Acme
old@x.fr,Three,,,1999-12-31,
alone@x.fr,Four,,,,
`;
const anybody = { kind: "all" } as const;

async function open(strategy: DuplicateStrategy): Promise<{ app: OpenEngine; id: number }> {
  const app = await openEngine([people], tables);
  const id = await ready(app, people, csv, { strategy });
  await app.engine.dryRun(id);
  return { app, id };
}

/** By field: the row, the other, what is there without the row, and with it; those that differ are marked. */
function told({ fields }: SideBySide): Record<string, (string | null)[]> {
  const values = ({ row, other, differs, without, updated }: ComparedField) => [
    differs ? `* ${row}` : row,
    other,
    without,
    updated,
  ];
  return Object.fromEntries(fields.map((each) => [each.field, values(each)]));
}

const records = (app: OpenEngine) =>
  app.rows("select email, name, city, note, born::text, company_id from people order by id");
const before = { email: "old@x.fr", name: "Old", city: "Lyon", note: "kept", born: "1980-01-31", company_id: 1 };

describe("a row whose record is there", () => {
  it("stands beside it, with what it leaves and what it would make of it", async () => {
    const { app, id } = await open("skip");
    const found = await app.engine.sideBySide(id, { row: 3, revealed: anybody });
    expect(found).toMatchObject({
      row: 3,
      twin: null,
      record: { id: "1", state: "shown" },
      others: 0,
      isUpdate: false,
    });
    expect(told(found)).toEqual({
      email: ["old@x.fr", "old@x.fr", "old@x.fr", "old@x.fr"],
      name: ["* Two", "Old", "Old", "Old"],
      city: ["* Paris", "Lyon", "Lyon", "Paris"],
      note: ["* other", "kept", "kept", "kept"],
      born: ["* null", "1980-01-31", "1980-01-31", "1980-01-31"],
      // A word of the file stands where the id that it was looked up as does.
      company_id: ["* Borealis", "1", "1", "Borealis"],
    });
  });

  it("is told with all rows of the record, and comes to what the commit makes of it", async () => {
    const { app, id } = await open("update");
    const found = await app.engine.sideBySide(id, { row: 5, revealed: anybody });
    expect(found).toMatchObject({ twin: 3, record: { id: "1" }, others: 0, isUpdate: true });
    expect(told(found)).toMatchObject({
      city: ["* null", "Lyon", "Paris", "Paris"],
      born: ["* 1999-12-31", "1980-01-31", "1980-01-31", "1999-12-31"],
      company_id: ["* null", "1", "Borealis", "Borealis"],
    });
    await commit(app, id);
    expect((await records(app))[0]).toEqual({ ...before, city: "Paris", born: "1999-12-31", company_id: 2 });
  });

  it("stands beside it as it is now, and is said to have none where that is gone", async () => {
    const { app, id } = await open("skip");
    await app.rows("update people set city = 'Brest' where id = 1");
    expect(told(await app.engine.sideBySide(id, { row: 3, revealed: anybody })).city).toEqual([
      "* Paris",
      "Brest",
      "Brest",
      "Paris",
    ]);
    await app.rows("delete from people where id = 1");
    const found = await app.engine.sideBySide(id, { row: 3, revealed: anybody });
    expect(found.record).toEqual({ id: "1", state: "gone" });
    expect(told(found).city).toEqual(["Paris", null, null, "Paris"]);
    // The commit looks again.
    expect(some((await commit(app, id)).counts)).toEqual({ created: 3, skipped: 2 });
  });

  it("tells no value of a record that is not its reader's to see", async () => {
    const { app, id } = await open("update");
    const found = await app.engine.sideBySide(id, { row: 3, revealed: { kind: "none" } });
    expect(found.record).toEqual({ id: "1", state: "hidden" });
    expect(told(found)).toMatchObject({ city: ["Paris", null, null, null], note: ["other", null, null, null] });
    expect(JSON.stringify(found)).not.toMatch(/Lyon|kept|1980/);
  });
});

describe("a row that an earlier one has the key of", () => {
  it("stands beside that, which goes in", async () => {
    const { app, id } = await open("skip");
    const found = await app.engine.sideBySide(id, { row: 4, revealed: anybody });
    expect(found).toMatchObject({ twin: 2, record: null, others: 0, isUpdate: false });
    expect(told(found)).toEqual({
      email: ["new@x.fr", "new@x.fr", "new@x.fr", "new@x.fr"],
      name: ["* null", "One", "One", "One"],
      city: ["* Nice", null, null, "Nice"],
      note: ["* second", "first", "first", "first"],
      born: ["2001-02-03", "2001-02-03", "2001-02-03", "2001-02-03"],
      company_id: ["Acme", "Acme", "Acme", "Acme"],
    });
  });

  it("goes in where the earlier one is left out instead", async () => {
    const { app, id } = await open("skip");
    const { review } = app.engine;
    const started = await rowsOf(app, id);
    expect(await review.leaveOut(id, { rows: [2] }, "ann")).toEqual({
      changed: 1,
      leftOut: 1,
      nowValid: 0,
      nowInvalid: 0,
      stillInvalid: 0,
    });
    const [edit] = await review.edits(id, { limit: 1 });
    expect(edit).toMatchObject({ kind: "leave_out", row: 2, changed: 1, status: "done", params: {} });
    expect((await app.engine.imports.get(id)).skippedRows).toBe(1);
    await review.undoEdit(id, "ann");
    expect(await rowsOf(app, id)).toEqual(started);
    await review.leaveOut(id, { rows: [2] }, "ann");
    const { counts } = await app.engine.dryRun(id);
    expect(some(counts)).toEqual({ created: 2, skipped: 3 });
    const outcome = await commit(app, id);
    expect(some(outcome.counts)).toEqual({ created: 2, skipped: 3 });
    expect(outcome.issues).toEqual([
      [2, null, "row_left_out"],
      [3, null, "duplicate_in_table"],
      [5, null, "duplicate_in_table"],
    ]);
    expect((await records(app)).slice(1)).toEqual([
      { email: "new@x.fr", name: null, city: "Nice", note: "second", born: "2001-02-03", company_id: 1 },
      { email: "alone@x.fr", name: "Four", city: null, note: null, born: null, company_id: null },
    ]);
  });

  it("stands alone where that is left out, and is no duplicate", async () => {
    const { app, id } = await open("skip");
    await app.engine.review.leaveOut(id, { rows: [2] }, "ann");
    for (const row of [2, 4, 6])
      await expect(app.engine.sideBySide(id, { row, revealed: anybody })).rejects.toMatchObject({ code: "not_found" });
    expect(told(await app.engine.sideBySide(id, { row: 5, revealed: anybody })).city).toEqual([
      "* null",
      "Lyon",
      "Lyon",
      "Lyon",
    ]);
  });

  it("is no duplicate any more once the last dry run does not know it as one", async () => {
    const { app, id } = await open("skip");
    await app.engine.review.leaveOut(id, { rows: [2] }, "ann");
    await app.engine.dryRun(id);
    await expect(app.engine.sideBySide(id, { row: 4, revealed: anybody })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("rows that are left out", () => {
  it("change nothing of what the others come to, as if the file did not have them", async () => {
    const { app, id } = await open("update");
    await app.engine.review.leaveOut(id, { rows: [5, 4] }, "ann");
    expect(some((await commit(app, id)).counts)).toEqual({ created: 2, updated: 1, skipped: 2 });
    expect((await records(app))[0]).toEqual({ ...before, city: "Paris", company_id: 2 });
    expect((await records(app))[1]).toMatchObject({ email: "new@x.fr", name: "One", city: null });
  });

  it("are those of a view, such as all whose record is there", async () => {
    const { app, id } = await open("update");
    const within = { issues: [{ issue: "duplicate_in_table" }] } as const;
    expect((await app.engine.review.leaveOut(id, { within }, "ann")).changed).toBe(2);
    expect(some((await commit(app, id)).counts)).toEqual({ created: 2, updated: 1, skipped: 2 });
    expect((await records(app))[0]).toEqual(before);
  });

  it("come back by themselves, and not with the totals of a file", async () => {
    const { app, id } = await open("skip");
    const { review } = app.engine;
    const started = await rowsOf(app, id);
    await review.leaveOut(id, { rows: [2, 3, 6] }, "ann");
    expect((await review.takeIn(id, "ann")).changed).toBe(0);
    expect(await review.putBack(id, { rows: [2, 3] }, "ann")).toMatchObject({ changed: 2, nowValid: 2 });
    expect((await app.engine.imports.get(id)).skippedRows).toBe(1);
    expect((await review.putBack(id, { rows: [6] }, "ann")).changed).toBe(1);
    expect((await rowsOf(app, id)).staged.map(({ row_offset: _, ...row }) => row)).toEqual(
      started.staged.map(({ row_offset: _, ...row }) => row),
    );
  });

  it("stay left out when the stage is lost, and an edit that was cut off goes on", async () => {
    const rows = 5000;
    const many = `email,name\n${Array.from({ length: rows }, (_, k) => `p${k % 2500}@x.fr,N${k}\n`).join("")}`;
    const heard = { onEdit: (): void => {} };
    const app = await openEngine([people], tables, {
      onEvent: ({ name }) => {
        if (name === "review.rows_edited") heard.onEdit();
      },
    });
    const id = await ready(app, people, many, { strategy: "update" });
    await app.engine.dryRun(id);
    const stop = new AbortController();
    heard.onEdit = () => stop.abort(new Error("cut off"));
    const within = { issues: [{ issue: "duplicate_in_file" }] } as const;
    await expect(app.engine.review.leaveOut(id, { within }, "ann", stop.signal)).rejects.toThrow("cut off");
    heard.onEdit = () => {};
    const { skippedRows } = await app.engine.imports.get(id);
    expect(skippedRows).toBe(1000);
    await app.rows("update sluice.import_edits set worked_at = now() - interval '1 minute'");
    expect(await app.engine.finishEdits()).toBe(1);
    const { stageGeneration, ...job } = await app.engine.imports.get(id);
    expect([job.skippedRows, job.validRows]).toEqual([2500, 2500]);
    await app.rows(`truncate sluice_stage.job_${id}_${stageGeneration}`);
    await expect(app.engine.sideBySide(id, { row: 2502, revealed: anybody })).rejects.toMatchObject({
      code: "unavailable",
    });
    await workToEnd(app.engine, id);
    expect(some((await commit(app, id)).counts)).toEqual({ created: 2500, skipped: 2500 });
  });

  it("are none of a view of duplicates that nobody looked for, or that were lost on the way", async () => {
    const app = await openEngine([people], tables);
    const id = await ready(app, people, csv, { strategy: "update" });
    const started = await rowsOf(app, id);
    const within = { issues: [{ issue: "duplicate_in_table" }] } as const;
    await expect(app.engine.review.leaveOut(id, { within }, "ann")).rejects.toMatchObject({ code: "conflict" });
    expect((await app.engine.review.edits(id, { limit: 1 }))[0]).toMatchObject({ status: "undone", isGivenUp: true });
    expect(await rowsOf(app, id)).toEqual(started);
    await app.engine.review.leaveOut(id, { rows: [3] }, "ann");
  });
});

describe("a row of which it is decided that it updates", () => {
  it("updates its record and no other row does, by the fields' rules; undone, it is skipped again", async () => {
    const { app, id } = await open("skip");
    const { review } = app.engine;
    const started = await rowsOf(app, id);
    expect((await app.engine.sideBySide(id, { row: 3, revealed: anybody })).decision).toBe("rule");
    expect(await review.decide(id, { decision: "update", rows: [3] }, "ann")).toMatchObject({
      changed: 1,
      nowValid: 0,
    });
    expect(await review.decide(id, { decision: "update", rows: [3] }, "ann")).toMatchObject({ changed: 0 });
    // Before anybody counts again.
    const since = await app.engine.sideBySide(id, { row: 3, revealed: anybody });
    expect(since).toMatchObject({ isUpdate: true, decision: "update" });
    expect(told(since).city).toEqual(["* Paris", "Lyon", "Lyon", "Paris"]);
    await review.undoEdit(id, "ann");
    await review.undoEdit(id, "ann");
    expect(await rowsOf(app, id)).toEqual(started);

    await review.decide(id, { decision: "update", rows: [3] }, "ann");
    // What is corrected in it afterwards changes nothing of that.
    await review.editCell(id, { row: 3, field: "city", value: "Metz" }, "ann");
    expect(some((await app.engine.dryRun(id)).counts)).toEqual({ created: 2, updated: 1, skipped: 2 });
    const found = await app.engine.sideBySide(id, { row: 3, revealed: anybody });
    expect(found).toMatchObject({ isUpdate: true, decision: "update", twin: null, record: { id: "1" } });
    expect(told(found).city).toEqual(["* Metz", "Lyon", "Lyon", "Metz"]);
    const outcome = await commit(app, id);
    expect(some(outcome.counts)).toEqual({ created: 2, updated: 1, skipped: 2 });
    expect((await records(app))[0]).toEqual({ ...before, city: "Metz", company_id: 2 });
  });

  it("changes what the earlier row of the file makes, and is skipped again by the rule", async () => {
    const { app, id } = await open("skip");
    const { review } = app.engine;
    await review.decide(id, { decision: "update", within: { issues: [{ issue: "duplicate_in_file" }] } }, "ann");
    await app.engine.dryRun(id);
    const found = await app.engine.sideBySide(id, { row: 4, revealed: anybody });
    expect(found).toMatchObject({ isUpdate: true, decision: "update", twin: 2 });
    await review.decide(id, { decision: "rule", rows: [4] }, "ann");
    expect(some((await app.engine.dryRun(id)).counts)).toEqual({ created: 2, skipped: 3 });
    await review.undoEdit(id, "ann");
    expect(some((await commit(app, id)).counts)).toEqual({ created: 2, updated: 1, skipped: 2 });
    expect((await records(app)).find(({ email }) => email === "new@x.fr")).toMatchObject({
      name: "One",
      city: "Nice",
      note: "first",
    });
  });

  it("is decided of more rows than warnings are kept of, and known when the stage is lost", async () => {
    const app = await openEngine([people], tables);
    await app.rows("insert into people (email, name) select 'p' || k || '@x.fr', null from generate_series(1, 2500) k");
    const many = `email,name\n${Array.from({ length: 2500 }, (_, k) => `p${k + 1}@x.fr,N${k}\n`).join("")}`;
    const id = await ready(app, people, many);
    await app.engine.dryRun(id);
    const within = { issues: [{ issue: "duplicate_in_table" }] } as const;
    expect((await app.engine.review.decide(id, { decision: "update", within }, "ann")).changed).toBe(2500);
    await app.engine.review.decide(id, { decision: "rule", rows: [2, 2501] }, "ann");
    const { stageGeneration } = await app.engine.imports.get(id);
    await app.rows(`truncate sluice_stage.job_${id}_${stageGeneration}`);
    await expect(app.engine.dryRun(id)).rejects.toMatchObject({ code: "unavailable" });
    await workToEnd(app.engine, id);
    expect(some((await commit(app, id)).counts)).toEqual({ updated: 2498, skipped: 2 });
  });

  it("finds the record that somebody else makes after the match, as the rows that are skipped do", async () => {
    const { app, id } = await open("skip");
    await app.engine.review.decide(id, { decision: "update", rows: [4, 6] }, "ann");
    const other = await ready(app, people, "email,name,city\nnew@x.fr,Theirs,Brest\nalone@x.fr,Theirs,Brest\n");
    await app.engine.commit(id);
    const { store } = app;
    const match = store.commits.match.bind(store.commits);
    let isDone = false;
    store.commits.match = async (job, ...rest) => {
      const matched = await match(job, ...rest);
      if (job.id === id && !isDone) {
        isDone = true;
        await app.engine.commit(other);
        await workToEnd(app.engine, other);
      }
      return matched;
    };
    await workToEnd(app.engine, id);
    const { counts, issues } = await app.outcomeOf(id);
    expect(some(counts)).toEqual({ updated: 1, unchanged: 1, skipped: 3 });
    expect(issues.filter(([, , code]) => code.startsWith("duplicate"))).toEqual([
      [2, null, "duplicate_in_table"],
      [3, null, "duplicate_in_table"],
      [5, null, "duplicate_in_table"],
    ]);
    expect(await app.rows("select email, name, city from people where id > 1 order by email")).toEqual([
      { email: "alone@x.fr", name: "Theirs", city: "Brest" },
      { email: "new@x.fr", name: "Theirs", city: "Nice" },
    ]);
  });

  it("is refused where the importer's own code loads", async () => {
    const own = defineImporter({ ...people, load: ({ rows }) => `select row_no, 'left_out' as outcome from ${rows}` });
    const app = await openEngine([own], tables);
    const id = await ready(app, own, csv);
    await expect(app.engine.review.decide(id, { decision: "update", rows: [3] }, "ann")).rejects.toMatchObject({
      code: "invalid",
    });
  });
});
