/** Who hears of imports by mail, in `sluice.mail_recipients`. */
import type { MailChoices, MailRecipient, MailRecipients, Notified } from "../../core/mail.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";

const choices = sql`coalesce(r.is_off, false) as "isOff", r.from_rows as "fromRows", r.language`;

/** Joined to an import or a source: who is to hear of it, or else the account of whoever made it. */
const whoHears = (of: "j" | "s"): Sql => sql`
  left join sluice.mail_recipients r on r.id = ${sql.id(of, "notify")}
  left join sluice.users u on u.id = ${sql.id(of, "created_by")} and u.disabled_at is null`;

export function postgresRecipients(database: Database): MailRecipients {
  return {
    async ofImport(importId) {
      const [found] = await database.query<MailRecipient & { isFetched: boolean }>(sql`
        select coalesce(r.address, u.email) as address, ${choices},
          exists (select from sluice.source_files f where f.import_id = j.id) as "isFetched"
        from sluice.import_jobs j
          ${whoHears("j")}
        where j.id = ${importId} and coalesce(r.address, u.email) is not null
      `);
      return found ?? null;
    },
    async ofSource(sourceId) {
      const [found] = await database.query<MailRecipient & { hasFailed: boolean }>(sql`
        select coalesce(r.address, u.email) as address, ${choices}, s.error is not null as "hasFailed"
        from sluice.sources s
          ${whoHears("s")}
        where s.id = ${sourceId} and coalesce(r.address, u.email) is not null
      `);
      return found ?? null;
    },
    async get(id, userId) {
      const [found] = await database.query<MailChoices & { address: string | null }>(sql`
        select coalesce(r.address, u.email) as address, ${choices}
        from (select) one
          left join sluice.mail_recipients r on r.id = ${id}
          left join sluice.users u on u.id = ${userId} and u.disabled_at is null
      `);
      return found;
    },
    async change(id, { isOff, fromRows, language }) {
      const isSaid = (value: unknown): boolean => value !== undefined;
      await database.change(sql`
        insert into sluice.mail_recipients as r (id, is_off, from_rows, language)
        values (${id}, ${isOff ?? false}, ${fromRows ?? null}::integer, ${language ?? null})
        on conflict (id) do update set
          is_off = case when ${isSaid(isOff)} then excluded.is_off else r.is_off end,
          from_rows = case when ${isSaid(fromRows)} then excluded.from_rows else r.from_rows end,
          language = case when ${isSaid(language)} then excluded.language else r.language end
      `);
    },
  };
}

/** In the transaction that makes an import: who hears of it, at the address at which they are now. */
export async function noteRecipient(session: Session, { id, address }: Notified): Promise<void> {
  await session.query(sql`
    insert into sluice.mail_recipients as r (id, address) values (${id}, ${address})
    on conflict (id) do update set address = coalesce(excluded.address, r.address), seen_at = now()
  `);
}
