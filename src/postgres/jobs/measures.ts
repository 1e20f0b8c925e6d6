/** What metrics and health ask of the database. */
import type { ErrorCode } from "../../core/errors.ts";
import { SluiceError } from "../../core/errors.ts";
import type { Phase, Status } from "../../core/import.ts";
import type { Ended, Measures, WorkerState } from "../../core/store/measures.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { isWithin } from "../connection/within.ts";
import { workerIsAlive } from "../connection/workers.ts";
import { missingMigrations } from "../schema/migrate.ts";
import { newestEventId } from "./events.ts";

/** Progress that is older belongs to a worker that has died. */
const freshProgress = sql`interval '15 seconds'`;
/** More than end between two looks; the rest comes with the next. */
const endedAtOnce = 10_000;

/** One line of either kind of count. */
interface Counted {
  measure: "imports" | "failed" | "waiting" | "rows";
  key: string;
  value: number;
}

export function postgresMeasures(database: Database): Measures {
  return {
    async standing(bounds = null) {
      const within = bounds === null ? sql`` : sql`and ${isWithin(bounds)}`;
      // By import_jobs_status_idx, import_jobs_failed_idx and import_jobs_active_idx: finished imports cost an index entry each.
      const counted = await database.query<Counted>(sql`
        select 'imports' as measure, status as key, count(*)::float8 as value from sluice.import_jobs where true ${within} group by status
        union all
        select 'failed', coalesce(error_details ->> 'code', 'internal'), count(*) from sluice.import_jobs
        where status = 'failed' ${within} group by 2
        union all
        select 'waiting', 'oldest', extract(epoch from now() - min(updated_at)) from sluice.import_jobs
        where status = 'queued' and (retry_at is null or retry_at <= now()) ${within} having count(*) > 0
        union all
        select 'rows', phase, sum((progress ->> 'rowsPerSecond')::float8) from sluice.import_jobs
        where status in ('parsing', 'committing', 'undoing') and progress_at > now() - ${freshProgress}
          and progress ->> 'rowsPerSecond' is not null ${within}
        group by phase
      `);
      const of = <K extends string>(measure: Counted["measure"]): Partial<Record<K, number>> =>
        Object.fromEntries(
          counted.filter((each) => each.measure === measure).map(({ key, value }) => [key, value]),
        ) as Partial<Record<K, number>>;
      return {
        imports: of<Status>("imports"),
        failed: of<ErrorCode>("failed"),
        oldestWaitingSeconds: Math.max(0, of<"oldest">("waiting").oldest ?? 0),
        rowsPerSecond: of<Phase>("rows"),
      };
    },
    workers: (bounds = null) =>
      // The imports by import_jobs_active_idx.
      database.query<WorkerState>(sql`
        with active as (
          select worker_id, jsonb_agg(jsonb_build_object('id', id, 'fileName', file_name, 'status', status, 'progress', progress)
            order by id) as imports
          from sluice.import_jobs where status in ('parsing', 'committing', 'undoing')
            ${bounds === null ? sql`` : sql`and ${isWithin(bounds)}`}
          group by worker_id
        )
        select w.id, w.host, w.process_id as "processId", w.started_at as "startedAt", w.heartbeat_at as "heartbeatAt",
          ${workerIsAlive(sql.ref("w.id"))} as "isAlive", coalesce(a.imports, '[]') as imports
        from sluice.workers w left join active a on a.worker_id = w.id
        where w.heartbeat_at > now() - interval '1 day'
        -- Where each task has a worker of its own, a day has more dead ones than are told of.
        order by "isAlive" desc, a.worker_id is not null desc, w.heartbeat_at desc, w.id limit 500
      `),
    newestEvent: () => newestEventId(database),
    ended: (afterEvent) =>
      database.query<Ended>(sql`
        select e.id as "eventId", e.at, substr(e.name, 8) as status,
          case when e.name = 'import.ready' then 'parse' else e.data ->> 'phase' end as phase,
          case e.name when 'import.ready' then j.processed_rows when 'import.completed' then j.imported_rows
            when 'import.undone' then j.imported_rows else 0 end as rows,
          case when e.name = 'import.failed' then coalesce(j.error_details ->> 'code', 'internal') end as code
        from sluice.import_events e join sluice.import_jobs j on j.id = e.job_id
        where e.id > ${afterEvent}
          and (e.name in ('import.completed', 'import.cancelled', 'import.failed', 'import.undone')
            or e.name = 'import.ready' and e.data ->> 'from' = 'parsing')
        order by e.id limit ${endedAtOnce}
      `),
    async checkReady() {
      const missing = await missingMigrations(database);
      if (missing.length === 0) return;
      throw new SluiceError("unavailable", `Migrations have not run yet: ${missing.join(", ")}.`, {
        next: { code: "migrate" },
      });
    },
  };
}
