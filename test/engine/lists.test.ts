/** Lists in arrays of Postgres and of jsonb: created, merged, counted beforehand, undone. */
import { describe, expect, it } from "vitest";
import type { MergeRule } from "../../src/core/fields/kind.ts";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const ddl = `
  create type size as enum ('s', 'm');
  create table things (
    id bigint generated always as identity primary key, code text not null unique, tags text[], counts integer[] not null default '{}',
    days date[], sizes size[], links jsonb, names varchar(9)[] default '{new}'
  )`;
const seed = `insert into things (code, tags, links, names) values
  ('full', '{red,red,blue}', '["a"]', null), ('blank', null, null, '{}'), ('odd', '{NULL,red}', '"x"', '{"a b"}')`;

const things = (merge?: MergeRule) =>
  defineImporter({
    name: "things",
    fields: {
      code: field.text(),
      tags: field.list(field.text(), { merge }),
      counts: field.list(field.integer(), { merge }),
      days: field.list(field.date(), { merge }),
      sizes: field.list(field.choice({ s: ["small"], m: ["medium"] }), { merge }),
      links: field.list(field.text(), { merge }),
      names: field.list(field.text(), { merge }),
    },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
  });

const header = "code,tags,counts,days,sizes,links,names";
const select =
  "select code, tags, counts, days::text[] as days, sizes::text[] as sizes, links, names from things order by id";

it("creates arrays of each type, and a jsonb array", async () => {
  const { importCsv, rows } = await openEngine([things()], ddl);
  const { counts } = await importCsv(
    things(),
    `${header}\nA,red; green,1;2,2024-01-31; 2024-02-01,small;M,x;y,"a;""b,c"""\nB,,,,,,\n`,
  );
  expect(counts).toMatchObject({ created: 2 });
  expect(await rows(select)).toEqual([
    {
      code: "A",
      tags: ["red", "green"],
      counts: [1, 2],
      days: ["2024-01-31", "2024-02-01"],
      sizes: ["s", "m"],
      links: ["x", "y"],
      names: ["a", "b,c"],
    },
    { code: "B", tags: null, counts: [], days: null, sizes: null, links: null, names: ["new"] },
  ]);
});

describe("an update", () => {
  const text = `${header}\nfull,blue;green,3,,,a;b,\nblank,red,,,,x,z\nodd,red;new,,,,y,a b\nnew,a,,,,,\nnew,b;a,4,,,,c\n`;
  it.each<[MergeRule | undefined, unknown[]]>([
    [undefined, [["blue", "green"], ["red"], ["red", "new"], ["b", "a"]]],
    ["fill", [["red", "red", "blue"], ["red"], [null, "red"], ["a"]]],
    ["never", [["red", "red", "blue"], null, [null, "red"], ["a"]]],
    ["append", [["red", "red", "blue", "green"], ["red"], [null, "red", "new"], ["a", "b"]]],
  ])("by the rule %s is foretold, exact, and undone", async (merge, tags) => {
    const open = await openEngine([things(merge)], `${ddl}; ${seed}`);
    const { importCsv, dryRun, rows } = open;
    const before = await rows(select);
    const foretold = await dryRun(things(merge), text);
    const { counts, job } = await importCsv(things(merge), text);
    expect(counts).toEqual(foretold.counts);
    const after = await rows<{ tags: unknown; links: unknown; names: unknown }>(select);
    expect(after.map((each) => each.tags)).toEqual(tags);
    if (merge === "append") {
      expect(after.map((each) => each.links)).toEqual([["a", "b"], ["x"], ["x", "y"], null]);
      // What a record is made with by default, a list goes behind.
      expect(after.map((each) => each.names)).toEqual([null, ["z"], ["a b"], ["new", "c"]]);
      expect(counts).toMatchObject({ created: 1, updated: 4, unchanged: 0 });
      const again = await importCsv(things(merge), text);
      expect(again.counts).toMatchObject({ created: 0, updated: 0, unchanged: 5 });
    }
    await undo(open, job.id);
    expect(await rows(select)).toEqual(before);
  });
});

it("names the one value that is wrong, and takes a limit in the database's place", async () => {
  const { importCsv } = await openEngine([things()], ddl);
  const { issues } = await importCsv(
    things(),
    `${header}\nA,,1;x,,,,\nB,,3000000000,,,,\nC,,,,large,,\nD,,,,,,waytoolongname\n`,
  );
  expect(issues).toEqual([
    [2, "counts", "integer_invalid"],
    [3, "counts", "database_out_of_range"],
    [4, "sizes", "choice_unknown"],
    [5, "names", "database_too_long"],
  ]);
});
