/**
 * Brings Sluice's own tables up to date: numbered SQL files, each in a transaction of its own under one advisory lock,
 * so that any number of processes may start at once.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { databaseKind } from "./database-kind.ts";
import { readMigrations } from "./migration-files.ts";

/** Any number will do as long as nobody else locks it: "sluice" as ASCII. */
export const migrationLock = 0x736c75696365;

/**
 * Runs the migrations that are missing; returns their numbers.
 *
 * @throws SluiceError `conflict` when the database was migrated by a newer Sluice, `invalid` for what is no Postgres, and below Postgres 14.
 */
export async function migrate(database: Database): Promise<number[]> {
  await databaseKind(database);
  const migrations = await readMigrations();
  const newest = migrations[migrations.length - 1].number;
  const known = await appliedMigrations(database);
  if (known.length === migrations.length && known[known.length - 1] === newest) return [];
  const applied: number[] = [];
  for (const { number, statements } of migrations) {
    if (known.includes(number)) continue;
    const done = await database
      .transaction(async (session) => {
        await session.query(sql`select pg_advisory_xact_lock(${migrationLock})`);
        await session.query(sql`create schema if not exists sluice`);
        await session.query(sql`create schema if not exists sluice_stage`);
        await session.query(
          sql`create table if not exists sluice.migrations (number integer primary key, applied_at timestamptz not null default now())`,
        );
        const [there] = await session.query(sql`select 1 from sluice.migrations where number = ${number}`);
        if (there !== undefined) return false;
        await session.query(sql.raw(statements));
        await session.query(sql`insert into sluice.migrations (number) values (${number})`);
        return true;
      })
      .catch((error) => {
        throw explainTaken(explainRights(error));
      });
    if (done) applied.push(number);
  }
  const after = await appliedMigrations(database);
  const last = after[after.length - 1];
  if (last > newest) {
    throw new SluiceError(
      "conflict",
      `The database was migrated by a newer Sluice (migration ${last}; this one knows ${newest}). Update Sluice.`,
    );
  }
  return applied;
}

/** The numbers of the migrations that the database has not seen. */
export async function missingMigrations(database: Database): Promise<number[]> {
  const known = await appliedMigrations(database);
  return (await readMigrations()).map(({ number }) => number).filter((number) => !known.includes(number));
}

function explainRights(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code !== "42501") return error;
  return new SluiceError(
    "forbidden",
    `The database user may not create Sluice's tables: ${message}. A user who may must run the migrations once and grant this one the use of them, or: grant create on database … to this user.`,
    { cause: error, next: { code: "migrate" } },
  );
}

/** Something is called as Sluice's own tables are: a table, a type, a function, or a column that is not there (SQLSTATE 42P07, 42710, 42723, 42703). */
function explainTaken(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (!["42P07", "42710", "42723", "42703"].includes(code ?? "")) return error;
  return new SluiceError(
    "conflict",
    `The schema "sluice" of this database has tables that Sluice has not made: ${message}. It is Sluice's own: rename yours (alter schema "sluice" rename to …), or give Sluice another database.`,
    { cause: error },
  );
}

async function appliedMigrations(database: Database): Promise<number[]> {
  return readApplied(database).catch(async (error: Error & { code?: string }) => {
    if (error.code !== "42501") throw explainTaken(error);
    const [{ role }] = await database.query<{ role: string }>(sql`select current_user::text as role`);
    throw new SluiceError(
      "forbidden",
      told`The database user ${role} may not use Sluice's own tables: ${error.message}. Their owner must grant it.`,
      { cause: error, next: { code: "grant_role", role } },
    );
  });
}

async function readApplied(database: Database): Promise<number[]> {
  const [{ there }] = await database.query<{ there: boolean }>(
    sql`select to_regclass('sluice.migrations') is not null as there`,
  );
  if (!there) return [];
  const rows = await database.query<{ number: number }>(sql`select number from sluice.migrations order by number`);
  return rows.map(({ number }) => number);
}
