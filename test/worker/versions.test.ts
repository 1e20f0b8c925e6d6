/** Workers of two versions, or of two apps, on one database: an import is done by one that can, and says so when none does. */
import { expect, it, onTestFinished } from "vitest";
import { openApp } from "../../src/app.ts";
import { resolveConfig } from "../../src/config.ts";
import type { Importer } from "../../src/core/importer.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { runInProcess } from "../run-in-process.ts";
import { leadsCsv, type OpenWorkers, openWorkers } from "./open-workers.ts";

interface VersionedWorker {
  left: number[];
  events: string[];
  stop(): Promise<void>;
}

/** A worker of another version beside those of `place`. */
async function startWorker({ url, folder }: OpenWorkers, importers: readonly Importer[]): Promise<VersionedWorker> {
  const stopping = new AbortController();
  const left: number[] = [];
  const events: string[] = [];
  const config = {
    ...resolveConfig({ DATABASE_URL: url, SLUICE_DATA_DIR: folder, LANG: "en" }, {}, {}),
    importers: [...importers],
  };
  const app = await openApp(
    config,
    (event) => {
      events.push(event.name);
      if (event.name === "import.left") left.push(event.jobId);
    },
    undefined,
    "worker",
  );
  const working = app.work(stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await working;
    await app.close();
  };
  onTestFinished(stop);
  return { left, events, stop };
}

it("is left by a worker without its importer, and done by one that has it and comes later", async () => {
  const place = await openWorkers({ workers: 0 });
  const lacking = await startWorker(place, [{ ...leads, name: "others" }]);
  const job = await place.begin(leadsCsv(20));
  await expect.poll(() => lacking.left).toEqual([job.id]);
  const [{ status, error }] = await place.rows<{ status: string; error: string | null }>(
    "select status, error_message as error from sluice.import_jobs",
  );
  expect([status, error]).toEqual(["queued", null]);
  await startWorker(place, [leads]);
  await place.reaches(job.id, "completed");
  expect(await place.rows("select count(*)::int as leads from leads")).toEqual([{ leads: 20 }]);
});

it("says who it waits for when nobody has come for long, in the reader's language, and no more when one has", async () => {
  const place = await openWorkers({ workers: 0 });
  const lacking = await startWorker(place, [{ ...leads, name: "others" }]);
  const job = await place.begin(leadsCsv(20));
  await expect.poll(() => lacking.left).toEqual([job.id]);
  await place.rows("update sluice.import_jobs set left_at = now() - interval '2 minutes'");
  const reason = async () => (await place.server.engine.imports.get(job.id)).errorMessage;
  await expect.poll(reason).toMatch(/^It is waiting for a worker that has the importer "leads"\./);
  // It is told once, and nobody is told of the import again and again.
  expect(lacking.left).toEqual([job.id]);
  expect(lacking.events.filter((name) => name === "queue.reminded")).toEqual([]);

  await startWorker(place, [leads]);
  const done = await place.reaches(job.id, "completed");
  expect(done.errorMessage).toBeNull();
});

it("is left by a worker whose importer lacks a field of it", async () => {
  const place = await openWorkers({ workers: 0 });
  const { last_name: _, ...fewer } = leads.fields;
  const older = { ...leads, fields: fewer } as Importer;
  const lacking = await startWorker(place, [older]);
  const job = await place.begin("Email,Last name\nanna@example.com,Berg\n");
  await expect.poll(() => lacking.left).toEqual([job.id]);
  await place.rows("update sluice.import_jobs set left_at = now() - interval '2 minutes'");
  const reason = async () => (await place.server.engine.imports.get(job.id)).errorMessage;
  await expect.poll(reason).toMatch(/whose importer "leads" has the fields: last_name\./);
  await startWorker(place, [leads]);
  await place.reaches(job.id, "completed");
  expect(await place.rows("select last_name from leads")).toEqual([{ last_name: "Berg" }]);
});

it("is neither begun nor failed by a command whose config lacks the importer", async () => {
  const place = await openWorkers({ workers: 0, importers: [{ ...leads, name: "others" } as Importer] });
  const job = await place.create(leadsCsv(3));
  const run = (...args: string[]) =>
    runInProcess([...args, "--data-dir", place.folder], { cwd: place.folder, url: place.url });
  const resumed = await run("resume", String(job.id));
  expect([resumed.exitCode, resumed.stderr]).toEqual([1, expect.stringContaining('no importer "others"')]);
  expect((await place.server.engine.imports.get(job.id)).status).toBe("pending");
  await place.server.engine.start(job.id);
  await place.server.engine.pause(job.id, "held");
  const asked = await run("jobs", "resume", String(job.id));
  expect(asked.stderr).toContain('It is waiting for a worker that has the importer "others"');
  expect((await run("jobs", "show", String(job.id))).exitCode).toBe(0);
});
