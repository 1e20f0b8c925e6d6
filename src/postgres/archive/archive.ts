/** Postgres as the Archive: imports by filter, their rows, events and records, in pages that follow a key. */

import type { ContextValues } from "../../core/context.ts";
import type { ImportEvent } from "../../core/events.ts";
import { noImport, statuses } from "../../core/import.ts";
import type {
  Archive,
  ArchivedImport,
  Belonging,
  ImportFilter,
  ImportKey,
  ImportSort,
  ListedImport,
} from "../../core/store/archive.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { isWithin } from "../connection/within.ts";
import { newestEventId } from "../jobs/events.ts";
import { jobColumns } from "../jobs/read-import.ts";
import { hasCommittedColumn } from "../jobs/reopen.ts";
import { pageOfRecords } from "./record-page.ts";
import { readRecords } from "./records.ts";
import { revealedOf } from "./revealed.ts";
import { rowLists } from "./row-lists.ts";
import { listRowValues } from "./row-values.ts";
import { listRows } from "./rows.ts";

const archivedColumns = sql`${jobColumns}, parent_id as "parentId",
  coalesce((select u.name from sluice.users u where u.id = created_by), created_by_name) as "createdByName",
  undo_started_at as "undoStartedAt", undone_at as "undoneAt", header_fingerprint as fingerprint, updated_at as "updatedAt", progress,
  (status not in ('completed', 'cancelled', 'undone') or file_expires_at is not null) as "hasFile",
  earlier is not null as "isEarlier", ${hasCommittedColumn}`;

/** Events whose ids are so near below the last one seen may have been committed after it. */
const lateIds = 2000;

/** What imports are sorted by. Of their creation the id tells, which goes up with it. */
const sortValues: Readonly<Record<ImportSort, Sql>> = {
  createdAt: sql`id`,
  fileName: sql`lower(file_name)`,
  status: sql`array_position(${sql.lit(`{${statuses.join(",")}}`)}::text[], status)`,
  totalRows: sql`total_rows`,
  importer: sql`lower(importer)`,
};

function matches({ statuses: asked, importer, createdBy, text, from, to, parentId, bounds }: ImportFilter): Sql {
  const conditions: Sql[] = [sql`true`];
  if (asked !== undefined) conditions.push(sql`status = any (${[...asked]})`);
  if (importer !== undefined) conditions.push(sql`importer = ${importer}`);
  if (createdBy !== undefined) conditions.push(sql`created_by = ${createdBy}`);
  if (text !== undefined) conditions.push(sql`strpos(lower(file_name), lower(${text})) > 0`);
  if (from !== undefined) conditions.push(sql`created_at >= ${from}`);
  if (to !== undefined) conditions.push(sql`created_at < ${to}`);
  if (parentId !== undefined) conditions.push(sql`parent_id = ${parentId}`);
  if (bounds !== undefined && bounds !== null) conditions.push(isWithin(bounds));
  return sql.join(conditions, sql` and `);
}

export function postgresArchive(database: Database): Archive {
  return {
    async get(id) {
      const [job] = await database.query<ArchivedImport>(
        sql`select ${archivedColumns} from sluice.import_jobs where id = ${id}`,
      );
      if (job === undefined) throw noImport(id);
      return job;
    },
    async idOf(uuid) {
      const [job] = await database.query<{ id: number }>(sql`select id from sluice.import_jobs where uuid = ${uuid}`);
      return job?.id ?? null;
    },
    list(filter, { sort, order, after, limit }) {
      const value = sortValues[sort];
      const ahead = sql.raw(order === "asc" ? ">" : "<");
      const direction = sql.raw(order);
      const behind = (key: ImportKey | undefined): Sql =>
        key === undefined ? sql`true` : sql`(${value}, id) ${ahead} (${key.value}, ${key.id})`;
      return boundedPage<ListedImport>((last, most) => {
        const key = last === undefined ? after : { value: last.sortValue, id: last.id };
        return database.query<ListedImport>(sql`
          select ${archivedColumns}, ${value} as "sortValue" from sluice.import_jobs where ${matches(filter)} and ${behind(key)}
          order by ${value} ${direction}, id ${direction} limit ${most}
        `);
      }, limit);
    },
    async count(filter) {
      const [{ imports }] = await database.query<{ imports: number }>(
        sql`select count(*)::int8 as imports from sluice.import_jobs where ${matches(filter)}`,
      );
      return imports;
    },
    async missing(ids) {
      const rows = await database.query<{ id: number }>(sql`
        select id from unnest(${[...ids]}::bigint[]) as asked (id) where not exists (select from sluice.import_jobs j where j.id = asked.id)
      `);
      return rows.map((row) => row.id);
    },
    async children(id) {
      const rows = await database.query<{ id: number }>(
        sql`select id from sluice.import_jobs where parent_id = ${id} order by id`,
      );
      return rows.map((row) => row.id);
    },
    belonging: (ids) =>
      database.query<Belonging>(sql`
        select id, importer, context, created_by as "createdBy" from sluice.import_jobs where id = any (${[...ids]})
      `),
    async contextsOf(importer, createdBy) {
      const rows = await database.query<{ context: ContextValues }>(sql`
        select distinct context from sluice.import_jobs
        where importer = ${importer} ${createdBy === undefined ? sql`` : sql`and created_by = ${createdBy}`}
      `);
      return rows.map(({ context }) => context);
    },
    rows: (job, columns, filter, page) => listRows(database, job, columns, filter, page),
    ...rowLists(database),
    rowValues: (job, columns, filter, asked) => listRowValues(database, job, columns, filter, asked),
    events: (filter, afterId, limit) =>
      database.query<ImportEvent>(sql`
        select e.id, e.job_id as "jobId", e.name, e.at, e.actor, e.data
        from sluice.import_events e join (select id from sluice.import_jobs where ${matches(filter)}) j on j.id = e.job_id
        where (e.id > ${afterId} or (e.id > ${afterId - lateIds} and e.at > (
            select l.at - interval '15 seconds' from sluice.import_events l where l.id <= ${afterId} order by l.id desc limit 1
          ) and e.id <> ${afterId}))
        order by e.id limit ${limit}
      `),
    newestEventId: () => newestEventId(database),
    records: (job, importer, options) => readRecords(database, job, importer, options),
    revealedOf: (job, importer, ids, revealed) => revealedOf(database, job, importer, ids, revealed),
    recordPage: (job, importer, query) => pageOfRecords(database, job, importer, query),
  };
}
