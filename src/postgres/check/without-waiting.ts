/**
 * A check waits for nobody's lock: planning a write locks its table as the write would. Somebody who has locked it will let it go; what it
 * lacks is told then, or by the import.
 */
import { type Session, sql } from "../connection/session.ts";

export async function waitForNobody(session: Session): Promise<void> {
  await session.query(sql`set local lock_timeout = '200ms'`);
}

/** Whether somebody has locked what was asked for. */
export function isLocked(error: unknown): boolean {
  return (error as { code?: string }).code === "55P03";
}
