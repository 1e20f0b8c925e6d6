/**
 * What the statements of an undo are about: the plan of the import, who asked for it, and what the catalogue says of the
 * target; and whether it can be undone at all.
 */
import { SluiceError, type Telling, told, withNext } from "../../core/errors.ts";
import { clusterOf } from "../connection/cluster.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { roleOf, runOf } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";
import { type Reference, readReferences } from "./reference.ts";

export interface UndoPlan extends Plan {
  /** Postgres type of the target's id. */
  idType: string;
  /** Whether a unique index says that an id stands for one record. */
  idIsUnique: boolean;
  references: Reference[];
  /** The cluster in which xmin is read. */
  cluster: Sql;
  /** Who pressed undo; stands in the history. */
  actor: string | null;
}

/** The plan of an undo for one chunk's transaction. */
export interface ChunkUndo extends UndoPlan {
  /** What is fetched by a list of keys: the target's records by their ids, and the rows of these references. */
  fetches: { records: boolean; references: ReadonlySet<Reference> };
}

/**
 * Reads what an undo needs to know.
 *
 * @throws SluiceError `invalid` or `forbidden` with what is missing. Never `conflict`: asking again would not help.
 */
export async function planUndo(database: Database, plan: Plan): Promise<UndoPlan> {
  const { job, importer, target } = plan;
  const refuse = (why: Telling): never => {
    throw new SluiceError("invalid", why);
  };
  if (job.dryRun) refuse(told`Import ${job.id} cannot be undone: it was a dry run and wrote nothing.`);
  if (job.target !== target.name) {
    refuse(
      told`Import ${job.id} cannot be undone: it wrote to ${job.target}, but the importer "${importer.name}" now writes to ${target.name}. Restore the importer to undo it.`,
    );
  }
  if (!target.isTable) {
    refuse(
      withNext(
        told`Import ${job.id} cannot be undone: ${target.name} is a view or a foreign table, whose records do not show who has changed them. Delete what the import created by hand.`,
        { code: "list_records", importId: job.id },
      ),
    );
  }
  const { id } = importer.target;
  const idColumn = target.columns.get(id);
  const scope = new Set([id, ...Object.entries(importer.context ?? {}).map(([name, { column }]) => column ?? name)]);
  const withId = target.uniques.filter(({ columns }) => columns.includes(id));
  if (idColumn === undefined || withId.length === 0) {
    return refuse(
      told`Import ${job.id} cannot be undone: ${target.name}.${id} has no primary key or unique index, so one id may identify several records. Add one: create unique index on ${target.name} (${id})`,
    );
  }
  await refuseUntraced(database, plan, refuse);
  await checkRights(database, plan);
  const [event] = await database.query<{ actor: string | null }>(sql`
    select actor from sluice.import_events
    where job_id = ${job.id} and name = 'import.queued' and data ->> 'phase' = 'undo' and actor is not null order by id desc limit 1
  `);
  return {
    ...plan,
    idType: idColumn.type,
    idIsUnique: withId.some(({ columns }) => columns.every((column) => scope.has(column))),
    references: await readReferences(database, importer, runOf(plan)),
    cluster: await clusterOf(database),
    actor: event?.actor ?? job.createdBy,
  };
}

/** What is not written down cannot be taken back: records of own loaders, and of imports before there was an undo. */
async function refuseUntraced(
  database: Database,
  { job, importer }: Plan,
  refuse: (why: Telling) => never,
): Promise<void> {
  const [traces] = await database.query<{ created: number; known: number; updated: number; untraced: number }>(sql`
    select coalesce(sum(created), 0)::int8 as created, coalesce(sum(updated), 0)::int8 as updated,
      coalesce(sum(coalesce(cardinality(created_ids), 0) + coalesce(cardinality(created_keys), 0)), 0)::int8 as known,
      count(*) filter (where created + updated > 0 and writer_xids is null)::int as untraced
    from sluice.import_chunks where job_id = ${job.id} and done_at is not null
  `);
  if (importer.load !== undefined && traces.known < traces.created) {
    refuse(
      told`Import ${job.id} cannot be undone: the custom loader of the importer "${importer.name}" returned no record_id for ${traces.created - traces.known} of ${traces.created} created records. To undo future imports, return one for each record.`,
    );
  }
  if (importer.load !== undefined && traces.updated > 0) {
    refuse(
      told`Import ${job.id} cannot be undone: the custom loader of the importer "${importer.name}" updated ${traces.updated} records without keeping their earlier values.`,
    );
  }
  if (traces.untraced > 0)
    refuse(
      told`Import ${job.id} cannot be undone: an earlier version of Sluice made it, and did not keep what tells edited records from untouched ones.`,
    );
}

async function checkRights(database: Database, { job, importer }: Plan): Promise<void> {
  const [needs] = await database.query<{ deletes: boolean; updates: boolean }>(sql`
    select coalesce(bool_or(created > 0), false) as deletes, coalesce(bool_or(updated > 0), false) as updates
    from sluice.import_chunks where job_id = ${job.id} and done_at is not null
  `);
  const role = roleOf(runOf({ job, importer }));
  const user = role === null ? sql`current_user` : sql`${role}::name`;
  const wanted = [
    { table: importer.target.table, right: "delete", isNeeded: needs.deletes },
    // Locking a record needs it too.
    { table: importer.target.table, right: "update", isNeeded: needs.deletes || needs.updates },
    { table: importer.history?.table, right: "insert", isNeeded: true },
  ];
  for (const { table, right, isNeeded } of wanted) {
    if (table === undefined || !isNeeded) continue;
    const has = right === "delete" ? sql`has_table_privilege` : sql`has_any_column_privilege`;
    const [{ may, role }] = await database.query<{ may: boolean | null; role: string }>(
      sql`select ${has}(${user}, to_regclass(${quotedName(table)}), ${right}) as may, ${user} as role`,
    );
    if (may) continue;
    throw new SluiceError(
      "forbidden",
      told`The database user ${role} may not ${right} on ${table}, which undoing import ${job.id} needs. Run: grant ${right} on ${table} to ${role}`,
    );
  }
}
