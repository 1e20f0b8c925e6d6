/** The tables of a year planner: created where absent, else checked column by column. */
import type { TableDefinition } from "../../core/importer.ts";
import { everything, type TableAccess } from "../../core/table-access.ts";

/** A wheel and what is on it are its owner's alone, administrators or not. */
const ofTheWheel: TableAccess = everything([{ through: "wheel_id", table: "year_wheels" }]);

/** What a wheel has under a name of its own. */
function named(name: string, more: Readonly<Record<string, { type: string; ddl: string }>> = {}): TableDefinition {
  const columns = Object.entries(more);
  return {
    name,
    columns: {
      id: "bigint",
      wheel_id: "bigint",
      name: "text",
      ...Object.fromEntries(columns.map(([column, { type }]) => [column, type])),
    },
    create: [
      `create table ${name} (
         id bigint generated always as identity primary key,
         wheel_id bigint not null references year_wheels (id) on delete cascade,
         name text not null${columns.map(([column, { ddl }]) => `,\n         ${column} ${ddl}`).join("")}
       )`,
      `create unique index ${name}_name_key on ${name} (wheel_id, lower(name))`,
    ],
    access: ofTheWheel,
  };
}

export const yearWheelTables: readonly TableDefinition[] = [
  {
    name: "year_wheels",
    columns: { id: "bigint", owner_id: "text", name: "text", created_at: "timestamp with time zone" },
    create: [
      `create table year_wheels (
         id bigint generated always as identity primary key,
         -- The id of a user, as the program that shows the wheel knows it.
         owner_id text not null,
         name text not null,
         created_at timestamptz not null default now()
       )`,
      "create index year_wheels_owner_idx on year_wheels (owner_id)",
    ],
    access: everything([{ user: "owner_id" }]),
  },
  {
    name: "wheel_pages",
    columns: { id: "bigint", wheel_id: "bigint", year: "integer" },
    create: [
      `create table wheel_pages (
         id bigint generated always as identity primary key,
         wheel_id bigint not null references year_wheels (id) on delete cascade,
         year integer not null,
         unique (wheel_id, year)
       )`,
    ],
    access: ofTheWheel,
  },
  named("rings", {
    kind: { type: "text", ddl: "text not null default 'outer' check (kind in ('inner', 'outer'))" },
  }),
  named("activity_groups"),
  named("labels", { color: { type: "text", ddl: "text" } }),
  {
    name: "items",
    columns: {
      id: "bigint",
      wheel_id: "bigint",
      page_id: "bigint",
      ring_id: "bigint",
      group_id: "bigint",
      label_id: "bigint",
      name: "text",
      start_date: "date",
      end_date: "date",
      description: "text",
      created_at: "timestamp with time zone",
    },
    create: [
      `create table items (
         id bigint generated always as identity primary key,
         wheel_id bigint not null references year_wheels (id) on delete cascade,
         page_id bigint not null references wheel_pages (id),
         ring_id bigint references rings (id),
         group_id bigint references activity_groups (id),
         label_id bigint references labels (id),
         name text not null,
         start_date date not null,
         end_date date not null,
         description text,
         created_at timestamptz not null default now(),
         check (end_date >= start_date)
       )`,
      "create index items_wheel_idx on items (wheel_id)",
      "create index items_page_idx on items (page_id)",
      "create index items_ring_idx on items (ring_id)",
      "create index items_group_idx on items (group_id)",
      "create index items_label_idx on items (label_id)",
    ],
    access: ofTheWheel,
  },
];
