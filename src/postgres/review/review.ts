/** Postgres as the engine's Review: edits are begun, carried on batch by batch, and taken back, each step one transaction. */
import { setImmediate } from "node:timers/promises";
import { SluiceError, told } from "../../core/errors.ts";
import { type ImportJob, noImport, notInReview, type Status } from "../../core/import.ts";
import type { Demands } from "../../core/missing-importer.ts";
import type {
  ChangeRow,
  Edit,
  EditCounts,
  EditDemands,
  EditKind,
  HeldRow,
  NewEdit,
  Review,
  RowChange,
  RowRange,
  Selection,
} from "../../core/store/review.ts";
import { boundedRows } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { appendEvent } from "../jobs/events.ts";
import { jobOptionColumns } from "../jobs/option-columns.ts";
import { StageLost, stageIsIntact, stageTables } from "../stage/stage.ts";
import { forgetChanges, type HeldJob, makeSo, noteChanges, replayChanges } from "./changes.ts";
import { restateOwners } from "./owners.ts";
import { cellsAbove, repairReads } from "./repairs.ts";
import { badValues, heldRows } from "./rows.ts";

/** What an edit has written a moment ago no statistics know of. */
const ofRows = { planning: "chunk" } as const;
/** Rows changed in one transaction: less than a tenth of a second, for which others who edit wait. */
const batchRows = 1000;
/** A batch takes a fraction of a second: an edit without progress for this long has lost its process. */
const abandonedAfterSeconds = 5;
/** Processes that may leave it, one after the other, before it is given up. */
const maxAttempts = 3;
/** Abandoned edits that are read at a time, and that one process claims at once. */
const abandonedAtOnce = 100;
const mostClaimed = 10;
/** Row numbers looked through at first; more where few rows are found. */
const firstWindow = 8192;
/** Row numbers looked through in one transaction. */
const stepRows = 256 * 1024;

/**
 * Versions that lack these kinds take any edit that is under way for one that validates again. So theirs is stored as `in_hand`, which
 * those neither see nor touch.
 */
const newerKinds: readonly EditKind[] = ["cells", "repair", "leave_out", "put_back", "decide"];
const isUnderWay = sql`status in ('under_way', 'in_hand')`;

const editColumns = sql`id, job_id as "jobId", kind, case when ${isUnderWay} then 'under_way' else status end as status, at, actor, row_no as row, field, params, changed, left_out as "leftOut", now_valid as "nowValid",
  now_invalid as "nowInvalid", still_invalid as "stillInvalid", given_up as "isGivenUp"`;

/** An edit with the row up to which it is through. */
type StoredEdit = Edit & { throughRow: number };

export function postgresReview(database: Database): Review {
  const edits = (where: Sql, limit: number): Promise<Edit[]> =>
    database.query<Edit>(
      sql`select ${editColumns} from sluice.import_edits where ${where} order by id desc limit ${limit}`,
    );

  return {
    editRow: (jobId, columns, edit, change) =>
      database.transaction(async (session) => {
        const job = await hold(session, jobId, null);
        const all: Selection = {
          kept: "both",
          text: null,
          match: "equal",
          cells: [],
          staged: columns.map(({ name }) => name),
        };
        const [held] = await heldRows(session, job, all, { after: edit.row - 1, upTo: edit.row, limit: 1 });
        if (held === undefined) {
          throw new SluiceError("not_found", told`Import ${jobId} has no row ${edit.row}, or it is blank in the file.`);
        }
        const changed = change(held);
        if (changed === null) return null;
        const { id } = await insertEdit(session, jobId, edit);
        const counts = await makeSo(session, job, await noteChanges(session, job, id, [changed]));
        return finishEdit(session, id, counts, edit.row);
      }, ofRows),

    begin: (jobId, edit) =>
      database.transaction(async (session) => {
        await hold(session, jobId, null);
        const begun = await insertEdit(session, jobId, edit);
        await session.change(sql`update sluice.import_jobs set edit_id = ${begun.id} where id = ${jobId}`);
        return begun;
      }),

    goOn: ({ id, jobId }, selection, change) =>
      database.transaction(async (session) => {
        const job = await hold(session, jobId, id).catch(async (error: unknown) => {
          // Another process has finished it meanwhile, and the import has moved on.
          const [finished] = await session.query<Edit>(
            sql`select ${editColumns} from sluice.import_edits where id = ${id} and not ${isUnderWay}`,
          );
          if (finished === undefined || !(error instanceof SluiceError)) throw error;
          return finished;
        });
        if ("kind" in job) return job;
        const [edit] = await session.query<StoredEdit>(
          sql`select ${editColumns}, through_row as "throughRow" from sluice.import_edits where id = ${id}`,
        );
        if (edit.status !== "under_way") return edit;
        const { held, through } = await nextRows(session, job, selection, edit.throughRow);
        const changes = await changesOf(held, change);
        const counts =
          changes.length === 0 ? noChanges : await makeSo(session, job, await noteChanges(session, job, id, changes));
        if (through >= job.lastRow) return finishEdit(session, id, counts, through);
        return addCounts(session, id, counts, through);
      }, ofRows),

    takeBack: ({ id, jobId }, actor) =>
      database.transaction(async (session) => {
        const job = await hold(session, jobId, id);
        const [newest] = await session.query<Edit>(lastEdit(jobId));
        if (newest?.id !== id) {
          const [edit] = await session.query<Edit>(
            sql`select ${editColumns} from sluice.import_edits where id = ${id}`,
          );
          if (edit?.status === "undone") return edit;
          throw new SluiceError(
            "conflict",
            told`Import ${jobId}: another edit was made after edit ${id}. Take that one back first.`,
          );
        }
        await session.change(sql`update sluice.import_jobs set edit_id = ${id} where id = ${jobId}`);
        const [range] = await session.query<{ from: number | null; to: number; rows: number }>(sql`
          select min(row_no) as from, max(row_no) as to, count(*)::int as rows from (
            select row_no from sluice.import_edited_rows where edit_id = ${id} order by row_no limit ${batchRows}
          ) next
        `);
        if (range.from !== null) {
          const rows = { edit: id, from: range.from, to: range.to };
          await makeSo(session, job, rows, { back: true });
          await forgetChanges(session, rows);
        }
        const isOver = range.rows < batchRows;
        const [edit] = await session.query<Edit>(sql`
          update sluice.import_edits set worked_at = clock_timestamp(), status = ${isOver ? "undone" : "undoing"},
            params = params - 'rows' where id = ${id} returning ${editColumns}
        `);
        // Nobody has asked for it where workers have given it up.
        if (isOver)
          await settle(
            session,
            { ...edit, actor: edit.isGivenUp ? null : actor },
            edit.isGivenUp ? "import.edit_given_up" : "import.edit_undone",
          );
        return edit;
      }, ofRows),

    async unfinished(jobId) {
      const [edit] = await edits(
        sql`id = (select edit_id from sluice.import_jobs where id = ${jobId}) and (${isUnderWay} or status = 'undoing')`,
        1,
      );
      return edit ?? null;
    },
    claimAbandoned: (isAble = () => true) =>
      database.transaction(async (session) => {
        const able: { id: number; jobId: number }[] = [];
        // As far as it takes: those that wait for another process keep nobody from the rest.
        for (let after = 0, isMore = true; isMore && able.length < mostClaimed; ) {
          const page = await session.query<Demands & { id: number; jobId: number; edit: EditDemands }>(sql`
            select e.id, j.id as "jobId", j.importer, j.phase, j.column_mapping as mapping, ${jobOptionColumns},
              jsonb_build_object('kind', e.kind, 'status', e.status, 'repair', e.params -> 'repair') as edit
            from sluice.import_jobs j join sluice.import_edits e on e.id = j.edit_id
            where j.status = 'ready' and e.status in ('under_way', 'in_hand', 'undoing') and e.id > ${after}
              and e.worked_at < clock_timestamp() - ${abandonedAfterSeconds} * power(2, least(e.attempts, 6)) * interval '1 second'
            order by e.id limit ${abandonedAtOnce} for update of e skip locked
          `);
          able.push(...page.filter((each) => isAble(each, each.edit)).slice(0, mostClaimed - able.length));
          isMore = page.length === abandonedAtOnce;
          after = page.at(-1)?.id ?? after;
        }
        // Each time that it is left it waits twice as long. Who has left it too often is not to try again.
        await session.change(sql`
          update sluice.import_edits set worked_at = clock_timestamp(), attempts = attempts + 1,
            given_up = given_up or (${isUnderWay} and attempts >= ${maxAttempts}),
            status = case when attempts >= ${maxAttempts} then 'undoing' else status end
          where id = any (${able.map(({ id }) => id)}::bigint[])
        `);
        return able.map(({ jobId }) => jobId);
      }),
    async giveUp(jobId) {
      await database.change(sql`
        update sluice.import_edits set given_up = true, status = 'undoing', worked_at = '-infinity'
        where id = (select edit_id from sluice.import_jobs where id = ${jobId}) and ${isUnderWay}
      `);
    },
    async last(jobId) {
      const [edit] = await database.query<Edit>(lastEdit(jobId));
      return edit ?? null;
    },
    edits: (jobId, { after, limit }) =>
      edits(sql`job_id = ${jobId} ${after === undefined ? sql`` : sql`and id < ${after}`}`, limit),
    badValues: (jobId, cell, page) => badValues(database, jobId, cell, page),
    ...repairReads(database),
    replay: (job) =>
      database.transaction(
        async (session) => {
          await restateOwners(session, job);
          await replayChanges(session, heldJob(job));
        },
        { planning: "whole" },
      ),
  };
}

const noChanges: EditCounts = { changed: 0, leftOut: 0, nowValid: 0, nowInvalid: 0, stillInvalid: 0 };

const lastEdit = (jobId: number) =>
  sql`select ${editColumns} from sluice.import_edits where job_id = ${jobId} and status <> 'undone' order by id desc limit 1`;

function heldJob({ id, stageGeneration }: Pick<ImportJob, "id" | "stageGeneration">): HeldJob {
  return { id, generation: stageGeneration, tables: stageTables(id, stageGeneration) };
}

/**
 * Holds the job's row to the end of the transaction: whoever presses commit comes before it or after it. `edit`: the one of
 * many rows that may be under way.
 *
 * @throws SluiceError `not_found`, or `conflict` when it is not ready or another edit is under way; StageLost.
 */
async function hold(session: Session, jobId: number, edit: number | null): Promise<HeldJob & { lastRow: number }> {
  const [job] = await session.query<{
    id: number;
    status: Status;
    stageGeneration: number;
    editId: number | null;
    lastRow: number;
  }>(sql`
    select id, status, stage_generation as "stageGeneration", edit_id as "editId", counted_to_row as "lastRow"
    from sluice.import_jobs where id = ${jobId} for no key update
  `);
  if (job === undefined) throw noImport(jobId);
  if (job.status !== "ready") throw notInReview(job);
  if (job.editId !== null && job.editId !== edit) {
    throw new SluiceError(
      "conflict",
      told`Import ${jobId}: another edit of many rows is in progress. Try again when it has finished.`,
    );
  }
  if (!(await stageIsIntact(session, jobId, job.stageGeneration))) throw new StageLost(jobId, job.stageGeneration);
  return { ...heldJob(job), lastRow: job.lastRow };
}

/** The next rows that a selection picks, and the row up to which it was looked. */
async function nextRows(
  session: Session,
  job: HeldJob & { lastRow: number },
  selection: Selection,
  after: number,
): Promise<{ held: HeldRow[]; through: number }> {
  if (selection.rows !== undefined) return namedRows(session, job, selection, selection.rows, after);
  const { range = { after, upTo: job.lastRow } } = selection;
  const last = Math.min(range.upTo, job.lastRow);
  const first = Math.max(after, range.after);
  let from = first;
  for (let window = firstWindow; from < last && from - first < stepRows; window *= 4) {
    const upTo = Math.min(from + window, last);
    const { rows: held, complete } = await boundedRows(
      (last: HeldRow | undefined, limit) =>
        heldRows(session, job, selection, { after: last?.row ?? from, upTo, limit }),
      { limit: batchRows },
    );
    const through = complete && held.length < batchRows ? upTo : held[held.length - 1].row;
    if (held.length > 0) {
      const found = await withAbove(session, job, selection, held, { after: from, upTo: through });
      return { held: found, through: through === last ? job.lastRow : through };
    }
    from = upTo;
  }
  return { held: [], through: from >= last ? job.lastRow : from };
}

/** With what stands above each row, where the selection asks for it. */
async function withAbove(
  session: Session,
  job: HeldJob,
  { above }: Selection,
  held: HeldRow[],
  range: RowRange,
): Promise<HeldRow[]> {
  if (above === undefined) return held;
  const { rows } = await cellsAbove(session, job, above, range);
  return held.map((each) => ({ ...each, above: rows.get(each.row) }));
}

/** The next ones of rows that are named one by one. */
async function namedRows(
  session: Session,
  job: HeldJob & { lastRow: number },
  selection: Selection,
  rows: readonly number[],
  after: number,
): Promise<{ held: HeldRow[]; through: number }> {
  const left = rows.filter((row) => row > after && row <= job.lastRow);
  const next = left.slice(0, batchRows);
  if (next.length === 0) return { held: [], through: job.lastRow };
  const upTo = next[next.length - 1];
  const { rows: held, complete } = await boundedRows(
    (last: HeldRow | undefined, limit) =>
      heldRows(session, job, { ...selection, rows: next }, { after: last?.row ?? next[0] - 1, upTo, limit }),
    { limit: batchRows },
  );
  if (!complete) return { held, through: held[held.length - 1].row };
  return { held, through: next.length === left.length ? job.lastRow : upTo };
}

/** Others' requests are answered in between. */
const turnMs = 20;

async function changesOf(held: readonly HeldRow[], change: ChangeRow): Promise<RowChange[]> {
  const changes: RowChange[] = [];
  let turnAt = performance.now() + turnMs;
  for (const each of held) {
    const changed = change(each);
    if (changed !== null) changes.push(changed);
    if (performance.now() < turnAt) continue;
    await setImmediate();
    turnAt = performance.now() + turnMs;
  }
  return changes;
}

async function insertEdit(session: Session, jobId: number, edit: NewEdit): Promise<Edit> {
  const { kind, actor, row = null, field = null, params } = edit;
  const [inserted] = await session.query<Edit>(sql`
    insert into sluice.import_edits (job_id, kind, status, actor, row_no, field, params)
    values (${jobId}, ${kind}, ${newerKinds.includes(kind) ? "in_hand" : "under_way"}, ${actor}, ${row}, ${field}, ${JSON.stringify(params)})
    returning ${editColumns}
  `);
  return inserted;
}

async function addCounts(session: Session, id: number, counts: EditCounts, through: number): Promise<Edit> {
  const [edit] = await session.query<Edit>(sql`
    update sluice.import_edits set worked_at = clock_timestamp(), attempts = 0, through_row = ${through}, changed = changed + ${counts.changed},
      left_out = left_out + ${counts.leftOut}, now_valid = now_valid + ${counts.nowValid}, now_invalid = now_invalid + ${counts.nowInvalid},
      still_invalid = still_invalid + ${counts.stillInvalid}
    where id = ${id} returning ${editColumns}
  `);
  return edit;
}

async function finishEdit(session: Session, id: number, counts: EditCounts, through: number): Promise<Edit> {
  await addCounts(session, id, counts, through);
  // What was said row by row is needed until it is done: what became of the rows is kept beside.
  const [edit] = await session.query<Edit>(
    sql`update sluice.import_edits set status = 'done', params = params - 'rows' where id = ${id} returning ${editColumns}`,
  );
  await settle(session, edit, "import.edited");
  return edit;
}

/** The edit is over: the import may be committed, and the timeline has it. */
async function settle(session: Session, edit: Edit, name: string): Promise<void> {
  const { id, jobId, kind, actor, row, field, changed, leftOut, nowValid, nowInvalid, stillInvalid } = edit;
  await session.change(sql`update sluice.import_jobs set edit_id = null where id = ${jobId} and edit_id = ${id}`);
  const data = { edit: id, kind, row, field, changed, leftOut, nowValid, nowInvalid, stillInvalid };
  await appendEvent(session, jobId, name, { actor, data });
}
