/**
 * The records that an import created: which of them an undo may delete, judged set-based over a slice of a chunk's ids, and
 * their deletion.
 */

import { historyOf } from "../commit/load-parts.ts";
import { isUntouched, joinWriters, laterImport, writers } from "../commit/record-writers.ts";
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../target/context.ts";
import type { TargetSession } from "../target/on-target.ts";
import type { Range } from "../target/plan.ts";
import { heldBySelf, heldFrom, joinHeld, keysOf } from "./references.ts";
import type { ChunkUndo } from "./undo-plan.ts";
import { fetched, type UndoSlice } from "./undo-records.ts";

/** The CTE `ids (id)`: a slice of the records that a chunk created, by their place from 1. */
function idsOf({ job, idType }: ChunkUndo, chunk: number, slice: Range): Sql {
  return sql`
    ids as materialized (
      select unnest((coalesce(c.created_keys, c.created_ids::text[]))[${slice.from}::integer:${slice.to - 1}::integer])::${sql.raw(idType)} as id
      from sluice.import_chunks c
      where c.job_id = ${job.id} and c.chunk_no = ${chunk}
    )`;
}

/**
 * CTEs up to `judged (id, writer, reason, by_table, by_job)`; a record without a reason may go. Each reference is looked at
 * once for the whole slice.
 */
export function judgeCreated(plan: ChunkUndo, chunk: number, slice: Range): Sql {
  const { importer, cluster } = plan;
  const id = sql.id("t", importer.target.id);
  const others = plan.references.filter(({ isSelf, isHistory, yields }) => !isSelf && !(isHistory && yields));
  const selves = plan.references.filter(({ isSelf }) => isSelf);
  const held = others.map((reference, k) =>
    heldFrom(plan, reference, k, reference.isHistory ? sql`and not ${isOwnHistory(plan)}` : sql``),
  );
  const byTable = others.map(
    ({ table }, k) => sql`when ${sql.id(`held ${k}`, "id")} is not null then ${sql.lit(table)}`,
  );
  const isHeld = selves.length === 0 ? sql`false` : sql`b.id is not null`;
  return sql`
    with recursive ${idsOf(plan, chunk, slice)}, ${writers(plan, cluster)}, found as materialized (
      select i.id, ${id} is not null as is_there, t.xmin as writer${keysOf(plan)}
      from ids i left join ${tableId(importer.target.table)} t
        on ${id} = i.id ${fetched(plan, sql`select id from ids`)} ${sameContext(plan)}
    )${sql.join(held, sql``)}, seen as materialized (
      select f.*, ${isUntouched} as is_untouched, ${laterImport} as by_job, ${byTable.length === 0 ? sql`null::text` : sql`case ${sql.join(byTable, sql` `)} end`} as by_table
      from found f ${joinWriters(plan, sql`f.id`)} ${joinHeld(others)}
    ), candidates as materialized (
      select * from seen where is_there and is_untouched and by_table is null
    )${heldBySelf(plan, selves)}, judged as materialized (
      select s.id, s.writer, s.by_job, case
          when not s.is_there then 'gone_already'
          when not s.is_untouched then 'edited_since'
          when s.by_table is not null or ${isHeld} then 'referred_to' end as reason,
        case when ${isHeld} then ${sql.lit(plan.target.name)} else s.by_table end as by_table
      from seen s ${selves.length === 0 ? sql`` : sql`left join blocked b on b.id = s.id`}
    )`;
}

/** Rows of the history that this import has written. */
function isOwnHistory({ importer, job }: ChunkUndo): Sql {
  const { history } = importer;
  if (history?.job !== undefined) return sql`(${sql.id("r", history.job)} is not distinct from ${job.id}::bigint)`;
  return sql`(${sql.id("r", history?.event ?? "event")}::text in ('imported', 'updated'))`;
}

/** The records that a chunk created, for what is done with them one by one or as a whole. */
export function createdSlice(plan: ChunkUndo, chunk: number, slice: Range): UndoSlice {
  return { from: idsOf(plan, chunk, slice), ids: sql`select id from ids`, names: sql`select id::text from ids` };
}

/** Deletes what may go, writes its history, and lists what is kept. The slice must be locked. */
export async function deleteCreated(
  session: TargetSession,
  plan: ChunkUndo,
  chunk: number,
  slice: Range,
): Promise<void> {
  const { importer, job, references, actor } = plan;
  const id = sql.id("t", importer.target.id);
  const toHistory = references.find(({ isHistory }) => isHistory);
  // A history that refers to its records cannot tell of one that is gone.
  const tells = importer.history !== undefined && toHistory === undefined;
  const oldValues = tells ? sql`jsonb_strip_nulls(to_jsonb(t.*))` : sql`null::jsonb`;
  const going = sql`select id from judged where reason is null`;
  const ownHistory =
    toHistory === undefined || toHistory.yields
      ? sql``
      : sql`, forgotten as (
        delete from ${sql.raw(toHistory.quoted)} r using judged j
        where j.reason is null and ${sql.id("r", toHistory.columns[0])} = j.id and ${isOwnHistory(plan)}
      )`;
  await session.query(sql`
    ${judgeCreated(plan, chunk, slice)}, gone as (
      delete from ${tableId(importer.target.table)} t using judged j
      where ${id} = j.id and t.xmin = j.writer and j.reason is null ${fetched(plan, going)} ${sameContext(plan)}
      returning ${id} as id, ${oldValues} as old_values, null::jsonb as new_values
    )${ownHistory}${tells ? historyOf(plan, "history", "gone", "undone", actor) : sql``}, kept as (
      insert into sluice.import_kept (job_id, chunk_no, record_id, reason, by_table, by_job)
      select ${job.id}, ${chunk}, j.id::text, coalesce(j.reason, 'refused'), case when j.reason = 'referred_to' then j.by_table end,
        case when j.reason = 'edited_since' then j.by_job end
      from judged j left join gone g on g.id = j.id where j.reason is not null or g.id is null
      order by j.id
      returning 1
    )
    update sluice.import_chunks set undo_deleted = undo_deleted + (select count(*) from gone), undo_kept = undo_kept + (select count(*) from kept)
    where job_id = ${job.id} and chunk_no = ${chunk}
  `);
}
