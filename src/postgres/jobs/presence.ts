/**
 * This process among those that have requests with keys under way: it says every two seconds which claims it stands by, as long as
 * there are any. Who holds none writes nothing.
 */
import { randomUUID } from "node:crypto";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { heartbeatMs, pooled, staleAfterSeconds } from "../connection/workers.ts";

export class Presence {
  readonly id = randomUUID();
  readonly #database: Database;
  readonly #claims = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Stands by a claim, from before it is written anywhere. */
  async enter(claim: string): Promise<void> {
    this.#claims.add(claim);
    try {
      await this.#beat();
    } catch (error) {
      this.leave(claim);
      throw error;
    }
    this.#timer ??= setInterval(() => {
      // A database that is away holds nobody's claims up for long.
      void this.#beat().catch(() => {});
    }, heartbeatMs);
    this.#timer.unref();
  }

  leave(claim: string): void {
    this.#claims.delete(claim);
    if (this.#claims.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #beat(): Promise<void> {
    await this.#database.session(async (session) => {
      await session.change(sql`
        with gone as (delete from sluice.presences where heartbeat_at < now() - interval '1 hour' and id <> ${this.id})
        insert into sluice.presences (id, claims, backend_pid, backend_start)
        select ${this.id}, ${[...this.#claims]}::text[],
          case when pid = ${session.toldPid}::integer then pid else ${sql.lit(pooled)} end, backend_start
        from pg_stat_activity where pid = pg_backend_pid()
        on conflict (id) do update set claims = excluded.claims, heartbeat_at = now(), backend_pid = excluded.backend_pid,
          backend_start = excluded.backend_start
      `);
    });
  }
}

/**
 * True while the process that made a claim stands by it: at once no longer when it was killed, after ten seconds when it is stopped
 * or cut off, or killed behind a pooler. Its tables have names that no statement around it uses.
 */
export const isHeld = (holder: Sql, claim: Sql) => sql<boolean>`exists (
  select from sluice.presences hp left join pg_stat_activity ha on ha.pid = hp.backend_pid and ha.backend_start = hp.backend_start
  where hp.id = ${holder} and ${claim} = any (hp.claims) and hp.heartbeat_at > now() - ${staleAfterSeconds} * interval '1 second'
    and (ha.pid is not null or hp.backend_pid = ${sql.lit(pooled)})
)`;
