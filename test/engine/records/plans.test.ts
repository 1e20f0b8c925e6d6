/** No statement's time hangs on statistics: with wrong ones, each touches as many rows as there are, not their square. */
import { describe, expect, it } from "vitest";
import { openEngine, some, workToEnd } from "../../open-engine.ts";
import { sampled } from "../../sampled.ts";
import { type WrongStatistics, watchPlans, wrongStatistics } from "../../statement-plans.ts";
import { products, tables } from "./catalog-rows.ts";

const rows = 2000;
/** Several times the rows of the file and the tables; a nested loop over a chunk and one of them would touch 1,000,000. */
const maxRows = 12 * rows;
const chunkRows = 500;

/** `tags`: a row's, where it has any. */
const file = (amount: number, tags = (k: number) => `t${k % 300}|t${k % 7}`): string =>
  `code,title,brand,price,warehouse,quantity,tags\n${Array.from(
    { length: rows },
    (_, k) =>
      `c${k},Title ${k},Brand ${k % 40},${k % 10 === 0 ? amount : 1},Lyon,${k % 10 === 1 ? amount : 3},${tags(k)}`,
  ).join("\n")}\n`;

describe.each(sampled(Object.keys(wrongStatistics) as WrongStatistics[], 3))(
  "with statistics that say %s",
  (statistics) => {
    it("foretells several records of a row, shows them, and undoes them", async () => {
      const open = await openEngine([products], tables, { chunkRows });
      const plans = await watchPlans(open.database, statistics, maxRows);
      const { engine } = open;
      const ids: number[] = [];
      for (const text of [file(1, () => ""), file(2, () => "")]) {
        const { id } = await open.create(products, text);
        await engine.start(id);
        await workToEnd(engine, id);
        const foretold = await engine.dryRun(id, { changes: true });
        await engine.commit(id);
        await workToEnd(engine, id);
        const { counts, job } = await open.outcomeOf(id);
        expect(foretold.counts).toEqual(counts);
        for (const record of products.records ?? []) {
          for await (const _ of engine.archive.records(job, products, { record }));
          await engine.archive.recordPage(job, products, { limit: 50, record });
        }
        ids.unshift(id);
      }
      for (const id of ids) {
        const { toDelete } = await engine.undoPreview(id);
        await engine.undo(id);
        await workToEnd(engine, id);
        expect((await engine.undone.report(id)).deleted).toBe(toDelete);
      }
      expect(await open.rows("select from products")).toEqual([]);
      expect(plans.statements).toBeGreaterThan(20);
      expect(plans.excesses).toEqual([]);
    });

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
      expect(counts).toEqual([
        { created: rows },
        { unchanged: rows },
        { updated: rows / 5, unchanged: (rows / 5) * 4 },
      ]);
      expect(plans.statements).toBeGreaterThan(20);
      expect(plans.excesses).toEqual([]);
    });
  },
);
