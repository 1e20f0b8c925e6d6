/** What an undo would do, counted by its own SQL; how it stands; and the records that it kept. */
import {
  type KeptReason,
  type KeptRow,
  keptReasons,
  type UndoPreview,
  type UndoReport,
} from "../../core/store/undo.ts";
import type { Database } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { sql } from "../connection/session.ts";
import { runOf, transactionOn } from "../tables/on-target.ts";
import { handOverChanged, judgeChanged, updatesOf } from "./changed-records.ts";
import { handOverCreated, judgeCreated } from "./created-records.ts";
import { fetchesOf } from "./references.ts";
import type { UndoPlan } from "./undo-plan.ts";

/** Counts chunk by chunk, each in a transaction of its own: nothing is locked or held meanwhile. */
export async function previewUndo(database: Database, plan: UndoPlan, signal?: AbortSignal): Promise<UndoPreview> {
  const chunks = await database.query<{ no: number }>(sql`
    select chunk_no as no
    from sluice.import_chunks where job_id = ${plan.job.id} and done_at is not null and undone_at is null order by chunk_no
  `);
  const preview: UndoPreview = {
    toDelete: 0,
    toRestore: 0,
    kept: { edited: 0, editedInPart: 0, referred: 0, gone: 0 },
    laterImports: [],
    references: [],
  };
  const later = new Map<number, number>();
  const referring = new Map<string, number>();
  for (const { no } of chunks) {
    const judged = await transactionOn(
      database,
      runOf(plan),
      async (session) => {
        const chunk = { ...plan, fetches: await fetchesOf(session, plan) };
        const counts: Judged[] = [];
        const created = await handOverCreated(session, chunk, no);
        if (created.count > 0) {
          const judged = await judgeCreated(session, chunk, created, { from: 1, to: created.count + 1 });
          counts.push(...(await session.tables.query<Judged>(counted(judged, true))));
        }
        const { count, columns } = await updatesOf(session, plan, no);
        if (count === 0) return counts;
        const changed = await handOverChanged(session, chunk, no);
        const updates = judgeChanged(chunk, changed, { from: 1, to: changed.count + 1 }, columns);
        return [...counts, ...(await session.tables.query<Judged>(counted(updates, false)))];
      },
      { signal, workMemory: "64MB", planning: "chunk" },
    );
    for (const { reason, isCreated, byJob, byTable, records } of judged) {
      if (reason === null) preview[isCreated ? "toDelete" : "toRestore"] += records;
      if (reason === "edited_in_part") {
        preview.toRestore += records;
        preview.kept.editedInPart += records;
      }
      if (reason === "edited_since") preview.kept.edited += records;
      if (reason === "gone_already") preview.kept.gone += records;
      if (reason === "referred_to") preview.kept.referred += records;
      if (byJob !== null) later.set(byJob, (later.get(byJob) ?? 0) + records);
      if (byTable !== null) referring.set(byTable, (referring.get(byTable) ?? 0) + records);
    }
  }
  preview.laterImports = [...later].sort(([a], [b]) => b - a).map(([jobId, records]) => ({ jobId, records }));
  preview.references = plan.references.map(({ table, columns, indexed }) => ({
    table,
    columns,
    records: referring.get(table) ?? 0,
    indexed,
  }));
  return preview;
}

interface Judged {
  reason: KeptReason | null;
  isCreated: boolean;
  byJob: number | null;
  byTable: string | null;
  records: number;
}

function counted(judged: readonly Part[], isCreated: boolean) {
  return sql`
    ${withParts(judged, { recursive: true })}
    select reason, ${isCreated}::boolean as "isCreated", by_job as "byJob", by_table as "byTable", count(*)::int as records
    from (
      select j.reason, case when j.reason in ('edited_since', 'edited_in_part') then j.by_job end as by_job,
        ${isCreated ? sql`case when j.reason = 'referred_to' then j.by_table end` : sql`null::text`} as by_table
      from judged j
    ) counted
    group by reason, by_job, by_table`;
}

/** Chunks and the records in them; a record that an import wrote twice counts twice. */
export async function undoProgress(
  database: Database,
  jobId: number,
): Promise<{ chunks: number; chunksDone: number; recordsDone: number; recordsTotal: number }> {
  const progressOf = sql<{ chunks: number; chunksDone: number; recordsDone: number; recordsTotal: number }>`
    select count(*)::int as chunks, count(undone_at)::int as "chunksDone", coalesce(sum(created + updated), 0)::int8 as "recordsTotal",
      coalesce(sum(created + updated) filter (where undone_at is not null), 0)::int8 as "recordsDone"
    from sluice.import_chunks where job_id = ${jobId} and done_at is not null
  `;
  const [progress] = await database.transaction((session) => session.query(progressOf), { planning: "chunk" });
  return progress;
}

export async function undoReport(database: Database, jobId: number): Promise<UndoReport> {
  const [{ chunks, chunksDone, deleted, restored, startedAt, undoneAt }] = await database.query<
    Omit<UndoReport, "kept">
  >(sql`
    select j.undo_started_at as "startedAt", j.undone_at as "undoneAt", count(c.chunk_no)::int as chunks, count(c.undone_at)::int as "chunksDone",
      coalesce(sum(c.undo_deleted), 0)::int8 as deleted, coalesce(sum(c.undo_restored), 0)::int8 as restored
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id and c.done_at is not null
    where j.id = ${jobId} group by j.id
  `);
  const counts = await database.query<{ reason: KeptReason; records: number }>(
    sql`select reason, count(*)::int8 as records from sluice.import_kept where job_id = ${jobId} group by reason`,
  );
  const kept = Object.fromEntries(
    keptReasons.map((reason) => [reason, counts.find((each) => each.reason === reason)?.records ?? 0]),
  ) as Record<KeptReason, number>;
  return { startedAt, undoneAt, chunks, chunksDone, deleted, restored, kept };
}

/** Rows of one page unless another number is asked for. */
const pageRows = 100;

export function keptRows(
  database: Database,
  jobId: number,
  { after = 0, limit = pageRows, reason }: { after?: number; limit?: number; reason?: KeptReason } = {},
): Promise<KeptRow[]> {
  return database.query<KeptRow>(sql`
    select id, record_id as "recordId", reason, columns, by_job as "byJob", by_table as "byTable", message
    from sluice.import_kept
    where job_id = ${jobId} and id > ${after} ${reason === undefined ? sql`` : sql`and reason = ${reason}`}
    order by id limit ${limit}
  `);
}
