/** What an undo would do, counted by its own SQL. Nothing is locked meanwhile. */
import type { KeptReason, UndoPreview, UndoRecordPreview } from "../../core/store/undo.ts";
import type { Database } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import { type TargetSession, transactionOn } from "../tables/on-target.ts";
import { handOverChanged, judgeChanged, updatesOf } from "./changed-records.ts";
import { handOverCreated, judgeCreated } from "./created-records.ts";
import { deletionsOf, handOverDeleted, judgeDeleted } from "./deleted-records.ts";
import { foretellRecords, noteChanged, noteCreated, noteDeleted } from "./foretold-records.ts";
import { journalled } from "./journal.ts";
import { fetchesOf } from "./references.ts";
import type { ChunkUndo, ImportUndo } from "./undo-plan.ts";

/** Records of one kind with the same judgement. */
interface Judged {
  record: string | null;
  reason: KeptReason | null;
  isCreated: boolean;
  byJob: number | null;
  byTable: string | null;
  records: number;
}

const options = { workMemory: "64MB", planning: "chunk" } as const;

export async function previewUndo(database: Database, plan: ImportUndo, signal?: AbortSignal): Promise<UndoPreview> {
  const rows = await database.query<{ no: number }>(sql`
    select chunk_no as no from sluice.import_chunks
    where job_id = ${plan.job.id} and done_at is not null and undone_at is null order by done_at desc, chunk_no desc
  `);
  const chunks = rows.map(({ no }) => no);
  const hasRecords = plan.tables[0].record !== null;
  const judged = hasRecords
    ? await transactionOn(database, plan.run, (session) => judgeRecords(session, plan, chunks, signal), {
        signal,
        ...options,
      })
    : [];
  // Of one table each chunk can be judged alone, in a transaction of its own.
  if (!hasRecords)
    for (const no of chunks)
      judged.push(
        ...(await transactionOn(
          database,
          plan.run,
          async (session) => {
            const counts: Judged[] = [];
            // What a replace or a mirror took away is a record of its own.
            const names = plan.tables.length > 1 ? await journalled(session, plan.job.id, no) : new Set<string>();
            for (const table of plan.tables)
              if (table.record === null || names.has(table.record.name))
                counts.push(...(await judgeChunk(session, { ...table, fetches: await fetchesOf(session, table) }, no)));
            return counts;
          },
          { signal, ...options },
        )),
      );
  return previewOf(plan, judged);
}

/** All of an import at one time: what refers to others is judged before those, in all chunks. */
async function judgeRecords(
  session: TargetSession,
  { job, tables }: ImportUndo,
  chunks: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Judged[]> {
  const foretold = await foretellRecords(session, tables);
  const touched = new Map<number, Set<string>>();
  for (const no of chunks) touched.set(no, await journalled(session, job.id, no));
  const all: Judged[] = [];
  for (const table of tables.toReversed()) {
    const plan: ChunkUndo = { ...table, fetches: await fetchesOf(session, table), foretold };
    const { record } = table;
    for (const no of chunks) {
      signal?.throwIfAborted();
      if (record !== null && (record.isInChunk || touched.get(no)?.has(record.name)))
        all.push(...(await judgeChunk(session, plan, no)));
    }
  }
  return all;
}

async function judgeChunk(session: TargetSession, plan: ChunkUndo, no: number): Promise<Judged[]> {
  const counts: Judged[] = [];
  const created = await handOverCreated(session, plan, no);
  if (created.count > 0) {
    const judged = await judgeCreated(session, plan, created, { from: 1, to: created.count + 1 });
    counts.push(...(await counted(session, plan, judged, "created")));
  }
  const { count, columns } = await updatesOf(session, plan, no);
  if (count > 0) {
    const changed = await handOverChanged(session, plan, no);
    const judged = judgeChanged(plan, changed, { from: 1, to: changed.count + 1 }, columns);
    counts.push(...(await counted(session, plan, judged, "changed")));
  }
  if (plan.record?.isInChunk !== false || (await deletionsOf(session, plan, no)).count === 0) return counts;
  const deleted = await handOverDeleted(session, plan, no);
  return [
    ...counts,
    ...(await counted(session, plan, judgeDeleted(plan, deleted, { from: 1, to: deleted.count + 1 }), "deleted")),
  ];
}

/** Counts what a judgement says, and where there are several records notes what it means for those to come. */
async function counted(
  session: TargetSession,
  plan: ChunkUndo,
  parts: readonly Part[],
  kind: "created" | "changed" | "deleted",
): Promise<Judged[]> {
  const { foretold } = plan;
  const by = {
    created: sql`j.by_job, case when j.reason = 'referred_to' then j.by_table end as by_table`,
    changed: sql`j.by_job, null::text as by_table`,
    deleted: sql`null::bigint as by_job, null::text as by_table`,
  }[kind];
  if (foretold === undefined) {
    const judged = sql`select j.reason, ${by} from judged j`;
    return session.tables.query<Judged>(sql`${withParts(parts, { recursive: true })} ${grouped(plan, judged, kind)}`);
  }
  const extra = kind === "changed" ? sql`j.restorable` : sql`null::text[]`;
  const writer = kind === "deleted" ? sql`null::xid` : sql`j.writer`;
  const table = await handOver(
    session,
    "sluice_judged",
    sql`id text, reason text, by_job bigint, by_table text, writer xid, restorable text[]`,
  );
  await session.tables.query(sql`
    ${withParts(parts, { recursive: true })}
    insert into ${table} (id, reason, by_job, by_table, writer, restorable)
    select j.id::text, j.reason, ${by}, ${writer}, ${extra} from judged j
  `);
  if (kind === "created") await noteCreated(session, foretold, plan, table);
  if (kind === "changed") await noteChanged(session, foretold, plan, table);
  if (kind === "deleted") await noteDeleted(session, foretold, plan, table);
  return (session as Session).query(grouped(plan, sql`select reason, by_job, by_table from ${table}`, kind));
}

function grouped({ record }: ChunkUndo, judged: Sql, kind: string): ReturnType<typeof sql<Judged>> {
  return sql<Judged>`
    select ${record?.name ?? null}::text as record, reason, ${kind === "created"}::boolean as "isCreated", by_job as "byJob", by_table as "byTable",
      count(*)::int as records
    from (
      select j.reason, case when j.reason in ('edited_since', 'edited_in_part') then j.by_job end as by_job, j.by_table
      from (${judged}) j
    ) counted
    group by reason, by_job, by_table`;
}

function previewOf({ tables }: ImportUndo, judged: readonly Judged[]): UndoPreview {
  const preview: UndoPreview = {
    toDelete: 0,
    toRestore: 0,
    kept: { edited: 0, editedInPart: 0, referred: 0, gone: 0 },
    laterImports: [],
    references: [],
  };
  const ofRecords = new Map<string, UndoRecordPreview>();
  for (const { record } of tables)
    if (record !== null) ofRecords.set(record.name, { toDelete: 0, toRestore: 0, kept: 0 });
  const later = new Map<number, number>();
  const referring = new Map<string, number>();
  for (const { record, reason, isCreated, byJob, byTable, records } of judged) {
    const own = ofRecords.get(record ?? "") ?? { toDelete: 0, toRestore: 0, kept: 0 };
    if (reason === null || reason === "edited_in_part") {
      const what = isCreated ? "toDelete" : "toRestore";
      preview[what] += records;
      own[what] += records;
    } else own.kept += records;
    if (reason === "edited_in_part") preview.kept.editedInPart += records;
    if (reason === "edited_since") preview.kept.edited += records;
    if (reason === "gone_already") preview.kept.gone += records;
    if (reason === "referred_to") preview.kept.referred += records;
    if (byJob !== null) later.set(byJob, (later.get(byJob) ?? 0) + records);
    if (byTable !== null) referring.set(byTable, (referring.get(byTable) ?? 0) + records);
  }
  preview.laterImports = [...later].sort(([a], [b]) => b - a).map(([jobId, records]) => ({ jobId, records }));
  const own = new Set(tables.filter(({ record }) => record !== null).map(({ target }) => target.name));
  const seen = new Set<string>();
  // Each once, whichever records have the table; those between the import's own tables where they keep something, or are slow.
  preview.references = tables.flatMap(({ target, references }) =>
    references.flatMap(({ table, columns, indexed }) => {
      const records = referring.get(table) ?? 0;
      const key = JSON.stringify([target.name, table, columns]);
      if (seen.has(key) || (own.has(table) && records === 0 && indexed)) return [];
      seen.add(key);
      return [{ table, columns, records, indexed }];
    }),
  );
  return ofRecords.size === 0 ? preview : { ...preview, records: Object.fromEntries(ofRecords) };
}
