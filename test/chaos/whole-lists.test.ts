/** An import whose lists are whole, and its undo, whose process dies at any step: what goes is gone once, and is given back once. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { clubHeader, clubTables } from "../engine/records/club.ts";
import { sampled } from "../sampled.ts";
import type { Mishap } from "./mishap.ts";
import { migrated, openPlaces, type Places, run } from "./places.ts";

/** Members with two rows each, far from one another: the second takes away some of what the first has made. */
const members = 300;
const row = (k: number, groups: string, phones: string, roles: string): string =>
  `m${k},Member ${k},${groups},${phones},${phones.replaceAll(/\d+/g, (number) => `kind ${number}`)},${roles}\n`;
const rows = [
  ...Array.from({ length: members }, (_, k) => row(k, `g${k % 5}|g${k % 3}x`, "1|7", "clerk|guest")),
  ...Array.from({ length: members }, (_, k) => row(k, `g${k % 5}|g${k % 7}y`, "1|8", "clerk")),
];
const file = `${clubHeader}${rows.join("")}`;
const club = fileURLToPath(new URL("../engine/records/club.ts", import.meta.url));
const config = `import { club } from ${JSON.stringify(club)};\nexport const config = { importers: [club] };\n`;
const importing = ["import", "club", "club.csv", "--context", "club_id=1", "--yes", "--json"];
const undoing = ["undo", "1", "--yes", "--json"];

let places: Places;
let untouched: string[];
let imported: string[];
let undone: string[];
let seeded: string;
let committed: string;

/** What belongs to whom, with the values that no file has, and what is counted of it; ids are taken anew by what is tried again. */
async function standOf(database: Database): Promise<string[]> {
  const lines = await database.query<{ line: string }>(sql`
    select concat_ws(' ', 'member', email, name) as line from people
    union all select concat_ws(' ', 'group', title) from groups
    union all select concat_ws(' ', 'link', email, title, since) from member_groups l join people m on m.id = l.member_id join groups g on g.id = l.group_id
    union all select concat_ws(' ', 'phone', email, number, kind, note) from phones p join people m on m.id = p.member_id
    union all select concat_ws(' ', 'role', email, role, active) from roles r join people m on m.id = r.member_id
    union all select concat_ws(' ', 'kept', record, reason, count(*)) from sluice.import_kept group by record, reason
    union all select concat_ws(' ', 'made', record, sum(created), sum(updated), sum(unchanged), sum(deactivated), sum(deleted), sum(undo_deleted), sum(undo_restored), sum(undo_kept))
      from sluice.import_record_chunks group by record
    order by 1`);
  return lines.map(({ line }) => line);
}

const records = (stand: readonly string[]): string[] => stand.filter((line) => !line.startsWith("made "));

beforeAll(async () => {
  places = await openPlaces({ "club.csv": file, "sluice.config.ts": config }, { SLUICE_CHUNK_ROWS: "150" });
  seeded = await places.template(migrated, async ({ database }) => {
    await database.query(sql.raw(clubTables));
    await database.query(
      sql`insert into people (club_id, email, name) select 1, 'm' || n, 'Before' from generate_series(0, 199) n`,
    );
    await database.query(sql`insert into groups (club_id, title) values (1, 'old'), (1, 'g1')`);
    await database.query(sql`insert into member_groups select m.id, g.id, '2001-02-03' from people m, groups g`);
    await database.query(sql`
      insert into phones (member_id, number, kind, note) select m.id, n, 'before', 'gate code ' || n from people m, unnest('{1,2,7}'::text[]) n`);
    await database.query(
      sql`insert into roles (member_id, role) select m.id, r from people m, unnest('{chair,guest}'::text[]) r`,
    );
    untouched = await standOf(database);
  });
  committed = await places.template(seeded, async (at) => {
    await run(importing, at);
    imported = await standOf(at.database);
  });
  await places.template(committed, async (at) => {
    await run(undoing, at);
    undone = await standOf(at.database);
  });
});

afterAll(() => places.remove());

it("takes away in several chunks what rows leave out, and gives all of it back", () => {
  expect(imported.filter((line) => /^(?:phone|role|link) m1 /.test(line))).toEqual([
    "link m1 g1 2001-02-03",
    "link m1 g1y 2026-01-01",
    "phone m1 1 kind 1 gate code 1",
    "phone m1 8 kind 8 by hand",
    "role m1 chair f",
    "role m1 clerk t",
    "role m1 guest f",
  ]);
  expect(records(undone)).toEqual(untouched);
});

const commits: [NonNullable<Mishap["event"]>, number][] = [
  ["chunk.claimed", 3],
  ["chunk.record", 3],
  ["chunk.record", 21],
  ["chunk.loaded", 3],
  ["chunk.recorded", 2],
  ["chunk.committed", 3],
];
const undos: [NonNullable<Mishap["event"]>, number][] = [
  ["undo.started", 1],
  ["undo.chunk_claimed", 3],
  ["undo.chunk_deleted", 4],
  ["undo.chunk_restored", 5],
  ["undo.chunk_recorded", 3],
  ["undo.chunk_undone", 2],
];

describe("kill -9", () => {
  it.each(sampled(commits, 8))("of the process that imports, at %s (number %i)", async (event, nth) => {
    const at = await places.open(seeded);
    await run(importing, at, { event, nth, act: "SIGKILL" });
    await run(["resume", "1", "--json"], at);
    expect(await standOf(at.database)).toEqual(imported);
  });

  it.each(sampled(undos, 8))("of the process that undoes, at %s (number %i)", async (event, nth) => {
    const at = await places.open(committed);
    await run(undoing, at, { event, nth, act: "SIGKILL" });
    expect(JSON.parse(await run(undoing, at))).toMatchObject({ id: 1, status: "undone" });
    expect(await standOf(at.database)).toEqual(undone);
  });
});
