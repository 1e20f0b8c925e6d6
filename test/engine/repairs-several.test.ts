/** The repair of cells that hold several values in a field of one. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { commit, ready } from "./review-import.ts";

const importer = defineImporter({
  name: "orders",
  fields: {
    ref: field.text({ required: true }),
    code: field.text({ pattern: /^[A-Z]\d{2}$/ }),
    amount: field.decimal(),
    day: field.date(),
    status: field.choice({ fresh: ["Nouveau"], won: ["Gagné"] }),
    pieces: field.integer({ required: true }),
    tags: field.list(field.integer()),
  },
  match: { keys: ["ref"], onDuplicate: "skip" },
  target: { table: "orders" },
});
const table = `create table orders (id bigint generated always as identity primary key, ref text, code text, amount numeric, day date,
  status text, pieces bigint, tags bigint[])`;
const text = [
  "Ref\tCode\tAmount\tDay\tStatus\tPieces\tTags",
  "a\tA01\t10.5\t2024-01-31\tNouveau\t1\t1",
  "b\tA01; B02\t12.5; 15.25\t2024-01-31 / 2024-02-01\tGagné, Nouveau\t2; 3\t1",
  "c\tA01; nope\t12.5 or so; 15\t2024-01-31 / soon\tGagné, lost\t2; x\tx; 2",
  "d\tC03|D04|E05\t;12.5;;15\t2024-01-31\tNouveau\t4\t1",
  "",
].join("\n");

it("keeps the first, where each is one of the field's, and leaves what else stands in a cell", async () => {
  const open = await openEngine([importer], table);
  const jobId = await ready(open, importer, text);
  const { review } = open.engine;
  const { items } = await review.repairs(jobId, {});
  const offers = items.filter(({ repair }) => repair === "first_value");
  expect(
    offers
      .map(({ field: name, rows, samples }) => [
        name,
        rows,
        ...samples.map(({ before, after }) => `${before} → ${after}`),
      ])
      .sort(),
  ).toEqual([
    ["amount", 2, "12.5; 15.25 → 12.5", ";12.5;;15 → 12.5"],
    ["code", 2, "A01; B02 → A01", "C03|D04|E05 → C03"],
    ["day", 1, "2024-01-31 / 2024-02-01 → 2024-01-31"],
    ["pieces", 1, "2; 3 → 2"],
    ["status", 1, "Gagné, Nouveau → Gagné"],
  ]);
  for (const { field: name, code, rows } of offers)
    expect((await review.repair(jobId, { field: name, issue: code, repair: "first_value" }, "ann")).changed).toBe(rows);
  expect(await open.engine.imports.get(jobId)).toMatchObject({ validRows: 3, invalidRows: 1 });
  await commit(open, jobId);
  const { rows } = await open.database.pool.query(
    "select ref, code, amount::text, day::text, status, pieces::int from orders order by ref",
  );
  expect(rows.map((row: Record<string, unknown>) => Object.values(row))).toEqual([
    ["a", "A01", "10.5", "2024-01-31", "fresh", 1],
    ["b", "A01", "12.5", "2024-01-31", "won", 2],
    ["d", "C03", "12.5", "2024-01-31", "fresh", 4],
  ]);
});
