/** Pending imports in `sluice.import_jobs`, changed as long as they are pending. */
import type { DraftChanges, Drafts, ReadyChanges } from "../drafts.ts";
import { SluiceError } from "../errors.ts";
import type { Actor } from "../events.ts";
import { type ImportJob, type Mapping, ownerColumn } from "../import.ts";
import { type Database, sql } from "./connect.ts";
import { appendEvent, changeJobs } from "./events.ts";
import { getImport, jobColumns } from "./imports.ts";
import { stagedAgain } from "./stage.ts";

export function postgresDrafts(database: Database): Drafts {
  return {
    async describe(jobId, { fingerprint, parentId, createdByName }) {
      await database.change(sql`
        update sluice.import_jobs set header_fingerprint = ${fingerprint}, parent_id = ${parentId ?? null}, created_by_name = ${createdByName ?? null}
        where id = ${jobId}
      `);
    },
    async change(jobId, changes, actor) {
      const job = await write(database, jobId, changes, actor);
      if (job !== null) return job;
      throw standing(await getImport(database, jobId));
    },
    changeReady: (jobId, changes, actor) => changeReady(database, jobId, changes, actor),
    async remap(jobId, from, to, actor) {
      const job = await write(database, jobId, { mapping: to }, actor, from);
      if (job !== null) return job;
      const present = await getImport(database, jobId);
      if (present.status === "pending") return null;
      throw standing(present);
    },
  };
}

/** Compares with what the row holds under its lock, so that a press of commit, an edit and another change come before it or after it. */
function changeReady(
  database: Database,
  jobId: number,
  changes: ReadyChanges,
  actor: Actor,
): Promise<{ job: ImportJob; before: ImportJob | null }> {
  return database.transaction(async (session) => {
    await session.query(sql`select from sluice.import_jobs where id = ${jobId} for update`);
    const before = await getImport(session, jobId);
    if (before.status !== "ready") throw standing(before);
    const columns: Record<keyof ReadyChanges, string> = {
      assignment: "assignment_config",
      duplicates: "duplicate_config",
      merge: "merge_config",
      context: "context",
      language: "language",
    };
    const names = Object.keys(columns) as (keyof ReadyChanges)[];
    const changed = names.filter((name) => changes[name] !== undefined && !isSame(changes[name], before[name]));
    if (changed.length === 0) return { job: before, before: null };
    const sets = changed.map((name) => {
      const value = changes[name];
      return sql`, ${sql.id(columns[name])} = ${typeof value === "string" ? value : JSON.stringify(value)}`;
    });
    await session.change(
      sql`update sluice.import_jobs set updated_at = now()${sql.join(sets, sql``)} where id = ${jobId}`,
    );
    await appendEvent(session, jobId, "import.edited", { actor, data: { changed } });
    const wanted = ownerColumn(changes.assignment ?? before.assignment);
    if (wanted === null || wanted === ownerColumn(before.assignment))
      return { job: await getImport(session, jobId), before: null };
    await changeJobs(session, {
      where: sql`j.id = ${jobId}`,
      set: sql`status = 'queued', ${stagedAgain}`,
      actor,
      data: { reason: "owners" },
      returning: sql`id`,
    });
    return { job: await getImport(session, jobId), before };
  });
}

/** Whether two plain values are the same, whatever the order of their members. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return (
    left.length === right.length &&
    left.every(([name, value]) => Object.hasOwn(b, name) && isSame(value, (b as Record<string, unknown>)[name]))
  );
}

/** Null where nothing was changed: it is pending no more, or its mapping is no longer the one that was meant. */
async function write(
  database: Database,
  jobId: number,
  changes: DraftChanges,
  actor: Actor,
  from?: Mapping,
): Promise<ImportJob | null> {
  const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
  const values: Record<string, unknown> = {
    dialect: json(changes.dialect),
    column_mapping: json(changes.mapping),
    assignment_config: json(changes.assignment),
    duplicate_config: json(changes.duplicates),
    merge_config: json(changes.merge),
    context: json(changes.context),
    language: changes.language,
    auto_commit: changes.autoCommit,
    header_fingerprint: changes.fingerprint,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const same = from === undefined ? sql`true` : sql`column_mapping = ${JSON.stringify(from)}::jsonb`;
  return database.transaction(async (session) => {
    const [job] = await session.query<ImportJob>(sql`
      update sluice.import_jobs set updated_at = now()${sql.join(
        given.map(([column, value]) => sql`, ${sql.id(column)} = ${value}`),
        sql``,
      )}
      where id = ${jobId} and status = 'pending' and ${same} returning ${jobColumns}
    `);
    if (job === undefined) return null;
    const changed = Object.keys(changes).filter((name) => changes[name as keyof typeof changes] !== undefined);
    await appendEvent(session, jobId, "import.edited", { actor, data: { changed } });
    return job;
  });
}

function standing({ id, status }: ImportJob): SluiceError {
  return new SluiceError(
    "conflict",
    `Import ${id} is ${status}: its mapping and options stand. Reopen it to change them, or bring the file again as a new import.`,
  );
}
