/** One real Postgres for a run of the tests, with a migrated template that each test file clones. */
import { chmod, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { leads } from "../src/importers/leads/leads.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { Listener } from "../src/postgres/connection/listener.ts";
import { queueDatabase } from "../src/postgres/connection/queue-database.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { migrate } from "../src/postgres/schema/migrate.ts";
import { createTables } from "../src/postgres/tables/tables.ts";
import { pgBossQueue } from "../src/queue/pg-boss.ts";

export const templateName = "sluice_template";

declare module "vitest" {
  interface ProvidedContext {
    serverUrl: string;
  }
}

export default async function startServer({ provide }: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(await quickFolder(), "sluice-test-server-"));
  // The server runs under another account where the tests run as root.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir,
    settings: { fsync: "off", shared_buffers: "64MB" },
    lingerMs: 0,
  });
  const admin = new Database(server.url, 1);
  await admin.query(sql`create database ${sql.id(templateName)}`);
  const template = new Database(urlOf(server.url, templateName), 3);
  await migrate(template);
  await createTables(template, leads);
  // Else each test that has a queue would make pg-boss's tables.
  await (await pgBossQueue(queueDatabase(template, new Listener(template, null)), { isWorker: false })).close();
  await template.close();
  await admin.close();
  provide("serverUrl", server.url);
  return async () => {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** Where there is plenty of it, memory: each test's database is three hundred files, made and deleted. */
async function quickFolder(): Promise<string> {
  const memory = "/dev/shm";
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > leastMemory ? memory : tmpdir();
}
const leastMemory = 8 * 2 ** 30;

/** The same server, another database. */
export function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
