/** Accounts in `sluice.users`. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Account, Users } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { addToAudit } from "./audit.ts";

const accountColumns = sql`
  id, number, name, role, created_at as "createdAt", last_signed_in_at as "lastSignedInAt", disabled_at as "disabledAt", email
`;

type Accounts = Pick<Users, "list" | "get" | "findByName" | "create" | "change">;

export function postgresAccounts(database: Database): Accounts {
  return {
    list: ({ after = 0, limit }) =>
      database.query<Account>(
        sql`select ${accountColumns} from sluice.users where number > ${after} order by number limit ${limit}`,
      ),
    get: (id) => database.session((session) => getUser(session, id)),
    async findByName(name) {
      const [found] = await database.query<Account>(
        sql`select ${accountColumns} from sluice.users where lower(name) = lower(${name})`,
      );
      if (found === undefined) throw new SluiceError("not_found", told`There is no user "${name}".`);
      return found;
    },
    create: ({ name, role, email = null }, by) =>
      database.transaction(async (session) => {
        const [created] = await session.query<Account>(sql`
          insert into sluice.users (name, role, email) values (${name}, ${role}, ${email})
          on conflict (lower(name)) do nothing returning ${accountColumns}
        `);
        if (created === undefined) throw nameTaken(name);
        await addToAudit(session, "user.created", by, created.id, { name, role, ...(email !== null && { email }) });
        return created;
      }),
    change: (id, changes, by) =>
      database.transaction(async (session) => {
        // Two admins who take one another's role at the same time come one after the other.
        await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice users', 0))`);
        const before = await getUser(session, id);
        const role = changes.role ?? before.role;
        const disabled = changes.disabled ?? before.disabledAt !== null;
        if (before.role !== "user" && before.disabledAt === null && (role === "user" || disabled))
          await refuseLastAdmin(session, before);
        const name = changes.name ?? before.name;
        const email = changes.email === undefined ? before.email : changes.email;
        const [changed] = await session
          .query<Account>(sql`
            update sluice.users set name = ${name}, role = ${role}, email = ${email},
              disabled_at = case when ${disabled} then coalesce(disabled_at, now()) end
            where id = ${id} returning ${accountColumns}
          `)
          .catch((error) => {
            throw (error as { code?: string }).code === "23505" ? nameTaken(name) : error;
          });
        if (disabled) {
          await session.query(sql`delete from sluice.sessions where user_id = ${id}`);
          await session.query(sql`delete from sluice.sign_in_codes where user_id = ${id}`);
        }
        if (name !== before.name || role !== before.role || email !== before.email) {
          await addToAudit(session, "user.changed", by, id, {
            ...(name !== before.name && { name: [before.name, name] }),
            ...(role !== before.role && { role: [before.role, role] }),
            ...(email !== before.email && { email: [before.email, email] }),
          });
        }
        if (disabled !== (before.disabledAt !== null))
          await addToAudit(session, disabled ? "user.disabled" : "user.enabled", by, id);
        return changed;
      }),
  };
}

/** @throws SluiceError `not_found` */
export async function getUser(session: Session, id: string): Promise<Account> {
  const [user] = await session.query<Account>(sql`select ${accountColumns} from sluice.users where id = ${id}`);
  if (user === undefined) throw new SluiceError("not_found", told`There is no user with the id "${id}".`);
  return user;
}

async function refuseLastAdmin(session: Session, { id, name }: Account): Promise<void> {
  const [other] = await session.query(
    sql`select from sluice.users where role in ('operator', 'admin') and disabled_at is null and id <> ${id} limit 1`,
  );
  if (other === undefined)
    throw new SluiceError("conflict", told`${name} is the last admin. Make someone else an admin first.`);
}

function nameTaken(name: string): SluiceError {
  return new SluiceError("conflict", told`There is already a user called "${name}". Choose another name.`);
}
