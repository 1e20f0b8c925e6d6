/** Whatever stands in the file and in the tables: what the set-based commit makes of several records is what one row after the other would. */
import { expect, it } from "vitest";
import { openEngine, workToEnd } from "../../open-engine.ts";
import { fc } from "../../property.ts";
import {
  cells,
  clearTables,
  loopState,
  plainCells,
  plainProducts,
  plainTables,
  products,
  stateOf,
  tables,
  textOf,
} from "./catalog-rows.ts";
import { importForetold } from "./foretold.ts";
import { RowByRow } from "./row-by-row.ts";

it("makes what one row after the other would, counts it alike, and foretells it", async () => {
  const open = await openEngine([products], tables, { chunkRows: 4 });
  const some = fc.array(cells(["1", "2"]), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(some, some, async (first, second) => {
      await open.rows(clearTables);
      const loop = new RowByRow();
      for (const file of [first, second]) {
        const model = loop.import(file, 4, () => false);
        const { counts, records } = await importForetold(open, products, textOf(file));
        expect(await stateOf(open)).toEqual(loopState(loop));
        expect(counts).toMatchObject(model.counts);
        const { brand, product, tag, link } = model.made;
        expect(
          [records.brand, records.product, records.tag, records["tag.link"]].map((each) => each?.created ?? 0),
        ).toEqual([brand, product, tag, link]);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 15) },
  );
});

it("does so where all records of a row are compared at once, and again with a file that is there in part", async () => {
  const open = await openEngine([plainProducts], plainTables, { chunkRows: 6 });
  const some = fc.array(plainCells, { minLength: 1, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(some, some, fc.nat(14), async (first, second, cut) => {
      await open.rows(clearTables);
      const loop = new RowByRow();
      for (const file of [first, [...first.slice(0, cut), ...second], second, second]) {
        const model = loop.import(file, 6, () => false);
        const { counts, records } = await importForetold(open, plainProducts, textOf(file));
        expect(await stateOf(open)).toEqual(loopState(loop));
        expect(counts).toMatchObject(model.counts);
        const { brand, product, stock } = model.made;
        expect([records.brand, records.product, records.stock].map((each) => each?.created ?? 0)).toEqual([
          brand,
          product,
          stock,
        ]);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 10) },
  );
});

it("leaves out the rows that the database refuses, and makes of the others what one row after the other would", async () => {
  const open = await openEngine([products], tables, { chunkRows: 4 });
  const some = fc.array(cells(["1", "2", "99"]), { minLength: 1, maxLength: 8 });
  const fails = ({ quantity }: { quantity: string }): boolean => quantity === "99";
  await fc.assert(
    fc.asyncProperty(some, some, async (first, second) => {
      await open.rows(clearTables);
      const loop = new RowByRow();
      for (const file of [first, second]) {
        const model = loop.import(file, 4, fails);
        const { counts } = await importForetold(open, products, textOf(file));
        // A chunk that is halved closes a price once for each half.
        const { price: _, ...state } = await stateOf(open);
        const { price: __, ...expected } = loopState(loop);
        expect(state).toEqual(expected);
        expect(counts).toMatchObject({ failed: model.counts.failed, invalid: model.counts.invalid });
      }
    }),
    { numRuns: 6 },
  );
});

it("goes on after an interruption, with its stage or without it, as if there had been none", async () => {
  let stopAfter = 0;
  let stop = new AbortController();
  const open = await openEngine([products], tables, {
    chunkRows: 3,
    onEvent({ name }) {
      if (name === "chunk.committed" && --stopAfter === 0) stop.abort(new Error("enough"));
    },
  });
  const some = fc.array(cells(["1", "2"]), { minLength: 4, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(some, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (file, chunks, isLost) => {
      await open.rows(clearTables);
      const loop = new RowByRow();
      const { counts } = loop.import(file, 3, () => false);
      const job = await open.create(products, textOf(file));
      await open.engine.start(job.id);
      await workToEnd(open.engine, job.id);
      await open.engine.commit(job.id);
      stop = new AbortController();
      stopAfter = chunks;
      await open.engine.work(job.id, stop.signal).catch(() => {});
      if (isLost) {
        const [stage] = await open.rows<{ name: string }>(
          `select relname as name from pg_class where oid = to_regclass('sluice_stage.job_${job.id}_0')`,
        );
        if (stage !== undefined) await open.rows(`truncate sluice_stage.${stage.name}`);
      }
      const { status } = await open.engine.imports.get(job.id);
      if (status === "paused") await open.engine.resume(job.id);
      await Promise.all([workToEnd(open.engine, job.id), workToEnd(open.engine, job.id)]);
      const outcome = await open.outcomeOf(job.id);
      expect(outcome.job.status, outcome.job.errorMessage ?? "").toBe("completed");
      expect(await stateOf(open)).toEqual(loopState(loop));
      expect(outcome.counts).toMatchObject(counts);
    }),
    { numRuns: 8 },
  );
});

it("makes a parent once where two imports at once need it", async () => {
  const open = await openEngine([products], tables, { chunkRows: 20 });
  const file = (prefix: string): string =>
    `code,brand,price,tags\n${Array.from({ length: 100 }, (_, k) => `${prefix}${k},Brand ${k % 30},${k},t${k % 7}|t${k % 5}`).join("\n")}\n`;
  const jobs = await Promise.all(["a", "b", "c"].map((prefix) => open.create(products, file(prefix))));
  for (const { id } of jobs) {
    await open.engine.start(id);
    await workToEnd(open.engine, id);
    await open.engine.commit(id);
  }
  await Promise.all(jobs.map(({ id }) => workToEnd(open.engine, id)));
  for (const { id } of jobs) expect((await open.engine.imports.counts(id)).created).toBe(100);
  expect(
    await open.rows(
      "select (select count(*)::int from brands) as brands, (select count(*)::int from tags) as tags, (select count(*)::int from products) as products, (select count(*)::int from prices) as prices",
    ),
  ).toEqual([{ brands: 30, tags: 7, products: 300, prices: 300 }]);
});
