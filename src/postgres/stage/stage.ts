/**
 * The stage of a job: an unlogged table per job with a typed column per mapped field, filled by COPY batch by batch,
 * dropped after use. A marker row tells whether it survived: Postgres empties unlogged tables after a crash.
 */

import type { LostStage, StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";

export interface StageTables {
  rows: Sql;
  match: Sql;
  lookup: Sql;
  /** Rows that share a weaker key with others, and are not the same. */
  shared: Sql;
  /** Rows that the importer's queries have found wrong. */
  checked: Sql;
}

/** The names of a job's tables; `generation` goes up when the stage was lost. */
export function stageTables(jobId: number, generation: number): StageTables {
  const name = `job_${jobId}_${generation}`;
  return {
    rows: sql.id("sluice_stage", name),
    match: sql.id("sluice_stage", `${name}_match`),
    lookup: sql.id("sluice_stage", `${name}_lookup`),
    shared: sql.id("sluice_stage", `${name}_shared`),
    checked: sql.id("sluice_stage", `${name}_checked`),
  };
}

/** Whether one of a job's tables is there. */
export async function hasStageTable(
  session: Session | Database,
  jobId: number,
  generation: number,
  table: keyof StageTables,
): Promise<boolean> {
  const name = `sluice_stage.job_${jobId}_${generation}${table === "rows" ? "" : `_${table}`}`;
  const [{ there }] = await session.query<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`);
  return there;
}

/** Row 0 is the marker. */
const markerRow = 0;

/** Makes the stage if it is not there. */
export async function createStage(
  database: Database,
  jobId: number,
  generation: number,
  columns: readonly StageColumn[],
): Promise<void> {
  const { rows } = stageTables(jobId, generation);
  await database.transaction(
    async (session) => {
      await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice stage', ${jobId}))`);
      if (await hasStageTable(session, jobId, generation, "rows")) return;
      await session.query(sql`
      create unlogged table ${rows} (
        row_no integer not null,
        row_offset bigint not null${sql.join(
          columns.map(({ name, type }) => sql`, ${sql.id(name)} ${sql.raw(type)}`),
          sql``,
        )}
      ) with (autovacuum_enabled = false)
    `);
      await session.query(sql`insert into ${rows} (row_no, row_offset) values (${markerRow}, 0)`);
      // Rows lie in their order, so a block range index finds a chunk, and takes a page where a B-tree takes thousands.
      await session.query(
        sql`create index ${sql.id(`job_${jobId}_${generation}_row_no`)} on ${rows} using brin (row_no) with (pages_per_range = 16)`,
      );
    },
    { unlogged: true },
  );
}

/**
 * Takes the pages that are new into the stage's index. Never while a COPY into the stage is under way: since Postgres 17 a
 * statement keeps the index's first look at its range map (`BrinInsertState`), and where this makes the map longer, every 21,760
 * pages, rows that the COPY adds to a range summarized here would be in the table and not in the index. Ranges that are not
 * summarized are always read.
 */
export async function indexNewRows(session: Session, jobId: number, generation: number): Promise<void> {
  await session.query(sql`select brin_summarize_new_values(${`sluice_stage.job_${jobId}_${generation}_row_no`})`);
}

/** Whether the stage still holds its rows. */
export async function stageIsIntact(session: Session | Database, jobId: number, generation: number): Promise<boolean> {
  if (!(await hasStageTable(session, jobId, generation, "rows"))) return false;
  // The marker went in first and is never changed, so its place is known: one page is read, whatever the planner may use.
  const [marker] = await session.query(
    sql`select from ${stageTables(jobId, generation).rows} where ctid = '(0,1)' and row_no = ${markerRow}`,
  );
  return marker !== undefined;
}

/** The stage is empty or gone: Postgres crashed or failed over. The engine makes it again from the stored file. */
export class StageLost extends Error {
  readonly generation: number;

  constructor(jobId: number, generation: number) {
    super(`The staged rows of import ${jobId} are gone; they are read again from the stored file.`);
    this.name = "StageLost";
    this.generation = generation;
  }
}

/**
 * The lost stage that an error tells of: the marker was gone, or a table was (42P01), because another worker took the job
 * over and dropped it.
 */
export function lostStage(error: unknown): LostStage | null {
  if (error instanceof StageLost) return { generation: error.generation };
  const { code, message } = error as { code?: string; message?: string };
  const table = code === "42P01" ? /sluice_stage\.job_\d+_(\d+)/.exec(message ?? "") : null;
  return table === null ? null : { generation: Number(table[1]) };
}

/** On `import_jobs`: what is set when the file is read into a stage of the next generation; what was counted and edited stays. */
export const stagedAgain = sql`stage_generation = stage_generation + 1, matched_at = null, parsed_at = null, last_checkpoint = null,
  parse_attempts = 0, phase = 'parse'`;

/** Drops what a job staged. A worker that hangs on one of the tables does not hold it up: what is left, the sweeper takes. */
export async function dropStage(database: Database, jobId: number, generation: number): Promise<void> {
  const tables = stageTables(jobId, generation);
  await database
    .transaction(async (session) => {
      await session.query(sql`set local lock_timeout = '2s'`);
      const aside = await session.query<{ name: string }>(sql`
        select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'sluice_stage' and c.relname like ${`job\\_${jobId}\\_${generation}\\_key\\__`}
      `);
      for (const { name } of aside) await session.query(sql`drop table if exists ${sql.id("sluice_stage", name)}`);
      await session.query(
        sql`drop table if exists ${tables.rows}, ${tables.match}, ${tables.lookup}, ${tables.shared}, ${tables.checked}`,
      );
    })
    .catch((error: { code?: string }) => {
      // A deadlock: with a dry run that wants its tables at the same moment.
      if (error.code !== "55P03" && error.code !== "40P01") throw error;
    });
}
