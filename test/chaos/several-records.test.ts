/** An import whose rows make several records, and its undo, whose process dies at any step: they end as if nothing had happened. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { shopHeader, shopTables } from "../engine/records/shop.ts";
import { sampled } from "../sampled.ts";
import type { Mishap } from "./mishap.ts";
import { migrated, openPlaces, type Places, run } from "./places.ts";

/** Products of some brands and warehouses, those before the 400th with new prices and stocks of their own. */
const products = 900;
const lines = Array.from({ length: products }, (_, k) =>
  [`p${k}`, `Title ${k}`, `Brand ${k % 7}`, `${k}.50`, k % 2 === 0 ? "Lyon" : "Paris", k, `t${k % 5}|t${k % 3}`].join(),
);
const file = `${shopHeader}${lines.join("\n")}\n`;
const shop = fileURLToPath(new URL("../engine/records/shop.ts", import.meta.url));
const config = `import { shop } from ${JSON.stringify(shop)};\nexport const config = { importers: [shop] };\n`;
const importing = ["import", "shop", "shop.csv", "--yes", "--json"];
const undoing = ["undo", "1", "--yes", "--json"];

let places: Places;
/** Before the import; after it; and after its undo with some records touched in between. */
let untouched: string[];
let imported: string[];
let undone: string[];
let seeded: string;
let committed: string;

/** The shop's content by names, since ids are taken anew by what is tried again, and what the undo has kept. */
async function standOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ line: string }>(sql`
    select concat_ws(' ', 'brand', name) as line from brands
    union all select concat_ws(' ', 'product', code, title, b.name) from products p left join brands b on b.id = p.brand_id
    union all select concat_ws(' ', 'price', code, amount, case when valid_to is null then 'current' else 'closed' end)
      from prices v join products p on p.id = v.product_id
    union all select concat_ws(' ', 'stock', code, warehouse, quantity) from stocks s join products p on p.id = s.product_id
    union all select concat_ws(' ', 'tag', word) from tags
    union all select concat_ws(' ', 'tagged', code, word) from product_tags g join products p on p.id = g.product_id join tags t on t.id = g.tag_id
    union all select concat_ws(' ', 'kept', record, reason, count(*)) from sluice.import_kept group by record, reason
    union all select concat_ws(' ', 'made', record, sum(created), sum(updated), sum(unchanged), sum(closed), sum(undo_deleted), sum(undo_restored), sum(undo_kept))
      from sluice.import_record_chunks group by record
    order by 1`);
  return rows.map(({ line }) => line);
}

beforeAll(async () => {
  places = await openPlaces({ "shop.csv": file, "sluice.config.ts": config }, { SLUICE_CHUNK_ROWS: "250" });
  seeded = await places.template(migrated, async ({ database }) => {
    await database.query(sql.raw(shopTables()));
    await database.query(sql`
      insert into products (code, title, brand_id) select 'p' || n, 'Before', 1 from generate_series(0, 399) n`);
    await database.query(
      sql`insert into prices (product_id, amount) select id, 1 from products where title = 'Before'`,
    );
    await database.query(sql`insert into stocks select id, 'Lyon', 5 from products where title = 'Before'`);
    untouched = await standOf(database);
  });
  committed = await places.template(seeded, async (at) => {
    await run(importing, at);
    imported = await standOf(at.database);
    // Some prices are edited, and a brand is used by somebody else.
    await at.database.query(
      sql`update prices set amount = 99 where product_id in (select id from products where code in ('p7', 'p700'))`,
    );
    await at.database.query(
      sql`insert into products (code, brand_id) select 'mine', id from brands where name = 'Brand 3'`,
    );
  });
  await places.template(committed, async (at) => {
    await run(undoing, at);
    undone = await standOf(at.database);
  });
});

afterAll(() => places.remove());

it("imports in several chunks, and takes back all but what others have touched or need", () => {
  const of = (stand: readonly string[], kind: string) => stand.filter((line) => line.startsWith(`${kind} `));
  expect(of(imported, "made")).toEqual([
    "made brand 7 0 21 0 0 0 0",
    "made price 900 0 0 400 0 0 0",
    "made product 500 400 0 0 0 0 0",
    expect.stringMatching(/^made stock 700 200 0 0 /),
    expect.stringMatching(/^made tag 5 0 /),
    expect.stringMatching(/^made tag.link \d+ 0 /),
  ]);
  expect(of(undone, "kept")).toEqual([
    "kept brand referred_to 2",
    "kept price edited_since 3",
    "kept product referred_to 1",
  ]);
  const touched = /p7(?:00)? |mine|Brand [03]/;
  const rest = undone.filter((line) => !/^(?:kept|made) /.test(line) && !touched.test(line));
  expect(rest).toEqual(untouched.filter((line) => !touched.test(line)));
});

/** Events on the way of an import, with the one of its name that is tried. */
const commits: [NonNullable<Mishap["event"]>, number][] = [
  ["chunk.claimed", 2],
  ["chunk.record", 3],
  ["chunk.record", 17],
  ["chunk.loaded", 3],
  ["chunk.recorded", 1],
  ["chunk.committed", 2],
];
const undos: [NonNullable<Mishap["event"]>, number][] = [
  ["undo.started", 1],
  ["undo.chunk_claimed", 2],
  ["undo.chunk_deleted", 4],
  ["undo.chunk_restored", 9],
  ["undo.chunk_recorded", 2],
  ["undo.chunk_undone", 3],
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
