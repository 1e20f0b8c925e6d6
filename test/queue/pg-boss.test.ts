/** The queue on pg-boss: what is delivered when, to how many, and what becomes of deliveries that come to nothing. */
import { PgBoss } from "pg-boss";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Delivered, Delivery, PullQueue, Task, WorkOptions } from "../../src/core/queue.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { Listener } from "../../src/postgres/connection/listener.ts";
import { queueDatabase } from "../../src/postgres/connection/queue-database.ts";
import { pgBossQueue } from "../../src/queue/pg-boss.ts";
import { freshDatabase } from "../fresh-database.ts";
import { poolingProxy } from "../pooling-proxy.ts";

const slice = (importId: number): Task => ({ kind: "import", importId });
const idOf = ({ task }: Delivery): number => (task.kind === "import" ? task.importId : 0);

/** A queue with connections of its own, as every process has. */
async function openQueue(url: string, listenUrl: string | null = null): Promise<PullQueue> {
  const database = new Database(url, 6);
  const listener = new Listener(database, listenUrl);
  const queue = await pgBossQueue(queueDatabase(database, listener), { isWorker: true });
  onTestFinished(async () => {
    await queue.close();
    await listener.close();
    await database.close();
  });
  return queue;
}

interface Worker {
  /** Deliveries in the order in which they came. */
  jobs: number[];
  /** Lets the delivery of an import that is held go. */
  release(jobId: number, outcome?: Delivered): void;
  reaches(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Holds each delivery until it is released, unless `answer` answers at once. */
function startWorker(
  queue: PullQueue,
  options: Partial<WorkOptions> = {},
  answer?: (delivery: Delivery) => Delivered | Promise<Delivered>,
): Worker {
  const stopping = new AbortController();
  const held = new Map<number, (outcome: Delivered) => void>();
  const jobs: number[] = [];
  const working = queue.work(
    (delivery) => {
      const jobId = idOf(delivery);
      jobs.push(jobId);
      if (answer !== undefined) return Promise.resolve(answer(delivery));
      // Fetched while it was told to stop: nobody would release it.
      if (stopping.signal.aborted) return Promise.resolve("done");
      return new Promise((resolve) => held.set(jobId, resolve));
    },
    { ...options, signal: stopping.signal },
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    for (const release of held.values()) release("done");
    await working;
  };
  onTestFinished(stop);
  return {
    jobs,
    release: (jobId, outcome = "done") => held.get(jobId)?.(outcome),
    reaches: async (count) => void (await expect.poll(() => jobs.length, { interval: 10 }).toBe(count)),
    stop,
  };
}

it("makes its tables once, however many processes start at the same moment", async () => {
  const { url } = await freshDatabase();
  const queues = await Promise.all([openQueue(url), openQueue(url), openQueue(url)]);
  await queues[0].enqueue(slice(1));
  expect(await queues[2].depth()).toEqual({ waiting: 1, active: 0, dead: 0 });
});

it("delivers an import that waits once, however often it is put in", async () => {
  const { url } = await freshDatabase();
  const [queue, other] = await Promise.all([openQueue(url), openQueue(url)]);
  await Promise.all([queue.enqueue(slice(7)), other.enqueue(slice(7)), queue.enqueue(slice(7))]);
  await queue.remind([{ task: slice(7) }, { task: slice(8) }]);
  const worker = startWorker(queue, {}, () => "done");
  const second = startWorker(other, {}, () => "done");
  await expect.poll(() => worker.jobs.length + second.jobs.length).toBe(2);
  expect([...worker.jobs, ...second.jobs].sort()).toEqual([7, 8]);
  expect(await queue.depth()).toMatchObject({ waiting: 0 });
});

it("delivers again, now or later, what wants another slice", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  const answers: Delivered[] = ["again", { againAfterSeconds: 1 }, "done"];
  const worker = startWorker(queue, {}, () => answers.shift() ?? "done");
  await queue.enqueue(slice(1));
  await worker.reaches(3);
  await expect.poll(() => queue.depth()).toEqual({ waiting: 0, active: 0, dead: 0 });
});

it("wakes a worker that rests; one that cannot hear looks by itself", async () => {
  const { url } = await freshDatabase();
  const hearing = startWorker(await openQueue(url));
  const queue = await openQueue(url);
  await queue.enqueue(slice(1));
  await hearing.reaches(1);
  await hearing.stop();
  const deaf = startWorker(await openQueue(url, "postgres://127.0.0.1:1/nowhere"));
  await queue.enqueue(slice(2));
  await deaf.reaches(1);
});

it("takes the important first, and of those the oldest", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  await queue.enqueue(slice(1), { priority: 3 });
  await queue.enqueue(slice(2), { priority: 4 });
  await queue.enqueue(slice(3), { priority: 4 });
  await queue.enqueue(slice(4), { priority: 9 });
  const worker = startWorker(queue, { concurrency: 1 });
  await worker.reaches(1);
  expect(worker.jobs).toEqual([4]);
  for (const jobId of [4, 2, 3]) worker.release(jobId, "done");
  await worker.reaches(2);
  worker.release(2);
  await worker.reaches(3);
  worker.release(3);
  await worker.reaches(4);
  expect(worker.jobs).toEqual([4, 2, 3, 1]);
});

it("keeps a place for small imports beside the common ones", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  for (const jobId of [1, 2, 3]) await queue.enqueue(slice(jobId), { priority: 3 });
  const worker = startWorker(queue, { concurrency: 2 });
  await worker.reaches(2);
  await queue.enqueue(slice(9), { priority: 8 });
  await worker.reaches(3);
  expect(worker.jobs).toEqual([1, 2, 9]);
  worker.release(9);
  await queue.enqueue(slice(10), { priority: 8 });
  await worker.reaches(4);
  expect(worker.jobs).toEqual([1, 2, 9, 10]);
});

it("keeps a place for a large import among many small ones", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  for (const jobId of [1, 2, 3, 4]) await queue.enqueue(slice(jobId), { priority: 9 });
  await queue.enqueue(slice(5), { priority: 3 });
  const worker = startWorker(queue, { concurrency: 2 });
  await worker.reaches(3);
  expect(worker.jobs.toSorted()).toEqual([1, 2, 5]);
});

it("holds each person to so many at a time, over all workers", async () => {
  const { url } = await freshDatabase();
  const [queue, other] = await Promise.all([openQueue(url), openQueue(url)]);
  for (let k = 1; k <= 6; k++) await queue.enqueue(slice(k), { group: "anna" });
  for (let k = 11; k <= 12; k++) await queue.enqueue(slice(k), { group: "ben" });
  await queue.enqueue(slice(21));
  const workers = [startWorker(queue, { groupConcurrency: 2 }), startWorker(other, { groupConcurrency: 2 })];
  const all = (): number[] => workers.flatMap(({ jobs }) => jobs);
  await expect.poll(() => all().length).toBe(5);
  expect(all().toSorted((a, b) => a - b)).toEqual([1, 2, 11, 12, 21]);
  for (const worker of workers) worker.release(1);
  await expect.poll(() => all().length).toBe(6);
  expect(all()).toContain(3);
});

it("tells a slice that others wait, but not of those who may not have its place anyway", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  let held: Delivery | undefined;
  const { promise, resolve } = Promise.withResolvers<Delivered>();
  startWorker(queue, { concurrency: 1, groupConcurrency: 1 }, (delivery) => {
    held ??= delivery;
    return promise;
  });
  onTestFinished(() => resolve("done"));
  await queue.enqueue(slice(1), { group: "anna", priority: 1 });
  await expect.poll(() => held?.task).toEqual(slice(1));
  await queue.enqueue(slice(2), { group: "anna", priority: 1 });
  await queue.remind([]);
  expect(held?.othersWait()).toBe(false);
  await queue.enqueue(slice(3), { group: "ben", priority: 1 });
  await expect.poll(() => held?.othersWait()).toBe(true);
});

/** A worker that has failed at import 1 for good, and fails no longer. */
async function givenUp(): Promise<{ url: string; queue: PullQueue; worker: Worker }> {
  const { url, database } = await freshDatabase();
  const queue = await openQueue(url);
  let fails = true;
  const worker = startWorker(queue, {}, () => {
    if (fails) throw new Error("no");
    return "done";
  });
  await queue.enqueue(slice(1));
  await worker.reaches(1);
  // It fails a moment after it was taken; then its next turn comes at once, and is its last.
  const hurry = "update sluice_queue.job set start_after = now(), retry_limit = 1 where state = 'retry'";
  await expect.poll(async () => (await database.pool.query(hurry)).rowCount).toBe(1);
  await expect.poll(async () => (await queue.depth())?.dead).toBe(1);
  fails = false;
  return { url, queue, worker };
}

it("gives up a delivery whose handler fails again and again, keeps it, and delivers it to the next worker that starts", async () => {
  const { url, queue, worker } = await givenUp();
  startWorker(await openQueue(url), {}, () => "done");
  await expect.poll(() => queue.depth()).toEqual({ waiting: 0, active: 0, dead: 0 });
  expect(worker.jobs.length).toBeGreaterThanOrEqual(2);
});

it("delivers again what failed for good when it is asked to", async () => {
  const { queue, worker } = await givenUp();
  const seen = worker.jobs.length;
  expect(await queue.redrive()).toBe(1);
  await worker.reaches(seen + 1);
  await expect.poll(() => queue.depth()).toEqual({ waiting: 0, active: 0, dead: 0 });
  expect(await queue.redrive()).toBe(0);
});

it.each<[string, string, { workerDied?: boolean }]>([
  ["has said nothing for long", "heartbeat_on = now() - interval '1 minute'", {}],
  ["is known to have died", "started_on = now() - interval '2 seconds'", { workerDied: true }],
])("frees the places of a worker that %s, and delivers to another", async (_, change, known) => {
  const { url, database } = await freshDatabase();
  // Its places stay taken: it takes no more.
  const dead = startWorker(await openQueue(url), { concurrency: 2 });
  const queue = await openQueue(url);
  for (const jobId of [1, 2]) await queue.enqueue(slice(jobId), { group: "anna" });
  await dead.reaches(2);
  const worker = startWorker(queue, { groupConcurrency: 2 });
  await database.pool.query(`update sluice_queue.job set ${change} where state = 'active'`);
  await queue.remind([
    { task: slice(1), group: "anna", ...known },
    { task: slice(2), group: "anna", ...known },
  ]);
  await worker.reaches(2);
  expect(worker.jobs.toSorted()).toEqual([1, 2]);
});

it("finishes what is under way before it stops, and puts back what wants more", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  const worker = startWorker(queue);
  await queue.enqueue(slice(1));
  await worker.reaches(1);
  const stopped = worker.stop();
  worker.release(1, "again");
  await stopped;
  expect(await queue.depth()).toMatchObject({ active: 0, dead: 0 });
});

it("lets what has waited for long rise, large ones not above the small", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  const minutes = (count: number) => vi.setSystemTime(Date.now() - count * 60_000);
  onTestFinished(() => void vi.useRealTimers());
  const put = async (minutesAgo: number, importId: number, priority: number): Promise<void> => {
    vi.useFakeTimers({ toFake: ["Date"] });
    minutes(minutesAgo);
    await queue.enqueue(slice(importId), { priority });
    vi.useRealTimers();
  };
  await put(0, 1, 5);
  await put(0, 2, 3);
  // Two minutes make up for two steps and more.
  await put(2, 3, 3);
  await put(0, 4, 8);
  await put(0, 5, 7);
  await put(2, 6, 7);
  await put(600, 7, 0);
  const worker = startWorker(queue, { concurrency: 1 }, () => "done");
  await worker.reaches(7);
  expect(worker.jobs).toEqual([6, 4, 5, 7, 3, 1, 2]);
});

it("hands out the channels that a worker knows, one task of each beside its imports, and leaves the others", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  await queue.enqueue({ kind: "sweep" });
  await queue.enqueue({ kind: "sweep" });
  await queue.enqueue(slice(1));
  const old = startWorker(queue);
  await old.reaches(1);
  expect(await queue.depth()).toEqual({ waiting: 1, active: 1, dead: 0 });
  const worker = startWorker(await openQueue(url), { channels: ["sweep"] }, () => "done");
  await worker.reaches(1);
  await expect.poll(() => queue.depth()).toEqual({ waiting: 0, active: 1, dead: 0 });
  expect(old.jobs).toEqual([1]);
});

it("keeps what no version here knows for one that does", async () => {
  const { url } = await freshDatabase();
  const queue = await openQueue(url);
  const worker = startWorker(queue, {}, () => "done");
  await queue.enqueue(slice(1));
  await worker.reaches(1);
  const future = new PgBoss({ connectionString: url, schema: "sluice_queue", supervise: false, schedule: false });
  await future.start();
  await future.send("imports", { task: { kind: "import", part: 3 } }, { retryLimit: 0 });
  await future.stop({ graceful: false });
  await expect.poll(async () => (await queue.depth())?.dead, { timeout: 5000 }).toBe(1);
  expect(worker.jobs).toEqual([1]);
});

it("starts and opens channels in more processes at once than a pooler has backends", async () => {
  const { url } = await poolingProxy((await freshDatabase()).url, { backends: 3 });
  const queues = await Promise.all(Array.from({ length: 4 }, () => openQueue(url)));
  const sinks = Array.from({ length: 6 }, (_, k) => `sink-${k}`);
  await Promise.all(queues.flatMap((queue) => sinks.map((sink) => queue.enqueue({ kind: "deliver", sink }))));
  expect(await queues[0].depth()).toEqual({ waiting: sinks.length, active: 0, dead: 0 });
});
