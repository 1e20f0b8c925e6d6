/**
 * The tables that a peer imports into, in a schema of its own: the leads and their history as Sluice's leads importer
 * has them, indexes included, and a narrow table that keeps the rows that were rejected or skipped.
 */
import pg from "pg";

const TABLES = `
create table leads (
  id bigint generated always as identity primary key,
  external_id text,
  first_name text,
  last_name text,
  email text,
  phone text,
  company text,
  address text,
  city text,
  postal_code text,
  country text,
  source text,
  status text not null default 'new',
  notes text,
  assigned_to uuid,
  import_job_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on leads (lower(email)) where email is not null;
create index on leads (phone) where phone is not null;
create index on leads (external_id) where external_id is not null;

create table lead_history (
  id bigint generated always as identity primary key,
  lead_id bigint not null,
  event text not null,
  old_values jsonb,
  new_values jsonb,
  job_id uuid,
  actor text,
  created_at timestamptz not null default now()
);
create index on lead_history (lead_id);

create table rows_left_out (
  row_number bigint not null,
  reason text not null,
  cells text[] not null
);
`;

/** The peers' schemas, dropped and made anew by `createPeerTables`; Sluice's own are none of them. */
export type PeerSchema = "bench_sql" | "bench_app";

/** Leaves `schema` with the three tables, empty. */
export async function createPeerTables(url: string, schema: PeerSchema): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `drop schema if exists ${schema} cascade; create schema ${schema}; set search_path = ${schema};`,
    );
    await client.query(TABLES);
  } finally {
    await client.end();
  }
}
