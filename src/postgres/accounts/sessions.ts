/** One-time codes in `sluice.sign_in_codes` and the sessions they open, in `sluice.sessions`. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Author, SignInCode, User, Users } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { getUser } from "./accounts.ts";
import { addToAudit } from "./audit.ts";
import { hashOf, newSecret } from "./secrets.ts";

/** A link that nobody has opened by then was lost. */
const codeLife = sql`interval '30 minutes'`;
/** How long codes that were used or have expired are told apart from unknown ones. */
const codesKept = sql`interval '7 days'`;
/** Idle time after which a session ends. */
const sessionLife = sql`interval '14 days'`;
/** At most one write per session within this time. */
const touchedEvery = sql`interval '1 hour'`;

/** Who makes the first link. */
const sluice: Author = { id: null, name: "sluice" };

type Sessions = Pick<
  Users,
  "firstSignInCode" | "newSignInCode" | "signIn" | "userOfSession" | "signOut" | "endSessions"
>;

export function postgresSessions(database: Database): Sessions {
  return {
    firstSignInCode: (role = "admin") =>
      database.transaction(async (session) => {
        // Servers that start at the same time make one admin.
        await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice users', 0))`);
        const [{ entered }] = await session.query<{ entered: boolean }>(
          sql`select exists (select from sluice.users where last_signed_in_at is not null) as entered`,
        );
        if (entered) return null;
        let [admin] = await session.query<{ id: string }>(
          sql`select id from sluice.users where role in ('operator', 'admin') and disabled_at is null order by number limit 1`,
        );
        if (admin === undefined) {
          [admin] = await session.query<{ id: string }>(sql`
            insert into sluice.users (name, role)
            select case when exists (select from sluice.users where lower(name) = 'admin')
              then 'admin ' || gen_random_uuid() else 'admin' end, ${role} returning id
          `);
          await addToAudit(session, "user.created", sluice, admin.id, { name: "admin", role });
        }
        return addCode(session, admin.id, sluice);
      }),
    newSignInCode: (userId, by) =>
      database.transaction(async (session) => {
        const user = await getUser(session, userId);
        if (user.disabledAt !== null)
          throw new SluiceError("conflict", told`${user.name} is disabled. Enable the account first.`);
        return addCode(session, userId, by);
      }),
    async signIn(code, { address, replaces }) {
      const codeHash = hashOf(code);
      if (codeHash === null) return null;
      return database.transaction(async (session) => {
        // Of two requests with the same code, the second waits for the row and finds it used.
        const [served] = await session.query<{ userId: string }>(sql`
          update sluice.sign_in_codes set used_at = now()
          where code_hash = ${codeHash} and used_at is null and expires_at > now() returning user_id as "userId"
        `);
        if (served === undefined) return null;
        const [user] = await session.query<User>(sql`
          update sluice.users set last_signed_in_at = now() where id = ${served.userId} and disabled_at is null
          returning id, name, role
        `);
        if (user === undefined) return null;
        await session.query(
          sql`update sluice.sign_in_codes set expires_at = now() where user_id = ${user.id} and expires_at > now()`,
        );
        await session.query(sql`delete from sluice.sign_in_codes where expires_at < now() - ${codesKept}`);
        const replaced = hashOf(replaces ?? "");
        await session.query(sql`
          delete from sluice.sessions where expires_at <= now() ${replaced === null ? sql`` : sql`or secret_hash = ${replaced}`}
        `);
        const secret = newSecret();
        await session.query(sql`
          insert into sluice.sessions (secret_hash, user_id, expires_at)
          values (${hashOf(secret)}, ${user.id}, now() + ${sessionLife})
        `);
        await addToAudit(session, "session.started", { id: user.id, name: user.name, address }, user.id);
        return { user, secret };
      });
    },
    async userOfSession(secret) {
      const hash = hashOf(secret);
      if (hash === null) return null;
      const [found] = await database.query<User & { touch: boolean }>(sql`
        select u.id, u.name, u.role, s.last_seen_at < now() - ${touchedEvery} as touch
        from sluice.sessions s join sluice.users u on u.id = s.user_id
        where s.secret_hash = ${hash} and s.expires_at > now() and u.disabled_at is null
      `);
      if (found === undefined) return null;
      if (found.touch) {
        await database.query(sql`
          update sluice.sessions set last_seen_at = now(), expires_at = now() + ${sessionLife}
          where secret_hash = ${hash} and last_seen_at < now() - ${touchedEvery}
        `);
      }
      return { id: found.id, name: found.name, role: found.role };
    },
    async signOut(secret) {
      const hash = hashOf(secret);
      if (hash === null) return null;
      return database.transaction(async (session) => {
        const [user] = await session.query<User>(sql`
          delete from sluice.sessions s using sluice.users u where s.secret_hash = ${hash} and u.id = s.user_id
          returning u.id, u.name, u.role
        `);
        if (user === undefined) return null;
        await addToAudit(session, "session.ended", { id: user.id, name: user.name }, user.id);
        return user;
      });
    },
    endSessions: (userId, by) =>
      database.transaction(async (session) => {
        await getUser(session, userId);
        const ended = await session.change(sql`delete from sluice.sessions where user_id = ${userId}`);
        await addToAudit(session, "sessions.revoked", by, userId, { sessions: ended });
        return ended;
      }),
  };
}

async function addCode(session: Session, userId: string, by: Author): Promise<SignInCode> {
  const code = newSecret();
  const [{ expiresAt }] = await session.query<{ expiresAt: Date }>(sql`
    insert into sluice.sign_in_codes (code_hash, user_id, expires_at)
    values (${hashOf(code)}, ${userId}, now() + ${codeLife}) returning expires_at as "expiresAt"
  `);
  await addToAudit(session, "sign_in_link.made", by, userId);
  return { code, expiresAt };
}
