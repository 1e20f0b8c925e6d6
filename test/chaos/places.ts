/** Databases of one server, cloned from one another, and the command run on them with or without a mishap. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { templateName, urlOf } from "../database-server.ts";
import { databaseFrom } from "../fresh-database.ts";
import type { Mishap } from "./mishap.ts";
import { type Place, runChaos } from "./run-chaos.ts";

export interface Places {
  /** The folder that every command runs in. */
  folder: string;
  /** A database that later ones can be cloned from. `prepare` gets it; nothing may be connected to it afterwards. */
  template(from: string, prepare: (at: Place & { database: Database }) => Promise<unknown>): Promise<string>;
  /** A database of a test's own. */
  open(template: string): Promise<Place & { database: Database }>;
  remove(): Promise<void>;
}

/** `files` by their names, in a folder of their own. */
export async function openPlaces(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Places> {
  const admin = new Database(inject("serverUrl"), 1);
  const folder = await mkdtemp(join(tmpdir(), "sluice-chaos-places-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const templates: string[] = [];
  return {
    folder,
    async template(from, prepare) {
      const name = `places_${randomUUID().replaceAll("-", "")}`;
      await admin.query(sql`create database ${sql.id(name)} template ${sql.id(from)}`);
      templates.push(name);
      const url = urlOf(inject("serverUrl"), name);
      const database = new Database(url, 1);
      await prepare({ url, database, cwd: folder, env: { ...env } });
      await database.close();
      return name;
    },
    async open(template) {
      return { ...(await databaseFrom(template)), cwd: folder, env: { ...env } };
    },
    async remove() {
      for (const name of templates) await admin.query(sql`drop database ${sql.id(name)}`);
      await admin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The database that a test's server begins with. */
export const migrated = templateName;

/** Runs the command to the end that is expected of it: in order, or by the mishap's SIGKILL. */
export async function run(args: readonly string[], at: Place, mishap: Mishap | null = null): Promise<string> {
  const { exitCode, signal, stderr, stdout } = await runChaos(args, at, mishap);
  if (mishap === null) expect(exitCode, stderr).toBe(0);
  else expect(signal, stderr).toBe("SIGKILL");
  return stdout;
}
