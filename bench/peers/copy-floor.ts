/**
 * The floor under every import: `\copy` of the file as it is into a fresh unlogged table of twelve text columns.
 * Nothing that reads the same file into the same server can be much quicker, and this neither checks nor matches
 * anything.
 */
import pg from "pg";
import { secondsSince } from "./peer-outcome.ts";
import { runScript } from "./psql.ts";

const TABLE = `
  drop schema if exists bench_copy cascade;
  create schema bench_copy;
  create unlogged table bench_copy.leads_raw (
    reference text, first_name text, last_name text, email text, phone text, company text,
    address text, postal_code text, city text, country text, source text, status text
  );
`;

const COPY = "\\copy bench_copy.leads_raw from pstdin with (format csv, delimiter ';', header true)";

/**
 * Seconds that the copy of the leads file at `csvPath` takes, psql's start and connection included (some 20 ms).
 *
 * @throws Error at the first row that does not have twelve cells: generate the file with `ragged: false`.
 */
export async function copyFloor(url: string, csvPath: string): Promise<{ rows: number; seconds: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(TABLE);
    const startedAt = performance.now();
    await runScript(url, { command: COPY }, csvPath);
    const seconds = secondsSince(startedAt);
    const counted = await client.query<{ rows: number }>("select count(*)::int as rows from bench_copy.leads_raw");
    return { rows: counted.rows[0].rows, seconds };
  } finally {
    await client.end();
  }
}
