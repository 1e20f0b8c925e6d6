/** A database as a project of Supabase has it: its roles, its functions in `auth`, its default privileges and its publication. */
import pg from "pg";
import { onTestFinished } from "vitest";
import type { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { emptyDatabase } from "./fresh-database.ts";
import { makeProject, owner } from "./supabase-project.ts";

/** What a request's token says; null: there is none. */
export interface Caller {
  role: "anon" | "authenticated" | "service_role";
  claims?: Record<string, unknown>;
}

export interface SupabaseDatabase {
  /** As the superuser of the server. */
  database: Database;
  /** As the project's owner, who is none: what the app's DATABASE_URL is there. */
  url: string;
  /** A file as the Supabase CLI applies it: in one implicit transaction. @throws as Postgres does. */
  apply(text: string): Promise<void>;
  /** As PostgREST runs a request, and takes back what it did: rows, or the number of changed ones; the SQLSTATE where it fails. */
  as<Row = Record<string, unknown>>(caller: Caller, statement: string): Promise<Row[] | number | string>;
}

/** Call it in a test. The roles are let to `postgres` there, who may so run a request's statements. */
export async function supabaseDatabase(): Promise<SupabaseDatabase> {
  const { database, url } = await emptyDatabase();
  const name = new URL(url).pathname.slice(1);
  await makeProject(database);
  await database.query(
    sql.raw(`
      alter database ${name} owner to ${owner};
      alter schema public owner to ${owner};
      alter database ${name} set pgrst.db_schemas = 'public, graphql_public';
      grant usage on schema public to anon, authenticated, service_role;
      alter default privileges for role ${owner} in schema public grant all on tables to anon, authenticated, service_role;`),
  );
  const own = new URL(url);
  own.username = owner;
  own.password = "x";
  // What the embedded server's address says beside is not for a pooler's ears.
  own.search = "";
  const client = new pg.Client({ connectionString: own.href });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("create publication supabase_realtime");
  return {
    database,
    url: own.href,
    async apply(text) {
      await client.query(text);
    },
    as: ({ role, claims = {} }, statement) =>
      database.session(async (session) => {
        await session.text("begin");
        try {
          await session.text(`set local role ${role}`);
          await session.text("select set_config('request.jwt.claims', $1, true)", [
            JSON.stringify({ role, ...claims }),
          ]);
          const { rows, rowCount, command } = (await session.text(statement)) as unknown as pg.QueryResult;
          return command === "SELECT" || command === "EXPLAIN" ? rows : (rowCount ?? 0);
        } catch (error) {
          return (error as { code: string }).code;
        } finally {
          await session.text("rollback");
        }
      }),
  };
}
