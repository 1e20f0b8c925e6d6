/** One list of importers for a script, the server and the worker, whose rows make several records: foretold, imported, told of and undone. */
import { expect, it, onTestFinished } from "vitest";
import type { Counts, ImportJob } from "../../src/core/import.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { createApp, createWorker, importFile, type WorkedImport } from "../../src/program/index.ts";
import { shop, shopFile, shopOf, shopTables } from "../engine/records/shop.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";

/** Those that are not 0. */
const some = (counts: Counts) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

it("counts each record alike in a script's dry run, to the worker's callback and in the server's answer", async () => {
  const { url, database } = await freshDatabase();
  await database.pool.query(shopTables());
  const tables = () => shopOf({ rows: <Row>(text: string) => database.query<Row>(sql.raw<Row>(text)) });
  const config = { databaseUrl: url, dataDir: await freshFolder(), importers: [shop], logLevel: "silent" } as const;
  const before = await tables();

  const { importers: _, ...program } = config;
  const dry = await importFile(shop, Buffer.from(shopFile), { ...program, dryRun: true, fileName: "shop.csv" });
  expect([dry.status, await tables()]).toEqual(["dry_run", before]);

  const app = createApp({ ...config, authenticate: async () => ({ id: "ann", name: "Ann", role: "admin" }) });
  onTestFinished(() => app.close());
  const { GET, POST } = app.handlers();
  const told: Pick<WorkedImport, "id" | "user" | "counts">[] = [];
  const worker = createWorker({ ...config, onCompleted: (run) => told.push(run) });
  onTestFinished(() => worker.close());
  const running = worker.run();
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "shop", start: true, options: { autoCommit: true } }));
  form.set("file", new File([shopFile], "shop.csv"));
  expect((await POST(new Request("http://x.example/api/v1/imports", { method: "POST", body: form }))).status).toBe(202);
  await expect.poll(() => told).toMatchObject([{ user: "ann", counts: dry.counts }]);
  expect(some(dry.counts)).toEqual({
    ...{ created: 1, updated: 1, unchanged: 1 },
    ...{ created_brand: 1, unchanged_brand: 1 },
    ...{ created_product: 1, updated_product: 1, unchanged_product: 1 },
    ...{ created_price: 2, closed_price: 1, unchanged_price: 1 },
    ...{ created_stock: 1, updated_stock: 1, unchanged_stock: 1 },
    ...{ created_tag: 1, unchanged_tag: 1 },
  });
  const path = `http://x.example/api/v1/imports/${told[0].id}`;
  const read = async () =>
    (await (await GET(new Request(path))).json()) as Pick<ImportJob, "status"> & { counts: Counts };
  expect((await read()).counts).toEqual(dry.counts);

  await POST(new Request(`${path}/undo`, { method: "POST" }));
  await expect.poll(async () => (await read()).status).toBe("undone");
  expect(await tables()).toEqual(before);
  await worker.close();
  await running;
  await app.close();
});
