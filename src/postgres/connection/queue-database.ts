/** What the queue asks of Postgres: statements, transactions, and a call that wakes the workers of all processes. */
import type { QueueDatabase } from "../../core/queue.ts";
import type { Database } from "./connect.ts";
import type { Listener } from "./listener.ts";
import { sql } from "./session.ts";

const channel = "sluice_queue";

export function queueDatabase(database: Database, listener: Listener): QueueDatabase {
  return {
    query: (text, values) =>
      database.session(async (session) => {
        try {
          return await session.text(text, values);
        } catch (error) {
          // A text that begins a transaction of its own and fails in it must not leave the connection in it.
          await session.text("rollback").catch(() => {});
          throw error;
        }
      }),
    transaction: (work) => database.transaction((session) => work((text, values) => session.text(text, values))),
    async wake() {
      await database.query(sql`select pg_notify(${channel}, '')`);
    },
    onWake: (onWake) => listener.subscribe(channel, onWake, onWake),
  };
}
