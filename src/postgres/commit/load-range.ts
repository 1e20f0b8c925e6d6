/**
 * The load of a range of rows: whole where the database takes it, else halved until the rows that it refuses are alone. What a
 * record's rows are refused together is tried again row by row, so that one of them does not keep the others out.
 */

import { type DataError, isTables, RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { cutGroups, findMadeBefore } from "../match/cut-groups.ts";
import { matchAgain } from "../match/match.ts";
import { keepOut } from "../records/kept-out.ts";
import { nothingUnchanged } from "../records/main-rows.ts";
import { recordsContext } from "../records/resolve-records.ts";
import { type OnRecord, writeRecords } from "../records/write-records.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import type { Chunk } from "./chunks.ts";
import { type Failure, issueOf } from "./failures.ts";
import { type Aside, findMainUnchanged, findUnchanged } from "./find-unchanged.ts";
import { inHalves } from "./halving.ts";
import { type LeftOut, leftOutOf, noteLeftOut } from "./left-out.ts";
import { createSingles } from "./load.ts";
import { writeGroups } from "./load-groups.ts";
import { loadWithOwnCode } from "./load-own.ts";
import { countInto } from "./load-parts.ts";
import { noteWriter } from "./record-writers.ts";

/** Failed rows in one chunk beyond which something is wrong with more than rows. */
const maxFailures = 100;

/** More rows are refused than halving should isolate. */
export class TooManyFailures extends Error {
  readonly refusal: DataError;

  constructor(refusal: DataError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** No row went in, by something that is wrong with the table. */
export class TableRefuses extends Error {}

export type LoadingChunk = Pick<Chunk, "no" | "rankBase"> & { cluster: Sql };

export interface LoadOptions {
  onHalved?: (range: Range) => void;
  onRecord?: OnRecord;
  /** Where the transaction has not written anything yet that rows are matched by. */
  aside?: Aside | null;
}

/**
 * Loads the range and returns the rows that were refused.
 *
 * @throws TooManyFailures, TableRefuses
 */
export async function loadRange(
  session: TargetSession,
  plan: Plan,
  chunk: LoadingChunk,
  whole: Range,
  { onHalved = () => {}, onRecord, aside = null }: LoadOptions,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const tables: string[] = [];
  const written = () => noteWriter(session, { jobId: plan.job.id, chunk: chunk.no, cluster: chunk.cluster }, "writer");
  const updates = plan.importer.load === undefined && plan.job.duplicates.strategy === "update";
  const writeTarget = async (of: Plan, range: Range): Promise<void> => {
    await createSingles(session, of, chunk, range);
    if (updates) await writeGroups(session, of, chunk, range);
  };
  let besides = aside;
  const writeSeveral = async (range: Range): Promise<void> => {
    let foreseen = await foresee(session, plan, range, updates);
    if (foreseen.goesOn) {
      await findMadeBefore(session, plan, range);
      foreseen = await foresee(session, plan, range, updates);
      besides = null;
    }
    const { singles, keptOut, grouped, sharing } = foreseen;
    const context = recordsContext({ ...plan, keepsAll: keptOut === 0 });
    const groups = { grouped, mayShare: sharing > 0 };
    const unchanged = grouped === 0 ? nothingUnchanged : await findUnchanged(session, context, range, groups, besides);
    // What is tried again has other rows than at first.
    besides = null;
    await writeRecords(session, context, {
      chunk: chunk.no,
      range,
      unchanged,
      isMainLeft: singles || unchanged === null || grouped > unchanged.settled + unchanged.kept,
      findMainUnchanged: (of) => findMainUnchanged(session, of, range, groups),
      async writeMain(of, { kept, settled }) {
        const created = singles ? await createSingles(session, of, chunk, range) : 0;
        const left = grouped - kept - settled;
        if (left > 0) await writeGroups(session, of, chunk, range);
        return { created, left };
      },
      onRecord,
    });
  };
  /**
   * Groups whose record would have what another one has still: those behind them may free it. Two that wait for each other are refused,
   * though row by row there may be a way, by values in between: the one case of keys in which merging rows shows.
   */
  let held: Range[] = [];
  const mayBeFreed = (error: DataError | RowsLeftOut): boolean =>
    !(error instanceof RowsLeftOut) &&
    error.code === "23505" &&
    updates &&
    plan.tables === undefined &&
    held.length <= maxFailures;
  const fail = (error: DataError, range: Range, rows?: Range): void => {
    failures.push({ range, rows, issue: issueOf(error) });
    if (isTables(error)) tables.push(error.message);
    if (failures.length > maxFailures && !plan.job.rejectFailures) throw new TooManyFailures(error);
  };
  const giveUp = async (error: DataError | RowsLeftOut, range: Range): Promise<void> => {
    if (error instanceof RowsLeftOut && plan.tables !== undefined) return leaveOut(session, plan, chunk, range);
    const rows = updates ? await rowsOfGroup(session, plan, range) : null;
    if (rows !== null) return writeRowByRow(session, plan, chunk, { range, rows, written, fail });
    if (error instanceof RowsLeftOut) throw error;
    fail(error, range);
  };
  await inHalves(session, whole, {
    async work(range) {
      if (plan.importer.load !== undefined) {
        await loadWithOwnCode(session, plan, chunk, range);
      } else if (plan.tables !== undefined) {
        // A chunk that is halved is mostly empty where a file is small.
        if (range !== whole && !(await hasRows(session, plan, range))) return;
        await writeSeveral(range);
      } else {
        await writeTarget(plan, range);
      }
      await written();
    },
    async mend({ code }, range) {
      if (code !== "23505") return false;
      // A record that the application made meanwhile: it is a duplicate like any other, once it is seen.
      await matchAgain(session, plan, range);
      return true;
    },
    keepOut: ({ rows }, range) => keepOut(session, plan, range, rows),
    async onHalved(range, middle) {
      onHalved(range);
      if (updates && plan.tables !== undefined) await cutGroups(session, plan, middle);
    },
    async onAlone(error, range) {
      if (mayBeFreed(error)) held.push(range);
      else await giveUp(error, range);
    },
  });
  while (held.length > 0) {
    const tried = held;
    held = [];
    const stillHeld: [DataError | RowsLeftOut, Range][] = [];
    for (const range of tried)
      await inHalves(session, range, {
        async work() {
          await writeTarget(plan, range);
          await written();
        },
        onHalved: () => {},
        onAlone: (error) => {
          stillHeld.push([error, range]);
        },
      });
    if (stillHeld.length < tried.length) held = stillHeld.map(([, range]) => range);
    else for (const [error, range] of stillHeld) await giveUp(error, range);
  }
  if (
    !plan.job.rejectFailures &&
    tables.length > 0 &&
    tables.length === failures.length &&
    !(await hasLoaded(session, plan, chunk))
  )
    throw new TableRefuses(tables[0]);
  return failures;
}

/** The rows of the one group in the range, null where it has a single row. */
async function rowsOfGroup(session: TargetSession, plan: Plan, range: Range): Promise<Range | null> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const [{ first, last }] = await session.query<{ first: number | null; last: number | null }>(sql`
    select min(row_no) as first, max(row_no) as last from ${match}
    where root >= ${range.from} and root < ${range.to} and action in ('u', 'c')
  `);
  return first === null || last === null || first === last ? null : { from: first, to: last + 1 };
}

/** Applies the rows of one group in their order, as many at a time as the database takes. */
async function writeRowByRow(
  session: TargetSession,
  plan: Plan,
  chunk: LoadingChunk,
  parts: {
    range: Range;
    rows: Range;
    written: () => Promise<void>;
    fail: (error: DataError, range: Range, rows: Range) => void;
  },
): Promise<void> {
  const { job, target, importer } = plan;
  const { match } = stageTables(job.id, job.stageGeneration);
  const { range, rows, written, fail } = parts;
  const ofGroup = (part: Range): Sql => sql`
    root >= ${range.from} and root < ${range.to} and action in ('u', 'c') and row_no >= ${part.from} and row_no < ${part.to}`;
  const idType = sql.raw(target.columns.get(importer.target.id)?.type ?? "text");
  let isNew = false;
  await inHalves(session, rows, {
    async work(part) {
      const [{ there }] = await session.query<{ there: boolean }>(
        sql`select exists (select from ${match} where ${ofGroup(part)}) as there`,
      );
      if (!there) return;
      const made = await writeGroups(session, plan, chunk, range, part);
      await written();
      if (made === null) return;
      isNew = true;
      await session.query(sql`
        update ${match} set action = 'u', record_id = ${made}::${idType} where ${ofGroup({ from: part.to, to: rows.to })}
      `);
    },
    onHalved: () => {},
    onAlone(error, part) {
      if (error instanceof RowsLeftOut) throw error;
      fail(error, range, part);
    },
  });
  // An undo takes the record for one that the chunk wrote once.
  const mine = sql`job_id = ${job.id} and chunk_no = ${chunk.no} and before is not null
    and row_no in (select row_no from ${match} where ${ofGroup(rows)})`;
  await session.query(
    isNew
      ? sql`update sluice.import_rows set before = null, after = null, chunk_no = null where ${mine}`
      : sql`
    with mine as (select row_no, before, after from sluice.import_rows where ${mine}), merged as (
      select (select min(row_no) from mine) as row_no,
        (select jsonb_object_agg(b.key, b.value) from (
          select distinct on (e.key) e.key, e.value from mine, jsonb_each(before) e order by e.key, row_no) b) as before,
        (select jsonb_object_agg(a.key, a.value) from (
          select distinct on (e.key) e.key, e.value from mine, jsonb_each(after) e order by e.key, row_no desc) a) as after
    )
    update sluice.import_rows r set before = case when r.row_no = m.row_no then m.before end,
      after = case when r.row_no = m.row_no then m.after end, chunk_no = case when r.row_no = m.row_no then chunk_no end
    from merged m where r.job_id = ${job.id} and r.row_no in (select row_no from mine)`,
  );
}

/** A row whose records the table does not take, without an error. */
async function leaveOut(session: TargetSession, plan: Plan, chunk: LoadingChunk, range: Range): Promise<void> {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const [left] = await session.query<LeftOut>(sql`
    select ${leftOutOf()} from ${rows} l where l.row_no >= ${range.from} and l.row_no < ${range.to} and l.row_no > 0
  `);
  await countInto(session, plan, chunk, { skipped: await noteLeftOut(session, plan, chunk, left) }, null);
}

/** What the match says of a range's rows; statements are spared what none of them needs. */
interface Foreseen {
  /** Whether rows stand in no match: each makes a record. */
  singles: boolean;
  /** Rows that stay out. */
  keptOut: number;
  /** Rows of the groups that begin in the range, and those of them that are not the first of theirs. */
  grouped: number;
  sharing: number;
  /** Whether rows before the range have begun a group of new records: see `findMadeBefore`. */
  goesOn: boolean;
}

/** `updates`: whether rows belong to groups at all, which the match has an index of. Where that has every row of the range, the stage is not read. */
async function foresee(session: TargetSession, { job }: Plan, range: Range, updates: boolean): Promise<Foreseen> {
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const inRange = (column: "row_no" | "root"): Sql =>
    sql`${sql.id(column)} >= ${range.from} and ${sql.id(column)} < ${range.to}`;
  const [foreseen] = await session.query<Foreseen>(sql`
    select case when m.rows < ${range.to - Math.max(range.from, 1)}
        then (select count(*) from ${rows} where ${inRange("row_no")} and row_no > 0) > m.rows else false end as singles,
      m."keptOut", g.grouped, g.sharing, g."goesOn"
    from (
      select count(distinct row_no) as rows, count(*) filter (where action not in ('u', 'c'))::int as "keptOut"
      from ${match} where ${inRange("row_no")} and row_no > 0
    ) m cross join (
      ${
        updates
          ? sql`select count(*)::int as grouped, count(*) filter (where root <> row_no)::int as sharing,
        coalesce(bool_or(action = 'c' and of_row is not null), false) as "goesOn"
      from ${match} where ${inRange("root")} and action in ('u', 'c')`
          : sql`select 0 as grouped, 0 as sharing, false as "goesOn"`
      }
    ) g
  `);
  return foreseen;
}

async function hasRows(session: TargetSession, { job }: Plan, range: Range): Promise<boolean> {
  const { rows } = stageTables(job.id, job.stageGeneration);
  const [{ some }] = await session.query<{ some: boolean }>(sql`
    select exists (select from ${rows} where row_no >= ${range.from} and row_no < ${range.to} and row_no > 0) as some
  `);
  return some;
}

async function hasLoaded(session: TargetSession, plan: Plan, chunk: LoadingChunk): Promise<boolean> {
  const [{ loaded }] = await session.query<{ loaded: boolean }>(sql`
    select created + updated + unchanged + skipped > 0 as loaded from sluice.import_chunks
    where job_id = ${plan.job.id} and chunk_no = ${chunk.no}
  `);
  return loaded;
}
