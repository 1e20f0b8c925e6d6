/**
 * Keys of repeatable requests in `sluice.idempotency_keys`: claimed by insert, so that of two at the same moment one is done. A
 * claim ends with its process (presence.ts).
 */
import { randomUUID } from "node:crypto";
import { SluiceError, told } from "../../core/errors.ts";
import type { ClaimedKey, IdempotencyKeys, KeptAnswer } from "../../core/store/idempotency.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { isHeld, Presence } from "./presence.ts";

/** How long an answer is kept. */
const keptHours = 24;

interface StoredKey {
  hash: string;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

const mine = ({ userId, key, claim }: ClaimedKey) =>
  sql`user_id = ${userId} and key = ${key} and claim = ${claim} and status is null`;

export function postgresIdempotency(database: Database): IdempotencyKeys {
  const presence = new Presence(database);
  return {
    async claim({ userId, key, requestHash }) {
      await database.change(
        sql`delete from sluice.idempotency_keys where created_at < now() - ${keptHours} * interval '1 hour'`,
      );
      const claim = randomUUID();
      await presence.enter(claim);
      // Whoever held it has died, or could not say that it is free.
      const isLeft = sql`k.status is null and k.request_hash = excluded.request_hash and not ${isHeld(sql`k.holder`, sql`k.claim`)}`;
      const [claimed] = await database
        .query<{ importId: number | null; since: Date | null }>(sql`
          insert into sluice.idempotency_keys as k (user_id, key, request_hash, claim, holder)
          values (${userId}, ${key}, ${requestHash}, ${claim}, ${presence.id})
          on conflict (user_id, key) do update set claim = excluded.claim, holder = excluded.holder where ${isLeft}
          returning job_id as "importId", case when created_at < now() then created_at end as since
        `)
        .catch((error) => {
          presence.leave(claim);
          throw error;
        });
      if (claimed !== undefined) {
        return { kind: "claimed", claim: { userId, key, claim }, ...claimed };
      }
      presence.leave(claim);
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
    async keep(claim, { status, headers, body }) {
      presence.leave(claim.claim);
      await database.change(sql`
        update sluice.idempotency_keys set status = ${status}, headers = ${JSON.stringify(headers)}, body = ${body}
        where ${mine(claim)}
      `);
    },
    async release(claim) {
      presence.leave(claim.claim);
      await database.change(sql`
        with freed as (delete from sluice.idempotency_keys where ${mine(claim)} and job_id is null)
        update sluice.idempotency_keys set holder = null where ${mine(claim)} and job_id is not null
      `);
    },
    async leave(claim) {
      presence.leave(claim.claim);
      await database.change(sql`update sluice.idempotency_keys set holder = null where ${mine(claim)}`);
    },
    async done(claim, { jobId, event, actor, from }) {
      const [told] = await database.query<{ data: Record<string, unknown> }>(sql`
        select e.data from sluice.import_events e, (select created_at from sluice.idempotency_keys where ${mine(claim)}) k
        where e.job_id = ${jobId} and e.name = ${event} and e.actor = ${actor} and e.at >= k.created_at
          ${from === undefined ? sql`` : sql`and e.data ->> 'from' = any (${[...from]})`}
        order by e.id desc limit 1
      `);
      return told?.data ?? null;
    },
  };
}

/**
 * Notes the import that a request has made, in the transaction that makes it.
 *
 * @throws SluiceError `conflict` when the key has gone to another request meanwhile.
 */
export async function noteMade(session: Session, claim: ClaimedKey, jobId: number): Promise<void> {
  const noted = await session.change(sql`update sluice.idempotency_keys set job_id = ${jobId} where ${mine(claim)}`);
  if (noted === 1) return;
  throw new SluiceError(
    "conflict",
    told`The request with this Idempotency-Key is still in progress. Try again in a moment.`,
  );
}
