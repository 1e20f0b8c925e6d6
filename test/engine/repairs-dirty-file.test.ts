/** A file as people export it, repaired as far as the server can. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { dirtyFile, dirtyRows } from "../dirty-file.ts";
import { openEngine } from "../open-engine.ts";
import { ready } from "./review-import.ts";

const prospects = defineImporter({
  name: "prospects",
  fields: {
    reference: field.text({ required: true }),
    name: field.text(),
    email: field.email({ required: true }),
    postal_code: field.text(),
    city: field.text(),
    status: field.choice({
      new: ["Nouveau"],
      contacted: ["Contacté"],
      qualified: ["Qualifié"],
      won: ["Gagné"],
      lost: ["Perdu"],
    }),
    amount: field.decimal(),
    signed_on: field.date(),
  },
  match: { keys: ["reference"], onDuplicate: "skip" },
  target: { table: "prospects" },
});

it("leaves 15 of 493 bad rows, in five repairs", async () => {
  const { text, bad } = dirtyFile();
  expect(Object.values(bad).reduce((sum, each) => sum + each, 0)).toBe(493);
  const open = await openEngine(
    [prospects],
    `create table prospects (id bigint generated always as identity primary key, reference text, name text, email text, postal_code text,
      city text, status text, amount numeric, signed_on date)`,
  );
  const jobId = await ready(open, prospects, text);
  const { review, imports } = open.engine;
  const { items } = await review.repairs(jobId, {});
  const first = items.filter(
    (each, k) => items.findIndex(({ field: name, code }) => name === each.field && code === each.code) === k,
  );
  expect(first.map(({ field: name, repair, rows, samples }) => [name, repair, rows, samples.length])).toEqual([
    ["email", "email", bad.slips, 5],
    ["postal_code", "leading_zeros", bad.zeros, 5],
    ["status", "closest_choice", bad.words, 5],
    ["amount", "leave_empty", bad.amounts, 5],
    ["signed_on", "leave_empty", bad.dates, 5],
  ]);
  for (const { field: name, code, repair } of first)
    await review.repair(jobId, { field: name, issue: code, repair }, "ann");
  expect(await imports.issueCounts(jobId)).toEqual([{ field: "email", code: "email_invalid", count: bad.unknown }]);
  expect(await imports.get(jobId)).toMatchObject({ validRows: dirtyRows - bad.unknown, invalidRows: bad.unknown });
});
