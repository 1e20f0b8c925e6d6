/** What stands in a file more than once, whatever its hashes say. */
import { expect, it } from "vitest";
import { type Sql, sql } from "../../src/postgres/connection/session.ts";
import { findRepeats, hashOf, type Likeness, repeats } from "../../src/postgres/match/match-file.ts";
import type { Plan } from "../../src/postgres/tables/plan.ts";
import { openEngine } from "../open-engine.ts";

const columns = [
  { name: "word", type: "text" },
  { name: "price", type: "numeric" },
];
/** A file of so many rows, of which the tests stage a few. */
const planOf = (validRows: number) => ({ job: { id: 7, stageGeneration: 0, validRows }, columns }) as unknown as Plan;
const plan = planOf(1000);

function likeness(names: string[], hash?: Sql): Likeness {
  const values = names.map((name) => sql.id("s", name));
  const filled = sql.join(
    values.map((value) => sql`${value} is not null`),
    sql` and `,
  );
  return {
    values,
    filled,
    hash: hash ?? hashOf(plan, names, values),
    isLookedUp: false,
    written: [],
    pattern: null,
    issue: null,
  };
}

it.each([
  ["their own hashes", undefined, 1000],
  ["one hash for all", sql`0::bigint`, 1000],
  ["their own hashes, where most rows repeat others", undefined, 5],
  ["one hash for all, where most rows repeat others", sql`0::bigint`, 5],
] as [string, Sql | undefined, number][])(
  "tells the rows that repeat an earlier one by their values, with %s",
  async (_what, hash, validRows) => {
    const { database } = await openEngine();
    await database.query(sql`create unlogged table sluice_stage.job_7_0 (row_no integer, word text, price numeric)`);
    await database.query(sql`
    insert into sluice_stage.job_7_0 values (0, 'a', 1), (2, 'a', 1.0), (3, 'b', 1.00), (4, null, 1), (5, 'a', 1.000), (6, 'c', null),
      (7, 'b', 2), (8, 'a', null), (9, null, null), (10, 'd', null)
  `);
    const parallel = database.transaction.bind(database);
    const found = await database.transaction(async (session) => {
      const likenesses = [likeness(["word"], hash), likeness(["price"], hash), likeness(["word", "price"], hash)];
      // One of them in this session, as what is looked up is.
      likenesses[1].isLookedUp = true;
      await findRepeats(session, planOf(validRows), likenesses, parallel, async () => {});
      return session.query(sql`select k, row_no as row, first_row as "of" from ${repeats} order by 1, 2`);
    });
    expect(found).toEqual([
      { k: 0, row: 5, of: 2 },
      { k: 0, row: 7, of: 3 },
      { k: 0, row: 8, of: 2 },
      { k: 1, row: 3, of: 2 },
      { k: 1, row: 4, of: 2 },
      { k: 1, row: 5, of: 2 },
      { k: 2, row: 5, of: 2 },
    ]);
  },
);

it("finds nothing where nothing stands twice", async () => {
  const { database } = await openEngine();
  await database.query(sql`create unlogged table sluice_stage.job_7_0 (row_no integer, word text, price numeric)`);
  await database.query(sql`insert into sluice_stage.job_7_0 values (0, 'a', 1), (2, 'a', 1), (3, 'b', null)`);
  const found = await database.transaction(async (session) => {
    await findRepeats(session, plan, [likeness(["word"])], database.transaction.bind(database), async () => {});
    return session.query(sql`select from ${repeats}`);
  });
  expect(found).toEqual([]);
});
