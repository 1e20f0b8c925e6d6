/** No statement's time hangs on statistics: with wrong ones, each touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, workToEnd } from "../open-engine.ts";
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
const file = `email,phone,name\n${emails.map((email, k) => `${email},0${k % (rows - 50)},New ${k}`).join("\n")}\n`;

const each = Object.keys(wrongStatistics) as WrongStatistics[];

describe.each(each)("with statistics that say %s", (statistics) => {
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
    const { deleted, restored, kept } = await open.engine.store.undo.report(job.id);
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
