/** Refused sign-ins, in `sluice.audit`: what is known about the secret that was presented, never the secret itself. */
import type { AuditName, RefusedSecret } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { addToAudit } from "./audit.ts";
import { hashOf } from "./secrets.ts";
import { tokenHashOf } from "./tokens.ts";

/** At most one line per address within this time, however many secrets are tried. */
const onceIn = sql`interval '1 minute'`;
/** Lines of all addresses together in that time: a search from many machines does not fill the table. */
const mostAtOnce = 100;
/** How long such lines are kept. */
const keptFor = sql`interval '90 days'`;

/** What is known of a secret that is not accepted. */
interface Finding {
  reason: "unknown" | "used" | "expired" | "revoked" | "disabled" | "not_accepted";
  userId: string | null;
  tokenId?: number;
}

const names: Readonly<Record<RefusedSecret["kind"], AuditName>> = { code: "sign_in.refused", token: "token.refused" };

export function noteRefused(database: Database, { kind, secret, address }: RefusedSecret): Promise<void> {
  const name = names[kind];
  return database.transaction(async (session) => {
    // Of those who come from one address at the same time, the others find the first one's line.
    await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice refused', 0))`);
    const [{ here, all }] = await session.query<{ here: number; all: number }>(sql`
      select count(*) filter (where name = ${name} and data ->> 'address' is not distinct from ${address ?? null}::text)::int as here,
        count(*)::int as all
      from sluice.audit where name in ('sign_in.refused', 'token.refused') and at > clock_timestamp() - ${onceIn}
    `);
    if (here > 0 || all >= mostAtOnce) return;
    const { userId, ...data } = kind === "code" ? await ofCode(session, secret) : await ofToken(session, secret);
    await addToAudit(session, name, { id: null, name: "unknown", address }, userId, data);
  });
}

async function ofCode(session: Session, code: string): Promise<Finding> {
  const [known] = await session.query<Finding>(sql`
    select c.user_id as "userId", case when u.disabled_at is not null then 'disabled' when c.used_at is not null then 'used'
      when c.expires_at <= now() then 'expired' else 'not_accepted' end as reason
    from sluice.sign_in_codes c join sluice.users u on u.id = c.user_id where c.code_hash = ${hashOf(code)}
  `);
  return known ?? { reason: "unknown", userId: null };
}

async function ofToken(session: Session, token: string): Promise<Finding> {
  const hash = tokenHashOf(token);
  // A JWT, or what another program issues: whoever judges it does not say more.
  if (hash === null) return { reason: "not_accepted", userId: null };
  const [known] = await session.query<Finding>(sql`
    select t.user_id as "userId", t.id as "tokenId", case when t.revoked_at is not null then 'revoked'
      when t.expires_at <= now() then 'expired' when u.disabled_at is not null then 'disabled' else 'not_accepted' end as reason
    from sluice.api_tokens t join sluice.users u on u.id = t.user_id where t.token_hash = ${hash}
  `);
  return known ?? { reason: "unknown", userId: null };
}

/** Takes away the lines that are older than they are kept. */
export async function forgetRefusals(session: Session): Promise<void> {
  await session.change(
    sql`delete from sluice.audit where name in ('sign_in.refused', 'token.refused') and at < now() - ${keptFor}`,
  );
}
