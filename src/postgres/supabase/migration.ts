/**
 * Sluice as a migration of Supabase: one file, applied as one transaction, that brings any database to the same end. Sluice's own
 * migrations are run where Sluice's ledger lacks them, and noted there, so that `sluice migrate` and the file may both be used.
 */
import { createHash } from "node:crypto";
import type { Importer, TableDefinition, ViewDefinition } from "../../core/importer.ts";
import { recordTables } from "../../core/records.ts";
import { migrationLock } from "../schema/migrate.ts";
import type { Migration } from "../schema/migration-files.ts";
import { earlierPart } from "./earlier-tables.ts";
import { jobsPart, rolePart } from "./job-policies.ts";
import { tablePart } from "./table-policies.ts";
import { temporaryFunctions } from "./temporary-functions.ts";
import { block, literal, qualified } from "./text.ts";

export interface MigrationFile {
  text: string;
  /** Sluice's migrations that are in it and in no earlier file. */
  migrations: number[];
  /** Tables of the importers that are the app's own: their policies are the app's business. */
  untouched: string[];
}

/** By which a later run knows what is in a file. */
const migrationMark = /^-- Sluice migration (\d+)$/gm;
const accessMark = /^-- Access ([0-9a-f]{64})$/m;

/**
 * The file that is missing after the earlier ones; null: none is.
 *
 * @param earlier texts of the files that Sluice has written before, the oldest first.
 */
export function supabaseMigration(
  migrations: readonly Migration[],
  importers: readonly Importer[],
  earlier: readonly string[] = [],
): MigrationFile | null {
  const written = new Set(
    earlier.flatMap((text) => [...text.matchAll(migrationMark)].map(([, number]) => Number(number))),
  );
  const missing = migrations.filter(({ number }) => !written.has(number));
  const access = accessPart(importers);
  const digest = createHash("sha256").update(access).digest("hex");
  const before = earlier.map((text) => accessMark.exec(text)?.[1]).findLast((found) => found !== undefined);
  if (missing.length === 0 && before === digest) return null;
  const shipped = shippedTables(importers);
  return {
    text: [heading(digest), temporaryFunctions, ledgerPart(migrations), ...missing.map(migrationPart), access, ""].join(
      "\n\n",
    ),
    migrations: missing.map(({ number }) => number),
    untouched: ownTables(importers).filter((name) => !shipped.has(name)),
  };
}

function heading(digest: string): string {
  return `-- Sluice's tables, and who may see what. Written by "sluice supabase migration"; do not edit it, write a new one.
-- Applied as one transaction; what is there already stays as it is.
-- Access ${digest}

${block(`  if to_regprocedure('auth.uid()') is null or to_regprocedure('auth.jwt()') is null or to_regrole('authenticated') is null then
    raise exception 'This is no database of Supabase: it has no auth.uid(), auth.jwt() or no role authenticated.'
      using hint = 'Of any other Postgres, "sluice migrate" makes the tables.';
  end if;
  if current_setting('server_version_num')::int < 150000 then
    raise exception 'Views that go by their reader''s rights need Postgres 15.' using hint = 'Upgrade the project in the dashboard.';
  end if;`)}`;
}

function ledgerPart(migrations: readonly Migration[]): string {
  const newest = migrations[migrations.length - 1].number;
  return `-- Sluice's own tables ------------------------------------------------------------------------------------------------------

-- Nobody else migrates meanwhile.
select pg_advisory_xact_lock(${migrationLock});
create schema if not exists sluice;
create schema if not exists sluice_stage;
create table if not exists sluice.migrations (number integer primary key, applied_at timestamptz not null default now());
${block(`  if (select max(number) from sluice.migrations) > ${newest} then
    raise exception 'The database was migrated by a newer Sluice than the one that wrote this file.' using hint = 'Update Sluice, and write the file anew.';
  end if;`)}`;
}

function migrationPart({ number, statements }: Migration): string {
  return `-- Sluice migration ${number}
${block(`  if not exists (select from sluice.migrations where number = ${number}) then
    execute $migration$
${statements.trim()}
$migration$;
    insert into sluice.migrations (number) values (${number});
  end if;`)}`;
}

/** Everything but Sluice's own migrations: it is written whole each time, and may be applied any number of times. */
function accessPart(importers: readonly Importer[]): string {
  const tables = new Map(importers.flatMap(({ tables = [] }) => tables.map((table) => [table.name, table] as const)));
  const shown = new Set<string>();
  const parts = importers.flatMap((importer) =>
    (importer.tables ?? []).flatMap((table) => {
      if (shown.has(table.name)) return [];
      shown.add(table.name);
      return [tablePart(importer.name, table, tables)];
    }),
  );
  const views = new Map(importers.flatMap(({ views = [] }) => views.map((view) => [view.name, view] as const)));
  const own = ownTables(importers).filter((name) => !tables.has(name));
  return [
    rolePartAfter(tables),
    earlierPart(importers.map(({ name }) => name)),
    ...parts,
    ...(own.length === 0 ? [] : [ownPart(own)]),
    ...[...views.values()].map(viewPart),
    jobsPart,
  ].join("\n\n");
}

/** Profiles of Sluice's own are made first: whose role is asked there. */
function rolePartAfter(tables: ReadonlyMap<string, TableDefinition>): string {
  const profiles = tables.get("profiles");
  if (profiles === undefined) return rolePart;
  const create = profiles.create.map((each) => `${each};`).join("\n");
  return `-- Who somebody is stands in their profile.
${block(
  `  if to_regclass('public.profiles') is null then
    perform set_config('search_path', 'public', true);
${create}
    perform set_config('search_path', path, true);
  end if;`,
  "  path text := current_setting('search_path');",
)}

${rolePart}`;
}

/** The importers' tables that no importer ships. */
function ownTables(importers: readonly Importer[]): string[] {
  return [
    ...new Set(
      importers.flatMap((importer) => [
        importer.target.table,
        ...recordTables(importer),
        ...(importer.history === undefined ? [] : [importer.history.table]),
      ]),
    ),
  ];
}

function shippedTables(importers: readonly Importer[]): Set<string> {
  return new Set(importers.flatMap(({ tables = [] }) => tables.map(({ name }) => name)));
}

/** What is the app's own is left alone, and told of where everybody who has the public key can read it. */
function ownPart(names: readonly string[]): string {
  return `-- Tables of the app's own
${block(
  `  for name in select unnest(array[${names.map((each) => literal(qualified(each))).join(", ")}]) loop
    if exists (
      select from pg_class where oid = to_regclass(name) and relkind in ('r', 'p') and not relrowsecurity and has_table_privilege('anon', oid, 'select')
    ) then
      raise warning '% can be read by everybody: switch on its row level security.', name;
    end if;
  end loop;`,
  "  name text;",
)}`;
}

/** Sluice knows its view by the comment, and makes it anew where the query has changed (`postgres/tables/views.ts`). */
function viewPart({ name, query }: ViewDefinition): string {
  const id = qualified(name);
  const comment = `Sluice: ${createHash("md5").update(query).digest("hex")}`;
  return `-- The view ${name}, for service_role alone: it shows more of an import than people may see
${block(`  if to_regclass(${literal(id)}) is not null and obj_description(to_regclass(${literal(id)}), 'pg_class') not like 'Sluice: %' is not false then
    return;
  end if;
  if obj_description(to_regclass(${literal(id)}), 'pg_class') <> ${literal(comment)} then
    drop view ${id};
  end if;
  if to_regclass(${literal(id)}) is null then
    create view ${id} with (security_invoker = true) as
      ${query.trim()};
    comment on view ${id} is ${literal(comment)};
  end if;
  alter view ${id} set (security_invoker = true);
  revoke all on ${id} from public, anon, authenticated;
  grant select on ${id} to service_role;`)}`;
}

/** @example "20260131120000_sluice.sql": after the newest that is there, for Supabase applies them in their order. */
export function migrationName(now: Date, there: readonly string[]): string {
  const stamp = now.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const newest =
    there
      .map((name) => /^(\d{14})_/.exec(name)?.[1] ?? "")
      .sort()
      .at(-1) ?? "";
  return `${newest >= stamp ? String(BigInt(newest) + 1n) : stamp}_sluice.sql`;
}
