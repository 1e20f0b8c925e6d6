/** Requests, imports and processes while the network between Sluice and its database swallows packets. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { requestPatience } from "../../src/postgres/connection/link.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { createApp } from "../../src/server/mount.ts";
import { type BlackHoleProxy, blackHoleProxy } from "../black-hole-proxy.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder, startCli } from "../run-cli.ts";
import { leadsCsv, openWorkers } from "../worker/open-workers.ts";

const csv = "Email\nanna@example.com\n";

async function open(): Promise<{ proxy: BlackHoleProxy; get(path: string): Promise<number>; post(): Promise<number> }> {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  onTestFinished(() => proxy.close());
  const app = createApp({
    databaseUrl: proxy.url,
    dataDir: await freshFolder(),
    importers: [leads],
    logLevel: "silent",
    authenticate: async () => ({ id: "anna", name: "Anna", role: "admin" }),
  });
  onTestFinished(() => app.close());
  return {
    proxy,
    get: async (path) => (await app.fetch(new Request(`http://sluice.test/api/v1${path}`))).status,
    post: async () => {
      const headers = { "content-type": "application/octet-stream" };
      const request = new Request("http://sluice.test/api/v1/uploads?name=a.csv", {
        method: "POST",
        headers,
        body: csv,
      });
      return (await app.fetch(request)).status;
    },
  };
}

it("answers 503 while nothing comes through, on connections that there are and on new ones, and works again after it", async () => {
  const { proxy, get, post } = await open();
  expect(await get("/imports")).toBe(200);
  proxy.open();
  expect([await get("/imports"), await post(), await get("/imports/1")]).toEqual([503, 503, 503]);
  proxy.close();
  await expect.poll(() => get("/imports")).toBe(200);
  expect(await post()).toBe(201);
});

it("answers on a new connection where a router has forgotten those that idled", async () => {
  const { proxy, get } = await open();
  expect(await Promise.all(["/imports", "/uploads", "/importers"].map(get))).toEqual([200, 200, 200]);
  proxy.forget();
  const answers = await Promise.all(["/imports", "/uploads", "/importers"].map(get));
  // Those whose connection was used a moment ago are refused; the next are not.
  for (const answer of answers) expect([200, 503]).toContain(answer);
  expect(await get("/imports")).toBe(200);
});

it("leaves a statement alone that takes its time, while the database answers others", async () => {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, everyMs: 100 });
  onTestFinished(() => database.close());
  expect(await database.query(sql`select pg_sleep(3), 1 as one`)).toMatchObject([{ one: 1 }]);
});

it("ends a statement that its backend never heard of, although the network is there", async () => {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, everyMs: 100 });
  onTestFinished(() => database.close());
  const unheard = database.transaction(async (session) => {
    await session.query(sql`select 1`);
    proxy.forget();
    return session.query(sql`select 2`);
  });
  await expect(unheard).rejects.toMatchObject({ code: "ETIMEDOUT" });
  expect(await database.query(sql`select 3 as three`)).toEqual([{ three: 3 }]);
});

it("ends a statement whose backend is gone, although the network is there", async () => {
  const { url, database: other } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, everyMs: 100 });
  onTestFinished(() => database.close());
  const gone = database.transaction(async (session) => {
    const [{ pid }] = await session.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    const slow = session.query(sql`select pg_sleep(600)`);
    slow.catch(() => {});
    const isAtIt = () =>
      other.query(sql`select from pg_stat_activity where pid = ${pid} and state = 'active' and wait_event = 'PgSleep'`);
    await expect.poll(isAtIt).toHaveLength(1);
    proxy.forget();
    await other.query(sql`select pg_terminate_backend(${pid})`);
    return slow;
  });
  await expect(gone).rejects.toMatchObject({ code: "ETIMEDOUT" });
});

it("cancels what is under way by another connection where the one that would is forgotten", async () => {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, everyMs: 100 });
  onTestFinished(() => database.close());
  const { promise: isIdle, resolve } = Promise.withResolvers<void>();
  database.aside.once("release", () => resolve());
  await database.transaction((session) => session.query(sql`select 1`), { beside: true });
  await isIdle;
  proxy.forget();
  const stop = new AbortController();
  const sleeping = database.transaction((session) => session.query(sql`select pg_sleep(600)`), { signal: stop.signal });
  const { database: other } = await freshDatabase();
  const isAsleep = () =>
    other.query(
      sql`select from pg_stat_activity where datname = ${new URL(url).pathname.slice(1)} and wait_event = 'PgSleep'`,
    );
  await expect.poll(isAsleep).toHaveLength(1);
  stop.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
  // And those beside have their place again.
  expect(await database.transaction((session) => session.query(sql`select 2 as two`), { beside: true })).toEqual([
    { two: 2 },
  ]);
});

it("ends a connection that is forgotten right after it was made", async () => {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const database = new Database(proxy.url, 2, { ...requestPatience, suspectMs: 100, everyMs: 100 });
  onTestFinished(() => database.close());
  database.pool.once("connect", () => proxy.forget());
  await expect(database.query(sql`select 1`)).rejects.toMatchObject({ code: "unavailable" });
  expect(await database.query(sql`select 2 as two`)).toEqual([{ two: 2 }]);
});

it.each(["parse.batch_copied", "chunk.claimed", "chunk.recorded"])(
  "goes on with an import after a hole that opened at %s, and counts every row once",
  async (place) => {
    let proxy: BlackHoleProxy | undefined;
    let isOpened = false;
    const { begin, rows } = await openWorkers({
      env: { SLUICE_BATCH_BYTES: "65536", SLUICE_CHUNK_ROWS: "1000" },
      async reachedBy(url) {
        proxy = await blackHoleProxy(url);
        return { DATABASE_URL: proxy.url };
      },
      onEvent({ name }) {
        // It closes when the loss has been noticed.
        if (name === "database.retrying") proxy?.close();
        if (name !== place || isOpened) return;
        isOpened = true;
        proxy?.open();
      },
    });
    const job = await begin(leadsCsv(5000));
    await expect.poll(() => isOpened).toBe(true);
    // Not by the server's own way, in which the hole is too.
    const status = () => rows(`select status from sluice.import_jobs where id = ${job.id}`);
    await expect.poll(status).toEqual([{ status: "completed" }]);
    expect(await rows("select count(*)::int as leads, count(distinct email)::int as emails from leads")).toEqual([
      { leads: 5000, emails: 5000 },
    ]);
  },
);

it.each(["work", "serve"])("lets `sluice %s` end while the hole is open", async (command) => {
  const { url } = await freshDatabase();
  const proxy = await blackHoleProxy(url);
  const cwd = await freshFolder();
  await writeFile(join(cwd, "leads.csv"), leadsCsv(10));
  const args = command === "serve" ? ["serve", "--port", "0"] : ["work"];
  const run = startCli(args, { cwd, env: { DATABASE_URL: proxy.url } });
  await run.shows("Ctrl-C stops it");
  proxy.open();
  run.kill("SIGTERM");
  expect((await run.ended).exitCode).toBe(0);
});
