/** Connections of a pool: nobody waits for those who wait for him, a busy thread takes no database for one that is away, and one that breaks takes nobody with it. */
import pg from "pg";
import { expect, it } from "vitest";
import { Database } from "../../src/postgres/connection/connect.ts";
import { requestPatience } from "../../src/postgres/connection/link.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { freshDatabase } from "../fresh-database.ts";
import { poolingProxy } from "../pooling-proxy.ts";

it("has a connection for those who ask beside their transaction, however many hold one", async () => {
  const { url } = await freshDatabase();
  const database = new Database(url, 3);
  try {
    const most = database.pool.options.max;
    let held = 0;
    let allHold: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      allHold = resolve;
    });
    const asked = Array.from({ length: most }, () =>
      database.transaction(async (session) => {
        await session.query(sql`select`);
        held++;
        if (held === most) allHold();
        await all;
        const [{ one }] = await database.transaction((beside) => beside.query<{ one: number }>(sql`select 1 as one`), {
          beside: true,
        });
        return one;
      }),
    );
    // They wait for a place in the pool, and get it.
    const others = Array.from({ length: 10 }, () => database.query<{ one: number }>(sql`select 1 as one`));
    expect(await Promise.all(asked)).toEqual(asked.map(() => 1));
    expect((await Promise.all(others)).flat()).toEqual(Array.from({ length: 10 }, () => ({ one: 1 })));
  } finally {
    await database.close();
  }
});

it("ends what is asked beside a transaction when it is told to, however many have to wait for that", async () => {
  const { url } = await freshDatabase();
  const database = new Database(url, 3);
  try {
    const stop = new AbortController();
    const sleeping = sql`select pg_sleep(1000)`;
    const ended = database.transaction(
      () => {
        const beside = Array.from({ length: 3 }, () =>
          database.transaction((session) => session.query(sleeping), { beside: true, signal: stop.signal }),
        );
        return Promise.allSettled(beside);
      },
      { signal: stop.signal },
    );
    const asleep = sql`select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
    await expect.poll(() => database.query(asleep)).not.toEqual([]);
    stop.abort(new Error("enough"));
    await expect(ended).rejects.toThrow("enough");
    expect(await database.query(asleep)).toEqual([]);
  } finally {
    await database.close();
  }
});

it("is not lost where its thread was busy for longer than a connection may take", async () => {
  const { url } = await freshDatabase();
  const database = new Database(url, 2);
  try {
    const answer = database.query<{ one: number }>(sql`select 1 as one`);
    // The connection is under way.
    await new Promise(setImmediate);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
    expect(await answer).toEqual([{ one: 1 }]);
  } finally {
    await database.close();
  }
});

it("outlives a connection that breaks while it is in nobody's hands but out of the pool", async () => {
  const { url, database: other } = await freshDatabase();
  const database = new Database(url, 3);
  try {
    const client = await database.pool.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const ended = new Promise<void>((resolve) => client.once("end", () => resolve()));
    await other.query(sql`select pg_terminate_backend(${rows[0].pid})`);
    await ended;
    await expect(client.query("select")).rejects.toThrow("not queryable");
    client.release();
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  } finally {
    await database.close();
  }
});

it("takes a pooler whose places are all taken for no network that is gone", async () => {
  const proxy = await poolingProxy((await freshDatabase()).url, { backends: 2 });
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, probeMs: 1000, everyMs: 100 });
  const holders = [0, 1].map(() => new pg.Client({ connectionString: proxy.url }));
  try {
    await database.query(sql`select 1 as one`);
    for (const holder of holders) {
      await holder.connect();
      await holder.query("begin");
    }
    const waiting = database.query(sql`select 1 as one`);
    // Two fresh connections were let in, asked, and got no answer.
    await Promise.race([waiting, expect.poll(() => proxy.gone, { interval: 20 }).toBeGreaterThanOrEqual(2)]);
    for (const holder of holders) await holder.query("rollback");
    expect(await waiting).toEqual([{ one: 1 }]);
  } finally {
    for (const holder of holders) await holder.end();
    await database.close();
  }
});
