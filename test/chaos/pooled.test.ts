/** Everything through a pooler in transaction mode, where each transaction lands on another backend (design: nothing is left in a session). */
import { expect, it, onTestFinished } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { type PoolingOptions, type PoolingProxy, poolingProxy } from "../pooling-proxy.ts";
import { leadsCsv, type OpenWorkers, openWorkers, type WorkersOptions } from "../worker/open-workers.ts";

async function pooledWorkers(
  { direct = false, ...pooling }: PoolingOptions & { direct?: boolean } = {},
  options: WorkersOptions = {},
): Promise<{ at: OpenWorkers; proxy: PoolingProxy }> {
  let proxy: PoolingProxy | undefined;
  const at = await openWorkers({
    ...options,
    env: { SLUICE_CHUNK_ROWS: "500", SLUICE_BATCH_BYTES: "65536", ...options.env },
    async reachedBy(url) {
      proxy = await poolingProxy(url, pooling);
      return { DATABASE_URL: proxy.url, ...(direct && { DIRECT_URL: url }) };
    },
  });
  return { at, proxy: proxy as PoolingProxy };
}

/** Holds the commit of every import, at the first record it writes. */
async function holdLeads({ database }: OpenWorkers): Promise<{ waiting(): Promise<number>; free(): Promise<void> }> {
  const holder = await database.pool.connect();
  onTestFinished(() => holder.release(true));
  await holder.query("begin; lock table leads in share mode");
  return {
    async waiting() {
      const [{ waiting }] = await database.query<{ waiting: number }>(
        sql`select count(*)::int as waiting from pg_locks where relation = 'leads'::regclass and not granted`,
      );
      return waiting;
    },
    async free() {
      await holder.query("rollback");
    },
  };
}

it.each([
  ["without DIRECT_URL, by looking", false, {}, 6000],
  ["with DIRECT_URL, by LISTEN", true, {}, 6000],
  ["where no backend lives for longer than three transactions", false, { transactionsPerBackend: 3 }, 1000],
])("imports and undoes %s", async (_, direct, pooling, rows) => {
  const { at, proxy } = await pooledWorkers({ direct, ...pooling }, { workers: 2 });
  const job = await at.begin(`${leadsCsv(rows)}not an address,Bo,Nice\n`);
  const done = await at.reaches(job.id, "completed");
  expect(done).toMatchObject({ totalRows: rows + 1, importedRows: rows, invalidRows: 1, failures: 0 });
  expect(await at.rows("select count(*)::int as rows, count(distinct email)::int as emails from leads")).toEqual([
    { rows, emails: rows },
  ]);
  await at.server.engine.undo(job.id, "tester");
  await at.reaches(job.id, "undone");
  expect(await at.rows("select from leads")).toEqual([]);
  expect(proxy.moves).toBeGreaterThan(50);
  // Those that listen do so past the pooler, whose connections bear its own name.
  const listening = await at.rows(
    "select from pg_stat_activity where datname = current_database() and application_name = 'sluice listener'",
  );
  expect(listening.length > 0).toBe(direct);
});

it("a pause ends the statement under way, on whichever backend it is", async () => {
  const { at } = await pooledWorkers();
  const held = await holdLeads(at);
  const job = await at.begin(leadsCsv(2000));
  await expect.poll(held.waiting, { interval: 50 }).toBeGreaterThan(0);
  await at.server.engine.pause(job.id, "enough", "tester");
  await expect.poll(held.waiting, { interval: 50 }).toBe(0);
  await held.free();
  await at.server.engine.resume(job.id, "tester");
  expect(await at.reaches(job.id, "completed")).toMatchObject({ importedRows: 2000 });
});

it("nobody takes a worker for dead because a backend is", async () => {
  const { at } = await pooledWorkers({ transactionsPerBackend: 3 });
  const held = await holdLeads(at);
  const job = await at.begin(leadsCsv(2000));
  await expect.poll(held.waiting, { interval: 50 }).toBeGreaterThan(0);
  expect(await at.server.engine.waiting.unattended()).toEqual([]);
  await held.free();
  expect(await at.reaches(job.id, "completed")).toMatchObject({ importedRows: 2000, failures: 0 });
});
