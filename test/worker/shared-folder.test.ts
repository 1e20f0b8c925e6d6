/** Several databases over one data folder: each changes and deletes its own files alone. */
import { mkdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";
import type { ImportJob } from "../../src/core/import.ts";
import type { Retention } from "../../src/core/store/leftovers.ts";
import { copyOf } from "../fresh-database.ts";
import { storedFiles } from "../stored-files.ts";
import { leadsCsv, type OpenWorkers, openWorkers } from "./open-workers.ts";

const dayMs = 24 * 3600 * 1000;
const keepLong: Retention = { stagingMs: 365 * dayMs, filesMs: 365 * dayMs, jobsMs: null };
const keepNothing: Retention = { stagingMs: 0, filesMs: 0, jobsMs: 0 };

const allFiles = async (folder: string): Promise<string[]> => [
  ...(await storedFiles(folder)),
  ...(await storedFiles(folder, "reports")),
];

async function makeOld(paths: readonly string[]): Promise<void> {
  const old = new Date(Date.now() - 2 * dayMs);
  for (const path of paths) await utimes(path, old, old);
}

/** Expires all that may expire, and takes away what nobody claims. */
async function sweepAll({ server, rows }: OpenWorkers): Promise<void> {
  await rows(`update sluice.import_jobs set updated_at = now() - interval '2 years', completed_at = completed_at - interval '2 years',
    file_expires_at = file_expires_at - interval '2 years'`);
  await rows("update sluice.uploads set expires_at = now() - interval '1 hour'");
  await server.engine.sweep(keepNothing);
}

async function rejectedRows({ server }: OpenWorkers, { id }: ImportJob): Promise<string> {
  const { rejectedRowsPath } = await server.engine.imports.get(id);
  return readFile(rejectedRowsPath as string, "utf8");
}

it("keeps the reports of two databases apart, whose imports have the same numbers, at the same moment", async () => {
  const x = await openWorkers();
  const y = await openWorkers({ folder: x.folder });
  const [ofX, ofY] = await Promise.all([
    x.begin(`${leadsCsv(3)}of-x,Bo,Metz\n`),
    y.begin(`${leadsCsv(3)}of-y,Bo,Metz\n`),
  ]);
  expect(ofX.id).toBe(ofY.id);
  await Promise.all([x.reaches(ofX.id, "completed"), y.reaches(ofY.id, "completed")]);
  expect([await rejectedRows(x, ofX), await rejectedRows(y, ofY)]).toEqual([
    expect.stringMatching(/of-x/),
    expect.stringMatching(/of-y/),
  ]);
  expect(await rejectedRows(x, ofX)).not.toContain("of-y");
});

it("takes nothing away that is another database's, however old it is and whatever expires", async () => {
  const x = await openWorkers();
  const y = await openWorkers({ folder: x.folder });
  const waiting = await x.create(leadsCsv(5));
  const done = await x.begin(`${leadsCsv(3)}nonsense,Bo,Metz\n`);
  await x.reaches(done.id, "completed");
  const theirs = await allFiles(x.folder);
  await makeOld(theirs);
  const own = await y.begin(leadsCsv(4));
  await y.reaches(own.id, "completed");
  await sweepAll(y);
  expect(await allFiles(x.folder)).toEqual(theirs);

  await x.server.engine.start(waiting.id);
  await x.reaches(waiting.id, "ready");
  await x.server.engine.commit(waiting.id);
  await x.reaches(waiting.id, "completed");
  await sweepAll(x);
  expect(await allFiles(x.folder)).toEqual([]);
});

it("takes nothing of the original away by a copy of its database, which reads what is there", async () => {
  const x = await openWorkers({ workers: 0 });
  const waiting = await x.create(leadsCsv(5));
  const cancelled = await x.create(leadsCsv(6));
  const removed = await x.create(leadsCsv(7));
  const uploadId = "0".repeat(32);
  const uploadPath = await x.server.files.startUpload(uploadId, { atMostBytes: 100 });
  const bytes = Buffer.from("Email\na@x.fr\n");
  const writer = await x.server.files.continueUpload(uploadPath, 0, { afresh: true });
  await writer.write(bytes);
  await writer.close();
  const stored = await allFiles(x.folder);

  const y = await openWorkers({ folder: x.folder, on: await copyOf(x.url) });
  await y.server.engine.cancel(cancelled.id);
  await y.server.engine.cancel(removed.id);
  await y.server.engine.delete(removed.id);
  await y.server.engine.start(waiting.id);
  await y.reaches(waiting.id, "ready");
  await y.server.engine.commit(waiting.id);
  await y.reaches(waiting.id, "completed");
  await expect(y.server.files.continueUpload(uploadPath, 0, { afresh: true })).rejects.toThrow(/another database/);
  await y.server.files.abortUpload(uploadPath);
  await makeOld(stored);
  await sweepAll(y);
  expect(await allFiles(x.folder)).toEqual(stored);
  expect(await readFile(uploadPath)).toEqual(bytes);

  // What the copy takes in itself is its own.
  const fresh = await y.create(leadsCsv(2));
  expect(dirname(fresh.storagePath)).not.toBe(dirname(waiting.storagePath));
  await y.server.engine.cancel(fresh.id);
  expect(await allFiles(x.folder)).toEqual(stored);
});

it("has one folder for a database whoever opens it, and its own again after a copy was made of it", async () => {
  const x = await openWorkers({ workers: 0 });
  const before = await x.create(leadsCsv(1));
  const y = await openWorkers({ workers: 0, folder: x.folder, on: await copyOf(x.url) });
  const again = await openWorkers({ workers: 0, folder: x.folder, on: x });
  const after = await Promise.all([again.create(leadsCsv(2)), x.create(leadsCsv(3)), y.create(leadsCsv(4))]);
  const folders = after.map(({ storagePath }) => dirname(storagePath) === dirname(before.storagePath));
  expect(folders).toEqual([true, true, false]);
});

it("goes on with files from before databases had folders, and takes those away that its imports name", async () => {
  const x = await openWorkers();
  const files = join(x.folder, "files");
  const named = await x.create(leadsCsv(5));
  const plain = join(files, basename(named.storagePath));
  await rename(named.storagePath, plain);
  await x.rows(`update sluice.import_jobs set storage_path = '${plain}' where id = ${named.id}`);
  const [nobodys, others] = [join(files, "0123456789abcdef-01234567"), join(files, "0123456789ab", "someone-elses")];
  await mkdir(dirname(others));
  await Promise.all([nobodys, others].map((path) => writeFile(path, "x")));
  await makeOld(await allFiles(x.folder));

  await x.server.engine.sweep(keepLong);
  expect(await allFiles(x.folder)).toEqual([others, nobodys, plain].sort());
  await x.server.engine.start(named.id);
  await x.reaches(named.id, "ready");
  await x.server.engine.commit(named.id);
  await x.reaches(named.id, "completed");
  await sweepAll(x);
  expect(await allFiles(x.folder)).toEqual([others, nobodys].sort());
});
