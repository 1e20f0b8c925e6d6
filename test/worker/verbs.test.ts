import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storedFiles } from "../stored-files.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

const stages = `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'sluice_stage' and c.relkind = 'r'`;

/** Small batches and chunks, so that there is much between the beginning and the end. */
const fine = { SLUICE_BATCH_BYTES: "65536", SLUICE_CHUNK_ROWS: "200", SLUICE_LANES: "2" };

describe.each(["pause", "cancel"] as const)("%s", (verb) => {
  const status = verb === "pause" ? "paused" : "cancelled";

  it("takes hold within a batch of the parse", async () => {
    const moments: { batches: number; held: Promise<unknown> | null } = { batches: 0, held: null };
    const { create, server, reaches, workers, rows, folder } = await openWorkers({
      env: fine,
      onEvent({ name }) {
        if (name === "parse.batch_committed" && ++moments.batches === 3) moments.held = hold();
      },
    });
    const job = await create(leadsCsv(30_000));
    const hold = (): Promise<unknown> =>
      verb === "pause" ? server.engine.pause(job.id, "by the test", "anna") : server.engine.cancel(job.id, "anna");
    await server.engine.start(job.id);
    await reaches(job.id, status);
    await moments.held;
    await workers[0].stop();
    // The one under way may still arrive.
    expect(moments.batches).toBeLessThanOrEqual(5);
    const { actor, name } = (await server.engine.events.list(job.id)).at(-1) ?? {};
    expect([name, actor]).toEqual([`import.${status}`, "anna"]);
    if (verb === "cancel") {
      expect(await rows(stages)).toEqual([]);
      expect(await storedFiles(folder)).toEqual([]);
    }
  });

  it("takes hold within a chunk of the commit; what is in stays in", async () => {
    const moments: { chunks: number; held: Promise<unknown> | null; after: number } = {
      chunks: 0,
      held: null,
      after: 0,
    };
    const { begin, create, server, reaches, workers, rows, folder } = await openWorkers({
      env: fine,
      onEvent({ name }) {
        if (name !== "chunk.committed") return;
        if (++moments.chunks === 4) moments.held = hold().then(() => (moments.after = moments.chunks));
      },
    });
    const job = await begin(leadsCsv(20_000));
    const hold = (): Promise<unknown> =>
      verb === "pause" ? server.engine.pause(job.id, "by the test") : server.engine.cancel(job.id);
    await reaches(job.id, status);
    await moments.held;
    const next = await create("email\nother@x.fr\n");
    await server.engine.start(next.id);
    await reaches(next.id, "ready");
    await workers[0].stop();
    expect(moments.chunks).toBeLessThanOrEqual(moments.after + 2);
    const { created } = await server.engine.imports.counts(job.id);
    expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: created }]);
    expect(created).toBeLessThan(20_000);
    if (verb === "cancel") {
      const { importedRows } = await server.engine.imports.get(job.id);
      expect(importedRows).toBe(created);
      await expect(server.engine.resume(job.id)).rejects.toMatchObject({ code: "conflict" });
      expect(
        (await rows<{ relname: string }>(stages)).filter(({ relname }) => relname.startsWith(`job_${job.id}_`)),
      ).toEqual([]);
      expect(await storedFiles(folder)).toHaveLength(1);
    }
  });
});

it("goes on after a pause, from where it was, with every row once", async () => {
  let chunks = 0;
  const { begin, server, reaches, rows } = await openWorkers({
    env: fine,
    onEvent({ name }) {
      if (name === "chunk.committed" && ++chunks === 4) void server.engine.pause(job.id, "by the test");
    },
  });
  const job = await begin(leadsCsv(20_000));
  await reaches(job.id, "paused");
  await server.engine.resume(job.id, "anna");
  await reaches(job.id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 20_000 }]);
});

it("holds back and takes up again at once, as often as one likes", async () => {
  const { begin, server, reaches, rows } = await openWorkers({ env: fine, workers: 2 });
  const job = await begin(leadsCsv(10_000));
  for (let k = 0; k < 5; k++) {
    await server.engine.pause(job.id, "by the test").catch(() => {});
    await server.engine.resume(job.id).catch(() => {});
  }
  await reaches(job.id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 10_000 }]);
});

/** A trigger that fails as a broken disk does, which is no fault of a row. */
const brokenDisk = `
  create function broken() returns trigger language plpgsql as $$ begin raise exception 'disk is broken' using errcode = '58030'; end $$;
  create trigger broken before insert on leads for each statement execute function broken();`;

it("tries a failure of the database again, later and later, then fails with the message; retry forgives it", async () => {
  const { create, server, rows } = await openWorkers({ workers: 0 });
  const { engine } = server;
  const job = await create(leadsCsv(3), { autoCommit: true });
  await rows(brokenDisk);
  await engine.start(job.id);
  const waits: unknown[] = [];
  for (let k = 0; k < 3; k++) {
    waits.push(await engine.work(job.id));
    const { status, failures, errorMessage } = await engine.imports.get(job.id);
    expect({ status, failures, errorMessage }).toEqual({
      status: "queued",
      failures: k + 1,
      errorMessage: expect.stringContaining("disk is broken"),
    });
    // A delivery that comes too early has no effect.
    expect(await engine.work(job.id)).toBe("done");
    expect((await engine.imports.get(job.id)).failures).toBe(k + 1);
    expect(await engine.waiting.unattended()).toEqual([]);
    await rows(
      `update sluice.import_jobs set retry_at = now() - interval '1 hour', updated_at = now() - interval '1 hour'`,
    );
    expect((await engine.waiting.unattended()).map(({ id }) => id)).toEqual([job.id]);
  }
  const seconds = waits.map((wait) => Math.round((wait as { againAfterSeconds: number }).againAfterSeconds));
  expect(seconds).toEqual([5, 20, 80]);
  expect(await engine.work(job.id)).toBe("done");
  const failed = await engine.imports.get(job.id);
  expect([failed.status, failed.errorMessage]).toEqual(["failed", expect.stringContaining("disk is broken")]);
  expect(await rows("select error_details as details from sluice.import_jobs")).toEqual([
    { details: { code: "unavailable", name: "error", sqlState: "58030", attempts: 4 } },
  ]);
  expect((await engine.events.list(job.id)).at(-1)).toMatchObject({
    name: "import.failed",
    data: { code: "unavailable" },
  });
  await rows("drop trigger broken on leads");
  const retried = await engine.retry(job.id, "anna");
  expect([retried.status, retried.phase, retried.failures, retried.errorMessage]).toEqual([
    "queued",
    "commit",
    0,
    null,
  ]);
  expect(await engine.work(job.id)).toBe("done");
  expect((await engine.imports.get(job.id)).status).toBe("completed");
});

it("fails at once what no second attempt can mend", async () => {
  const { create, server, rows, folder } = await openWorkers({ workers: 0 });
  const job = await create(leadsCsv(3));
  const { rm } = await import("node:fs/promises");
  await rm(join(folder, "files"), { recursive: true });
  await server.engine.start(job.id);
  expect(await server.engine.work(job.id)).toBe("done");
  const { status, errorMessage, failures } = await server.engine.imports.get(job.id);
  expect([status, failures]).toEqual(["failed", 0]);
  expect(errorMessage).toMatch(/copy of the file is gone/);
  expect(await rows("select error_details ->> 'code' as code from sluice.import_jobs")).toEqual([
    { code: "not_found" },
  ]);
});

it("deletes what is at rest with all that is kept of it, and nothing else", async () => {
  const { create, begin, server, startWorker, reaches, rows, folder } = await openWorkers({ workers: 0 });
  const { engine } = server;
  const pending = await create(leadsCsv(2, "pending"));
  const queued = await create(leadsCsv(2, "queued"));
  await engine.start(queued.id);
  await expect(engine.delete(queued.id)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/queued/),
  });
  await engine.delete(pending.id, "anna");
  await expect(engine.imports.get(pending.id)).rejects.toMatchObject({ code: "not_found" });
  await startWorker();
  await reaches(queued.id, "ready");
  await expect(engine.delete(queued.id)).rejects.toMatchObject({ code: "conflict" });
  await engine.cancel(queued.id);
  await engine.delete(queued.id);
  // One row is invalid: there is a report.
  const done = await begin(`${leadsCsv(2, "done")}nonsense,Bo,Metz\n`);
  const completed = await reaches(done.id, "completed");
  expect(completed.rejectedRowsPath).not.toBeNull();
  await engine.delete(done.id);
  expect(await storedFiles(folder)).toEqual([]);
  expect(await storedFiles(folder, "reports")).toEqual([]);
  expect(await rows(stages)).toEqual([]);
  for (const table of ["jobs", "events", "chunks", "rows", "issue_counts"])
    expect(await rows(`select from sluice.import_${table}`), table).toEqual([]);
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 2 }]);
});

it("tells whoever follows that an import is gone", async () => {
  const { create, server, store } = await openWorkers({ workers: 0 });
  const job = await create(leadsCsv(2));
  const watching = new AbortController();
  const changes = server.engine.events.watch(watching.signal);
  await store.events.append(job.id, "test.ready");
  for await (const { event } of changes) if (event?.name === "test.ready") break;
  const more = server.engine.events.watch(watching.signal);
  await server.engine.delete(job.id);
  for await (const { jobId, deleted } of more)
    if (deleted) {
      expect(jobId).toBe(job.id);
      break;
    }
  watching.abort();
});
