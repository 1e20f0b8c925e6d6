/** Sources as workers fetch them by themselves: by the schedule, one file after the other, through the queue. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultRules } from "../../src/core/source-definition.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv, openWorkers } from "./open-workers.ts";

it("fetches what is new when its time has come, imports it in order, and moves it away", async () => {
  const folder = await freshFolder();
  const path = join(folder, "incoming");
  await mkdir(path);
  for (const name of ["a.csv", "b.csv", "c.csv"]) await writeFile(join(path, name), leadsCsv(20, name[0]));
  const { server, rows } = await openWorkers({ workers: 2, env: { SLUICE_SOURCE_FOLDERS: folder } });
  const { sources } = server.engine;
  const { id } = await sources.create({
    ...{ ...defaultRules, name: "incoming", importer: "leads", context: {}, place: { kind: "folder", path } },
    ...{ settleSeconds: 0, schedule: "@daily", done: { moveTo: "done" } },
    choices: { given: [], acceptDoubts: true, options: { autoCommit: true } },
    ...{ sealed: null, createdBy: "maker", createdByName: "Maker", nextRunAt: new Date(Date.now() - 1000) },
  });
  await expect.poll(() => readdir(path)).toEqual(["done"]);
  expect((await readdir(join(path, "done"))).sort()).toEqual(["1-a.csv", "2-b.csv", "3-c.csv"]);
  expect(await rows("select count(*)::int as leads from leads")).toEqual([{ leads: 60 }]);
  expect(await rows("select count(*)::int as imports from sluice.import_jobs where status = 'completed'")).toEqual([
    { imports: 3 },
  ]);
  const { nextRunAt, lookAt, error } = await sources.get(id);
  expect([(nextRunAt?.getTime() ?? 0) > Date.now(), lookAt, error]).toEqual([true, null, null]);
});
