/** A validator that never comes back from a cell: it is interrupted in whatever thread it runs, and its import fails alone. */
import { expect, it, onTestFinished } from "vitest";
import { defineImporter, field, type Importer } from "../../src/index.ts";
import { createApp, createWorker, importFile, type WorkedImport } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { openApp } from "../http/open-app.ts";
import { freshFolder } from "../run-cli.ts";

const backtracking = /^(a+)+$/;
const loops: Record<string, (value: unknown) => unknown> = {
  forever: () => {
    for (;;);
  },
  // What would keep it by its own means.
  stubborn: () => {
    for (;;) {
      try {
        for (;;);
      } finally {
      }
    }
  },
  pattern: () => backtracking.test(`${"a".repeat(50)}b`),
};
const validate = (value: unknown): { value: unknown } => {
  loops[String(value)]?.(value);
  return { value };
};
const note = field.text({ validate: { "~standard": { version: 1, vendor: "test", validate } } });
const byField = defineImporter({ name: "notes", fields: { note }, target: { table: "notes" } });
const byCheck = defineImporter({
  name: "notes",
  fields: { note: field.text() },
  checks: [({ note: value }) => ("issues" in validate(value) ? { code: "check_failed", message: "no" } : null)],
  target: { table: "notes" },
});
const byDerivation = defineImporter({
  name: "notes",
  fields: {
    note: field.text(),
    made: field.text({ column: null, derive: ({ note: value }) => validate(value).value }),
  },
  target: { table: "notes" },
});
const ddl = "create table notes (id bigint generated always as identity primary key, note text)";
const stuckOn = (row: number): RegExp =>
  new RegExp(`code of the importer "notes" does not come to an end on row ${row}, and was stopped`);

it.each<[string, Importer, string]>([
  ["field's", byField, "stubborn"],
  ["importer's", byCheck, "pattern"],
  ["derivation's", byDerivation, "forever"],
])("ends importFile with the row (a %s, %#)", async (_whose, importer, word) => {
  const { url, database } = await freshDatabase();
  await database.pool.query(ddl);
  const options = { databaseUrl: url, dataDir: await freshFolder(), logLevel: "silent" } as const;
  const fine = Array.from({ length: 300 }, (_, k) => `fine ${k}`);
  const csv = ["note", ...fine, word, "last"].join("\n");
  await expect(importFile(importer, Buffer.from(csv), options)).rejects.toThrow(stuckOn(302));
  expect((await database.pool.query("select count(*)::int as notes from notes")).rows).toEqual([{ notes: 0 }]);
});

it("fails the import alone in a worker of createWorker, which goes on with the others", async () => {
  const { url, database } = await freshDatabase();
  await database.pool.query(ddl);
  const shared = { databaseUrl: url, dataDir: await freshFolder(), importers: [byField], logLevel: "silent" };
  const app = createApp({ ...shared, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
  onTestFinished(() => app.close());
  const ended: WorkedImport[] = [];
  const worker = createWorker({
    ...shared,
    onCompleted: (run) => void ended.push(run),
    onFailed: (run) => void ended.push(run),
  });
  onTestFinished(() => worker.close());
  const running = worker.run();
  for (const text of ["note\nfine\nforever\n", "note\nfine\n"]) {
    const form = new FormData();
    form.set("import", JSON.stringify({ importer: "notes", start: true, options: { autoCommit: true } }));
    form.set("file", new File([text], "notes.csv"));
    await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
  }
  await expect.poll(() => ended.length).toBe(2);
  expect(
    ended.map(({ id, status, errorMessage }) => ({ id, status, errorMessage })).sort((a, b) => a.id - b.id),
  ).toEqual([
    { id: 1, status: "failed", errorMessage: expect.stringMatching(stuckOn(3)) },
    { id: 2, status: "completed", errorMessage: null },
  ]);
  await worker.close();
  await running;
});

it("is a refusal of the API, where it runs beside others' requests, and leaves no edit behind", async () => {
  const app = await openApp([byField], ddl);
  const made = await app.call("POST", "/imports", {
    uploadId: await app.upload("note\nfine\nforever\n"),
    importer: "notes",
  });
  const preview = await app.call("GET", `/imports/${made.json.id}/preview`);
  expect([preview.status, preview.json.detail]).toEqual([422, expect.stringMatching(stuckOn(3))]);

  const uploadId = await app.upload("note\nfine\nwell\n");
  const { json } = await app.call("POST", "/imports", { uploadId, importer: "notes", start: true });
  await app.work(json.id);
  const at = `/imports/${json.id}`;
  const edits = [
    () => app.call("PATCH", `${at}/rows/2`, { field: "note", value: "forever" }),
    () => app.call("POST", `${at}/edits`, { kind: "find", find: "well", replace: "pattern", wholeCell: true }),
  ];
  for (const [k, edit] of edits.entries()) {
    const refused = await edit();
    expect([refused.status, refused.json.detail]).toEqual([422, expect.stringMatching(stuckOn(2 + k))]);
  }
  expect((await app.call("GET", `${at}/edits`)).json.items.map(({ status }: { status: string }) => status)).toEqual([
    "undone",
  ]);
  await app.call("POST", `${at}/commit`);
  await app.work(json.id);
  expect(await app.rows("select note from notes order by id")).toEqual([{ note: "fine" }, { note: "well" }]);
});
