/**
 * What the statements of an undo are about: the plan of the import, who asked for it, and what the catalogue says of each
 * table that it wrote to; and whether it can be undone at all.
 */
import { SluiceError, type Telling, told, withNext } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import { contextColumns } from "../../core/importer.ts";
import { isByValues, keptNothing } from "../commit/written-values.ts";
import { clusterOf } from "../connection/cluster.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { roleOf, runOf, type TargetRun } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";
import { impliedReferences, planRecords, planTarget } from "./plan-records.ts";
import { type Reference, readReferences } from "./reference.ts";
import type { TablePlan } from "./undone-record.ts";

/** The undo of one table. */
export interface UndoPlan extends TablePlan {
  /** Postgres type of what a record is known by. */
  idType: string;
  /** Whether a unique index guarantees that an id identifies one record. */
  idIsUnique: boolean;
  references: Reference[];
  /** The cluster in which xmin is read. */
  cluster: Sql;
  /** Who pressed undo; written to the history. */
  actor: string | null;
}

/** The undo of an import: of what it wrote, in the order in which that was written. One table, unless a row makes several records. */
export interface ImportUndo {
  job: ImportJob;
  run: TargetRun;
  tables: readonly UndoPlan[];
}

/** The plan of an undo for one chunk's transaction. */
export interface ChunkUndo extends UndoPlan {
  /** What is fetched by a list of keys: the target's records by their ids, later versions of them, and the rows of these references. */
  fetches: { records: boolean; versions: boolean; references: ReadonlySet<Reference> };
  /** Where several records are only foretold, and none is deleted yet: which of them would still be there, and which not. */
  foretold?: Foretold;
}

/** Tables `(of_table, id)` of records that the import wrote. */
export interface Foretold {
  /** Last written by it, and kept all the same: somebody refers to them. */
  staying: Sql;
  /** Last written by others, and yet deleted, or about to refer to other records again. */
  yielding: Sql;
  /** Deleted by it, and there again by then. */
  returning: Sql;
  /** What the statements above know the records of a table by. */
  tables: readonly UndoPlan[];
}

const refuse = (why: Telling): never => {
  throw new SluiceError("invalid", why);
};

/**
 * Reads what an undo needs to know.
 *
 * @throws SluiceError `invalid` or `forbidden` with what is missing. Never `conflict`: asking again would not help.
 */
export async function planUndo(database: Database, plan: Plan): Promise<ImportUndo> {
  const { job, importer, target } = plan;
  if (job.dryRun) refuse(told`Import ${job.id} cannot be undone: it was a dry run and wrote nothing.`);
  if (job.target !== target.name) {
    refuse(
      told`Import ${job.id} cannot be undone: it wrote to ${job.target}, but the importer "${importer.name}" now writes to ${target.name}. Restore the importer to undo it.`,
    );
  }
  const planned: TablePlan[] = importer.records === undefined ? planTarget(plan) : await planRecords(database, plan);
  const known = planned.map(knownBy);
  await refuseUntraced(database, plan, planned);
  for (const each of planned) await checkRights(database, each);
  const [event] = await database.query<{ actor: string | null }>(sql`
    select actor from sluice.import_events
    where job_id = ${job.id} and name = 'import.queued' and data ->> 'phase' = 'undo' and actor is not null order by id desc limit 1
  `);
  const actor = event?.actor ?? job.createdBy;
  const implied = await impliedReferences(database, plan, planned);
  const tables: UndoPlan[] = [];
  for (const [k, each] of planned.entries()) {
    const keys = await readReferences(database, each.importer, runOf(each));
    const others = (implied.get(each.target.name) ?? []).filter((other) => !keys.some((key) => isSame(key, other)));
    tables.push({
      ...each,
      ...known[k],
      references: [...keys, ...others],
      cluster: await clusterOf(database),
      actor,
    });
  }
  return { job, run: runOf(plan), tables };
}

function isSame(one: Reference, other: Reference): boolean {
  return (
    one.table === other.table && one.columns.join() === other.columns.join() && one.keys.join() === other.keys.join()
  );
}

/** What a record is known by, and whether that stands for one record. */
function knownBy({ job, importer, target, record }: TablePlan): Pick<UndoPlan, "idType" | "idIsUnique"> {
  if (!target.isTable) {
    refuse(
      withNext(
        told`Import ${job.id} cannot be undone: ${target.name} is a view or a foreign table, whose records do not show who has changed them. Delete what the import created by hand.`,
        { code: "list_records", importId: job.id },
      ),
    );
  }
  if (target.distribution === "distributed") {
    refuse(
      withNext(
        told`Import ${job.id} cannot be undone: Citus keeps the records of ${target.name} on several machines, and they do not show who has changed them. Delete what the import created by hand.`,
        { code: "list_records", importId: job.id },
      ),
    );
  }
  const scope = contextColumns(importer);
  const isUnique = (known: readonly string[]): boolean =>
    target.uniques.some(({ columns }) => columns.every((column) => known.includes(column) || scope.includes(column)));
  if (record !== null && record.key !== null)
    return { idType: "text", idIsUnique: isUnique(record.key.map(({ column }) => column)) };
  const { id } = importer.target;
  const idColumn = target.columns.get(id);
  const withId = target.uniques.filter(({ columns }) => columns.includes(id));
  if (idColumn === undefined || withId.length === 0) {
    return refuse(
      told`Import ${job.id} cannot be undone: ${target.name}.${id} has no primary key or unique index, so one id may identify several records. Add one: create unique index on ${target.name} (${id})`,
    );
  }
  return {
    idType: idColumn.type,
    idIsUnique: withId.some(({ columns }) => columns.every((column) => column === id || scope.includes(column))),
  };
}

/** What is not written down cannot be taken back: records of own loaders, and of imports before there was an undo. */
async function refuseUntraced(
  database: Database,
  { job, importer }: Plan,
  planned: readonly TablePlan[],
): Promise<void> {
  const [traces] = await database.query<Record<"created" | "known" | "updated" | "untraced", number>>(sql`
    select coalesce(sum(created), 0)::int8 as created, coalesce(sum(updated), 0)::int8 as updated,
      coalesce(sum(coalesce(cardinality(created_ids), 0) + coalesce(cardinality(created_keys), 0)), 0)::int8 as known,
      count(*) filter (where created + updated > 0 and writer_xids is null)::int as untraced
    from sluice.import_chunks where job_id = ${job.id} and done_at is not null
  `);
  if (importer.load !== undefined && traces.known < traces.created) {
    refuse(
      told`Import ${job.id} cannot be undone: the custom loader of the importer "${importer.name}" returned no record_id for ${traces.created - traces.known} of ${traces.created} created {3:record|records}. To undo future imports, return one for each record.`,
    );
  }
  if (importer.load !== undefined && traces.updated > 0) {
    const [{ kept }] = await database.query<{ kept: number }>(sql`
      select count(*)::int8 as kept from sluice.import_rows where job_id = ${job.id} and outcome = 'updated' and before is not null
    `);
    if (traces.updated > kept)
      refuse(
        told`Import ${job.id} cannot be undone: the custom loader of the importer "${importer.name}" updated ${traces.updated - kept} {2:record|records} without keeping their earlier values.`,
      );
  }
  let isUntraced = traces.untraced > 0;
  for (const table of planned.filter(isByValues)) isUntraced ||= await keptNothing(database, table);
  if (isUntraced)
    refuse(
      told`Import ${job.id} cannot be undone: an earlier version of Sluice made it, and did not keep what tells edited records from untouched ones.`,
    );
}

interface Needs {
  deletes: boolean;
  updates: boolean;
  inserts: boolean;
}

/** What the undo of a table will do. */
function needsOf({ job, record }: TablePlan): ReturnType<typeof sql<Needs>> {
  if (record === null || record.isInChunk)
    return sql<Needs>`
      select coalesce(bool_or(created > 0), false) as deletes, coalesce(bool_or(updated > 0), false) as updates, false as inserts
      from sluice.import_chunks where job_id = ${job.id} and done_at is not null`;
  return sql<Needs>`
    select exists (
        select from sluice.import_record_chunks
        where job_id = ${job.id} and record = ${record.name} and num_nonnulls(created_ids, created_keys) > 0
      ) as deletes,
      coalesce(bool_or(action <> 'deleted'), false) as updates, coalesce(bool_or(action = 'deleted'), false) as inserts
    from sluice.import_record_changes where job_id = ${job.id} and record = ${record.name}`;
}

async function checkRights(database: Database, plan: TablePlan): Promise<void> {
  const { job, importer } = plan;
  const [needs] = await database.query(needsOf(plan));
  const role = roleOf(runOf({ job, importer }));
  const user = role === null ? sql`current_user` : sql`${role}::name`;
  const wanted = [
    { table: importer.target.table, right: "delete", isNeeded: needs.deletes },
    // Locking a record needs it too.
    { table: importer.target.table, right: "update", isNeeded: needs.deletes || needs.updates },
    { table: importer.target.table, right: "insert", isNeeded: needs.inserts },
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
