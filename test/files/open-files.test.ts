/** Which storage a config names, and that every process and thread of it opens the same. */
import { readdir } from "node:fs/promises";
import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { openFiles } from "../../src/files/open-files.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { createApp, createWorker } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

it.each(["gs://bucket/imports", "/srv/sluice", "nonsense"])("refuses %s, and says what there is", async (files) => {
  const opening = openFiles({ dataDir: await freshFolder(), files });
  await expect(opening).rejects.toThrow(
    /^SLUICE_FILES must be the address of a storage, beginning with one of: file: /,
  );
});

it("keeps uploads and reports at the address: of the API, of the thread that looks at files, and of a worker", async () => {
  const { url, database } = await freshDatabase();
  const [dataDir, shared] = [await freshFolder(), await freshFolder()];
  const options = {
    databaseUrl: url,
    dataDir,
    files: pathToFileURL(shared).href,
    importers: [leads],
    logLevel: "silent",
  };
  const app = createApp({ ...options, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
  onTestFinished(() => app.close());
  const worker = createWorker(options);
  onTestFinished(() => worker.close());
  const working = worker.run();
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "leads", start: true, options: { autoCommit: true } }));
  form.set("file", new File(["email\nann@example.org\nnobody\n"], "people.csv"));
  const made = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
  expect(made.status).toBe(202);
  const status = async (): Promise<unknown> =>
    ((await (await app.fetch(new Request("http://x.example/api/v1/imports/1"))).json()) as { status: string }).status;
  await expect.poll(status, { timeout: 20_000 }).toBe("completed");
  expect(await database.pool.query("select email from leads")).toMatchObject({ rows: [{ email: "ann@example.org" }] });
  await worker.close();
  await working;
  const written = (await readdir(shared, { recursive: true })).map((path) => path.split(sep)[0]);
  expect(new Set(written)).toEqual(new Set(["files", "reports"]));
  expect(await readdir(dataDir)).toEqual([]);
  await app.close();
});
