/** Which roles beside Sluice's own may use the schema of the stages. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

const admitted = new WeakMap<Database, Set<string>>();

/**
 * Lets a role use the schema of the stages, for good: what it may do with a stage is granted with each.
 *
 * @throws SluiceError `forbidden` where the connected role may not grant that.
 */
export async function admitToStages(database: Database, role: string): Promise<void> {
  const roles = admitted.get(database) ?? new Set();
  admitted.set(database, roles);
  if (roles.has(role)) return;
  const isAdmitted = await database.transaction(async (session) => {
    // Two grants at the same time would fail.
    await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice stages', 0))`);
    const ask = () =>
      session.query<{ may: boolean }>(sql`
        select has_schema_privilege(rolname, 'sluice_stage', 'usage') as may from pg_roles where rolname = ${role}`);
    const [found] = await ask();
    // That there is no such role is told by whoever asks for it.
    if (found === undefined || found.may) return found?.may ?? null;
    // Whoever may not grant is only warned by Postgres, unless they may do nothing at all.
    await session.query(sql`grant usage on schema sluice_stage to ${sql.id(role)}`);
    const [now] = await ask();
    return now.may;
  });
  if (isAdmitted === null) return;
  if (!isAdmitted)
    throw new SluiceError(
      "forbidden",
      told`The role ${role} may not use the schema sluice_stage, and the database user may not let it. Run as the owner: grant usage on schema sluice_stage to ${role}`,
    );
  roles.add(role);
}
