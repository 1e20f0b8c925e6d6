/** A replace and a mirror, and their undo, whose process dies at any step: nobody sees half of one, and they end as if nothing had happened. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { sampled } from "../sampled.ts";
import type { Mishap } from "./mishap.ts";
import { migrated, openPlaces, type Places, run } from "./places.ts";
import { runChaos } from "./run-chaos.ts";

const products = 900;
const lines = Array.from({ length: products }, (_, k) => `p${k + 100},New ${k + 100}`);
const face = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const config = `import { defineImporter, field } from ${JSON.stringify(face)};
const products = defineImporter({
  name: "products",
  fields: { code: field.text({ required: true }), title: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "products", absent: "delete" },
  modes: ["upsert", "replace", "mirror"],
});
export const config = { importers: [products] };
`;
const importing = (mode: string) => ["import", "products", "products.csv", "--mode", mode, "--yes", "--json"];
const undoing = ["undo", "1", "--yes", "--json"];

let places: Places;
let seeded: string;

/** All products, by their codes. */
const standOf = async (database: Database): Promise<string[]> =>
  (await database.query<{ line: string }>(sql`select code || ' ' || title as line from products order by code`)).map(
    ({ line }) => line,
  );
const withIds = (database: Database) => database.query(sql`select * from products order by id`);

const before = Array.from({ length: products }, (_, k) => `p${k} Old ${k}`).sort();
const after = lines.map((line) => line.replace(",", " ")).sort();

beforeAll(async () => {
  const files = { "products.csv": `code,title\n${lines.join("\n")}\n`, "sluice.config.ts": config };
  places = await openPlaces(files, { SLUICE_CHUNK_ROWS: "250" });
  seeded = await places.template(migrated, ({ database }) =>
    database.query(
      sql.raw(`create table products (id bigint generated always as identity primary key, code text unique, title text);
        insert into products (code, title) select 'p' || n, 'Old ' || n from generate_series(0, ${products - 1}) n`),
    ),
  );
});

afterAll(() => places.remove());

const sorted = (stand: readonly string[]): string[] => [...stand].sort();

type Event = NonNullable<Mishap["event"]>;
const replaces: [Event, number][] = [
  ["chunk.claimed", 1],
  ["chunk.loaded", 1],
  ["chunk.recorded", 1],
  ["chunk.committed", 1],
];
const mirrors: [Event, number][] = [
  ["chunk.claimed", 5],
  ["chunk.loaded", 5],
  ["chunk.recorded", 5],
  ["chunk.committed", 3],
];
const undos: ["replace" | "mirror", Event, number][] = [
  ["replace", "undo.chunk_claimed", 1],
  ["replace", "undo.chunk_deleted", 2],
  ["replace", "undo.chunk_recorded", 1],
  ["mirror", "undo.chunk_undone", 1],
  ["mirror", "undo.chunk_restored", 3],
];

describe("kill -9", () => {
  it.each(sampled(replaces, 3))(
    "of a replace, at %s (number %i), leaves the old content or the new",
    async (event, nth) => {
      const at = await places.open(seeded);
      await run(importing("replace"), at, { event, nth, act: "SIGKILL" });
      expect(sorted(await standOf(at.database))).toEqual(event === "chunk.committed" ? after : before);
      await run(["resume", "1", "--json"], at);
      expect(sorted(await standOf(at.database))).toEqual(after);
    },
  );

  it.each(sampled(mirrors, 3))("of a mirror, at %s (number %i), removes nothing before its end", async (event, nth) => {
    const at = await places.open(seeded);
    await run(importing("mirror"), at, { event, nth, act: "SIGKILL" });
    expect((await standOf(at.database)).filter((line) => line.includes("Old")).length).toBeGreaterThanOrEqual(100);
    await run(["resume", "1", "--json"], at);
    expect(sorted(await standOf(at.database))).toEqual(after);
  });

  it.each(sampled(undos, 3))("of the undo of a %s, at %s (number %i)", async (mode, event, nth) => {
    const at = await places.open(seeded);
    const whole = await withIds(at.database);
    await run(importing(mode), at);
    await run(undoing, at, { event, nth, act: "SIGKILL" });
    await run(undoing, at);
    expect(await withIds(at.database)).toEqual(whole);
  });
});

it("stops on the command line with the number, and goes on when that is confirmed", async () => {
  const at = await places.open(seeded);
  await writeFile(join(places.folder, "few.csv"), `code,title\n${lines.slice(0, 10).join("\n")}\n`);
  const stopped = await runChaos(["import", "products", "few.csv", "--mode", "replace", "--yes"], at);
  expect([stopped.exitCode, stopped.stderr.split("\n").find((line) => line.includes("paused"))]).toEqual([
    3,
    "Import 1 is paused: This import would remove 890 of 900 records. Nothing has been removed; so many have to be confirmed first. If that is right: sluice resume 1 --confirm-removals 890",
  ]);
  expect(sorted(await standOf(at.database))).toEqual(before);
  await run(["resume", "1", "--confirm-removals", "890"], at);
  expect((await standOf(at.database)).length).toBe(10);
});
