/**
 * Logging in to the embedded server as its one account, which holds the data folder's secret as its password.
 */

import pg from "pg";
import { SluiceError } from "../core/errors.ts";
import { run } from "./account.ts";
import type { Cluster } from "./cluster.ts";

/** Logs in and makes the database `sluice` where it is missing. */
export async function ensureDatabase(port: number, password: string): Promise<void> {
  try {
    await query(port, password, "sluice", "select 1");
  } catch (error) {
    if (sqlState(error) !== "3D000") throw error;
    // The role is called like the schema of Sluice's own tables: by "$user" everybody's would come to lie among them.
    await query(port, password, "postgres", "alter role sluice set search_path = public");
    await query(port, password, "postgres", "create database sluice");
  }
}

/**
 * What the driver would otherwise take from PGSSLMODE, PGOPTIONS and the like, which are meant for another server: this one has no
 * TLS, and its role is called like the schema of Sluice's own tables.
 */
const OWN_SETTINGS = {
  sslmode: "disable",
  sslnegotiation: "postgres",
  client_encoding: "UTF8",
  options: "-c search_path=public",
};

/** The address of a database of the server, whatever the environment says of others. */
export function addressOf(port: number | undefined, password: string, database = "sluice"): string {
  const query = Object.entries(OWN_SETTINGS).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `postgres://sluice:${password}@127.0.0.1:${port}/${database}?${query.join("&")}`;
}

async function query(port: number, password: string, database: string, text: string): Promise<void> {
  const client = new pg.Client({
    connectionString: addressOf(port, password, database),
    // A port may belong to a program that takes connections and says nothing.
    connectionTimeoutMillis: 30_000,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

export function isWrongPassword(error: unknown): boolean {
  return sqlState(error) === "28P01" || sqlState(error) === "28000";
}

function sqlState(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

/** For a data folder whose secret was lost: a server without network takes the new one. */
export async function resetPassword(cluster: Cluster, secret: string): Promise<void> {
  const statement = `alter role sluice login superuser password ${pg.escapeLiteral(secret)}\n`;
  const { code, output } = await run(cluster.binaries.postgres, ["--single", "-D", cluster.folder, "postgres"], {
    account: cluster.account,
    input: statement,
  });
  if (code === 0 && !/ERROR:|FATAL:/.test(output)) return;
  throw new SluiceError("unavailable", `The database in ${cluster.folder} did not take a new password:\n${output}`);
}
