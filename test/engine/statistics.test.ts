/** No statement's time hangs on statistics: with wrong ones, each touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";
import { type WrongStatistics, watchPlans, wrongStatistics } from "../statement-plans.ts";

const rows = 2000;
/** Several times the rows of the file and the target; a nested loop over a chunk and the target alone would touch 1,000,000. */
const maxRows = 10 * rows;
const chunkRows = 500;

const people = (onDuplicate: "skip" | "update") =>
  defineImporter({
    name: "people",
    fields: { email: field.email(), phone: field.text(), name: field.text() },
    match: { keys: ["email", "phone"], onDuplicate },
    target: { table: "people" },
    history: { table: "people_history", record: "person" },
  });

/** Calls refer to people; people to those who brought them. */
const tables = (id: string, type: string) => `
  create table people (id ${id}, email text unique, phone text, name text, brought_by ${type} references people);
  create index on people (phone); create index on people (brought_by);
  create table people_history (id serial primary key, person ${type} references people on delete cascade, event text, old_values jsonb, new_values jsonb);
  create index on people_history (person);
  create table calls (id serial primary key, person ${type} references people);
  create index on calls (person)`;
const bigint = tables("bigint generated always as identity primary key", "bigint");
const uuid = tables("uuid primary key default gen_random_uuid()", "uuid");

const emails = Array.from({ length: rows }, (_, k) => `p${k}@x.fr`);
/** The last 50 rows have no e-mail, and the phone of one of the first. */
const file = `email,phone,name\n${emails.map((email, k) => `${k < rows - 50 ? email : ""},0${k % (rows - 50)},New ${k}`).join("\n")}\n`;

const each = Object.keys(wrongStatistics) as WrongStatistics[];
const there = `insert into people (email, phone, name) select 'p' || k || '@x.fr', '0' || k, 'Old' from generate_series(0, ${rows - 1}, 2) k`;

const half = rows / 2;
const commits = [
  ["creates records", "skip", bigint, "", { created: rows - 50, skipped: 50 }],
  ["skips records", "skip", uuid, there, { created: half - 25, skipped: half + 25 }],
  ["updates records", "update", bigint, there, { created: half - 25, updated: half + 25 }],
] as const;

describe.each(each)("with statistics that say %s", (statistics) => {
  it.each(commits)("%s, dry run first", async (_, strategy, ddl, before, counts) => {
    const importer = people(strategy);
    const open = await openEngine([importer], `${ddl}; ${before}`, { chunkRows });
    const plans = await watchPlans(open.database, statistics, maxRows);
    const job = await open.create(importer, file);
    await open.engine.start(job.id);
    await workToEnd(open.engine, job.id);
    expect(some((await open.engine.dryRun(job.id, { changes: true })).counts)).toEqual(counts);
    await open.engine.commit(job.id);
    await workToEnd(open.engine, job.id);
    expect(some((await open.outcomeOf(job.id)).counts)).toEqual(counts);
    expect(plans.statements).toBeGreaterThan(20);
    expect(plans.excesses).toEqual([]);
  });

  it.each(["skip", "update"] as const)("goes on after half of a commit (%s)", async (strategy) => {
    const importer = people(strategy);
    const stop = new AbortController();
    let chunks = 0;
    const open = await openEngine([importer], `${bigint}; ${there}`, {
      chunkRows,
      onEvent({ name }) {
        if (name === "chunk.committed" && ++chunks === 2) stop.abort(new Error("enough"));
      },
    });
    const job = await open.create(importer, file);
    await open.engine.start(job.id);
    await workToEnd(open.engine, job.id);
    await open.engine.commit(job.id);
    await open.engine.work(job.id, stop.signal).catch(() => {});
    const plans = await watchPlans(open.database, statistics, maxRows);
    await open.engine.resume(job.id);
    await workToEnd(open.engine, job.id);
    const whole = {
      skip: { created: rows / 2 - 25, skipped: rows / 2 + 25 },
      update: { created: rows / 2 - 25, updated: rows / 2 + 25 },
    };
    expect(some((await open.outcomeOf(job.id)).counts)).toEqual(whole[strategy]);
    expect(plans.excesses).toEqual([]);
  });

  it.each([
    ["created records", "skip", bigint, ""],
    ["created records with ids that are no numbers", "skip", uuid, ""],
    [
      "updated records",
      "update",
      bigint,
      `insert into people (email, name) select 'p' || k || '@x.fr', 'Old' from generate_series(0, ${rows - 1}) k`,
    ],
  ] as const)("undoes %s", async (_, strategy, ddl, before) => {
    const importer = people(strategy);
    const open = await openEngine([importer], `${ddl}; ${before}`, { chunkRows });
    const { job } = await open.importCsv(importer, file);
    await open.rows("insert into calls (person) select id from people order by email limit 3");
    const plans = await watchPlans(open.database, statistics, maxRows);
    const preview = await open.engine.undoPreview(job.id);
    await open.engine.undo(job.id);
    await workToEnd(open.engine, job.id);
    const { deleted, restored, kept } = await open.engine.undone.report(job.id);
    expect({ deleted, restored, referred: kept.referred_to }).toEqual({
      deleted: preview.toDelete,
      restored: preview.toRestore,
      referred: preview.kept.referred,
    });
    expect(deleted + restored).toBeGreaterThan(rows - 60);
    expect(plans.statements).toBeGreaterThan(20);
    expect(plans.excesses).toEqual([]);
  });
});
