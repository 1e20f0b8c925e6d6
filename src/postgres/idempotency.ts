/** Keys of repeatable requests in `sluice.idempotency_keys`: claimed by insert, so that of two at the same moment one is done. */
import type { IdempotencyKeys, KeptAnswer } from "../idempotency.ts";
import { type Database, sql } from "./connect.ts";

/** How long an answer is kept. */
const keptHours = 24;
/** A request that came to no answer in this time died with its process: the key may be used again. */
const underWayMinutes = 10;

interface StoredKey {
  hash: string;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

export function postgresIdempotency(database: Database): IdempotencyKeys {
  return {
    async claim({ userId, key, requestHash }) {
      await database.change(sql`
        delete from sluice.idempotency_keys
        where created_at < now() - ${keptHours} * interval '1 hour'
          or (user_id = ${userId} and key = ${key} and status is null and created_at < now() - ${underWayMinutes} * interval '1 minute')
      `);
      const claimed = await database.change(sql`
        insert into sluice.idempotency_keys (user_id, key, request_hash) values (${userId}, ${key}, ${requestHash})
        on conflict do nothing
      `);
      if (claimed === 1) return { kind: "new" };
      const [stored] = await database.query<StoredKey>(sql`
        select request_hash as hash, status, headers, body from sluice.idempotency_keys where user_id = ${userId} and key = ${key}
      `);
      // Released between the two statements: whoever asks again finds it free.
      if (stored === undefined) return { kind: "under_way" };
      if (stored.hash !== requestHash) return { kind: "other_request" };
      if (stored.status === null) return { kind: "under_way" };
      const answer: KeptAnswer = { status: stored.status, headers: stored.headers ?? {}, body: stored.body ?? "" };
      return { kind: "answered", answer };
    },
    async keep({ userId, key }, { status, headers, body }) {
      await database.change(sql`
        update sluice.idempotency_keys set status = ${status}, headers = ${JSON.stringify(headers)}, body = ${body}
        where user_id = ${userId} and key = ${key}
      `);
    },
    async release({ userId, key }) {
      await database.change(sql`
        delete from sluice.idempotency_keys where user_id = ${userId} and key = ${key} and status is null
      `);
    },
  };
}
