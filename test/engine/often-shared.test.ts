/** A value of a weaker key that thousands have: no statement looks at every row with every record. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";
import { watchPlans } from "../statement-plans.ts";

const people = (merge: "overwrite" | "clear") =>
  defineImporter({
    name: "people",
    fields: { email: field.email({ merge }), phone: field.text(), name: field.text() },
    match: { keys: ["email", "phone"], onDuplicate: "skip" },
    target: { table: "people" },
  });
const ddl = `create table people (id bigint generated always as identity primary key, email text, phone text, name text);
  create index on people (email); create index on people (phone)`;

const rows = 20_000;
/** Every row with every record would be 400,000,000. */
const maxRows = 20 * rows;
const fileOf = (each: (k: number) => string): string =>
  `email,phone,name\n${Array.from({ length: rows }, (_, k) => each(k)).join("\n")}\n`;
const own = fileOf((k) => `p${k}@x.fr,+33100000000,P${k}`);
const others = fileOf((k) => `q${k}@x.fr,+33100000000,Q${k}`);
/** One of two has no e-mail: the first record that has none is theirs. */
const half = fileOf((k) => `${k % 2 === 0 ? `p${k}@x.fr` : ""},+33100000000,P`);

it.each([
  ["the same file", "skip", "overwrite", own, { skipped: rows }],
  ["the same file", "update", "overwrite", own, { unchanged: rows }],
  ["the same file", "update", "clear", own, { unchanged: rows }],
  ["others of the same phone", "skip", "overwrite", others, { created: rows }],
  ["others of the same phone", "update", "overwrite", others, { created: rows }],
  ["rows of which half have only the phone", "skip", "overwrite", half, { skipped: rows }],
] as const)("imports %s again (%s, %s)", async (_, strategy, merge, file, counts) => {
  const importer = people(merge);
  const open = await openEngine(
    [importer],
    `${ddl}; insert into people (email, phone, name) select 'p' || k || '@x.fr', '+33100000000', 'P' || k from generate_series(0, ${rows - 1}) k;
    ${file === half ? `insert into people (phone, name) select '+33100000000', 'none' from generate_series(1, 1000)` : ""}`,
  );
  const plans = await watchPlans(open.database, "one row", maxRows);
  const job = await open.create(importer, file, { strategy });
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  expect(some((await open.engine.dryRun(job.id)).counts)).toEqual(counts);
  await open.engine.commit(job.id);
  await workToEnd(open.engine, job.id);
  expect(some((await open.outcomeOf(job.id)).counts)).toEqual(counts);
  expect(plans.excesses).toEqual([]);
});
