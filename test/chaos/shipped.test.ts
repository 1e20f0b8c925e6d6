/**
 * The catalogue's and the year planner's importers, killed in every phase of an import and of its undo: they end as if nothing had
 * happened.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { sampled } from "../sampled.ts";
import type { Mishap } from "./mishap.ts";
import { migrated, openPlaces, type Places, run } from "./places.ts";

/** An import over what an earlier one has made, and what is compared of it. */
interface Shipped {
  importing: string[];
  /** What the importer's tables hold, by names, since ids are taken anew by what is tried again. */
  stand: string;
  /** The file that is imported before. */
  seed: string;
}

const range = (count: number, line: (k: number) => string): string =>
  `${Array.from({ length: count }, (_, k) => line(k)).join("\n")}\n`;

/** So many bytes that a file is read in several batches. */
const words = "Sixty words or so, as descriptions have them. ".repeat(8);

const productHeader = "Code;Description;Name;Brand;Category;Price;Currency;Stock;Warehouse;Active\n";
const files = {
  "before.csv": `${productHeader}${range(500, (k) => `P${k};;Product ${k};Brand ${k % 7};Group ${k % 3};${k}.50;EUR;${k};MAIN;yes`)}`,
  // A third as it was, a third with other prices, some stocks elsewhere, new ones, codes that come twice, and rows that are refused.
  "products.csv": `${productHeader}${range(900, (k) => {
    const price = k % 97 === 0 ? "much" : k % 3 === 0 ? `${k}.50` : `${k + 1}.25`;
    return `P${k % 850};${words}${k % 6};Product ${k};Brand ${k % 11};Group ${k % 3};${price};EUR;${k};${k % 5 === 0 ? "Lyon" : "MAIN"};${k % 4 === 0 ? "no" : "yes"}`;
  })}`,
  "old.csv": `Activity,Start,End,Ring,Group,Label\n${range(40, (k) => `Old ${k},2026-0${1 + (k % 9)}-11,,Ring ${k % 2},Group ${k % 5},`)}`,
  "activities.csv": `Activity,Start,End,Ring,Group,Label,Description\n${range(600, (k) => {
    const year = 2026 + (k % 3);
    const end = k % 10 === 0 ? `${year + 1}-02-03` : k % 89 === 0 ? "soon" : "";
    return `Activity ${k},${year}-1${k % 3}-1${k % 10},${end},Ring ${k % 4},Group ${k % 9},Label ${k % 6},"${words}"`;
  })}`,
};

const shipped: Readonly<Record<string, Shipped>> = {
  products: {
    importing: ["import", "products", "products.csv", "--yes", "--json"],
    seed: "before.csv",
    stand: `
      select concat_ws(' ', 'brand', name) as line from brands
      union all select concat_ws(' ', 'category', name) from categories
      union all select concat_ws(' ', 'product', p.code, p.name, b.name, c.name, p.unit, p.active)
        from products p left join brands b on b.id = p.brand_id left join categories c on c.id = p.category_id
      union all select concat_ws(' ', 'price', code, amount, currency, case when valid_to is null then 'current' else 'closed' end)
        from product_prices v join products p on p.id = v.product_id
      union all select concat_ws(' ', 'stock', code, warehouse, quantity, case when valid_to is null then 'current' else 'closed' end)
        from product_stocks s join products p on p.id = s.product_id`,
  },
  activities: {
    importing: [
      "import",
      "activities",
      "activities.csv",
      "--context",
      "wheel_id=1",
      "--mode",
      "replace",
      "--confirm-removals",
      "40",
      "--yes",
      "--json",
    ],
    seed: "old.csv",
    stand: `
      select concat_ws(' ', 'page', wheel_id, year) as line from wheel_pages
      union all select concat_ws(' ', 'ring', wheel_id, name, kind) from rings
      union all select concat_ws(' ', 'group', wheel_id, name) from activity_groups
      union all select concat_ws(' ', 'label', wheel_id, name) from labels
      union all select concat_ws(' ', 'item', i.wheel_id, p.year, i.name, i.start_date, i.end_date, r.name, g.name, l.name)
        from items i join wheel_pages p on p.id = i.page_id left join rings r on r.id = i.ring_id
          left join activity_groups g on g.id = i.group_id left join labels l on l.id = i.label_id`,
  },
};

/** Beside the tables: what became of each row, what is counted, and what an undo has kept. */
const bookkeeping = `
  select concat_ws(' ', 'row', row_no, outcome, issues -> 0 ->> 'c') as line from sluice.import_rows where job_id = (select max(id) from sluice.import_jobs)
  union all select concat_ws(' ', 'chunks', sum(created), sum(updated), sum(unchanged), sum(skipped), sum(failed), sum(invalid)) from sluice.import_chunks
  union all select concat_ws(' ', 'made', record, sum(created), sum(updated), sum(unchanged), sum(closed), sum(undo_deleted), sum(undo_restored), sum(undo_kept))
    from sluice.import_record_chunks group by record
  union all select concat_ws(' ', 'kept', record, reason, count(*)) from sluice.import_kept group by record, reason`;

async function standOf(database: Database, { stand }: Shipped): Promise<string[]> {
  const rows = await database.query<{ line: string }>(sql.raw(`${stand} union all ${bookkeeping} order by 1`));
  return rows.map(({ line }) => line);
}
const contentOf = async (database: Database, { stand }: Shipped): Promise<string[]> =>
  (await database.query<{ line: string }>(sql.raw(`${stand} order by 1`))).map(({ line }) => line);

const undoing = ["undo", "2", "--yes", "--json"];

/** An importer's databases, with what was there and with the import, and what an undisturbed run of each has made. */
interface Scene extends Shipped {
  seeded: string;
  committed: string;
  imported: string[];
  undone: string[];
}

let places: Places;
const scenes = new Map<string, Scene>();
const sceneOf = (name: string): Scene => scenes.get(name) as Scene;

beforeAll(async () => {
  // Several batches, and several chunks.
  places = await openPlaces(files, { SLUICE_CHUNK_ROWS: "200", SLUICE_BATCH_BYTES: "65536" });
  for (const [name, each] of Object.entries(shipped)) {
    let before: string[] = [];
    const seeded = await places.template(migrated, async (at) => {
      await run(["migrate"], at);
      const context = name === "activities" ? ["--context", "wheel_id=1"] : [];
      if (name === "activities")
        await at.database.query(
          sql`insert into year_wheels (owner_id, name) values ('anna', 'School'), ('bo', 'Club')`,
        );
      await run(["import", name, each.seed, "--yes", "--json", ...context], at);
      before = await contentOf(at.database, each);
    });
    let imported: string[] = [];
    const committed = await places.template(seeded, async (at) => {
      await run(each.importing, at);
      imported = await standOf(at.database, each);
    });
    let undone: string[] = [];
    await places.template(committed, async (at) => {
      await run(undoing, at);
      undone = await standOf(at.database, each);
      expect(await contentOf(at.database, each)).toEqual(before);
    });
    scenes.set(name, { ...each, seeded, committed, imported, undone });
  }
});
afterAll(() => places.remove());

it("begins with imports that make and change records of each kind, and are undone to what was there", () => {
  const made = (name: string) => sceneOf(name).imported.filter((line) => line.startsWith("made "));
  // Created, updated, left as they were, and versions closed: by both imports.
  expect({ products: made("products"), activities: made("activities") }).toEqual({
    products: [
      "made brand 11 0 65 0 0 0 0",
      "made category 3 0 21 0 0 0 0",
      "made price 1193 0 149 346 0 0 0",
      "made product 847 495 0 0 0 0 0",
      "made stock 985 0 357 39 0 0 0",
    ],
    activities: [
      "made groups 9 0 5 0 0 0 0",
      "made items 694 0 0 0 0 0 0",
      "made labels 6 0 0 0 0 0 0",
      "made pages 4 0 1 0 0 0 0",
      "made rings 4 0 2 0 0 0 0",
    ],
  });
});

/** Each phase in which something is half done, with the event of its name that is tried. */
const phases: [NonNullable<Mishap["event"]>, number][] = [
  ["parse.batch_copied", 2],
  ["match.finished", 1],
  ["chunk.record", 4],
  ["chunk.committed", 1],
  ["commit.finished", 1],
];
const undos: [NonNullable<Mishap["event"]>, number][] = [
  ["undo.chunk_deleted", 2],
  ["undo.chunk_undone", 1],
];

describe.each(Object.keys(shipped))("kill -9 of %s", (name) => {
  it.each(sampled(phases, 4))("at %s (number %i) loses and doubles nothing", async (event, nth) => {
    const scene = sceneOf(name);
    const at = await places.open(scene.seeded);
    await run(scene.importing, at, { event, nth, act: "SIGKILL" });
    await run(["resume", "2", "--json"], at);
    expect(await standOf(at.database, scene)).toEqual(scene.imported);
  });

  it.each(undos)("while it is undone, at %s (number %i)", async (event, nth) => {
    const scene = sceneOf(name);
    const at = await places.open(scene.committed);
    await run(undoing, at, { event, nth, act: "SIGKILL" });
    expect(JSON.parse(await run(undoing, at))).toMatchObject({ id: 2, status: "undone" });
    expect(await standOf(at.database, scene)).toEqual(scene.undone);
  });
});
