/** An import is being made, and the answer to its commit never comes: what the database has decided holds, and nothing is given back. */
import { stat } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { createApp } from "../../src/server/mount.ts";
import { freshDatabase } from "../fresh-database.ts";
import { type LostAnswerProxy, lostAnswerProxy } from "../lost-answer-proxy.ts";
import { freshFolder } from "../run-cli.ts";

const csv = "Email\nanna@example.com\n";

interface Place {
  proxy: LostAnswerProxy;
  database: Database;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of it stands in the test
  call(method: string, path: string, body?: unknown, key?: string): Promise<{ status: number; json: any }>;
  upload(): Promise<string>;
}

/** The mounted API, which reaches its database by a proxy. */
async function open(): Promise<Place> {
  const { url, database } = await freshDatabase();
  const proxy = await lostAnswerProxy(url);
  const app = createApp({
    databaseUrl: proxy.url,
    dataDir: await freshFolder(),
    importers: [leads],
    logLevel: "silent",
    authenticate: async () => ({ id: "anna", name: "Anna", role: "admin" }),
  });
  onTestFinished(() => app.close());
  const call: Place["call"] = async (method, path, body, key) => {
    const response = await app.fetch(
      new Request(`http://sluice.test/api/v1${path}`, {
        method,
        headers: { "content-type": "application/json", ...(key !== undefined && { "idempotency-key": key }) },
        body: body === undefined ? null : JSON.stringify(body),
      }),
    );
    const text = await response.text();
    return { status: response.status, json: text === "" ? null : JSON.parse(text) };
  };
  return {
    proxy,
    database,
    call,
    async upload() {
      const response = await app.fetch(
        new Request("http://sluice.test/api/v1/uploads?name=a.csv", {
          method: "POST",
          headers: { "content-type": "application/octet-stream" },
          body: csv,
        }),
      );
      return ((await response.json()) as { id: string }).id;
    },
  };
}

const importsOf = (database: Database) =>
  database.query<{ id: number; path: string }>(
    sql`select id, storage_path as path from sluice.import_jobs order by id`,
  );

it("looks up what was decided, and answers with the import", async () => {
  const { proxy, database, call, upload } = await open();
  const uploadId = await upload();
  proxy.loseAfter = "insert into sluice.import_jobs";
  const made = await call("POST", "/imports", { uploadId, importer: "leads" });
  expect([made.status, proxy.losses]).toEqual([201, 1]);
  expect((await importsOf(database)).map(({ id }) => id)).toEqual([made.json.id]);
  expect((await call("DELETE", `/uploads/${uploadId}`)).status).toBe(409);
});

it("gives nothing back while the database is away, and answers a repetition with the import that there is", async () => {
  const { proxy, database, call, upload } = await open();
  const uploadId = await upload();
  const body = { uploadId, importer: "leads" };
  proxy.loseAfter = "insert into sluice.import_jobs";
  proxy.staysAway = true;
  const lost = await call("POST", "/imports", body, "k");
  expect([lost.status, proxy.losses]).toEqual([503, 1]);
  proxy.staysAway = false;
  await expect.poll(async () => (await call("GET", "/imports")).status).toBe(200);

  const [{ id, path }] = await importsOf(database);
  const removed = await call("DELETE", `/uploads/${uploadId}`);
  expect([removed.status, removed.json.importId]).toEqual([409, id]);
  expect((await stat(path)).size).toBe(csv.length);
  const withoutKey = await call("POST", "/imports", { ...body, again: true });
  expect([withoutKey.status, withoutKey.json.importId]).toEqual([409, id]);
  const again = await call("POST", "/imports", body, "k");
  expect([again.status, again.json.id]).toEqual([201, id]);
  expect(await importsOf(database)).toHaveLength(1);
});

it("keeps the copy of an earlier import's file, which the new import may have", async () => {
  const { proxy, database, call, upload } = await open();
  const first = await call("POST", "/imports", { uploadId: await upload(), importer: "leads" });
  proxy.loseAfter = "insert into sluice.import_jobs";
  proxy.staysAway = true;
  expect((await call("POST", "/imports", { fileOf: first.json.id }, "k")).status).toBe(503);
  proxy.staysAway = false;
  await expect.poll(async () => (await call("GET", "/imports")).status).toBe(200);
  const again = await call("POST", "/imports", { fileOf: first.json.id }, "k");
  const [, second] = await importsOf(database);
  expect([again.status, again.json.id]).toEqual([201, second.id]);
  expect((await stat(second.path)).size).toBe(csv.length);
});
