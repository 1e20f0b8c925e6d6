/** Postgres as the Archive: imports by filter, their rows, events and records, in pages that follow a key. */
import type { Archive, ArchivedImport } from "../archive.ts";
import { SluiceError } from "../errors.ts";
import type { ImportEvent } from "../events.ts";
import { readRecords } from "./archive-records.ts";
import { listRows } from "./archive-rows.ts";
import { type Database, type Sql, sql } from "./connect.ts";
import { newestEventId } from "./events.ts";
import { jobColumns } from "./imports.ts";

const archivedColumns = sql`${jobColumns}, parent_id as "parentId", header_fingerprint as fingerprint, updated_at as "updatedAt", progress`;

/** Events whose ids are so near below the last one seen may have been committed after it. */
const lateIds = 2000;

export function postgresArchive(database: Database): Archive {
  return {
    async get(id) {
      const [job] = await database.query<ArchivedImport>(
        sql`select ${archivedColumns} from sluice.import_jobs where id = ${id}`,
      );
      if (job === undefined)
        throw new SluiceError("not_found", `There is no import ${id}. List them with: sluice jobs`);
      return job;
    },
    list({ statuses, importer, createdBy, text, from, to, parentId }, { after, limit }) {
      const conditions: Sql[] = [sql`true`];
      if (statuses !== undefined) conditions.push(sql`status = any (${[...statuses]})`);
      if (importer !== undefined) conditions.push(sql`importer = ${importer}`);
      if (createdBy !== undefined) conditions.push(sql`created_by = ${createdBy}`);
      if (text !== undefined) conditions.push(sql`strpos(lower(file_name), lower(${text})) > 0`);
      if (from !== undefined) conditions.push(sql`created_at >= ${from}`);
      if (to !== undefined) conditions.push(sql`created_at < ${to}`);
      if (parentId !== undefined) conditions.push(sql`parent_id = ${parentId}`);
      if (after !== undefined) conditions.push(sql`id < ${after}`);
      return database.query<ArchivedImport>(sql`
        select ${archivedColumns} from sluice.import_jobs where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit}
      `);
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
    rows: (job, columns, filter, page) => listRows(database, job, columns, filter, page),
    events: (createdBy, afterId, limit) =>
      database.query<ImportEvent>(sql`
        select e.id, e.job_id as "jobId", e.name, e.at, e.actor, e.data
        from sluice.import_events e join sluice.import_jobs j on j.id = e.job_id
        where ${createdBy === null ? sql`true` : sql`j.created_by = ${createdBy}`}
          and (e.id > ${afterId} or (e.id > ${afterId - lateIds} and e.at > (
            select l.at - interval '15 seconds' from sluice.import_events l where l.id <= ${afterId} order by l.id desc limit 1
          ) and e.id <> ${afterId}))
        order by e.id limit ${limit}
      `),
    newestEventId: () => newestEventId(database),
    records: (job, importer) => readRecords(database, job, importer),
  };
}
