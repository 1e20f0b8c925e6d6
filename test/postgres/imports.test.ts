/** Jobs: their statuses, who may resume whose, and what is swept away. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SluiceError } from "../../src/core/errors.ts";
import { statuses, transitions } from "../../src/core/import.ts";
import { leads } from "../../src/index.ts";
import { isConnectionLoss } from "../../src/postgres/connection/connect.ts";
import { openEngine, some } from "../open-engine.ts";
import { runInProcess } from "../run-in-process.ts";
import { storedFiles } from "../stored-files.ts";

it("lets a job move along the table of transitions and nowhere else", async () => {
  const { create, rows, store } = await openEngine();
  const { id } = await create(leads, "email\na@x.fr\n");
  for (const from of statuses) {
    for (const to of statuses) {
      await rows(`update sluice.import_jobs set status = '${from}' where id = ${id}`);
      const moved = await store.imports.move(id, to).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      );
      expect({ from, to, moved }).toEqual({ from, to, moved: transitions[from][to] === undefined ? "conflict" : to });
    }
  }
});

it("says what can be done instead when a move is not allowed, and the job that is not there", async () => {
  const { create, engine, store } = await openEngine();
  const { id } = await create(leads, "email\na@x.fr\n");
  await expect(store.imports.move(id, "completed")).rejects.toThrow(
    `Import ${id} is pending and cannot become completed. Start it, or cancel it.`,
  );
  await expect(engine.imports.get(99)).rejects.toThrow("There is no import 99.");
});

it("takes a file for the same by its bytes, its importer and its owner", async () => {
  const others = { ...leads, name: "others" };
  const { create, engine, rows } = await openEngine([leads, others]);
  const text = "email\na@x.fr\n";
  const mine = await create(leads, text, { createdBy: "anna" });
  await create(leads, text, { createdBy: "bo" });
  await create(others, text, { createdBy: "anna" });
  await create(leads, "email\nb@x.fr\n", { createdBy: "anna" });
  await create(leads, text, { createdBy: "anna", dryRun: true });
  const same = async (createdBy: string | null) =>
    (await engine.imports.ofSameFile({ importer: "leads", fileHash: mine.fileHash, context: {}, createdBy })).map(
      ({ id }) => id,
    );
  expect({ anna: await same("anna"), bo: await same("bo"), nobody: await same(null) }).toEqual({
    anna: [mine.id],
    bo: [2],
    nobody: [],
  });
  await rows(`update sluice.import_jobs set status = 'cancelled' where id = ${mine.id}`);
  expect(await same("anna")).toEqual([]);
});

it("imports for one person what another has imported, and goes on with one's own unfinished file", async () => {
  const { url, folder, create, engine } = await openEngine();
  const path = join(folder, "leads.csv");
  await writeFile(path, "email\na@x.fr\n");
  const run = (user: string) =>
    runInProcess(["import", "leads", path, "--data-dir", folder], { cwd: folder, url, user });
  expect((await run("anna")).exitCode).toBe(0);
  expect((await run("anna")).exitCode).toBe(4);
  expect((await run("bo")).exitCode).toBe(0);
  const begun = await create(leads, "email\nc@x.fr\n", { createdBy: "anna" });
  await engine.start(begun.id);
  await writeFile(path, "email\nc@x.fr\n");
  const resumed = await run("anna");
  expect(resumed).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      `This file is the one of import ${begun.id}, which is queued: it goes on from its checkpoint`,
    ),
  });
  expect(await storedFiles(folder)).toEqual([]);
});

it("fails with what the disk said when the report cannot be written, and completes when it can", async () => {
  const { create, engine, folder, outcomeOf } = await openEngine();
  const { id } = await create(leads, "email\nbad\na@x.fr\n");
  await engine.start(id);
  await engine.work(id);
  await engine.commit(id);
  await writeFile(join(folder, "reports"), "in the way");
  await expect(engine.work(id)).rejects.toThrow(/reports cannot be created: a file is in the way/);
  expect((await outcomeOf(id)).job).toMatchObject({
    status: "failed",
    errorMessage: expect.stringMatching(/reports cannot be created/),
  });
  await rm(join(folder, "reports"));
  await engine.resume(id);
  await engine.work(id);
  const { job, counts } = await outcomeOf(id);
  expect({ status: job.status, counts: some(counts), path: job.rejectedRowsPath }).toEqual({
    status: "completed",
    counts: { created: 1, invalid: 1 },
    path: join(folder, `reports/import-${id}-rejected.csv`),
  });
});

it.each([
  ["a full disk", new SluiceError("unavailable", "full", { cause: { code: "ENOSPC" } }), false],
  ["a refused connection", new SluiceError("unavailable", "down", { cause: { code: "ECONNREFUSED" } }), true],
  ["names that nobody resolves while the network is away", { code: "EAI_AGAIN" }, true],
  ["a session that idled for too long", { code: "57P05" }, true],
  ["a server that shuts down", { code: "57P01" }, true],
  ["a broken constraint", { code: "23505" }, false],
])("knows whether waiting for the database can heal %s", (_what, error, expected) => {
  expect(isConnectionLoss(error)).toBe(expected);
});

it("sweeps stages of finished jobs and dry runs whose worker is gone, and leaves the living alone", async () => {
  const { create, engine, rows, folder } = await openEngine();
  const stages = async () =>
    (
      await rows<{ relname: string }>(
        "select relname from pg_class where relnamespace = 'sluice_stage'::regnamespace and relkind = 'r' order by 1",
      )
    ).map(({ relname }) => relname);
  for (const dryRun of [false, true, false]) {
    const { id } = await create(leads, `email\n${dryRun}@x.fr\n`, { dryRun });
    await engine.start(id);
    await engine.work(id);
  }
  await rows("create unlogged table sluice_stage.job_77_0 (row_no integer)");
  await rows("create unlogged table sluice_stage.job_1_0_key_0 (row_no integer)");
  await engine.sweep();
  expect(await stages()).toEqual(["job_1_0", "job_1_0_key_0", "job_2_0", "job_3_0"]);
  // Job 1 ends; the worker of the dry run dies.
  await rows("update sluice.import_jobs set status = 'completed', completed_at = now() where id = 1");
  await rows(
    "update sluice.import_jobs set worker_id = 'gone', created_at = now() - interval '2 minutes' where id = 2",
  );
  await engine.sweep();
  expect(await stages()).toEqual(["job_3_0"]);
  expect(await rows("select id from sluice.import_jobs order by id")).toEqual([{ id: 1 }, { id: 3 }]);
  expect(await readdir(join(folder, "files"))).toHaveLength(1);
});
