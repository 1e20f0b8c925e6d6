/** Programs' tokens in `sluice.api_tokens`. */
import { SluiceError, told } from "../../core/errors.ts";
import { type ApiToken, reachesRole, type User, type Users } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { getUser } from "./accounts.ts";
import { addToAudit } from "./audit.ts";
import { hashOf, newSecret } from "./secrets.ts";

/** By it a token is recognised where it was left by mistake, and told from a JWT. */
const prefix = "sluice_";
/** When a token was last used is known so exactly: no write for every request. */
const usedWithin = sql`interval '1 minute'`;

const tokenColumns = sql`
  t.id, t.name, t.user_id as "userId", u.name as "userName", t.role, t.created_at as "createdAt", t.created_by as "createdBy",
  t.last_used_at as "lastUsedAt", t.expires_at as "expiresAt", t.revoked_at as "revokedAt"
`;

type Tokens = Pick<Users, "listTokens" | "createToken" | "revokeToken" | "userOfToken">;

export function postgresTokens(database: Database): Tokens {
  return {
    listTokens: ({ after, limit, userId }) =>
      database.query<ApiToken>(sql`
        select ${tokenColumns} from sluice.api_tokens t join sluice.users u on u.id = t.user_id
        where ${after === undefined ? sql`true` : sql`t.id < ${after}`}
          ${userId === undefined ? sql`` : sql`and t.user_id = ${userId}`}
        order by t.id desc limit ${limit}
      `),
    createToken: ({ name, userId, role, expiresAt }, by) =>
      database.transaction(async (session) => {
        const user = await getUser(session, userId);
        if (user.disabledAt !== null)
          throw new SluiceError("conflict", told`${user.name} is disabled. Enable the account first.`);
        if (!reachesRole(user.role, role))
          throw new SluiceError(
            "conflict",
            told`${user.name} has the role "${user.role}", and a token cannot have a higher one. Give the token the role "${user.role}".`,
          );
        const secret = newSecret();
        const [token] = await session.query<ApiToken>(sql`
          with t as (
            insert into sluice.api_tokens (token_hash, name, user_id, role, created_by, expires_at)
            values (${hashOf(secret)}, ${name}, ${userId}, ${role}, ${by.id}, ${expiresAt}) returning *
          )
          select ${tokenColumns} from t join sluice.users u on u.id = t.user_id
        `);
        await addToAudit(session, "token.created", by, userId, { tokenId: token.id, name, role });
        return { token, secret: prefix + secret };
      }),
    revokeToken: (id, by, userId) =>
      database.transaction(async (session) => {
        const ofUser = userId === undefined ? sql`` : sql`and user_id = ${userId}`;
        const revoked = await session.change(
          sql`update sluice.api_tokens set revoked_at = now() where id = ${id} and revoked_at is null ${ofUser}`,
        );
        const [token] = await session.query<ApiToken>(sql`
          select ${tokenColumns} from sluice.api_tokens t join sluice.users u on u.id = t.user_id where t.id = ${id} ${ofUser}
        `);
        if (token === undefined) throw new SluiceError("not_found", told`There is no token ${id}.`);
        if (revoked === 1)
          await addToAudit(session, "token.revoked", by, token.userId, { tokenId: id, name: token.name });
        return token;
      }),
    async userOfToken(secret) {
      const hash = tokenHashOf(secret);
      if (hash === null) return null;
      const [found] = await database.query<User & { tokenId: number; touch: boolean }>(sql`
        select u.id, u.name, case
            when t.role = 'operator' and u.role = 'operator' then 'operator'
            when 'user' not in (t.role, u.role) then 'admin' else 'user'
          end as role,
          t.id as "tokenId", t.last_used_at is null or t.last_used_at < now() - ${usedWithin} as touch
        from sluice.api_tokens t join sluice.users u on u.id = t.user_id
        where t.token_hash = ${hash} and t.revoked_at is null and u.disabled_at is null
          and (t.expires_at is null or t.expires_at > now())
      `);
      if (found === undefined) return null;
      if (found.touch) {
        await database.query(sql`
          update sluice.api_tokens set last_used_at = now()
          where id = ${found.tokenId} and (last_used_at is null or last_used_at < now() - ${usedWithin})
        `);
      }
      return { id: found.id, name: found.name, role: found.role };
    },
  };
}

/** What is kept of a token; null for what is none of ours. */
export function tokenHashOf(token: string): Buffer | null {
  return token.startsWith(prefix) ? hashOf(token.slice(prefix.length)) : null;
}
