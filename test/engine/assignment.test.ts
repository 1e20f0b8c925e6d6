/** Who gets the records that an import creates. */
import { expect, it } from "vitest";
import type { Assignment } from "../../src/index.ts";
import { leads } from "../../src/index.ts";
import { type OpenEngine, openEngine, some } from "../open-engine.ts";

const ids = {
  anna: "00000000-0000-0000-0000-00000000000a",
  bo: "00000000-0000-0000-0000-00000000000b",
  cy: "00000000-0000-0000-0000-00000000000c",
};
const people = `insert into profiles (id, email, full_name) values
  ('${ids.anna}', 'Anna@x.fr', 'Anna Roux'), ('${ids.bo}', 'bo@x.fr', 'Bo Élan'), ('${ids.cy}', 'cy@x.fr', null)`;

async function ownersOf({ rows }: OpenEngine): Promise<(string | null)[]> {
  const found = await rows<{ owner: string | null }>(
    "select split_part(lower(p.email), '@', 1) as owner from leads l left join profiles p on p.id = l.assigned_to order by (l.external_id)::int",
  );
  return found.map(({ owner }) => owner);
}

const file = (count: number): string => `external_id\n${Array.from({ length: count }, (_, k) => k + 1).join("\n")}\n`;

it.each([
  ["nobody", { mode: "none" }, [null, null, null, null, null]],
  ["one person", { mode: "single", owner: ids.bo }, ["bo", "bo", "bo", "bo", "bo"]],
  [
    "several in turn by weight",
    {
      mode: "round-robin",
      owners: [
        { owner: ids.anna, weight: 1 },
        { owner: ids.bo, weight: 2 },
      ],
    },
    ["anna", "bo", "bo", "anna", "bo"],
  ],
] as [string, Assignment, (string | null)[]][])("gives the records to %s", async (_who, assignment, expected) => {
  const open = await openEngine([leads], people);
  expect(some((await open.importCsv(leads, file(5), { assignment })).counts)).toEqual({ created: 5 });
  expect(await ownersOf(open)).toEqual(expected);
});

it("deals round robin over what is created alone, also where rows update, make a record together or are invalid", async () => {
  const open = await openEngine([leads], `${people}; insert into leads (external_id) values ('2')`);
  const assignment: Assignment = {
    mode: "round-robin",
    owners: [
      { owner: ids.anna, weight: 1 },
      { owner: ids.bo, weight: 1 },
    ],
  };
  const text = "external_id,email,city\n1,,A\n2,,changed\n3,bad,\n4,,A\n5,,A\n4,,B\n6,,A\n";
  const { counts } = await open.importCsv(leads, text, { assignment, strategy: "update" });
  expect(some(counts)).toEqual({ created: 4, updated: 2, invalid: 1 });
  const owners = await ownersOf(open);
  expect(owners[1]).toBeNull();
  expect(owners.filter((owner) => owner === "anna")).toHaveLength(2);
  expect(owners.filter((owner) => owner === "bo")).toHaveLength(2);
});

it("deals exactly over the borders of chunks", async () => {
  const open = await openEngine([leads], people, { chunkRows: 100 });
  const owners = [
    { owner: ids.anna, weight: 1 },
    { owner: ids.bo, weight: 2 },
    { owner: ids.cy, weight: 4 },
  ];
  // Every tenth row is a duplicate of the one before it.
  const text = `external_id\n${Array.from({ length: 455 }, (_, k) => (k % 10 === 9 ? k : k + 1)).join("\n")}\n`;
  const { counts, job } = await open.importCsv(leads, text, { assignment: { mode: "round-robin", owners } });
  expect(some(counts)).toEqual({ created: 410, skipped: 45 });
  expect((await open.engine.store.chunkProgress(job.id)).chunks).toBe(5);
  expect(await open.rows("select assigned_to as owner, count(*)::int as n from leads group by 1 order by 1")).toEqual([
    { owner: ids.anna, n: 59 },
    { owner: ids.bo, n: 118 },
    { owner: ids.cy, n: 233 },
  ]);
});

const byColumn = "external_id;commercial\n1;ANNA@X.FR\n2;bo élan\n3;nobody\n4;\n";

it("finds owners by e-mail or full name in a column; an unknown one is an issue", async () => {
  const open = await openEngine([leads], people);
  const { counts, rows } = await open.importCsv(leads, byColumn, {
    assignment: { mode: "column", column: "commercial" },
  });
  expect(some(counts)).toEqual({ created: 3, invalid: 1 });
  expect(rows).toMatchObject([
    {
      row: 4,
      outcome: "invalid",
      issues: [{ c: "owner_unknown", f: "assigned_to", p: { table: "profiles", value: "nobody" } }],
    },
  ]);
  expect(await ownersOf(open)).toEqual(["anna", "bo", null]);
});

it("gives rows whose owner is unknown or blank to the fallback", async () => {
  const open = await openEngine([leads], people);
  const { counts } = await open.importCsv(leads, byColumn, {
    assignment: { mode: "column", column: "commercial", fallback: ids.cy },
  });
  expect(some(counts)).toEqual({ created: 4 });
  expect(await ownersOf(open)).toEqual(["anna", "bo", "cy", "cy"]);
});

it("leaves the owner of an updated record alone", async () => {
  const open = await openEngine(
    [leads],
    `${people}; insert into leads (external_id, assigned_to) values ('1', '${ids.bo}')`,
  );
  const { counts } = await open.importCsv(leads, "external_id,city\n1,Lyon\n", {
    assignment: { mode: "single", owner: ids.anna },
    strategy: "update",
  });
  expect(some(counts)).toEqual({ updated: 1 });
  expect(await ownersOf(open)).toEqual(["bo"]);
});
