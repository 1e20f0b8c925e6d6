/** What each webhook was told, attempt by attempt, and told again. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Webhooks } from "../../core/store/webhooks.ts";
import type { WebhookDelivery } from "../../core/webhook.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

const state = sql`case when d.done_at is null then 'waiting' when d.is_dead then 'failed' else 'delivered' end`;
const columns = sql`d.id, d.webhook_id as "webhookId", d.event, d.job_id as "importId", ${state} as state, d.created_at as "createdAt",
  case when d.done_at is null then d.next_at end as "nextAt", d.log as attempts, d.page`;

export function deliveryLog(database: Database): Pick<Webhooks, "deliveries" | "redeliver"> {
  return {
    deliveries: (webhookId, { state: asked, importId }, { before, limit }) =>
      database.query<WebhookDelivery>(sql`
        select ${columns} from sluice.webhook_deliveries d
        where d.webhook_id = ${webhookId} and (${asked ?? null}::text is null or ${state} = ${asked ?? null})
          and (${importId ?? null}::bigint is null or d.job_id = ${importId ?? null})
          and (${before ?? null}::uuid is null or d.number < (select b.number from sluice.webhook_deliveries b where b.id = ${before ?? null}::uuid))
        order by d.number desc limit ${limit}
      `),
    async redeliver(webhookId, deliveryId) {
      const [again] = await database.query<WebhookDelivery>(sql`
        update sluice.webhook_deliveries d set done_at = null, is_dead = false, attempts = 0, next_at = now()
        from sluice.webhooks w
        where d.id = ${deliveryId}::uuid and d.webhook_id = ${webhookId} and w.id = d.webhook_id and w.disabled_at is null
          and not coalesce(d.claimed_until > now(), false)
        returning ${columns}
      `);
      if (again !== undefined) return again;
      const [there] = await database.query<{ isOff: boolean }>(sql`
        select w.disabled_at is not null as "isOff" from sluice.webhook_deliveries d join sluice.webhooks w on w.id = d.webhook_id
        where d.id = ${deliveryId}::uuid and d.webhook_id = ${webhookId}
      `);
      if (there === undefined)
        throw new SluiceError(
          "not_found",
          told`There is no such delivery. They are kept for a week, and for a month where they failed.`,
        );
      throw there.isOff
        ? new SluiceError("conflict", told`The webhook is turned off. Turn it on first.`)
        : new SluiceError("conflict", told`It is being delivered right now.`);
    },
  };
}
