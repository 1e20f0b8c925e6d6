/** What goes when: stages, stored files, reports, imports, and what nobody claims. */
import { utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { Retention } from "../../src/core/store/leftovers.ts";
import { storedFiles } from "../stored-files.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

const dayMs = 24 * 3600 * 1000;
const retention: Retention = { stagingMs: 7 * dayMs, filesMs: 30 * dayMs, jobsMs: null };
const stages = `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'sluice_stage' and c.relkind = 'r' and c.relname ~ '^job_[0-9]+_[0-9]+$'`;

it("drops the stage of an import that waits for too long; the commit reads the file again", async () => {
  const { create, server, reaches, rows, folder } = await openWorkers();
  const job = await create(leadsCsv(20));
  await server.engine.start(job.id);
  await reaches(job.id, "ready");
  await server.engine.sweep(retention);
  expect(await rows(stages)).toHaveLength(1);
  await rows("update sluice.import_jobs set updated_at = now() - interval '8 days'");
  await server.engine.sweep(retention);
  expect(await rows(stages)).toEqual([]);
  expect(await storedFiles(folder)).toHaveLength(1);
  await server.engine.commit(job.id);
  await reaches(job.id, "completed");
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 20 }]);
});

it("drops the file of an import that nobody touches; what needs it says so", async () => {
  // A worker that starts sweeps too, and two do not at the same time.
  const { create, server, startWorker, reaches, rows, folder } = await openWorkers({ workers: 0 });
  const job = await create(leadsCsv(20));
  await rows("update sluice.import_jobs set updated_at = now() - interval '31 days'");
  await server.engine.sweep(retention);
  expect(await storedFiles(folder)).toEqual([]);
  await startWorker();
  await server.engine.start(job.id);
  const failed = await reaches(job.id, "failed");
  expect(failed.errorMessage).toMatch(/copy of the file is gone/);
});

it("keeps file and report of a finished import for thirty days, then the import for as long as is wanted", async () => {
  const { begin, server, reaches, rows, folder } = await openWorkers();
  const job = await begin(`${leadsCsv(3)}nonsense,Bo,Metz\n`);
  await reaches(job.id, "completed");
  const kept = async (): Promise<[number, number]> => [
    (await storedFiles(folder)).length,
    (await storedFiles(folder, "reports")).length,
  ];
  await server.engine.sweep(retention);
  expect(await kept()).toEqual([1, 1]);
  await rows(
    `update sluice.import_jobs set completed_at = now() - interval '31 days', file_expires_at = now() - interval '1 day'`,
  );
  await server.engine.sweep(retention);
  expect(await kept()).toEqual([0, 0]);
  expect((await server.engine.imports.get(job.id)).rejectedRowsPath).toBeNull();
  await server.engine.sweep({ ...retention, jobsMs: 40 * dayMs });
  expect((await server.engine.imports.get(job.id)).status).toBe("completed");
  await server.engine.sweep({ ...retention, jobsMs: 30 * dayMs });
  await expect(server.engine.imports.get(job.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 3 }]);
});

it("takes away stages and old files that belong to nobody, and leaves those that do", async () => {
  const { create, server, rows, folder } = await openWorkers({ workers: 0 });
  const job = await create(leadsCsv(2));
  const old = new Date(Date.now() - 2 * dayMs);
  await writeFile(join(dirname(job.storagePath), "forgotten"), "x");
  for (const path of await storedFiles(folder)) await utimes(path, old, old);
  await rows(
    `create unlogged table sluice_stage.job_999_0 (row_no integer); create unlogged table sluice_stage.job_${job.id}_0 (row_no integer)`,
  );
  await server.engine.sweep(retention);
  expect(await rows(stages)).toEqual([{ relname: `job_${job.id}_0` }]);
  expect(await storedFiles(folder)).toEqual([job.storagePath]);
});
