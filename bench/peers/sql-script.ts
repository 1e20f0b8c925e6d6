/**
 * The hand-written SQL script as a peer: what a competent engineer with psql and an afternoon would do instead of
 * using Sluice, on the same file with the same rules. The script itself is leads-import.sql.
 */
import { fileURLToPath } from "node:url";
import { type PeerOutcome, secondsSince } from "./peer-outcome.ts";
import { createPeerTables } from "./peer-tables.ts";
import { runScript } from "./psql.ts";

const SCRIPT = fileURLToPath(new URL("./leads-import.sql", import.meta.url));

/** Empties and makes the tables of schema `bench_sql`. */
export async function setUpSqlScript(url: string): Promise<void> {
  await createPeerTables(url, "bench_sql");
}

/**
 * Imports the leads file at `csvPath` into `bench_sql`; a second run finds every row of the first there.
 *
 * @throws Error at the first row that does not have twelve cells: generate the file with `ragged: false`.
 */
export async function runSqlScript(url: string, csvPath: string): Promise<PeerOutcome> {
  const startedAt = performance.now();
  const [counts] = await runScript(url, { file: SCRIPT }, csvPath);
  const [rows, created, duplicates, invalid] = counts.map(Number);
  return { rows, created, duplicates, invalid, seconds: secondsSince(startedAt) };
}
