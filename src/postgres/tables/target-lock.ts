/** The advisory lock on a users' table, by its full name: those who would make the same record there wait for one another. */
import { type Session, sql } from "../connection/session.ts";

/** Transaction-level, so that it is safe behind a transaction pooler. */
export async function lockTargetFor(session: Session, target: string, mode: "shared" | "exclusive"): Promise<void> {
  const key = sql`hashtextextended('sluice target ' || ${target}::text, 0)`;
  await session.query(
    mode === "shared" ? sql`select pg_advisory_xact_lock_shared(${key})` : sql`select pg_advisory_xact_lock(${key})`,
  );
}
