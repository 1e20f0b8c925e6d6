/**
 * Deliveries to webhooks in `sluice.webhook_deliveries`: made of the outbox's messages, claimed with the worker's name and a limit of time, and
 * noted. No transaction is open while one is sent.
 */
import type { RecordKey } from "../../core/store/archive.ts";
import type { ClaimedDelivery, WebhookMessage, Webhooks } from "../../core/store/webhooks.ts";
import { attemptDelaysSeconds, type WebhookAttempt, webhookSinkName } from "../../core/webhook.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, sql } from "../connection/session.ts";
import { isHeld, type Worker } from "../connection/workers.ts";

/** A claim outlives its delivery, which is given a third of it. */
const claimSeconds = 45;
/** Deliveries to one address at the same time. */
const atOnce = 4;
/** Pauses that an address asks for without saying how long: twice as long each time, up to an hour. */
const firstPauseSeconds = 10;
const longestPauseSeconds = 3600;
/** Attempts whose outcome is kept: of one that is delivered again and again, the latest. */
const keptAttempts = 50;

const isFree = sql`not ${isHeld(sql`d.claimed_by`, sql`d.claimed_until`)}`;
/** Whether the webhook `w` may be told anything now. */
const isOpen = sql`w.disabled_at is null and coalesce(w.throttled_until <= now(), true)`;

const ofMessage = sql`
  o.payload ->> 'importer' as importer, o.payload -> 'context' as context`;

export function webhookDeliveries(
  database: Database,
  worker: Worker,
): Pick<Webhooks, "dueInSeconds" | "untold" | "tell" | "claim" | "delivered" | "failed"> {
  return {
    async dueInSeconds() {
      const [{ seconds }] = await database.query<{ seconds: number | null }>(sql`
        select case
          when exists (select from sluice.outbox o where o.sink = ${webhookSinkName} and o.done_at is null) then 0
          else (
            select greatest(0, extract(epoch from min(greatest(d.next_at, w.throttled_until)) - now()))
            from sluice.webhooks w cross join lateral (
              select d.next_at from sluice.webhook_deliveries d
              where d.webhook_id = w.id and d.done_at is null and ${isFree} order by d.next_at limit 1
            ) d where w.disabled_at is null having count(*) > 0
          ) end::float8 as seconds
      `);
      return seconds;
    },
    untold: (limit) =>
      database.query<WebhookMessage>(sql`
        select o.id, o.topic as event, (o.payload ->> 'at')::timestamptz as at, o.job_id as "importId", o.payload ->> 'fileName' as "fileName", ${ofMessage}
        from sluice.outbox o where o.sink = ${webhookSinkName} and o.done_at is null order by o.job_id, o.id limit ${limit}
      `),
    async tell({ id, event }, payload) {
      // The message is done with in the statement that makes the deliveries: whoever comes second finds none.
      await database.change(sql`
        with o as (
          update sluice.outbox o set done_at = now() where o.id = ${id} and o.done_at is null
          returning o.job_id, ${ofMessage}
        )
        insert into sluice.webhook_deliveries (webhook_id, event, job_id, payload, page)
        select w.id, e.event, o.job_id, case when e.event <> 'import.rows' then ${jsonb(payload)} end,
          case when e.event = 'import.rows' then 1 end
        from o
          join sluice.webhooks w on w.disabled_at is null and (w.importer is null or w.importer = o.importer) and (w.context is null or w.context = o.context)
          cross join lateral unnest(w.events) e (event)
        where ${payload !== null} and (e.event = ${event} or (e.event = 'import.rows' and ${event} = 'import.completed'))
      `);
    },
    async claim() {
      // Mostly nothing is due: that is seen without a turn, and without planning how to take one.
      const [{ isDue }] = await database.query<{ isDue: boolean }>(sql`
        select exists (select from sluice.webhook_deliveries d where d.done_at is null and d.next_at <= now()) as "isDue"
      `);
      return isDue ? database.transaction((session) => claim(session, worker)) : null;
    },
    async delivered(delivery, attempt, next) {
      await database.transaction(async (session) => {
        const noted = await session.change(sql`
          update sluice.webhook_deliveries d set done_at = now(), is_dead = false, claimed_by = null, claimed_until = null, ${logged(attempt)}
          where d.id = ${delivery.id}::uuid and d.done_at is null
        `);
        await session.change(sql`
          update sluice.webhooks set throttled_until = null, throttles = 0 where id = ${delivery.webhookId} and throttles > 0
        `);
        if (noted === 1 && next !== null) await addPage(session, delivery, next);
      });
    },
    failed: (delivery, attempt, verdict, retryAfterSeconds) =>
      database.transaction(async (session) => {
        const { id, webhookId } = delivery;
        if (verdict === "throttled") await throttle(session, webhookId, retryAfterSeconds);
        const isDisabled = verdict === "gone";
        if (isDisabled)
          await session.change(sql`
            update sluice.webhooks set disabled_at = coalesce(disabled_at, now()), disabled_reason = coalesce(disabled_reason, 'gone')
            where id = ${webhookId}
          `);
        const isLast = delivery.attempt >= attemptDelaysSeconds.length || isDisabled;
        const waitSeconds = attemptDelaysSeconds[delivery.attempt] ?? 0;
        const noted = await session.change(sql`
          update sluice.webhook_deliveries d set claimed_by = null, claimed_until = null, ${logged(attempt)},
            is_dead = ${isLast}, done_at = case when ${isLast} then now() end,
            next_at = now() + greatest(${waitSeconds}::float8, ${retryAfterSeconds ?? 0}::float8) * interval '1 second'
          where d.id = ${id}::uuid and d.done_at is null and d.claimed_by = ${worker.id}
        `);
        // What else waits for an address that is gone never gets there.
        if (isDisabled)
          await session.change(sql`
            update sluice.webhook_deliveries d set done_at = now(), is_dead = true, claimed_by = null, claimed_until = null
            where d.webhook_id = ${webhookId} and d.done_at is null
          `);
        return { isDead: isLast && noted === 1, isDisabled };
      }),
  };
}

const logged = (attempt: WebhookAttempt) => sql`
  log = case when jsonb_array_length(d.log) >= ${sql.lit(keptAttempts)} then d.log - 0 else d.log end || ${jsonb([attempt])}`;

async function throttle(session: Session, webhookId: number, retryAfterSeconds: number | null): Promise<void> {
  const pause = sql`least(${longestPauseSeconds}::float8, ${firstPauseSeconds}::float8 * power(2, least(throttles, 20)))`;
  await session.change(sql`
    update sluice.webhooks set throttles = throttles + 1,
      throttled_until = greatest(throttled_until, now() + coalesce(${retryAfterSeconds}::float8, ${pause}) * interval '1 second')
    where id = ${webhookId}
  `);
}

/** Once: neither whoever is second after a claim has run out, nor a page that is delivered again, makes a second chain. */
async function addPage(
  session: Session,
  { webhookId, importId, page }: ClaimedDelivery,
  next: RecordKey,
): Promise<void> {
  await session.change(sql`
    insert into sluice.webhook_deliveries (webhook_id, event, job_id, page, after_record)
    select id, 'import.rows', ${importId}, ${(page ?? 1) + 1}, ${JSON.stringify(next)}::jsonb from sluice.webhooks w
    where id = ${webhookId} and disabled_at is null and not exists (
      select from sluice.webhook_deliveries d
      where d.webhook_id = w.id and d.job_id = ${importId} and d.event = 'import.rows' and d.page = ${(page ?? 1) + 1})
  `);
}

/** One worker claims at a time; each address is asked in turn, by what has waited longest for it. */
async function claim(session: Session, worker: Worker): Promise<ClaimedDelivery | null> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice webhook deliveries', 0))`);
  const [claimed] = await session.query<ClaimedDelivery>(sql`
    with picked as (
      select d.id from sluice.webhooks w cross join lateral (
        select d.id, d.next_at from sluice.webhook_deliveries d
        where d.webhook_id = w.id and d.done_at is null and d.next_at <= now() and ${isFree} order by d.next_at limit 1
      ) d
      where ${isOpen} and ${sql.lit(atOnce)} > (
        select count(*) from sluice.webhook_deliveries d where d.webhook_id = w.id and d.done_at is null and not ${isFree})
      order by d.next_at limit 1
    )
    update sluice.webhook_deliveries d set attempts = attempts + 1, claimed_by = ${worker.id}, claimed_until = now() + ${claimSeconds} * interval '1 second'
    from picked, sluice.webhooks w where d.id = picked.id and w.id = d.webhook_id
    returning d.id, d.webhook_id as "webhookId", w.url, array_remove(array[w.secret, case when w.previous_secret_until > now() then w.previous_secret end], null) as secrets,
      d.event, d.job_id as "importId", d.payload, d.page, d.after_record as after, d.attempts as attempt
  `);
  return claimed ?? null;
}

/** What was delivered long ago goes. */
export async function forgetDeliveries(
  session: Session | Database,
  keep: { deliveredDays: number; deadDays: number },
): Promise<void> {
  await session.change(sql`
    delete from sluice.webhook_deliveries
    where done_at < now() - case when is_dead then ${sql.lit(keep.deadDays)} else ${sql.lit(keep.deliveredDays)} end * interval '1 day'
  `);
}
