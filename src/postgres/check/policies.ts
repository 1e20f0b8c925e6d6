/** Row level security that lets whoever writes make no record: with no policy that allows it, every row is refused. */
import { told } from "../../core/errors.ts";
import { mainRecord } from "../../core/records.ts";
import { sql } from "../connection/session.ts";
import { type Finder, type Finding, failure, type Subject } from "./finding.ts";
import { userOf } from "./rights.ts";

type Command = "select" | "insert" | "update" | "delete";

export const findMissingPolicies: Finder = async (subject) => {
  const { importer } = subject;
  // What is made is read back: its id.
  const needs: { table: string; commands: Command[] }[] = [];
  if (mainRecord(importer)?.onMissing !== "issue" && importer.load === undefined)
    needs.push({ table: importer.target.table, commands: ["select", "insert"] });
  if (importer.history !== undefined) needs.push({ table: importer.history.table, commands: ["insert"] });
  const findings: Finding[] = [];
  for (const { table, commands } of needs) findings.push(...(await policiesMissing(subject, table, commands)));
  return findings;
};

/** Those of the commands that no policy of the table lets whoever writes do. */
export async function policiesMissing(
  subject: Subject,
  table: string,
  commands: readonly Command[],
): Promise<Finding[]> {
  const without = await withoutPolicy(subject, table, commands);
  return without.map(({ command, role }) =>
    failure(
      told`${table} has row level security, and no policy that lets the database user ${role} ${command}, which the importer "${subject.importer.name}" needs. Create one: create policy … on ${table} for ${command} to ${role}`,
      "forbidden",
    ),
  );
}

async function withoutPolicy(
  { database, importer, relationOf }: Subject,
  table: string,
  commands: readonly Command[],
): Promise<{ command: Command; role: string }[]> {
  const relation = await relationOf(table);
  if (relation === null) return [];
  const user = userOf(importer);
  return database.query<{ command: Command; role: string }>(sql`
    select n.command, ${user}::text as role
    from pg_class c join pg_roles r on r.rolname = ${user} cross join unnest(${commands}::text[]) n (command)
    where c.oid = ${relation.oid} and c.relrowsecurity and not r.rolsuper and not r.rolbypassrls
      -- The owner is held to policies where they are forced.
      and (c.relforcerowsecurity or not pg_has_role(r.oid, c.relowner, 'usage'))
      and not exists (
        select from pg_policy p where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('*', case n.command when 'insert' then 'a' when 'update' then 'w' when 'delete' then 'd' else 'r' end)
          and (p.polroles = '{0}' or exists (select from unnest(p.polroles) g (oid) where pg_has_role(r.oid, g.oid, 'usage')))
      )
  `);
}
