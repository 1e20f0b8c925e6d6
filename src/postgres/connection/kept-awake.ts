import { type Session, sql } from "./session.ts";

/** While others work for it, a transaction gives a sign of life: Postgres ends one that idles for ten seconds. */
export async function keptAwake<T>(session: Session, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => session.query(sql`select`).catch(() => {}), 3000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
