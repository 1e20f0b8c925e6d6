/** The migration for Supabase against databases as they may be: empty, older, migrated by Sluice, another Postgres, with tables of before. */
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { defineImporter, field } from "../../src/index.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { migrate, missingMigrations } from "../../src/postgres/schema/migrate.ts";
import { readMigrations } from "../../src/postgres/schema/migration-files.ts";
import { supabaseMigration } from "../../src/postgres/supabase/migration.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { emptyDatabase } from "../fresh-database.ts";
import { dumpSchema } from "../schema-dump.ts";
import { supabaseDatabase } from "../supabase-database.ts";
import { wholeFile } from "../supabase-project.ts";

const columns = sql`
  select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns where table_schema = 'public' order by 1, 2
`;

/** As an older Sluice, which had so many migrations, has left it. */
async function migrateTo(database: Database, count: number): Promise<void> {
  await database.query(
    sql.raw(
      "create schema sluice; create schema sluice_stage; create table sluice.migrations (number integer primary key, applied_at timestamptz not null default now())",
    ),
  );
  for (const { number, statements } of (await readMigrations()).slice(0, count)) {
    await database.query(sql.raw(statements));
    await database.query(sql`insert into sluice.migrations (number) values (${number})`);
  }
}

it("leaves what `sluice migrate` leaves, on an empty database, on an older one and on one that is migrated already", async () => {
  const migrated = await emptyDatabase();
  await migrate(migrated.database);
  await createTables(migrated.database, leads);
  const [schema, own] = [await dumpSchema(migrated.database), await migrated.database.query(columns)];
  const text = await wholeFile([leads]);
  const cases: Record<string, (database: Database) => Promise<void>> = {
    async empty() {},
    async older(database) {
      await migrateTo(database, 20);
      await database.query(
        sql.raw(
          (leads.tables ?? [])
            .slice(0, 1)
            .flatMap(({ create }) => create)
            .join(";"),
        ),
      );
    },
    async migrated(database) {
      await migrate(database);
      await createTables(database, leads);
    },
  };
  for (const [name, prepare] of Object.entries(cases)) {
    const { apply, url } = await supabaseDatabase();
    const database = new Database(url, 2);
    try {
      await prepare(database);
      // Twice: the second time it finds everything there.
      for (let k = 0; k < 2; k++) await apply(text);
      expect([name, await dumpSchema(database)]).toEqual([name, schema]);
      expect([name, await database.query(columns)]).toEqual([name, own]);
      // Both ledgers agree, and Sluice has nothing left to do.
      expect([name, await missingMigrations(database), await migrate(database)]).toEqual([name, [], []]);
      await createTables(database, leads);
    } finally {
      await database.close();
    }
  }
});

it("holds what the files before it lack, and is not written where nothing is missing", async () => {
  const all = await readMigrations();
  const first = supabaseMigration(all.slice(0, -2), [leads]);
  const second = supabaseMigration(all, [leads], [first?.text ?? ""]);
  expect(second?.migrations).toEqual(all.slice(-2).map(({ number }) => number));
  expect(supabaseMigration(all, [leads], [first?.text ?? "", second?.text ?? ""])).toBeNull();
  // Another importer is another file, without the migrations.
  const third = supabaseMigration(all, [leads, activities], [first?.text ?? "", second?.text ?? ""]);
  expect([third?.migrations, third?.text.includes("year_wheels")]).toEqual([[], true]);
  const { apply, url } = await supabaseDatabase();
  const database = new Database(url, 1);
  try {
    await migrateTo(database, all.length - 2);
    for (const file of [second, third]) await apply(file?.text as string);
    expect(await missingMigrations(database)).toEqual([]);
  } finally {
    await database.close();
  }
});

const customers = defineImporter({
  name: "customers",
  fields: { email: field.email() },
  target: { table: "customers" },
});

it("leaves the app's own tables and policies alone", async () => {
  const { apply, as, database } = await supabaseDatabase();
  await apply(`
    create table customers (id bigint primary key, email text);
    ${(leads.tables ?? []).flatMap(({ create }) => create).join(";")};
    alter table leads enable row level security;
    create policy everyone on leads for select to anon using (true);
    grant select on leads to anon;`);
  await apply(await wholeFile([leads, customers]));
  expect(
    await database.query(
      sql`select tablename::text, policyname::text from pg_policies where tablename in ('leads', 'customers')`,
    ),
  ).toEqual([{ tablename: "leads", policyname: "everyone" }]);
  expect(await as({ role: "anon" }, "select id from leads")).toEqual([]);
  expect(supabaseMigration(await readMigrations(), [leads, customers])?.untouched).toEqual(["customers"]);
});

it("goes by the app's own get_user_role(), and lets a backend's own role go on", async () => {
  const { apply, as, database } = await supabaseDatabase();
  await database.query(
    sql.raw(
      "do $$ begin create role app_backend nologin; exception when duplicate_object or unique_violation then null; end $$",
    ),
  );
  await apply(`
    create function public.get_user_role() returns text language sql stable security definer set search_path = '' as $$ select 'admin' $$;
    create table profiles (id uuid primary key default gen_random_uuid(), email text not null, full_name text, role text not null default 'sales');
    insert into profiles (email) values ('1@x.fr'), ('2@x.fr');
    grant select, update on profiles to app_backend;`);
  await apply(await wholeFile([leads]));
  const caller = { role: "authenticated", claims: { sub: "aaaaaaaa-0000-4000-8000-000000000000" } } as const;
  expect(await as(caller, "select sluice_auth.get_user_role() as role")).toEqual([{ role: "admin" }]);
  expect(await as(caller, "update profiles set full_name = 'x'")).toBe(2);
  expect(await as({ role: "app_backend" as "anon" }, "update profiles set full_name = 'x'")).toBe(2);
});

it.each([
  ["another Postgres", "drop schema auth cascade", /no database of Supabase/],
  [
    "a newer Sluice",
    "create schema sluice; create table sluice.migrations (number integer primary key, applied_at timestamptz default now()); insert into sluice.migrations values (999999)",
    /migrated by a newer Sluice/,
  ],
  [
    "a table of the same name that does not fit",
    "create table leads (id uuid primary key)",
    /The table leads is already there and does not fit the importer "leads": .*column id is uuid, not bigint/,
  ],
  [
    "jobs that are none of an importer's",
    "create table import_jobs (id bigint primary key)",
    /import_jobs is not a table of imports/,
  ],
])("refuses %s, and changes nothing", async (_, ddl, reason) => {
  const { apply, database } = await supabaseDatabase();
  await database.query(sql.raw(ddl));
  await database.query(
    sql.raw(
      "alter table if exists leads owner to supabase_owner; alter table if exists import_jobs owner to supabase_owner; do $$ begin alter schema sluice owner to supabase_owner; alter table sluice.migrations owner to supabase_owner; exception when others then null; end $$",
    ),
  );
  const tables = sql`select oid::regclass::text from pg_class where relkind in ('r', 'v') and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) order by 1`;
  const before = await database.query(tables);
  await expect(apply(await wholeFile([leads]))).rejects.toThrow(reason);
  expect(await database.query(tables)).toEqual(before);
});
