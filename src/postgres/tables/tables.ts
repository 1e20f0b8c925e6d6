/** The tables that an importer ships: created where they are absent, checked column by column where they are there. */
import { SluiceError } from "../../core/errors.ts";
import type { Importer, TableDefinition } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { quotedName, readTable } from "./target.ts";
import { createViews } from "./views.ts";

/** @throws SluiceError `conflict` naming every column that is missing or of another type, or what else has a name that is needed. */
export async function createTables(database: Database, importer: Importer): Promise<void> {
  for (const table of importer.tables ?? []) {
    const [{ there }] = await database.query<{ there: boolean }>(
      sql`select to_regclass(${quotedName(table.name)}) is not null as there`,
    );
    if (there) await checkTable(database, importer, table);
    else await createTable(database, importer, table);
  }
  await createViews(database, importer);
}

async function createTable(database: Database, importer: Importer, table: TableDefinition): Promise<void> {
  await database
    .transaction(async (session) => {
      await session.query(
        sql`select pg_advisory_xact_lock(hashtextextended('sluice table ' || ${table.name}::text, 0))`,
      );
      // By way of pg_class, whose lock makes the session see what others created while it waited.
      const [{ there }] = await session.query<{ there: boolean }>(
        sql`select exists (select from pg_class where oid = to_regclass(${quotedName(table.name)})) as there`,
      );
      if (there) return;
      for (const statement of table.create) await session.query(sql.raw(statement));
      await closeOnSupabase(session, table);
    })
    .catch((error: Error & { code?: string }) => {
      if (isTaken(error))
        throw new SluiceError(
          "conflict",
          `The table ${table.name} of the importer "${importer.name}" cannot be created: ${error.message}. Rename what is there, or define an importer of your own.`,
          { cause: error, next: { code: "write_importer", table: table.name } },
        );
      if (error.code === "3F000")
        throw new SluiceError(
          "conflict",
          `The table ${table.name} of the importer "${importer.name}" cannot be created: the search_path of the database user names no schema that is there. Create one (create schema public), or set another: alter role … set search_path = ….`,
          { cause: error },
        );
      if (error.code !== "42501") throw error;
      throw new SluiceError(
        "forbidden",
        `The database user may not create the table ${table.name} of the importer "${importer.name}": ${error.message}. A user who may must run the migrations once.`,
        { cause: error, next: { code: "migrate" } },
      );
    });
  await checkTable(database, importer, table);
}

/** Another thing has the name of the table's type or of an index (SQLSTATE 42P07, 42710). */
function isTaken({ code }: { code?: string }): boolean {
  return code === "42P07" || code === "42710";
}

/**
 * There everybody who has the app's public key may read and write a new table of `public` unless row level security is on. What may be
 * seen of it after all, `sluice supabase migration` says.
 */
async function closeOnSupabase(session: Session, table: TableDefinition): Promise<void> {
  const [{ isSupabase }] = await session.query<{ isSupabase: boolean }>(sql`
    select to_regrole('anon') is not null and to_regprocedure('auth.uid()') is not null as "isSupabase"
  `);
  if (isSupabase) await session.query(sql`alter table ${sql.raw(quotedName(table.name))} enable row level security`);
}

async function checkTable(database: Database, importer: Importer, table: TableDefinition): Promise<void> {
  const { columns } = await readTable(database, table.name);
  const problems = Object.entries(table.columns).flatMap(([name, type]) => {
    const column = columns.get(name);
    if (column === undefined) return [`column ${name} (${type}) is missing`];
    return column.type === type || (type === "text" && column.type.startsWith("character"))
      ? []
      : [`column ${name} is ${column.type}, not ${type}`];
  });
  if (problems.length === 0) return;
  throw new SluiceError(
    "conflict",
    `The table ${table.name} is already there and does not fit the importer "${importer.name}": ${problems.join("; ")}. Change it, or define an importer of your own for it.`,
    { next: { code: "write_importer", table: table.name } },
  );
}
