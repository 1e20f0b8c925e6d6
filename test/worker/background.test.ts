/** Background workers: imports that go by themselves, are shared, handed on, tried again, held back. */
import { expect, it } from "vitest";
import { importPriority } from "../../src/core/import.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

it("parses and commits by itself what is to commit by itself, and tells of every step", async () => {
  const { begin, reaches, server, rows } = await openWorkers();
  const { id } = await begin(leadsCsv(50));
  await reaches(id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 50 }]);
  const events = await server.engine.events.list(id);
  expect(events.map(({ name, actor }) => [name, actor])).toEqual([
    ["import.created", "tester"],
    ["import.queued", null],
    ["import.parsing", null],
    ["import.ready", null],
    ["import.queued", null],
    ["import.committing", null],
    ["import.matched", null],
    ["import.completed", null],
  ]);
  expect(events[1].data).toMatchObject({ from: "pending", phase: "parse" });
  const ids = events.map((event) => event.id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

it("waits for a person between parse and commit, and names who pressed what", async () => {
  const { create, server, reaches } = await openWorkers();
  const { id } = await create(leadsCsv(5));
  await server.engine.start(id, "anna");
  await reaches(id, "ready");
  await server.engine.commit(id, "ben");
  await reaches(id, "completed");
  const events = await server.engine.events.list(id);
  expect(events.filter(({ name }) => name === "import.queued").map(({ actor }) => actor)).toEqual(["anna", "ben"]);
});

it("begins a new import without waiting for the next look", async () => {
  const { begin, reaches, rows } = await openWorkers();
  // The worker has looked and rests.
  const first = await begin(leadsCsv(3, "first"));
  await reaches(first.id, "completed");
  const waits: number[] = [];
  for (let k = 0; k < 5; k++) {
    const { id } = await begin(leadsCsv(3, `next${k}`));
    await reaches(id, "completed");
    const [{ ms }] = await rows<{ ms: number }>(`
      select extract(epoch from b.at - a.at)::float8 * 1000 as ms from sluice.import_events a, sluice.import_events b
      where a.job_id = ${id} and a.name = 'import.queued' and a.data ->> 'phase' = 'parse' and b.job_id = a.job_id and b.name = 'import.parsing'`);
    waits.push(ms);
  }
  // Looking every two seconds would make it a second on average.
  expect(Math.min(...waits)).toBeLessThan(1000);
});

it("has no effect when delivered twice, late, or for an import that is over", async () => {
  const { begin, reaches, server, rows, workers } = await openWorkers({ workers: 2 });
  const { id } = await begin(leadsCsv(300));
  for (let k = 0; k < 5; k++) await server.queue?.enqueue({ kind: "import", importId: id });
  await reaches(id, "completed");
  for (const { app } of workers) expect(await app.engine.work(id)).toBe("done");
  await server.queue?.enqueue({ kind: "import", importId: id });
  const next = await begin(leadsCsv(1, "next"));
  await reaches(next.id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 301 }]);
  const completed = (await server.engine.events.list(id)).filter(({ name }) => name === "import.completed");
  expect(completed).toHaveLength(1);
});

it("runs many imports of several people on two workers, each exactly", async () => {
  const { begin, reaches, server, rows } = await openWorkers({ workers: 2 });
  const jobs = await Promise.all(
    Array.from({ length: 16 }, (_, k) => begin(leadsCsv(200, `j${k}-`), { createdBy: `user${k % 5}` })),
  );
  for (const { id } of jobs) {
    await reaches(id, "completed");
    expect((await server.engine.imports.counts(id)).created).toBe(200);
  }
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 3200 }]);
});

it("lets two workers share the chunks of one commit", async () => {
  const { begin, reaches, workers, rows } = await openWorkers({
    workers: 2,
    env: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" },
  });
  const { id } = await begin(leadsCsv(20_000));
  await reaches(id, "completed");
  const chunks = workers.map(
    ({ events }) =>
      new Set(
        events.filter((event) => event.name === "chunk.committed").map((event) => "chunk" in event && event.chunk),
      ),
  );
  for (const { size } of chunks) expect(size).toBeGreaterThan(0);
  expect(chunks[0].size + chunks[1].size).toBe(201);
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 20_000 }]);
});

it("keeps to three running imports of one person, and lets others pass", async () => {
  let running = 0;
  let most = 0;
  const { begin, reaches, rows } = await openWorkers({
    workers: 2,
    onEvent({ name }) {
      if (name === "parse.started") most = Math.max(most, ++running);
      if (name === "import.completed") running--;
    },
  });
  const anna = await Promise.all(
    Array.from({ length: 9 }, (_, k) => begin(leadsCsv(400, `a${k}-`), { createdBy: "anna" })),
  );
  const ben = await begin(leadsCsv(10, "ben"), { createdBy: "ben" });
  for (const { id } of [...anna, ben]) await reaches(id, "completed");
  expect(most).toBeLessThanOrEqual(4);
  const [{ before }] = await rows<{ before: number }>(`
    select count(*)::int as before from sluice.import_jobs where created_by = 'anna' and completed_at < (select completed_at from sluice.import_jobs where id = ${ben.id})`);
  expect(before).toBeLessThan(9);
});

it("refuses the import that would be one too many to wait, and takes it when one has begun", async () => {
  const { create, server, startWorker, reaches } = await openWorkers({ workers: 0, env: { SLUICE_USER_WAITING: "2" } });
  const jobs = [];
  for (let k = 0; k < 3; k++) jobs.push(await create(leadsCsv(2, `w${k}`), { createdBy: "anna" }));
  const other = await create(leadsCsv(2, "other"), { createdBy: "ben" });
  await server.engine.start(jobs[0].id);
  await server.engine.start(jobs[1].id);
  await expect(server.engine.start(jobs[2].id)).rejects.toMatchObject({
    code: "too_many",
    message: expect.stringMatching(/^2 of your imports are already waiting/),
    retryAfterSeconds: 10,
  });
  expect((await server.engine.imports.get(jobs[2].id)).status).toBe("pending");
  await server.engine.start(other.id);
  await startWorker();
  await reaches(jobs[0].id, "ready");
  await reaches(jobs[1].id, "ready");
  await server.engine.start(jobs[2].id);
  await reaches(jobs[2].id, "ready");
});

it("does a small import while large ones have every place", async () => {
  const { begin, reaches, rows } = await openWorkers({ env: { SLUICE_CONCURRENCY: "1" } });
  // Two megabytes and more: large.
  const large = await Promise.all(
    ["x", "y"].map((name) => begin(leadsCsv(60_000, `${name.repeat(20)}`), { createdBy: name })),
  );
  expect(importPriority(large[0])).toBeLessThan(6);
  await reaches(large[0].id, "parsing", "ready", "committing");
  const small = await begin(leadsCsv(100, "small"), { createdBy: "ben" });
  await reaches(small.id, "completed");
  const [{ unfinished }] = await rows<{ unfinished: number }>(
    "select count(*)::int as unfinished from sluice.import_jobs where status <> 'completed'",
  );
  expect(unfinished).toBeGreaterThan(0);
  for (const { id } of large) await reaches(id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 120_100 }]);
});

it("hands on what is under way when it stops, and another goes on from the checkpoint", async () => {
  let batches = 0;
  let stop: () => Promise<void> = async () => {};
  let stopped: Promise<void> | null = null;
  const { begin, reaches, startWorker, server, rows } = await openWorkers({
    workers: 0,
    env: { SLUICE_BATCH_BYTES: "65536" },
  });
  const first = await startWorker(({ name }) => {
    if (name === "parse.batch_committed" && ++batches === 2) stopped = stop();
  });
  stop = first.stop;
  const { id } = await begin(leadsCsv(20_000));
  await expect.poll(() => stopped, { interval: 10 }).not.toBeNull();
  await stopped;
  const { status, checkpoint, workerId } = await server.engine.imports.get(id);
  expect({ status, workerId }).toEqual({ status: "parsing", workerId: null });
  expect(checkpoint?.row).toBeGreaterThan(1);
  const second = await startWorker(() => {});
  await reaches(id, "completed");
  const from = second.events.find(({ name }) => name === "parse.started");
  expect(from).toMatchObject({ row: checkpoint?.row });
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 20_000 }]);
});
