/** What operators were told of, in `sluice.alerts`: an alert and the note that it was written are one transaction. */
import type { Alerts, Trouble } from "../../core/alert.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

export function postgresAlerts(database: Database): Alerts {
  return {
    async note(troubles) {
      await database.transaction(async (session) => {
        // Every worker looks: one notes, and the next finds nothing new.
        await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice alerts', 0))`);
        await session.query(sql`
          with now_wrong as (
            select kind, name, count, reason from jsonb_to_recordset(${JSON.stringify(troubles)}::jsonb) as t (kind text, name text, count integer, reason text)
          ),
          over as (
            delete from sluice.alerts a where not exists (select from now_wrong n where n.kind = a.kind and n.name = a.name)
          ),
          fresh as (
            select n.*, n.count - coalesce(a.told, 0) as fresh
            from now_wrong n left join sluice.alerts a on a.kind = n.kind and a.name = n.name
            where n.count <> coalesce(a.told, 0)
          ),
          noted as (
            insert into sluice.alerts (kind, name, told) select kind, name, count from fresh
            on conflict (kind, name) do update set told = excluded.told, at = now()
          )
          insert into sluice.outbox (sink, topic, job_id, payload)
          select s.name, 'operator.alert', 0, jsonb_build_object('at', clock_timestamp(), 'importer', '', 'fileName', '', 'target', '', 'context', '{}'::jsonb,
            'data', to_jsonb(f))
          from fresh f cross join sluice.sinks s where f.fresh > 0 and s.importer is null and 'operator.alert' = any (s.topics)
        `);
      });
    },
    ofWebhooks: () =>
      database.query<Trouble>(sql`
        select 'webhook_off' as kind, 'webhook ' || w.id || ' (' || w.name || ')' as name, 1 as count, null as reason
        from sluice.webhooks w where w.disabled_reason = 'gone'
        union all
        select 'dead_letters', 'webhook ' || w.id || ' (' || w.name || ')', count(*)::int, null
        from sluice.webhooks w join sluice.webhook_deliveries d on d.webhook_id = w.id and d.is_dead
        where w.disabled_at is null group by w.id
      `),
  };
}
