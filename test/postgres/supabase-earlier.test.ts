/**
 * `import_jobs` and `import_rows` of an app before Sluice, taken over. How they look is nowhere written down: these are as a CRM on
 * Supabase has them, with columns for a year planner's wheels beside.
 */
import { expect, it } from "vitest";
import { leads } from "../../src/importers/leads/leads.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { supabaseDatabase } from "../supabase-database.ts";
import { wholeFile } from "../supabase-project.ts";

const [ann, bo] = ["a", "b"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
const job = (n: number): string => `1000000${n}-0000-4000-8000-000000000000`;

const older = `
  create table import_jobs (
    id uuid primary key default gen_random_uuid(), created_by uuid not null, wheel_id bigint, file_name text not null, file_hash text, file_size bigint,
    storage_path text, status text not null default 'pending', progress integer default 0, current_step text, total_rows integer default 0,
    processed_rows integer default 0, valid_rows integer default 0, invalid_rows integer default 0, imported_rows integer default 0,
    column_mapping jsonb default '{}', error_message text, created_at timestamptz default now(), updated_at timestamptz default now(), completed_at timestamptz);
  create table import_rows (
    id uuid primary key default gen_random_uuid(), import_job_id uuid not null references import_jobs (id) on delete cascade, row_number integer not null,
    raw_data jsonb, status text not null, error_message text, lead_id bigint);
  create table notes (id bigint primary key, job_id uuid references import_jobs (id) on delete set null, text text);
  create view latest_imports with (security_invoker = true) as select id, file_name, status from import_jobs order by created_at desc;
  create view latest_names as select file_name from latest_imports;
  grant select on latest_imports to authenticated;
  alter table import_jobs enable row level security; alter table import_rows enable row level security;
  create policy "Users can view their own import jobs" on import_jobs for select using (auth.uid() = created_by);
  create policy "Users can create import jobs" on import_jobs for insert with check (auth.uid() = created_by);
  create policy "Users can view rows" on import_rows for select using (exists (select 1 from import_jobs j where j.id = import_job_id and j.created_by = auth.uid()));
  create function touch() returns trigger language plpgsql set search_path = '' as $$ begin new.updated_at = now(); return new; end $$;
  create trigger touch before update on import_jobs for each row execute function touch();
  alter publication supabase_realtime add table import_jobs;
  insert into import_jobs (id, created_by, file_name, file_hash, file_size, storage_path, status, total_rows, processed_rows, valid_rows, invalid_rows, imported_rows, column_mapping, error_message, wheel_id, completed_at) values
    ('${job(1)}', '${ann}', 'prospects.csv', 'abc', 123, 'imports/prospects.csv', 'completed', 10, 10, 8, 2, 7, '{"E-mail": "email", "Nom": "last_name"}', null, null, '2025-01-02'),
    ('${job(2)}', '${ann}', 'rouge.csv', null, null, null, 'processing', 100, 50, 0, 0, 0, null, null, null, null),
    ('${job(3)}', '${bo}', 'roue.csv', null, null, null, 'failed', 0, 0, 0, 0, 0, '[]', 'timeout', 7, null);
  insert into import_rows (import_job_id, row_number, raw_data, status, error_message) values
    ('${job(1)}', 2, '{"E-mail": "ann@x.fr", "Nom": "Ann"}', 'imported', null),
    ('${job(1)}', 3, '{"E-mail": "nonsense", "Nom": "Bo"}', 'invalid', 'Invalid email'),
    ('${job(1)}', 4, '{"E-mail": null, "Nom": "Cid"}', 'error', null),
    ('${job(1)}', 5, '{"E-mail": "dup@x.fr", "Nom": "Dup"}', 'duplicate', null);
  insert into notes values (1, '${job(1)}', 'first');`;

it("moves imports and the rows that did not go in, and leaves nothing that led to them astray", async () => {
  const { apply, as, url, database } = await supabaseDatabase();
  await apply(older);
  // Once more finds nothing left to move.
  for (let k = 0; k < 2; k++) await apply(await wholeFile([leads, activities]));
  const moved = await database.query(sql`
    select uuid::text, importer, file_name, status, total_rows, valid_rows, invalid_rows, imported_rows, error_message, created_by, context
    from sluice.import_jobs order by uuid
  `);
  const was = (status: string, said = ""): string =>
    `The import was ${status} in the app's earlier importer when Sluice took its place.${said}`;
  expect(moved).toEqual([
    {
      uuid: job(1),
      importer: "leads",
      file_name: "prospects.csv",
      status: "completed",
      total_rows: 10,
      valid_rows: 8,
      invalid_rows: 2,
      imported_rows: 7,
      error_message: null,
      created_by: ann,
      context: {},
    },
    {
      uuid: job(2),
      importer: "leads",
      file_name: "rouge.csv",
      status: "cancelled",
      total_rows: 100,
      valid_rows: 50,
      invalid_rows: 0,
      imported_rows: 0,
      error_message: was("processing"),
      created_by: ann,
      context: {},
    },
    {
      uuid: job(3),
      importer: "activities",
      file_name: "roue.csv",
      status: "cancelled",
      total_rows: 0,
      valid_rows: 0,
      invalid_rows: 0,
      imported_rows: 0,
      error_message: was("failed", " It said: timeout"),
      created_by: bo,
      context: { wheel_id: "7" },
    },
  ]);
  expect(
    await database.query(sql`select row_no, outcome, issues, cells from sluice.import_rows order by row_no`),
  ).toEqual([
    {
      row_no: 3,
      outcome: "invalid",
      issues: [{ c: "row_rejected", p: { message: "Invalid email" } }],
      cells: ["Bo", "nonsense"],
    },
    { row_no: 4, outcome: "invalid", issues: [{ c: "row_rejected", p: { message: "" } }], cells: ["Cid", ""] },
    { row_no: 5, outcome: "skipped", issues: null, cells: ["Dup", "dup@x.fr"] },
  ]);
  // Nothing is lost: the tables are whole, and nobody's but their owner's.
  expect(await database.query(sql`select count(*)::int as rows from sluice_earlier.import_rows`)).toEqual([
    { rows: 4 },
  ]);
  for (const table of ["sluice_earlier.import_jobs", "sluice_earlier.import_rows"])
    expect(await as({ role: "authenticated", claims: { sub: ann } }, `select from ${table}`)).toBe("42501");
  expect(await database.query(sql`select policyname from pg_policies where schemaname = 'sluice_earlier'`)).toEqual([]);
  expect(await database.query(sql`select schemaname || '.' || tablename as table from pg_publication_tables`)).toEqual([
    { table: "sluice.import_jobs" },
  ]);

  // What the app asks by the old names and ids is answered; views of its own too.
  const mine = { role: "authenticated", claims: { sub: ann } } as const;
  expect(await as(mine, "select id, file_name, status, progress from import_jobs order by id")).toEqual([
    { id: job(1), file_name: "prospects.csv", status: "completed", progress: 100 },
    { id: job(2), file_name: "rouge.csv", status: "cancelled", progress: 0 },
  ]);
  expect(
    await as(mine, `select row_number, status from import_rows where job_id = '${job(1)}' order by row_number`),
  ).toHaveLength(3);
  expect(await as(mine, "select file_name from latest_imports")).toHaveLength(2);
  expect(await as(mine, `insert into import_jobs (id, file_name) values ('${job(9)}', 'x')`)).toBe("42501");
  expect(await as({ role: "anon" }, "select id from import_jobs")).toBe("42501");
  const own = new Database(url, 1);
  try {
    expect(await own.query(sql`select file_name from latest_names order by 1`)).toHaveLength(3);
    // A new import can be referred to as an old one can.
    await own.query(sql`insert into notes select 2, uuid, 'second' from sluice.import_jobs limit 1`);
    await own.query(sql`delete from sluice.import_jobs where uuid = ${job(1)}`);
    expect(await own.query(sql`select job_id from notes where id = 1`)).toEqual([{ job_id: null }]);
  } finally {
    await own.close();
  }
});

it.each([
  [
    "a materialized view",
    "create materialized view m as select id from import_jobs",
    /materialized view m reads public\.import_jobs/,
  ],
  [
    "a view of columns that Sluice lacks",
    "create view v as select id, storage_path from import_jobs",
    /The view v reads what Sluice's import_jobs/,
  ],
])("says what to do about %s over the older table, and moves nothing", async (_, ddl, reason) => {
  const { apply, database } = await supabaseDatabase();
  await apply(`${older} ${ddl};`);
  await expect(apply(await wholeFile([leads]))).rejects.toThrow(reason);
  expect(await database.query(sql`select count(*)::int as jobs from public.import_jobs`)).toEqual([{ jobs: 3 }]);
});
