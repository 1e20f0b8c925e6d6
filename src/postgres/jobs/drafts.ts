/** Pending imports in `sluice.import_jobs`, changed as long as they are pending. */

import { ownerColumn } from "../../core/assignment.ts";
import { SluiceError, told } from "../../core/errors.ts";
import type { Actor } from "../../core/events.ts";
import { type ImportJob, isFed, type Mapping, statusWords } from "../../core/import.ts";
import { pickOptions, readyNames } from "../../core/import-options.ts";
import { type Key, keyFields } from "../../core/keys.ts";
import type { Dialect } from "../../core/row.ts";
import type { DraftChanges, Drafts, ReadyChanges } from "../../core/store/drafts.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { StageLost, stagedAgain, stageIsIntact, stageTables } from "../stage/stage.ts";
import { refuseSameFileIn } from "./create-import.ts";
import { appendEvent, changeJobs } from "./events.ts";
import { optionSets } from "./option-columns.ts";
import { getImport, jobColumns } from "./read-import.ts";

export function postgresDrafts(database: Database): Drafts {
  return {
    async change(jobId, changes, actor, dialect) {
      const job = await write(database, jobId, changes, actor, { dialect });
      if (job !== null) return job;
      const present = await getImport(database, jobId);
      if (present.status !== "pending") throw standing(present);
      throw new SluiceError(
        "conflict",
        told`The way the file of import ${jobId} is read has just changed. Check its columns and try again.`,
      );
    },
    changeReady: (jobId, changes, actor) => changeReady(database, jobId, changes, actor),
    async remap(jobId, from, to, actor) {
      const job = await write(database, jobId, { mapping: to }, actor, { mapping: from });
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
    const changed = readyNames.filter((name) => changes[name] !== undefined && !isSame(changes[name], before[name]));
    if (changed.length === 0) return { job: before, before: null };
    if (changes.context !== undefined) await refuseSameFileIn(session, before, changes.context);
    if (changes.duplicates !== undefined) await refuseDamagedKeys(session, before, changes.duplicates.keys);
    const sets = sql.join(optionSets(pickOptions(changes, changed)), sql``);
    await session.change(sql`update sluice.import_jobs set updated_at = now()${sets} where id = ${jobId}`);
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

/**
 * A key's cells are read more strictly than others: a number that a spreadsheet has shortened (`3.36E+10`) recognises nothing. What
 * is staged was read before it was one.
 */
async function refuseDamagedKeys(session: Session, before: ImportJob, keys: readonly Key[]): Promise<void> {
  const { id, stageGeneration, duplicates, mapping } = before;
  const present = keyFields(duplicates.keys);
  const added = keyFields(keys).filter((key) => !present.includes(key) && isFed(mapping, key));
  if (added.length === 0) return;
  if (!(await stageIsIntact(session, id, stageGeneration))) throw new StageLost(id, stageGeneration);
  const { rows } = stageTables(id, stageGeneration);
  const [damaged] = await session.query<Record<string, boolean>>(sql`
    select ${sql.join(
      added.map((key) => sql`coalesce(bool_or(${sql.id(key)}::text ~ ${shortened}), false) as ${sql.id(key)}`),
    )} from ${rows} where row_no > 0
  `);
  const key = added.find((each) => damaged[each]);
  if (key === undefined) return;
  throw new SluiceError(
    "conflict",
    told`Duplicates of import ${id} cannot be found by "${key}": some of its cells are numbers that a spreadsheet has shortened, such as 3.36E+10. Reopen the import to use it as a key; those rows are then reported, so that they can be corrected.`,
  );
}

/** As the parse recognises it. */
const shortened = "^[0-9]+([.,][0-9]*)?[eE]\\+[0-9]+$";

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

/** Null where nothing was changed: it is pending no more, or its dialect or mapping is no longer the one that was meant. */
async function write(
  database: Database,
  jobId: number,
  changes: DraftChanges,
  actor: Actor,
  from: { dialect?: Dialect; mapping?: Mapping },
): Promise<ImportJob | null> {
  const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));
  const values: Record<string, unknown> = {
    dialect: json(changes.dialect),
    column_mapping: json(changes.mapping),
    header_fingerprint: changes.fingerprint,
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const same = [
    ...(from.dialect === undefined ? [] : [sql`and dialect = ${JSON.stringify(from.dialect)}::jsonb`]),
    ...(from.mapping === undefined ? [] : [sql`and column_mapping = ${JSON.stringify(from.mapping)}::jsonb`]),
  ];
  return database.transaction(async (session) => {
    if (changes.context !== undefined) {
      await session.query(sql`select from sluice.import_jobs where id = ${jobId} for update`);
      await refuseSameFileIn(session, await getImport(session, jobId), changes.context);
    }
    const [job] = await session.query<ImportJob>(sql`
      update sluice.import_jobs set updated_at = now()${sql.join(
        [...given.map(([column, value]) => sql`, ${sql.id(column)} = ${value}`), ...optionSets(changes)],
        sql``,
      )}
      where id = ${jobId} and status = 'pending' ${sql.join(same, sql` `)} returning ${jobColumns}
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
    told`Import ${id} is ${statusWords[status]}, so its mapping and options cannot change. Reopen it to change them, or upload the file again as a new import.`,
    { next: { code: "reopen_import", importId: id } },
  );
}
