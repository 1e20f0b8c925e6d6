/**
 * What a role needs that owns nothing: `sluice migrate` is run by the owner of the schemas, and serve, work and commands by a
 * role that may not change a table's shape.
 */
import { SluiceError } from "../../core/errors.ts";
import { type Importer, targetFields } from "../../core/importer.ts";
import { recordTables } from "../../core/records.ts";
import { readRelation } from "../check/relation.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { quotedName } from "../tables/target.ts";

/** Sluice's own schemas. In the stage's, imports make tables of their own. */
const schemas = [
  { schema: "sluice", rights: sql`usage` },
  { schema: "sluice_queue", rights: sql`usage` },
  { schema: "sluice_stage", rights: sql`usage, create` },
] as const;

const onTables = sql`select, insert, update, delete`;
const onSequences = sql`usage, select, update`;

/**
 * Grants a role all that serve, work and commands do, on what is there and on what later migrations make; and what imports need
 * of the importers' tables that the connected role owns. Returns the names of those tables.
 *
 * @throws SluiceError `not_found` when there is no such role, `forbidden` when the connected role may not grant it.
 */
export async function grantTo(database: Database, role: string, importers: Iterable<Importer>): Promise<string[]> {
  const [found] = await database.query(sql`select from pg_roles where rolname = ${role}`);
  if (found === undefined)
    throw new SluiceError(
      "not_found",
      `The database has no role "${role}". Create it first: create role "${role}" login password '…'`,
    );
  // Whoever may not grant is only warned by Postgres.
  const [{ isOwner, user }] = await database.query<{ isOwner: boolean; user: string }>(sql`
    select bool_and(pg_has_role(nspowner, 'usage')) as "isOwner", current_user::text as user
    from pg_namespace where nspname in ('sluice', 'sluice_queue', 'sluice_stage')
  `);
  if (!isOwner)
    throw new SluiceError(
      "forbidden",
      `The database user ${user} does not own Sluice's schemas and may not grant rights on them. Their owner must do it.`,
      { next: { code: "grant_role", role } },
    );
  const tables = await ownTables(database, importers);
  await database.transaction(async (session) => {
    await grantOwn(session, role);
    for (const { name, schema, rights } of tables.values()) {
      await session.query(sql`grant usage on schema ${sql.id(schema)} to ${sql.id(role)}`);
      await session.query(sql`grant ${rights} on ${tableId(name)} to ${sql.id(role)}`);
    }
    await admitTo(
      session,
      role,
      [...tables.values()].map(({ oid }) => oid),
    );
    const sequences = await session.query<{ schema: string; name: string }>(sql`
        select n.nspname::text as schema, s.relname::text as name
        from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace
        where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
          and d.refobjid = any (${[...tables.values()].map(({ oid }) => oid)}::oid[])
      `);
    for (const { schema, name } of sequences)
      await session.query(sql`grant ${onSequences} on sequence ${sql.id(schema, name)} to ${sql.id(role)}`);
  });
  return [...tables.values()].map(({ name }) => name);
}

/**
 * Where row level security is on, as on Supabase, rights alone let a role see nothing: it gets a policy of its own there. The tables of
 * `oids`, and Sluice's own.
 */
async function admitTo(session: Session, role: string, oids: readonly number[]): Promise<void> {
  const name = `sluice: ${role}`;
  const closed = await session.query<{ schema: string; table: string }>(sql`
    select n.nspname::text as schema, c.relname::text as table
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relrowsecurity and c.relkind in ('r', 'p') and (n.nspname = 'sluice' or c.oid = any (${[...oids]}::oid[]))
      and not (select rolbypassrls or rolsuper from pg_roles where rolname = ${role})
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = ${name}::name)
  `);
  for (const { schema, table } of closed)
    await session.query(
      sql`create policy ${sql.id(name)} on ${sql.id(schema, table)} for all to ${sql.id(role)} using (true) with check (true)`,
    );
}

async function grantOwn(session: Session, role: string): Promise<void> {
  const to = sql.id(role);
  for (const { schema, rights } of schemas) {
    const id = sql.id(schema);
    await session.query(sql`grant ${rights} on schema ${id} to ${to}`);
    // The role of an importer's `session` is let to the stages by whoever runs its imports.
    if (schema === "sluice_stage") await session.query(sql`grant usage on schema ${id} to ${to} with grant option`);
    await session.query(sql`grant ${onTables} on all tables in schema ${id} to ${to}`);
    await session.query(sql`grant ${onSequences} on all sequences in schema ${id} to ${to}`);
    await session.query(sql`grant execute on all functions in schema ${id} to ${to}`);
    // What later migrations make, too.
    await session.query(sql`alter default privileges in schema ${id} grant ${onTables} on tables to ${to}`);
    await session.query(sql`alter default privileges in schema ${id} grant ${onSequences} on sequences to ${to}`);
    await session.query(sql`alter default privileges in schema ${id} grant execute on functions to ${to}`);
  }
  // Which migrations ran is the owner's to say.
  await session.query(sql`revoke insert, update, delete on sluice.migrations from ${to}`);
}

type OwnTable = { oid: number; name: string; schema: string; rights: typeof onTables };

/** The importers' tables that the connected role owns, with what imports do to each. */
async function ownTables(database: Database, importers: Iterable<Importer>): Promise<Map<number, OwnTable>> {
  const read = sql`select`;
  const every = [...importers];
  const wanted = every.flatMap((importer) => [
    { name: importer.target.table, rights: onTables },
    ...recordTables(importer).map((name) => ({ name, rights: onTables })),
    ...(importer.tables ?? []).map(({ name }) => ({ name, rights: onTables })),
    ...(importer.views ?? []).map(({ name }) => ({ name, rights: read })),
    ...(importer.history === undefined ? [] : [{ name: importer.history.table, rights: sql`select, insert` }]),
    ...(importer.assign === undefined ? [] : [{ name: importer.assign.table, rights: read }]),
    ...Object.values(importer.fields).flatMap((field) =>
      field.kind === "reference" ? [{ name: field.table, rights: read }] : [],
    ),
  ]);
  const tables = new Map<number, OwnTable>();
  for (const { name, rights } of [...wanted, ...(await referredTables(database, every))]) {
    const relation = await readRelation(database, name);
    if (relation === null || tables.has(relation.oid)) continue;
    const [{ isOwn }] = await database.query<{ isOwn: boolean }>(
      sql`select pg_has_role(relowner, 'usage') as "isOwn" from pg_class where oid = ${relation.oid}`,
    );
    if (isOwn) tables.set(relation.oid, { oid: relation.oid, name, schema: relation.schema, rights });
  }
  return tables;
}

/** Tables that foreign keys of the targets point at from columns that the importers fill: the match looks whether a record is there. */
async function referredTables(
  database: Database,
  importers: readonly Importer[],
): Promise<{ name: string; rights: typeof onTables }[]> {
  const filled = importers.flatMap((importer) =>
    targetFields(importer).map(([, column]) => ({ table: quotedName(importer.target.table), column })),
  );
  const referred = await database.query<{ name: string }>(sql`
    select distinct n.nspname || '.' || r.relname as name
    from unnest(${filled.map(({ table }) => table)}::text[], ${filled.map(({ column }) => column)}::text[]) f (name, col)
      join pg_attribute a on a.attrelid = to_regclass(f.name) and a.attname = f.col
      join pg_constraint c on c.conrelid = a.attrelid and c.contype = 'f' and a.attnum = any (c.conkey)
      join pg_class r on r.oid = c.confrelid join pg_namespace n on n.oid = r.relnamespace
    order by 1
  `);
  return referred.map(({ name }) => ({ name, rights: sql`select` }));
}
