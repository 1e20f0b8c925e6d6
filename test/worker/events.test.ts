/** The timeline, who follows it, and the progress of the moment. */
import { expect, it, onTestFinished } from "vitest";
import type { Change, Events, Progress } from "../../src/core/events.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { Listener } from "../../src/postgres/connection/listener.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { postgresEvents } from "../../src/postgres/jobs/timelines.ts";
import { openEngine } from "../open-engine.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

/** Collects until one is the last that is wanted. */
async function collect(
  events: Pick<Events, "watch">,
  isLast: (change: Change) => boolean,
): Promise<{ done: Promise<Change[]> }> {
  const watching = new AbortController();
  onTestFinished(() => watching.abort());
  const changes = events.watch(watching.signal);
  const done = (async () => {
    const all: Change[] = [];
    for await (const change of changes) {
      all.push(change);
      if (isLast(change)) break;
    }
    return all;
  })();
  return { done };
}

/** Events on connections of their own. */
function ownEvents(url: string, listenUrl: string | null): Events {
  const database = new Database(url, 2);
  const listener = new Listener(database, listenUrl);
  const events = postgresEvents(database, listener);
  onTestFinished(async () => {
    await events.close();
    await listener.close();
    await database.close();
  });
  return events;
}

it("lists an import's events after any of them", async () => {
  const { create, engine } = await openEngine();
  const job = await create(leads, leadsCsv(1));
  const other = await create(leads, leadsCsv(1));
  await engine.start(job.id, "anna");
  await engine.cancel(job.id, "ben");
  const all = await engine.events.list(job.id);
  expect(all.map(({ jobId, name, actor, data }) => [jobId, name, actor, data.from])).toEqual([
    [job.id, "import.created", "tester", undefined],
    [job.id, "import.queued", "anna", "pending"],
    [job.id, "import.cancelled", "ben", "queued"],
  ]);
  expect(await engine.events.list(job.id, all[1].id)).toEqual([all[2]]);
  expect(await engine.events.list(job.id, 0, 1)).toEqual([all[0]]);
  expect(await engine.events.list(job.id, all[2].id)).toEqual([]);
  expect((await engine.events.list(other.id)).map(({ name }) => name)).toEqual(["import.created"]);
});

it.each([
  ["by NOTIFY", (_url: string): string | null => null],
  ["by looking, where nothing can be heard", () => "postgres://127.0.0.1:1/nowhere"],
])("tells every process of what any of them does, %s", async (_how, listenUrl) => {
  const { create, engine, url } = await openEngine();
  const events = ownEvents(url, listenUrl(url));
  const { done } = await collect(events, ({ event }) => event?.name === "import.cancelled");
  const job = await create(leads, leadsCsv(1));
  await engine.start(job.id);
  await engine.cancel(job.id);
  const changes = await done;
  expect(changes.map(({ event }) => event?.name)).toEqual(["import.created", "import.queued", "import.cancelled"]);
  const kept = await engine.events.list(job.id);
  expect(changes.map(({ event }) => event)).toEqual(kept.map(({ actorName: _, ...event }) => event));
});

it("misses nothing when its connection is cut, and hears again", async () => {
  const { create, url, rows, store } = await openEngine();
  const events = ownEvents(url, null);
  const job = await create(leads, leadsCsv(1));
  await collect(events, () => false);
  const first = await collect(events, ({ event }) => event?.name === "test.first");
  await store.events.append(job.id, "test.first");
  await first.done;
  const second = await collect(events, ({ event }) => event?.name === "test.third");
  const listeners = "from pg_stat_activity where datname = current_database() and application_name = 'sluice listener'";
  await expect.poll(() => rows(`select ${listeners}`)).toHaveLength(1);
  await rows(`select pg_terminate_backend(pid) ${listeners}`);
  await store.events.append(job.id, "test.second");
  await store.events.append(job.id, "test.third", { actor: "anna", data: { rows: 3 } });
  const names = (await second.done).map(({ event }) => event?.name);
  expect(names.filter((name) => name !== "test.first")).toEqual(expect.arrayContaining(["test.second", "test.third"]));
  await expect.poll(() => rows(`select ${listeners}`)).toHaveLength(1);
});

it("tells of an event that is too long for a notification", async () => {
  const { create, url, store } = await openEngine();
  const job = await create(leads, leadsCsv(1));
  const events = ownEvents(url, null);
  const { done } = await collect(events, ({ event }) => event?.name === "test.long");
  const long = "x".repeat(20_000);
  await store.events.append(job.id, "test.long", { data: { long } });
  expect((await done).at(-1)?.event?.data).toEqual({ long });
});

it("ends a watch that nobody wants any more, and one of a store that closes", async () => {
  const { engine, url } = await openEngine();
  const stopping = new AbortController();
  const watch = engine.events.watch(stopping.signal);
  const waiting = watch.next();
  stopping.abort();
  expect(await waiting).toEqual({ value: undefined, done: true });
  expect(await engine.events.watch(AbortSignal.abort()).next()).toEqual({ value: undefined, done: true });
  const database = new Database(url, 2);
  const listener = new Listener(database, null);
  const events = postgresEvents(database, listener);
  const open = events.watch(new AbortController().signal).next();
  await events.close();
  expect(await open).toEqual({ value: undefined, done: true });
  await listener.close();
  await database.close();
});

it("keeps and tells how far an import is: by bytes while it reads, by rows while it commits", async () => {
  const { begin, reaches, server } = await openWorkers({
    env: { SLUICE_BATCH_BYTES: "65536", SLUICE_CHUNK_ROWS: "500" },
  });
  const told: Progress[] = [];
  const { done } = await collect(server.engine.events, ({ event, progress }) => {
    if (progress !== undefined) told.push(progress);
    return event?.name === "import.completed";
  });
  const { id } = await begin(leadsCsv(40_000));
  await reaches(id, "completed");
  await done;
  const reading = told.filter(({ step, total }) => step === "reading" && total === null);
  expect(reading.length).toBeGreaterThan(0);
  for (const { phase, percent, counts } of reading)
    expect([phase, (percent ?? 0) <= 100, counts.created]).toEqual(["parse", true, 0]);
  const committing = told.filter(({ step }) => step === "committing");
  expect(committing.length).toBeGreaterThan(0);
  for (const { phase, total } of committing.slice(1)) expect([phase, total]).toEqual(["commit", 40_000]);
  const percents = committing.map(({ percent }) => percent ?? 0);
  expect(percents).toEqual([...percents].sort((a, b) => a - b));
  await expect
    .poll(() => server.engine.progress.read(id))
    .toMatchObject({
      phase: "commit",
      step: "reporting",
      processed: 40_000,
      percent: 100,
      counts: { created: 40_000 },
    });
});

it("is not written more than once a second by however many workers", async () => {
  const { create, engine, database, store } = await openEngine();
  const job = await create(leads, leadsCsv(1));
  await engine.start(job.id);
  const { progress } = store;
  const reading = {
    phase: "parse",
    step: "reading",
    total: null,
    percent: 1,
    rowsPerSecond: null,
    etaSeconds: null,
  } as const;
  await progress.write(job.id, { ...reading, processed: 1 }, false);
  await progress.write(job.id, { ...reading, processed: 2 }, false);
  expect((await progress.read(job.id))?.processed).toBe(1);
  await progress.write(job.id, { ...reading, processed: 3 }, true);
  expect((await progress.read(job.id))?.processed).toBe(3);
  await database.query(sql`update sluice.import_jobs set progress_at = now() - interval '1 second'`);
  await progress.write(job.id, { ...reading, processed: 4 }, false);
  expect((await progress.read(job.id))?.processed).toBe(4);
});
