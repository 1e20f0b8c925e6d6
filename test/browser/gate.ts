/** Holds work on an import at a place of a test's choosing, by a lock that a trigger waits for, so that a state can be looked at. */
import { onTestFinished } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";

let gates = 0;

/**
 * Work stops before a row of the table that fulfils the condition.
 *
 * @param event such as `insert or update`
 * @param condition SQL over `new`, of a delete over `old`
 * @returns what opens it
 */
export async function closeGate(
  database: Database,
  { table, event, condition }: { table: string; event: string; condition: string },
): Promise<() => Promise<void>> {
  const key = 4711 + ++gates;
  const name = `gate_${key}`;
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let left: Promise<void> = Promise.resolve();
  await new Promise<void>((locked, failed) => {
    left = database
      .session(async (session) => {
        await session.query(sql.raw(`select pg_advisory_lock(${key})`));
        locked();
        await released;
        await session.query(sql.raw(`select pg_advisory_unlock(${key})`));
      })
      .catch(failed);
  });
  const open = async (): Promise<void> => {
    release();
    await left;
  };
  onTestFinished(open);
  await database.query(
    sql.raw(`
      create function ${name}() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock_shared(${key});
        return case tg_op when 'DELETE' then old else new end;
      end $$`),
  );
  await database.query(
    sql.raw(
      `create trigger ${name} before ${event} on ${table} for each row when (${condition}) execute function ${name}()`,
    ),
  );
  return open;
}
