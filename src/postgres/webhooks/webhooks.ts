/** Webhooks in `sluice.webhooks`. What any of them wants stands in their row of `sluice.sinks`, so that nothing is written where there is none. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Webhooks } from "../../core/store/webhooks.ts";
import {
  mostWebhooks,
  topicOf,
  type Webhook,
  type WebhookEvent,
  webhookEvents,
  webhookSinkName,
} from "../../core/webhook.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, sql } from "../connection/session.ts";
import type { Worker } from "../connection/workers.ts";
import { webhookDeliveries } from "./deliveries.ts";
import { deliveryLog } from "./delivery-log.ts";

const columns = sql`id, url, name, events, importer, context, created_by as "createdBy", created_at as "createdAt", disabled_at as "disabledAt",
  disabled_reason as "disabledReason", case when throttled_until > now() then throttled_until end as "throttledUntil",
  case when previous_secret_until > now() then previous_secret_until end as "previousSecretUntil"`;

export function postgresWebhooks(database: Database, worker: Worker): Webhooks {
  const changing = (id: number, change: (session: Session) => Promise<Webhook[]>): Promise<Webhook> =>
    database.transaction(async (session) => {
      await lockWebhooks(session);
      const [changed] = await change(session);
      if (changed === undefined) throw noWebhook(id);
      await noteTopics(session);
      return changed;
    });
  return {
    ...webhookDeliveries(database, worker),
    ...deliveryLog(database),
    list: (of) =>
      database.query<Webhook>(
        of === null
          ? sql`select ${columns} from sluice.webhooks order by id`
          : sql`
            select ${columns} from sluice.webhooks
            where (importer, context) in (select importer, context from jsonb_to_recordset(${JSON.stringify(of)}::jsonb) as b (importer text, context jsonb))
            order by id`,
      ),
    async get(id) {
      const [found] = await database.query<Webhook>(sql`select ${columns} from sluice.webhooks where id = ${id}`);
      if (found === undefined) throw noWebhook(id);
      return found;
    },
    create: ({ url, name, events, importer, context, createdBy, secret }) =>
      database.transaction(async (session) => {
        await lockWebhooks(session);
        const of = sql`importer is not distinct from ${importer} and context is not distinct from ${jsonb(context)}`;
        const [{ there }] = await session.query<{ there: number }>(
          sql`select count(*)::int as there from sluice.webhooks where ${of}`,
        );
        if (there >= mostWebhooks)
          throw new SluiceError(
            "conflict",
            told`There are ${there} webhooks already, which is the limit. Delete one first.`,
          );
        const [created] = await session.query<Webhook>(sql`
          insert into sluice.webhooks (url, name, events, importer, context, created_by, secret)
          values (${url}, ${name}, ${events}, ${importer}, ${jsonb(context)}, ${createdBy}, ${secret}) returning ${columns}
        `);
        await noteTopics(session);
        return created;
      }),
    change: (id, { url, name, events, isDisabled }) =>
      changing(id, async (session) => {
        if (isDisabled === true) await giveUp(session, id, "the webhook was turned off");
        return session.query<Webhook>(sql`
          update sluice.webhooks set url = coalesce(${url ?? null}, url), name = coalesce(${name ?? null}, name),
            events = coalesce(${events ?? null}::text[], events),
            disabled_at = case when ${isDisabled === undefined} then disabled_at when ${isDisabled === true} then coalesce(disabled_at, now()) end,
            disabled_reason = case when ${isDisabled === undefined} then disabled_reason when ${isDisabled === true} then coalesce(disabled_reason, 'person') end,
            throttled_until = case when ${url === undefined && isDisabled === undefined} then throttled_until end,
            throttles = case when ${url === undefined && isDisabled === undefined} then throttles else 0 end
          where id = ${id} returning ${columns}
        `);
      }),
    rotate: (id, secret, previousUntil) =>
      changing(id, (session) =>
        session.query<Webhook>(sql`
          update sluice.webhooks set previous_secret = secret, previous_secret_until = ${previousUntil}, secret = ${secret}
          where id = ${id} returning ${columns}
        `),
      ),
    async delete(id) {
      await changing(id, (session) =>
        session.query<Webhook>(sql`delete from sluice.webhooks where id = ${id} returning ${columns}`),
      );
    },
    async keep() {
      const [there] = await database.query(sql`select from sluice.webhooks limit 1`);
      if (there === undefined) return;
      // Forgotten while nobody ran, or written by a version that knew fewer events.
      await database.transaction(async (session) => {
        await lockWebhooks(session);
        await noteTopics(session);
      });
    },
  };
}

export function noWebhook(id: number): SluiceError {
  return new SluiceError("not_found", told`There is no webhook ${id}, or it is not yours.`);
}

/** Two who change them come one after the other, so that their topics are those of all. */
async function lockWebhooks(session: Session): Promise<void> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice webhooks', 0))`);
}

/** From now on every process writes for them what any of them wants. */
async function noteTopics(session: Session): Promise<void> {
  const wanted = await session.query<{ event: WebhookEvent }>(
    sql`select distinct unnest(events) as event from sluice.webhooks where disabled_at is null`,
  );
  const known = wanted.filter(({ event }) => webhookEvents.includes(event));
  const topics = [...new Set(known.map(({ event }) => topicOf(event)))];
  await session.change(sql`
    insert into sluice.sinks (name, topics) values (${webhookSinkName}, ${topics}::text[])
    on conflict (name) do update set topics = excluded.topics, seen_at = now()
  `);
}

/** What waits for one that is turned off is given up, and can be delivered again. */
async function giveUp(session: Session, id: number, reason: string): Promise<void> {
  await session.change(sql`
    update sluice.webhook_deliveries set done_at = now(), is_dead = true, claimed_by = null, claimed_until = null,
      log = log || ${JSON.stringify([{ at: new Date().toISOString(), status: null, error: reason, milliseconds: 0 }])}::jsonb
    where webhook_id = ${id} and done_at is null
  `);
}
