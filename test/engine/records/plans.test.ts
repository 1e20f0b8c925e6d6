/** No statement's time hangs on statistics: with wrong ones, each touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { openEngine, some, workToEnd } from "../../open-engine.ts";
import { type WrongStatistics, watchPlans, wrongStatistics } from "../../statement-plans.ts";
import { products, tables } from "./catalog-rows.ts";

const rows = 2000;
/** Several times the rows of the file and the tables; a nested loop over a chunk and one of them would touch 1,000,000. */
const maxRows = 12 * rows;
const chunkRows = 500;

const file = (amount: number): string =>
  `code,title,brand,price,warehouse,quantity,tags\n${Array.from(
    { length: rows },
    (_, k) =>
      `c${k},Title ${k},Brand ${k % 40},${k % 10 === 0 ? amount : 1},Lyon,${k % 10 === 1 ? amount : 3},t${k % 300}|t${k % 7}`,
  ).join("\n")}\n`;

describe.each(Object.keys(wrongStatistics) as WrongStatistics[])("with statistics that say %s", (statistics) => {
  it("writes several records of a row, the same again, and what has changed", async () => {
    const open = await openEngine([products], `${tables}; create index on product_tags (tag_id)`, { chunkRows });
    const plans = await watchPlans(open.database, statistics, maxRows);
    const counts: unknown[] = [];
    for (const text of [file(1), file(1), file(2)]) {
      const job = await open.create(products, text);
      await open.engine.start(job.id);
      await workToEnd(open.engine, job.id);
      await open.engine.commit(job.id);
      await workToEnd(open.engine, job.id);
      const { created, updated, unchanged } = some(await open.engine.imports.counts(job.id));
      counts.push({ created, updated, unchanged });
    }
    expect(counts).toEqual([{ created: rows }, { unchanged: rows }, { updated: rows / 5, unchanged: (rows / 5) * 4 }]);
    expect(plans.statements).toBeGreaterThan(20);
    expect(plans.excesses).toEqual([]);
  });
});
