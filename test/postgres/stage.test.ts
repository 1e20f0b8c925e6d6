/** The stage as the pipeline fills it: a batch's COPY beside the end of the one before. */
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { indexStage } from "../../src/postgres/stage/index-stage.ts";
import { writeBatch } from "../../src/postgres/stage/write-batch.ts";
import { openEngine } from "../open-engine.ts";

const people = defineImporter({ name: "people", fields: { name: field.text() }, target: { table: "people" } });

/** COPY text of the rows from one number up to another, some sixty to a page. */
const copyText = (from: number, to: number): Uint8Array =>
  Buffer.from(Array.from({ length: to - from }, (_, k) => `${from + k}\t${from + k}\t${"x".repeat(90)}\n`).join(""));

/** An import that is being read, and how a batch of it is written. */
async function openStage() {
  const { create, database, store } = await openEngine(
    [people],
    "create table people (id serial primary key, name text)",
  );
  const { id } = await create(people, "name\nAnna\n");
  await store.imports.move(id, "queued", { phase: "parse" });
  const job = await store.imports.move(id, "parsing");
  const columns = [{ name: "name", type: "text", column: 0 }];
  await store.stage.create(job, columns);
  const { stageGeneration: generation } = job;
  const batch = (rows: AsyncIterable<Uint8Array>, from: number, to: number) => ({
    from: from === 1 ? null : { offset: from, row: from },
    rows,
    end: Promise.resolve({
      rejects: new Uint8Array(),
      issueCounts: [],
      warnings: [],
      statistics: "{}",
      to: { offset: to, row: to },
      valid: to - from,
      invalid: 0,
      skipped: 0,
      state: "{}",
    }),
  });
  const write = (rows: AsyncIterable<Uint8Array>, from: number, to: number): Promise<void> =>
    writeBatch(database, { id, generation }, columns, batch(rows, from, to), () => {});
  return { id, generation, database, write };
}

it.each([1, 2])(
  "fails for the reason of the server, however many pieces come after it has refused: %i",
  async (more) => {
    const { database, write } = await openStage();
    const aborted = sql`
    select from pg_stat_activity where datname = current_database() and state = 'idle in transaction (aborted)'`;
    async function* spoilt(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("1\tnowhere\tAnna\n");
      yield copyText(2, 10_000);
      await expect.poll(async () => (await database.query(aborted)).length).toBe(1);
      for (let k = 1; k <= more; k++) yield copyText(k * 10_000, (k + 1) * 10_000);
    }
    await expect(write(spoilt(), 1, 20_000)).rejects.toMatchObject({ code: "22P02", message: /bigint: "nowhere"/ });
  },
);

it("fails for the reason of the server where the pieces fail after it has refused", async () => {
  const { database, write } = await openStage();
  const aborted = sql`
    select from pg_stat_activity where datname = current_database() and state = 'idle in transaction (aborted)'`;
  async function* spoilt(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("1\tnowhere\tAnna\n");
    yield copyText(2, 10_000);
    await expect.poll(async () => (await database.query(aborted)).length).toBe(1);
    throw new Error("the file ends in the middle");
  }
  await expect(write(spoilt(), 1, 20_000)).rejects.toMatchObject({ code: "22P02" });
});

it("finds every row by its index, however the batches' COPYs overlap and the index grows meanwhile", async () => {
  const { id, generation, database, write } = await openStage();
  const stage = `sluice_stage.job_${id}_${generation}`;
  // A range map of one page ends at 1,360 ranges: with ranges of one page that is 11 MB instead of 170.
  await database.query(sql.raw(`drop index ${stage}_row_no`));
  await database.query(
    sql.raw(`create index job_${id}_${generation}_row_no on ${stage} using brin (row_no) with (pages_per_range = 1)`),
  );
  async function* whole(from: number, to: number): AsyncGenerator<Uint8Array> {
    yield copyText(from, to);
  }
  const { promise: goOn, resolve } = Promise.withResolvers<void>();
  async function* inTwo(from: number, middle: number, to: number): AsyncGenerator<Uint8Array> {
    yield copyText(from, middle);
    await goOn;
    yield copyText(middle, to);
  }

  const second = write(inTwo(100_000, 102_000, 140_000), 100_000, 140_000);
  const progress = sql<{ rows: number }>`
    select tuples_processed::int as rows from pg_stat_progress_copy where datname = current_database()`;
  await expect.poll(async () => (await database.query(progress))[0]?.rows ?? 0).toBeGreaterThan(1000);
  await write(whole(1, 100_000), 1, 100_000);
  resolve();
  await second;
  await indexStage(database, id, generation, [], { onTerminated: () => {} });

  const counted = (settings: string): Promise<{ n: number }[]> =>
    database.transaction(async (session) => {
      await session.query(sql.raw(settings));
      return session.query(
        sql.raw<{ n: number }>(`
          select sum(n)::int as n from generate_series(0, 140000, 1000) k,
            lateral (select count(*) as n from ${stage} where row_no >= k and row_no < k + 1000 and row_no > 0) found`),
      );
    });
  expect(await counted("set local enable_seqscan = off")).toEqual([{ n: 139_999 }]);
  expect(await counted("set local enable_bitmapscan = off")).toEqual([{ n: 139_999 }]);
});
