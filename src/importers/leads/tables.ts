/** The tables that the leads importer ships: created where absent, else checked column by column. */
import type { TableDefinition } from "../../core/importer.ts";
import { everything, readAndWrite } from "../../core/table-access.ts";

export const leadTables: readonly TableDefinition[] = [
  {
    name: "profiles",
    columns: { id: "uuid", email: "text", full_name: "text", role: "text" },
    create: [
      `create table profiles (
         id uuid primary key default gen_random_uuid(),
         email text not null,
         full_name text,
         role text not null default 'sales'
       )`,
      "create unique index profiles_email_key on profiles (lower(email))",
    ],
    // A person who may change their profile could make themselves an admin.
    access: readAndWrite(["admins", { user: "id" }], ["admins"]),
  },
  {
    name: "leads",
    columns: {
      id: "bigint",
      external_id: "text",
      first_name: "text",
      last_name: "text",
      email: "text",
      phone: "text",
      company: "text",
      address: "text",
      city: "text",
      postal_code: "text",
      country: "text",
      source: "text",
      status: "text",
      notes: "text",
      assigned_to: "uuid",
      import_job_id: "bigint",
      created_at: "timestamp with time zone",
      updated_at: "timestamp with time zone",
    },
    create: [
      `create table leads (
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
         assigned_to uuid references profiles (id),
         import_job_id bigint,
         created_at timestamptz not null default now(),
         updated_at timestamptz not null default now()
       )`,
      "create index leads_email_idx on leads (lower(email)) where email is not null",
      "create index leads_phone_idx on leads (phone) where phone is not null",
      "create index leads_external_id_idx on leads (lower(external_id)) where external_id is not null",
    ],
    access: { ...everything(["admins", { user: "assigned_to" }]), delete: ["admins"] },
  },
  {
    name: "lead_history",
    columns: {
      id: "bigint",
      lead_id: "bigint",
      event: "text",
      old_values: "jsonb",
      new_values: "jsonb",
      import_job_id: "bigint",
      actor: "text",
      created_at: "timestamp with time zone",
    },
    create: [
      `create table lead_history (
         id bigint generated always as identity primary key,
         lead_id bigint not null,
         event text not null,
         old_values jsonb,
         new_values jsonb,
         import_job_id bigint,
         actor text,
         created_at timestamptz not null default now()
       )`,
      "create index lead_history_lead_id_idx on lead_history (lead_id)",
    ],
    access: readAndWrite(["admins", { through: "lead_id", table: "leads" }], []),
  },
];
