/** An edit of many rows that no process gets through is taken back, instead of being tried for ever. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { boundedRows } from "../../src/postgres/connection/bounded-rows.ts";
import { openEngine } from "../open-engine.ts";
import { commit, ready, rowsOf } from "./review-import.ts";

it("is given up when three have left it, and the import goes on as it was before", async () => {
  const isDown = { value: false };
  const importer = defineImporter({
    name: "contacts",
    fields: {
      name: field.text({
        validate: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate(value) {
              if (isDown.value) throw new Error("the rules are down");
              return { value: value as string };
            },
          },
        },
      }),
      age: field.integer(),
    },
    target: { table: "contacts" },
  });
  const table = "create table contacts (id bigint generated always as identity primary key, name text, age bigint)";
  const open = await openEngine([importer], table);
  const text = `Name,Age\n${Array.from({ length: 1500 }, (_, k) => `Anna ${k},x\n`).join("")}Bo,1\n`;
  const jobId = await ready(open, importer, text);
  const before = await rowsOf(open, jobId);

  const { review } = open.store;
  const options = { field: "name", find: "Anna", replace: "Eva" };
  isDown.value = true;
  await expect(open.engine.review.findAndReplace(jobId, options, "anna")).rejects.toThrow("the rules are down");
  const left = () => open.rows("update sluice.import_edits set worked_at = now() - interval '1 hour'");
  for (let k = 0; k < 3; k++) {
    await left();
    await expect(open.engine.finishEdits()).rejects.toThrow("the rules are down");
    // Only one at a time has it, and it waits longer each time.
    expect(await open.engine.finishEdits()).toBe(0);
  }
  await left();
  expect(await open.engine.finishEdits()).toBe(1);
  expect(await review.unfinished(jobId)).toBe(null);
  expect(await rowsOf(open, jobId)).toEqual(before);
  const events = await open.engine.events.list(jobId);
  expect(events.at(-1)).toMatchObject({
    name: "import.edit_given_up",
    actor: null,
    data: { kind: "find", changed: 0 },
  });
  isDown.value = false;
  expect((await commit(open, jobId)).job.status).toBe("completed");
});

it("reads a few large rows at a time, and many small ones", async () => {
  const sizes: number[] = [];
  const rows = (chars: number) => async (last: { row: number } | undefined, limit: number) => {
    sizes.push(limit);
    return Array.from({ length: limit }, (_, k) => ({ row: (last?.row ?? 0) + 1 + k, cells: ["x".repeat(chars)] }));
  };
  expect((await boundedRows(rows(10), { limit: 1000 })).rows).toHaveLength(1000);
  expect(sizes).toEqual([25, 200, 775]);
  const large = await boundedRows(rows(4_000_000), { limit: 1000 });
  expect([large.rows.length, large.complete]).toEqual([25, false]);
  const middling = await boundedRows(rows(20_000), { limit: 1000, maxChars: 1_000_000 });
  expect(middling.rows.at(-1)?.row).toBe(50);
  const few = await boundedRows(async (last) => (last === undefined ? [{ row: 7 }] : []), { limit: 1000 });
  expect(few).toEqual({ rows: [{ row: 7 }], complete: true });
});
