/** A Postgres server that a test may kill, as a whole or one of its processes, which empties unlogged tables too. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Importer } from "../../src/core/importer.ts";
import type { EmbeddedPostgres } from "../../src/embedded/embedded.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { migrate } from "../../src/postgres/schema/migrate.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { urlOf } from "../database-server.ts";
import { ask, freshFolder, isAlive, patience, processesNaming, signal, start } from "../embedded/fixture.ts";
import type { Place } from "./run-chaos.ts";
import type { Scenario } from "./scenario.ts";

export interface OwnPlace extends Place {
  /** Of the server. */
  folder: string;
  database: Database;
  /** This process's share, by which it starts a server that has died again. */
  server: EmbeddedPostgres;
}

/** With the leads that are there before. */
export async function ownServer(scenario?: Scenario): Promise<OwnPlace> {
  const folder = await freshFolder();
  const server = await start(folder);
  const url = urlOf(server.url, "chaos");
  const admin = new Database(server.url, 1);
  await admin.query(sql`create database chaos`);
  await admin.close();
  const database = new Database(url, 2);
  onTestFinished(() => database.close());
  await migrate(database);
  await createTables(database, leads as unknown as Importer);
  await scenario?.seed(database);
  const cwd = join(folder, "client");
  await mkdir(cwd);
  return { folder, url, database, cwd, server };
}

export const isBack = (url: string) => expect.poll(() => ask(url, "select 1").catch(() => undefined), patience).toBe(1);

/** Ends one server process that the import uses. When it returns, the postmaster has seen that, and restarts all of them. */
export async function killBackend(url: string): Promise<void> {
  const pid = Number(
    await ask(
      url,
      "select pid from pg_stat_activity where application_name = 'sluice' and datname = current_database() and pid <> pg_backend_pid() order by state <> 'active', pid limit 1",
    ),
  );
  signal(pid, "SIGKILL");
  // Until then it takes connections as if nothing had happened.
  await expect.poll(() => isAlive(pid), patience).toBe(false);
}

/** The server and all that would start it again. `spared`: processes that name the folder for another reason. */
export async function killForGood({ folder, server }: OwnPlace, ...spared: number[]): Promise<void> {
  const left = async () => (await processesNaming(folder)).filter(({ pid }) => !spared.includes(pid));
  const isSupervisor = ({ command }: { command: string }): number => Number(command.includes("supervisor"));
  const doomed = (await left()).sort((a, b) => isSupervisor(b) - isSupervisor(a));
  const released = server.release();
  for (const { pid } of doomed) signal(pid, "SIGKILL");
  await released;
  await expect.poll(left, patience).toEqual([]);
}
