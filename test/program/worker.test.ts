/** `createWorker()`: imports that come by HTTP are worked on in a program, which hears what becomes of them. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { createApp, createWorker, type WorkedImport, type WorkerOptions } from "../../src/program/index.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

const people = defineImporter({
  name: "people",
  fields: { email: field.email({ required: true }), name: field.text() },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});

it("takes what the mount has queued, and tells once of what is ready, completed and failed", async () => {
  const { url, database } = await freshDatabase();
  await database.pool.query(
    "create table people (id bigint generated always as identity primary key, email text not null, name text)",
  );
  const shared = { databaseUrl: url, dataDir: await freshFolder(), importers: [people], logLevel: "silent" };
  const app = createApp({ ...shared, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
  onTestFinished(() => app.close());
  const told: [string, WorkedImport][] = [];
  const heard = (name: string) => (run: WorkedImport) => {
    told.push([name, run]);
    // What a callback throws changes nothing about the import.
    throw new Error("the mail server is away");
  };
  const events: { name: string; reason?: string }[] = [];
  const worker = createWorker({
    ...shared,
    onReady: heard("ready"),
    onCompleted: heard("completed"),
    onFailed: heard("failed"),
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => worker.close());
  const running = worker.run();
  const bring = async (text: string, options: object, start = true) => {
    const form = new FormData();
    form.set("import", JSON.stringify({ importer: "people", start, options }));
    form.set("file", new File([text], "people.csv"));
    const answer = await app.fetch(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }));
    expect(answer.status).toBe(start ? 202 : 201);
  };
  await bring("Email,Name\nann@example.org,Ann\nnobody,No\n", { autoCommit: true });
  await expect.poll(() => told.map(([name]) => name)).toEqual(["completed"]);
  expect(told[0][1]).toMatchObject({
    id: 1,
    importer: "people",
    fileName: "people.csv",
    status: "completed",
    user: "ann",
    rows: 2,
    counts: { created: 1, invalid: 1 },
    errorMessage: null,
    rejectedRowsFile: expect.stringMatching(/-rejected\.csv$/),
  });
  await bring("Email\nbo@example.org\n", {});
  await expect.poll(() => told.map(([name]) => name)).toEqual(["completed", "ready"]);
  // A file that is gone comes back by no second try.
  await bring("Email\ncy@example.org\n", {}, false);
  await rm(join(shared.dataDir, "files"), { recursive: true });
  await app.fetch(new Request("http://x.example/api/v1/imports/3/start", { method: "POST" }));
  await expect.poll(() => told.map(([name]) => name)).toEqual(["completed", "ready", "failed"]);
  expect(told[2][1]).toMatchObject({ id: 3, status: "failed", errorMessage: expect.any(String) });
  await expect
    .poll(() => events.filter(({ name }) => name === "worker.failed").map(({ reason }) => reason))
    .toEqual([
      "onCompleted: the mail server is away",
      "onReady: the mail server is away",
      "onFailed: the mail server is away",
    ]);
  await worker.close();
  await running;
  expect(() => worker.run()).toThrow(expect.objectContaining({ code: "conflict" }));
  await app.close();
});

it.each<[string, Record<string, unknown>, RegExp]>([
  ["no database", {}, /createWorker needs a database/],
  [
    "a misspelt callback",
    { databaseUrl: "postgres://x", onComplete() {} },
    /no option "onComplete"\. Did you mean "onCompleted"\?/,
  ],
  [
    "importers of one name",
    { databaseUrl: "postgres://x", importers: [people, { ...people }] },
    /createWorker: `importers` lists two that are called/,
  ],
  ["a listener that is none", { databaseUrl: "postgres://x", onEvent: "log" }, /`onEvent` must be a function/],
  ["a logger that is none", { databaseUrl: "postgres://x", logger: null }, /`logger` has no `debug\(\)`/],
  ["a callback that is none", { databaseUrl: "postgres://x", onReady: "mail" }, /`onReady` must be a function/],
])("refuses %s at the call", (_what, options, message) => {
  expect(() => createWorker({ importers: [people], ...options } as WorkerOptions)).toThrow(
    expect.objectContaining({ code: "invalid", message: expect.stringMatching(message) }),
  );
});
