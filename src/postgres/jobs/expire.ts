/** What is older than it is to be kept: stages, stored files, reports, and whole imports. */
import type { Retention } from "../../core/store/leftovers.ts";
import { forgetRefusals } from "../accounts/sign-in-audit.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { forgetDelivered } from "../outbox/outbox.ts";
import { dropStage } from "../stage/stage.ts";
import { tellChange } from "./events.ts";
import { listStages } from "./sweep.ts";

/** One process at a time; any number that nobody else locks: "sluice", and one more. */
const expireLock = 0x736c75696366;

/** Statuses that wait for a person. */
const waiting = sql`j.status in ('pending', 'ready', 'paused', 'failed')`;

/** Drops what has expired; returns the paths of the files that go with it, or null while another process is doing so. */
export async function expire(database: Database, { stagingMs, filesMs, jobsMs }: Retention): Promise<string[] | null> {
  const older = (column: Sql, ms: number): Sql => sql`${column} < now() - ${ms} * interval '1 millisecond'`;
  const paths: string[] = [];
  const mine = await database.transaction(async (session) => {
    const [{ locked }] = await session.query<{ locked: boolean }>(
      sql`select pg_try_advisory_xact_lock(${expireLock}) as locked`,
    );
    if (!locked) return false;
    const take = async (statement: Sql): Promise<void> => {
      for (const { path } of await session.query<{ path: string }>(statement)) paths.push(path);
    };
    await take(sql`
      update sluice.import_jobs j set file_expires_at = null where file_expires_at < now() returning storage_path as path
    `);
    await take(
      sql`select storage_path as path from sluice.import_jobs j where ${waiting} and ${older(sql`j.updated_at`, filesMs)}`,
    );
    await take(sql`
      with expired as (
        select id, error_report_path as path from sluice.import_jobs j
        where error_report_path is not null and ${older(sql`j.completed_at`, filesMs)} for update
      ), forgotten as (update sluice.import_jobs j set error_report_path = null from expired where j.id = expired.id)
      select path from expired
    `);
    await forgetRefusals(session);
    await forgetDelivered(session);
    if (jobsMs === null) return true;
    const gone = await session.query<{ id: number; path: string; report: string | null }>(sql`
      delete from sluice.import_jobs j where j.status in ('completed', 'cancelled', 'undone') and ${older(sql`j.completed_at`, jobsMs)}
      returning id, storage_path as path, error_report_path as report
    `);
    for (const { id, path, report } of gone) {
      paths.push(path, ...(report === null ? [] : [report]));
      await tellChange(session, { jobId: id, deleted: true });
    }
    return true;
  });
  if (!mine) return null;
  const stages = await listStages(database, sql`${waiting} and ${older(sql`j.updated_at`, stagingMs)}`);
  for (const { jobId, generation } of stages) await dropStage(database, jobId, generation);
  return paths;
}
