/** What a project of Supabase has before anything is in it: roles that requests run as, and functions that tell who asks. */
import type { Importer } from "../src/core/importer.ts";
import { shippedImporters } from "../src/importers/shipped.ts";
import type { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { readMigrations } from "../src/postgres/schema/migration-files.ts";
import { supabaseMigration } from "../src/postgres/supabase/migration.ts";

/** A login role that owns the project, and is no superuser. */
export const owner = "supabase_owner";

/** Roles belong to the server, which several test files share. */
const roles = ["anon nologin noinherit", "authenticated nologin noinherit", "service_role nologin noinherit bypassrls"]
  .concat(`${owner} login password 'x' createrole bypassrls`)
  .map(
    (role) => `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$;`,
  )
  .join("\n");

/** As supabase/auth makes them. */
const auth = `
  create schema auth;
  create function auth.uid() returns uuid language sql stable as $$ select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''), (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$;
  create function auth.role() returns text language sql stable as $$ select coalesce(nullif(current_setting('request.jwt.claim.role', true), ''), (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')) $$;
  create function auth.jwt() returns jsonb language sql stable as $$ select coalesce(nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
  grant usage on schema auth to anon, authenticated, service_role, ${owner};`;

/** Makes a project of a database: roles, functions, publication. */
export async function makeProject(database: Database): Promise<void> {
  await database.query(sql.raw(roles));
  await database.query(sql.raw(auth));
}

/** The whole file for some importers. */
export async function wholeFile(importers: readonly Importer[] = shippedImporters): Promise<string> {
  return supabaseMigration(await readMigrations(), importers)?.text as string;
}
