/** A planner of an app's own tables, mounted in the app and asked over HTTP from the file to the undo: whose wheel it is says the app alone. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { type ClientError, createClient } from "../../src/client/index.ts";
import { createApp, createWorker } from "../../src/program/index.ts";
import { activities, items, plannerFile, plannerTables } from "../engine/records/planner.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

/** Whoever the app knows, each with a wheel of theirs. */
const people: Readonly<Record<string, { id: string; name: string; role: "user"; wheelId: number }>> = {
  anna: { id: "anna", name: "Anna", role: "user", wheelId: 1 },
  bo: { id: "bo", name: "Bo", role: "user", wheelId: 2 },
};

async function openMounted() {
  const { url, database } = await freshDatabase();
  await database.pool.query(plannerTables);
  const config = {
    databaseUrl: url,
    dataDir: await freshFolder(),
    importers: [activities],
    logLevel: "silent",
  } as const;
  const app = createApp({
    ...config,
    basePath: "/planner",
    authenticate: async (request) => people[request.headers.get("authorization")?.slice(7) ?? ""] ?? null,
  });
  const worker = createWorker(config);
  const running = worker.run();
  const server = createServer(app.node());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await worker.close();
    await running;
    await app.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/planner`;
  const as = (token: string) => createClient({ baseUrl, token });
  const lines = async (): Promise<string[]> => (await database.pool.query(items)).rows.map(({ line }) => line);
  return { as, lines };
}

const refused = (asked: Promise<unknown>): Promise<[number, string]> =>
  asked.then(
    () => Promise.reject(new Error("it was answered")),
    (error: ClientError) => [error.status, error.code] as [number, string],
  );

it("imports into the wheel of whoever is signed in, replaces it, and gives it back", async () => {
  const { as, lines } = await openMounted();
  const [anna, bo] = [as("anna"), as("bo")];
  const before = await lines();
  const bring = async (text: string, more: Partial<Parameters<typeof anna.imports.create>[0]> = {}) => {
    const { id: uploadId } = await anna.upload(new TextEncoder().encode(text), { name: "plan.csv" });
    return anna.imports.create({ uploadId, importer: "activities", start: true, acceptDoubts: true, ...more });
  };
  expect((await anna.importers.get("activities")).context).toMatchObject([{ name: "wheel_id", pinned: true }]);

  const { id } = await bring(plannerFile);
  await anna.imports.waitFor(id, { status: "ready" });
  const foretold = await anna.imports.dryRun(id);
  expect(foretold.counts).toMatchObject({ created: 3, invalid: 1, created_item: 5, created_page: 3, created_ring: 1 });
  expect(await lines()).toEqual(before);
  await anna.imports.commit(id);
  const done = await anna.imports.waitFor(id, { status: "completed" });
  expect(done.counts).toMatchObject({ created: 3, invalid: 1, created_item: 5 });
  expect((await anna.imports.report(id)).issues).toMatchObject([{ field: "ends", code: "row_rejected", count: 1 }]);
  const imported = await lines();
  expect(imported).toEqual([
    ...before,
    "1 2026 Mässa 2026-03-01 2026-03-04 Marknad Mässor Viktigt",
    "1 2026 Kampanj 2026-12-20 2026-12-31 Marknad Annonser",
    "1 2027 Kampanj 2027-01-01 2027-12-31 Marknad Annonser",
    "1 2028 Kampanj 2028-01-01 2028-01-10 Marknad Annonser",
    "1 2026 Kickoff 2026-08-20 2026-08-20 Sälj mässor Viktigt",
  ]);

  // Neither another wheel, nor another's import.
  expect(await refused(bring(plannerFile, { options: { context: { wheel_id: "2" } } }))).toEqual([403, "forbidden"]);
  for (const asked of [
    () => bo.imports.get(id),
    () => bo.imports.report(id),
    () => bo.imports.undoPreview(id),
    () => bo.imports.undo(id),
  ])
    expect(await refused(asked())).toEqual([404, "not_found"]);
  expect((await bo.imports.list()).items).toEqual([]);

  const replacing = await bring("Aktivitet;Ring;Startdatum\nMöte;Sälj;2029-01-02\n", { options: { mode: "replace" } });
  await anna.imports.waitFor(replacing.id, { status: "ready" });
  await anna.imports.commit(replacing.id);
  expect((await anna.imports.waitFor(replacing.id, { status: "completed" })).counts).toMatchObject({
    created_item: 1,
    deleted_item: 5,
  });
  expect(await lines()).toEqual([...before, "1 2029 Möte 2029-01-02 2029-01-02 Sälj"]);
  expect(await anna.imports.undoPreview(replacing.id)).toMatchObject({ toDelete: 2, toRestore: 5 });
  await anna.imports.undo(replacing.id);
  await anna.imports.waitFor(replacing.id, { status: "undone" });
  expect(await lines()).toEqual(imported);
  await anna.imports.undo(id);
  await anna.imports.waitFor(id, { status: "undone" });
  expect(await lines()).toEqual(before);
});
