/**
 * The records that an import created: which of them an undo may delete, judged set-based over a slice of a chunk's ids, and
 * their deletion.
 */

import { createdIn } from "../commit/journalled-records.ts";
import { historyOf } from "../commit/load-parts.ts";
import { handOverJudges, isUntouched, joinWriters, laterImport } from "../commit/record-writers.ts";
import { byValues, handOverValues } from "../commit/written-values.ts";
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { fetched, hasId, idJoined, isThere } from "../tables/record-key.ts";
import { butForetold, comesBack } from "./foretold-records.ts";
import { keptAs, noteUndone } from "./journal.ts";
import { heldBySelf, keysOf, keysTable, noteHeld } from "./references.ts";
import type { ChunkUndo } from "./undo-plan.ts";
import { type HandedRecords, idsIn, isLastWriter } from "./undo-records.ts";

/** Hands over the records that a chunk created, and what is known of who wrote them. */
export async function handOverCreated(session: TargetSession, plan: ChunkUndo, chunk: number): Promise<HandedRecords> {
  const type = sql.raw(plan.idType);
  const table = await handOver(session, "sluice_created", sql`place integer, id ${type}, record_id text`);
  const count = await session.change(sql`
    insert into ${table} ${createdIn(plan, chunk)}
  `);
  if (count > 0) await handOverJudges(session, plan, sql`select id from ${table}`);
  return { table, count, values: await handOverValues(session, plan, sql`select record_id from ${table}`) };
}

/** Looks up a slice of the records, and who refers to them: `sluice_found`, and `held` by table. */
async function findCreated(
  session: TargetSession,
  plan: ChunkUndo,
  created: HandedRecords,
  slice: Range,
): Promise<Sql> {
  const { importer, idType } = plan;
  const values = created.values === null ? null : byValues(plan, created.values, sql`i.id`);
  const mayBeSeveral = values !== null && !plan.idIsUnique;
  // Which of several records with one id is the import's is not seen: none of them is as it was.
  const isAlone = mayBeSeveral ? sql`and count(*) over (partition by i.id) = 1` : sql``;
  const [who, whoType] =
    values === null
      ? [sql`t.xmin`, sql`writer xid`]
      : [
          sql`null::xid, ${values.isAsLeft} ${isAlone}, ${values.laterImport}`,
          sql`writer xid, is_as_left boolean, later_job bigint`,
        ];
  const found = await handOver(
    session,
    "sluice_found",
    sql`id ${sql.raw(idType)}, is_there boolean, ${whoType}${keysTable(plan)}`,
  );
  await session.tables.query(sql`
    with ids as materialized (${idsIn(created, slice)})
    insert into ${found}
    select ${mayBeSeveral ? sql`distinct on (i.id)` : sql``} i.id, ${isThere(plan)}, ${who}${keysOf(plan)}
    from ids i left join ${tableId(importer.target.table)} t
      on ${hasId(plan, sql`i.id`)} ${fetched(plan, sql`select id from ids`)} ${sameContext(plan)} ${values?.join ?? sql``}
  `);
  return found;
}

/** Up to `judged (id, writer, reason, by_table, by_job)`; a record without a reason may go. */
export async function judgeCreated(
  session: TargetSession,
  plan: ChunkUndo,
  created: HandedRecords,
  slice: Range,
): Promise<Part[]> {
  const found = await findCreated(session, plan, created, slice);
  const others = plan.references.filter(({ isSelf, isHistory, yields }) => !isSelf && !(isHistory && yields));
  const selves = plan.references.filter(({ isSelf }) => isSelf);
  const held = await noteHeld(session, plan, others, (reference) =>
    reference.isHistory ? sql`and not ${isOwnHistory(plan)}` : butForetold(plan, reference),
  );
  const isHeld = selves.length === 0 ? sql`false` : sql`b.id is not null`;
  return [
    { name: "found", query: sql`select * from ${found}`, materialized: true },
    {
      name: "seen",
      materialized: true,
      query: sql`
        select f.*, ${created.values !== null ? sql`f.is_as_left as is_untouched, f.later_job` : sql`${isUntouched} as is_untouched, ${laterImport}`} as by_job, h.by_table,
          not f.is_there and ${comesBack(plan, sql`f.id`)} as is_back
        from found f ${joinWriters(sql`f.id`)} left join ${held} h on h.id = f.id`,
    },
    {
      name: "candidates",
      materialized: true,
      query: sql`select * from seen where is_there and is_untouched and by_table is null`,
    },
    ...heldBySelf(plan, selves),
    {
      name: "judged",
      materialized: true,
      query: sql`
        select s.id, s.writer, s.by_job, case
            when s.is_back then null
            when not s.is_there then 'gone_already'
            when not s.is_untouched then 'edited_since'
            when s.by_table is not null or ${isHeld} then 'referred_to' end as reason,
          case when ${isHeld} then ${sql.lit(plan.target.name)} else s.by_table end as by_table
        from seen s ${selves.length === 0 ? sql`` : sql`left join blocked b on b.id = s.id`}`,
    },
  ];
}

/** Rows of the history that this import has written. */
function isOwnHistory({ importer, job }: ChunkUndo): Sql {
  const { history } = importer;
  if (history?.job !== undefined) return sql`(${sql.id("r", history.job)} is not distinct from ${job.id}::bigint)`;
  return sql`(${sql.id("r", history?.event ?? "event")}::text in ('imported', 'updated'))`;
}

/** Deletes what may go, writes its history, and lists what is kept. The records must be locked. */
export async function deleteCreated(
  session: TargetSession,
  plan: ChunkUndo,
  chunk: number,
  created: HandedRecords,
  slice: Range,
): Promise<void> {
  const { importer, job, references, actor } = plan;
  const toHistory = references.find(({ isHistory }) => isHistory);
  // A history that refers to its records cannot tell of one that is gone.
  const tells = importer.history !== undefined && toHistory === undefined;
  const oldValues = tells ? sql`jsonb_strip_nulls(to_jsonb(t.*))` : sql`null::jsonb`;
  const going = sql`select id from judged where reason is null`;
  const judged = await judgeCreated(session, plan, created, slice);
  const kept = await handOver(session, "sluice_kept", sql`record_id text, reason text, by_table text, by_job bigint`);
  const gone = sql`
    delete from ${tableId(importer.target.table)} t using judged j
    where ${hasId(plan, sql`j.id`)} ${isLastWriter(plan)} and j.reason is null ${fetched(plan, going)} ${sameContext(plan)}
    returning ${idJoined(plan)} as id, ${oldValues} as old_values, null::jsonb as new_values`;
  const forgotten =
    toHistory === undefined || toHistory.yields
      ? null
      : {
          name: "forgotten",
          query: sql`
            delete from ${sql.raw(toHistory.quoted)} r using judged j
            where j.reason is null and ${sql.id("r", toHistory.columns[0])} = j.id and ${isOwnHistory(plan)}`,
        };
  const toldKept = sql`
    insert into ${kept}
    select j.id::text, coalesce(j.reason, 'refused'), case when j.reason = 'referred_to' then j.by_table end,
      case when j.reason = 'edited_since' then j.by_job end
    from judged j left join gone g on g.id = j.id where j.reason is not null or g.id is null
    order by j.id`;
  const parts = [
    ...judged,
    { name: "gone", query: gone },
    forgotten,
    tells ? historyOf(plan, "history", "gone", "undone", actor) : null,
    { name: "told", query: toldKept },
  ];
  const [{ deleted }] = await session.tables.query<{ deleted: number }>(sql`
    ${withParts(parts, { recursive: true })}
    select count(*)::int as deleted from gone
  `);
  const { column, value } = keptAs(plan);
  const listed = sql`
    insert into sluice.import_kept (job_id, chunk_no, record_id, reason, by_table, by_job${column})
    select ${job.id}, ${chunk}, record_id, reason, by_table, by_job${value} from ${kept}
    returning 1`;
  await noteUndone(session, plan, chunk, listed, { deleted: sql`${deleted}`, kept: sql`(select count(*) from kept)` });
}
