/** No duplicate by race: the advisory lock on a target, which chunks share while one import writes there, and hold alone while several do. */
import { type Session, sql } from "../connection/session.ts";
import type { Plan } from "../tables/plan.ts";
import { lockTargetFor } from "../tables/target-lock.ts";

/** Another job began to write to the target between the question and the lock. */
export class TargetShared extends Error {}

/**
 * The lock that keeps two jobs from making the same record: shared while this job alone writes to the target, exclusive
 * while another does.
 */
export async function lockTarget(session: Session, plan: Plan): Promise<{ haveWritten: boolean }> {
  const { job } = plan;
  const ask = async (): Promise<{ committing: boolean; haveWritten: boolean }> => {
    const [others] = await session.query<{ committing: boolean; haveWritten: boolean }>(sql`
      select exists (
          select from sluice.import_jobs o where o.target = ${job.target} and o.id <> ${job.id} and o.status = 'committing'
        ) as committing,
        exists (
          select from sluice.import_jobs o join sluice.import_chunks c on c.job_id = o.id
          where o.target = ${job.target} and o.id <> ${job.id} and o.status in ('committing', 'completed', 'paused', 'failed', 'cancelled')
            and c.done_at > (select registered_at from sluice.import_jobs where id = ${job.id})
        ) as "haveWritten"
    `);
    return others;
  };
  const before = await ask();
  await lockTargetFor(session, job.target, before.committing ? "exclusive" : "shared");
  // Whoever stepped in meanwhile did so under the exclusive lock: after our shared one no other can.
  const now = await ask();
  if (now.committing && !before.committing) throw new TargetShared();
  return now;
}
