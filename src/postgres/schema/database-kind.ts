/**
 * Which of the databases that speak Postgres this one is. Sluice counts on what only Postgres itself has: advisory locks between
 * importers, unlogged tables for what is staged, and `xmin`, by which undo knows who wrote a record last.
 */
import { SluiceError } from "../../core/errors.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

/** `citus`: Postgres with the extension, whose tables may be spread over several machines: see `tables/distribution.ts`. */
export type DatabaseKind = "postgres" | "citus";

/** @throws SluiceError `invalid` for what is no Postgres, and below Postgres 14. */
export async function databaseKind(database: Database): Promise<DatabaseKind> {
  const [{ version, number, isCitus }] = await database.query<{ version: string; number: number; isCitus: boolean }>(
    sql`select version() as version, current_setting('server_version_num')::int as number,
      to_regclass('pg_dist_partition') is not null as "isCitus"`,
  );
  // By their own words: "CockroachDB CCL v24.1.0 (…)", "PostgreSQL 15.2-YB-2.25.1.0-b0 on …".
  if (/^CockroachDB\b/.test(version))
    throw new SluiceError(
      "invalid",
      "The database is CockroachDB, where advisory locks do nothing: imports at the same time would double records without an error. It has no unlogged tables and no xmin either, which staging and undo need. Use Postgres 14 or newer.",
    );
  if (/-YB-/.test(version))
    throw new SluiceError(
      "invalid",
      "The database is YugabyteDB, which has no xmin, so that undo could not tell who changed a record, and no unlogged tables for staging. Use Postgres 14 or newer.",
    );
  if (number < 140_000)
    throw new SluiceError(
      "invalid",
      `The database is Postgres ${Math.floor(number / 10_000)}; Sluice needs 14 or newer.`,
    );
  return isCitus ? "citus" : "postgres";
}
