/** The audit trail in `sluice.audit`: who signed in, and who changed what of users and tokens. */
import type { AuditEntry, AuditName, Author, Users } from "../../core/users.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";

/** Adds a line, in the transaction of what it tells. `data` never holds a secret. */
export async function addToAudit(
  session: Session,
  name: AuditName,
  by: Author,
  userId: string | null,
  data: Record<string, unknown> = {},
): Promise<void> {
  const told = by.address === undefined ? data : { ...data, address: by.address };
  await session.query(sql`
    insert into sluice.audit (name, actor, actor_name, user_id, data)
    values (${name}, ${by.id}, ${by.name}, ${userId}, ${JSON.stringify(told)})
  `);
}

export function listAudit(
  database: Database,
  { actor, userId, name, concerning }: Parameters<Users["audit"]>[0],
  { after, limit }: { after?: number; limit: number },
): Promise<AuditEntry[]> {
  const conditions = [
    sql`true`,
    ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
    ...(userId === undefined ? [] : [sql`user_id = ${userId}`]),
    ...(concerning === undefined ? [] : [sql`(actor = ${concerning} or user_id = ${concerning})`]),
    ...(name === undefined ? [] : [sql`name = ${name}`]),
    ...(after === undefined ? [] : [sql`id < ${after}`]),
  ];
  return database.query<AuditEntry>(sql`
    select id, at, name, actor, actor_name as "actorName", user_id as "userId", data from sluice.audit
    where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit}
  `);
}
