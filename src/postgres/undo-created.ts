/**
 * The records that an import created: which of them an undo may delete, judged set-based over a slice of a chunk's ids, and
 * their deletion.
 */
import { type Sql, sql, tableId } from "./connect.ts";
import { sameContext } from "./context.ts";
import { historyOf } from "./load-parts.ts";
import type { TargetSession } from "./on-target.ts";
import type { Range } from "./plan.ts";
import type { UndoPlan } from "./undo-plan.ts";
import type { UndoSlice } from "./undo-records.ts";
import { refersTo } from "./undo-references.ts";
import { isUntouched, laterImport, writers } from "./undo-writers.ts";

/** The CTE `ids (id)`: a slice of the records that a chunk created, by their place from 1. */
function idsOf({ job, idType }: UndoPlan, chunk: number, slice: Range): Sql {
  return sql`
    ids as materialized (
      select i.id::${sql.raw(idType)} as id
      from sluice.import_chunks c cross join unnest((coalesce(c.created_keys, c.created_ids::text[]))[${slice.from}::integer:${slice.to - 1}::integer]) i (id)
      where c.job_id = ${job.id} and c.chunk_no = ${chunk}
    )`;
}

/**
 * CTEs up to `judged (id, writer, reason, by_table)`; a record without a reason may go. Counted on: a nested loop by the
 * target's key, and hash joins with the tables that refer to it where they are not indexed.
 */
export function judgeCreated(plan: UndoPlan, chunk: number, slice: Range): Sql {
  const { importer, references, cluster } = plan;
  const id = sql.id("t", importer.target.id);
  const target = tableId(importer.target.table);
  const others = references
    .filter(({ isSelf, isHistory, yields }) => !isSelf && !(isHistory && yields))
    .map((reference) => {
      const test = reference.isHistory ? refersTo(reference, sql`and not ${isOwnHistory(plan)}`) : refersTo(reference);
      return sql`when ${test} then ${sql.lit(reference.table)}`;
    });
  const selves = references.filter(({ isSelf }) => isSelf);
  const isOther = sql`and ${sql.id("r", importer.target.id)} <> ${id}`;
  const blocked =
    selves.length === 0
      ? sql``
      : // Records of the slice that hold on to one another may go together, unless one is held from outside.
        sql`, blocked (id) as (
        select ${id} from candidates c join ${target} t on ${id} = c.id
        where ${sql.join(
          selves.map((self) =>
            refersTo(self, sql`${isOther} and ${sql.id("r", importer.target.id)} not in (select id from candidates)`),
          ),
          sql` or `,
        )}
        union
        select ${id} from blocked b join ${target} r on ${sql.id("r", importer.target.id)} = b.id
          join ${target} t on ${sql.join(
            selves.map(
              ({ columns, keys }) =>
                sql`(${sql.join(
                  columns.map((column, k) => sql`${sql.id("r", column)} = ${sql.id("t", keys[k])}`),
                  sql` and `,
                )})`,
            ),
            sql` or `,
          )}
          join candidates c on c.id = ${id}
      )`;
  const heldBySelf = selves.length === 0 ? sql`false` : sql`s.id in (select id from blocked)`;
  return sql`
    with recursive ${writers(plan, cluster)}, ${idsOf(plan, chunk, slice)}, seen as materialized (
      select i.id, t.xmin as writer, ${id} is not null as is_there, ${isUntouched(plan, id, cluster)} as is_untouched,
        ${others.length === 0 ? sql`null::text` : sql`case ${sql.join(others, sql` `)} end`} as by_table
      from ids i left join ${target} t on ${id} = i.id ${sameContext(plan)}
    ), candidates as materialized (
      select id from seen where is_there and is_untouched and by_table is null
    )${blocked}, judged as materialized (
      select s.id, s.writer, case
          when not s.is_there then 'gone_already'
          when not s.is_untouched then 'edited_since'
          when s.by_table is not null or ${heldBySelf} then 'referred_to' end as reason,
        case when ${heldBySelf} then ${sql.lit(plan.target.name)} else s.by_table end as by_table
      from seen s
    )`;
}

/** Rows of the history that this import has written. */
function isOwnHistory({ importer, job }: UndoPlan): Sql {
  const { history } = importer;
  if (history?.job !== undefined) return sql`(${sql.id("r", history.job)} is not distinct from ${job.id}::bigint)`;
  return sql`(${sql.id("r", history?.event ?? "event")}::text in ('imported', 'updated'))`;
}

/** The records that a chunk created, for what is done with them one by one or as a whole. */
export function createdSlice(plan: UndoPlan, chunk: number, slice: Range): UndoSlice {
  return { from: idsOf(plan, chunk, slice), ids: sql`select id from ids`, names: sql`select id::text from ids` };
}

/** Deletes what may go, writes its history, and lists what is kept. The slice must be locked. */
export async function deleteCreated(
  session: TargetSession,
  plan: UndoPlan,
  chunk: number,
  slice: Range,
): Promise<void> {
  const { importer, job, references, actor } = plan;
  const id = sql.id("t", importer.target.id);
  const toHistory = references.find(({ isHistory }) => isHistory);
  // A history that refers to its records cannot tell of one that is gone.
  const tells = importer.history !== undefined && toHistory === undefined;
  const oldValues = tells ? sql`jsonb_strip_nulls(to_jsonb(t))` : sql`null::jsonb`;
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
      where ${id} = j.id and t.xmin = j.writer and j.reason is null ${sameContext(plan)}
      returning ${id} as id, ${oldValues} as old_values, null::jsonb as new_values
    )${ownHistory}${tells ? historyOf(plan, "history", "gone", "undone", actor) : sql``}, kept as (
      insert into sluice.import_kept (job_id, chunk_no, record_id, reason, by_table, by_job)
      select ${job.id}, ${chunk}, j.id::text, coalesce(j.reason, 'refused'), case when j.reason = 'referred_to' then j.by_table end,
        case when j.reason = 'edited_since' then ${laterImport(plan, sql`j.writer`)} end
      from judged j where j.reason is not null or j.id not in (select id from gone)
      order by j.id
      returning 1
    )
    update sluice.import_chunks set undo_deleted = undo_deleted + (select count(*) from gone), undo_kept = undo_kept + (select count(*) from kept)
    where job_id = ${job.id} and chunk_no = ${chunk}
  `);
}
