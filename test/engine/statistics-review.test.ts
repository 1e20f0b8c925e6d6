/** Edits in the review, and a replace or a mirror: with wrong statistics too each of their statements touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";
import { type WrongStatistics, watchPlans, wrongStatistics } from "../statement-plans.ts";
import { ready } from "./review-import.ts";

const rows = 6000;
/** Edits are made by the thousand: a batch that looks at all the rows of the batches before it touches more. */
const maxRows = 3 * rows;

const people = defineImporter({
  name: "people",
  fields: {
    email: field.email({ required: true }),
    phone: field.text(),
    age: field.integer({ required: true, max: 150 }),
    status: field.choice({ fresh: ["Nouveau"], won: ["Gagné"] }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});
const peopleTable =
  "create table people (id bigint generated always as identity primary key, email text unique, phone text, age integer, status text)";
const text = `email,phone,age,status\n${Array.from({ length: rows }, (_, k) => `p${k}@x.fr,0${k},${k % 2 ? "" : k % 140},${k % 5 ? "Nouveau" : "Nouveua"}\n`).join("")}`;

const goods = defineImporter({
  name: "goods",
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "goods", absent: { deactivate: { active: false } } },
  modes: ["upsert", "replace", "mirror"],
  maxRemoval: 1,
});

describe.each(Object.keys(wrongStatistics) as WrongStatistics[])("with statistics that say %s", (statistics) => {
  it("edits rows in every way, and takes edits back", async () => {
    const open = await openEngine([people], peopleTable);
    const { review } = open.engine;
    const id = await ready(open, people, text);
    const plans = await watchPlans(open.database, statistics, maxRows);
    const changed: number[] = [];
    const count = ({ changed: n }: { changed: number }) => changed.push(n);
    count(await review.repair(id, { field: "age", issue: "required", repair: "row_above" }, "ann"));
    count(await review.repair(id, { field: "status", issue: "choice_unknown", repair: "leave_empty" }, "ann"));
    count(await review.undoEdit(id, "ann"));
    count(await review.undoEdit(id, "ann"));
    count(await review.replaceValue(id, { field: "status", from: "Nouveua", to: "Nouveau" }, "ann"));
    count(await review.findAndReplace(id, { field: "phone", find: "01", replace: "+331" }, "ann"));
    const named = Array.from({ length: rows / 2 }, (_, k) => ({ row: 2 * k + 3, values: ["7"] }));
    count(await review.editCells(id, { fields: ["age"], rows: named }, "ann"));
    count(await review.revalidate(id, "ann"));
    await review.editCell(id, { row: 3, field: "age", value: "8" }, "ann");
    for (let after = 0; ; ) {
      const { through } = await review.repairs(id, { after });
      if (through === null) break;
      after = through;
    }
    await review.rows(id, {}, { offset: rows / 2, limit: 50 });
    await review.distinctBadValues(id, "age", { limit: 50 });
    expect(changed).toEqual([3000, 1200, 1200, 3000, 1200, 1199, 3000, 0]);
    expect(plans.statements).toBeGreaterThan(20);
    expect(plans.excesses).toEqual([]);
  });

  it.each([
    ["replace", { created: 2000, deleted_target: 2000 }],
    ["mirror", { created: 999, updated: 1001, deactivated_target: 999 }],
  ] as const)("finds in a %s what the file names", async (mode, counts) => {
    const there = `create table goods (id bigint generated always as identity primary key, code text unique, name text, active boolean not null default true);
      insert into goods (code, name) select 'P' || k, 'old' from generate_series(1, 2000) k`;
    const open = await openEngine([goods], there, { chunkRows: 500 });
    const file = `code,name\n${Array.from({ length: 2000 }, (_, k) => `P${k + 1000},new\n`).join("")}`;
    const id = await ready(open, goods, file, { mode });
    const plans = await watchPlans(open.database, statistics, maxRows);
    await open.engine.dryRun(id, { changes: true });
    await open.engine.commit(id);
    await workToEnd(open.engine, id);
    const found = await open.engine.imports.counts(id);
    expect({
      ...some(found),
      ...Object.fromEntries(Object.entries(found).filter(([name, n]) => name.includes("_") && n > 0)),
    }).toEqual(counts);
    expect(plans.excesses).toEqual([]);
  });
});
