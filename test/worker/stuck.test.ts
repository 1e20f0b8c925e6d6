/** A cell that keeps a worker for ever: its thread is ended, its import fails, and the others go on. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { EngineEvent } from "../../src/core/ports.ts";
import { defineImporter, field } from "../../src/index.ts";
import { WorkerHost } from "../../src/server/worker-host.ts";
import { startCli } from "../run-cli.ts";
import { openWorkers } from "./open-workers.ts";

/** As the worker's own config has it; there its validator never comes back from the word "forever". */
const notes = defineImporter({ name: "notes", fields: { note: field.text() }, target: { table: "notes" } });
const ddl = "create table notes (id bigint generated always as identity primary key, note text)";
const config = `
  import { defineImporter, field } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  const validate = (value) => {
    while (value === "forever");
    return { value };
  };
  const note = field.text({ validate: { "~standard": { version: 1, vendor: "test", validate } } });
  export const config = {
    importers: [defineImporter({ name: "notes", fields: { note }, target: { table: "notes" } })],
  };
`;

async function openStuck() {
  const open = await openWorkers({ workers: 0, importers: [notes], ddl });
  await writeFile(join(open.folder, "sluice.config.mjs"), config);
  const environment = { DATABASE_URL: open.url, SLUICE_DATA_DIR: open.folder };
  return { ...open, environment };
}

it("fails the import whose cell it is, and ends the others' wait", async () => {
  const { begin, reaches, environment, folder: cwd, server } = await openStuck();
  const events: EngineEvent[] = [];
  const host = new WorkerHost({ cwd, environment, flags: {} }, (event) => events.push(event), {
    onStuck: (jobId, seconds) => server.engine.failStuck(jobId, seconds),
    patience: { everyMs: 100, times: 30 },
  });
  onTestFinished(() => host.stop(4000));
  const hostile = await begin("note\nfine\nforever\n");
  const honest = await begin("note\nfine\n");
  await host.start();
  await reaches(honest.id, "completed");
  await expect.poll(async () => (await server.engine.imports.get(hostile.id)).status).toBe("failed");
  const { errorMessage } = await server.engine.imports.get(hostile.id);
  expect(errorMessage).toMatch(/a cell in row 2 or later kept a worker busy for more than 3 s/);
  expect(events).toContainEqual({
    name: "worker.restarted",
    reason: `it stood still over the cells of import ${hostile.id}`,
    afterMs: 500,
  });
});

it("takes an edit back that keeps a worker", async () => {
  const { create, reaches, environment, folder: cwd, server, startWorker, rows, store } = await openStuck();
  const plain = await startWorker();
  const job = await create("note\nfine\n");
  await server.engine.start(job.id);
  await reaches(job.id, "ready");
  await plain.stop();
  const { review } = store;
  const params = { find: "fine", replace: "forever", wholeCell: true, caseSensitive: true };
  await review.begin(job.id, { kind: "find", params, actor: "anna" });
  await rows("update sluice.import_edits set worked_at = now() - interval '1 minute'");
  const host = new WorkerHost({ cwd, environment, flags: {} }, () => {}, {
    onStuck: (jobId, seconds) => server.engine.failStuck(jobId, seconds),
    patience: { everyMs: 100, times: 30 },
  });
  onTestFinished(() => host.stop(4000));
  await host.start();
  await expect.poll(async () => (await review.edits(job.id, { limit: 1 }))[0].status).toBe("undone");
  expect((await server.engine.events.list(job.id)).at(-1)?.name).toBe("import.edit_given_up");
});

it("watches over `sluice work` as well", async () => {
  const { begin, reaches, environment, folder: cwd, server } = await openStuck();
  const hostile = await begin("note\nforever\n");
  const honest = await begin("note\nfine\n");
  const worker = startCli(["work"], { cwd, env: environment });
  await reaches(honest.id, "completed");
  await expect.poll(async () => (await server.engine.imports.get(hostile.id)).status).toBe("failed");
  worker.kill("SIGTERM");
  expect((await worker.ended).exitCode).toBe(0);
});
