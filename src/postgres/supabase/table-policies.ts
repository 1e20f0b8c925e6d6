/**
 * A table that an importer ships, as a part of the file: made where it is absent, with row level security and one policy for each verb.
 * "Owner or admin" is one expression: two permissive policies for one verb are both asked for every row (Splinter 0006).
 */
import type { TableDefinition } from "../../core/importer.ts";
import { accessVerbs, adminsAlone, type RowsOf, type TableAccess } from "../../core/table-access.ts";
import { block, identifier, literal, qualified } from "./text.ts";

/** In a sub-select it is asked once for a statement, not for each row (Splinter 0003). */
export const userId = "(select auth.uid())";
export const userRole = "(select sluice_auth.get_user_role())";
/** Anonymous users have the role `authenticated` too. */
const isSignedIn = "((select auth.jwt()) ->> 'is_anonymous')::boolean is not true";

/** @param tables every table that the file knows, by name: rows of one may go by those of another. */
export function tablePart(
  importer: string,
  table: TableDefinition,
  tables: ReadonlyMap<string, TableDefinition>,
): string {
  const id = qualified(table.name);
  const statements = table.create.map((each) => `${indented(each.trim(), 4)};`).join("\n");
  const create = block(
    [
      `  if to_regclass(${literal(id)}) is not null then`,
      `    perform pg_temp.sluice_fits(${literal(id)}, ${literal(importer)}, ${literal(JSON.stringify(table.columns))});`,
      "    return;",
      "  end if;",
      "  -- Its statements name no schema.",
      `  perform set_config('search_path', ${literal(id.split(".")[0])}, true);`,
      statements,
      "  perform set_config('search_path', path, true);",
    ].join("\n"),
    "  path text := current_setting('search_path');",
  );
  return `-- The table ${table.name} of the importer ${importer}\n${create}\n\n${securePart(table, tables)}`;
}

/** Splits "create" from "secure": a table with policies of its own keeps those, and is not touched. */
function securePart(table: TableDefinition, tables: ReadonlyMap<string, TableDefinition>): string {
  const id = qualified(table.name);
  const access = table.access ?? adminsAlone;
  const granted = accessVerbs.filter((verb) => access[verb].length > 0);
  const policies = granted.map((verb) => indented(policy(id, verb, anyOf(access[verb], table, tables)), 2));
  const owners = new Set(
    Object.values(access)
      .flat()
      .flatMap((who) => (typeof who === "string" ? [] : ["user" in who ? who.user : who.through])),
  );
  return block(
    [
      `  if pg_temp.sluice_is_theirs(${literal(id)}) then`,
      `    raise notice ${literal(`${table.name} has policies of its own, which stay as they are.`)};`,
      "    return;",
      "  end if;",
      `  perform pg_temp.sluice_secure(${literal(id)});`,
      `  revoke all on ${id} from public, anon, authenticated;`,
      ...(granted.length > 0 ? [`  grant ${granted.join(", ")} on ${id} to authenticated;`] : []),
      `  grant select, insert, update, delete on ${id} to service_role;`,
      `  perform pg_temp.sluice_drop_policies(${literal(id)});`,
      ...policies,
      ...[...owners].map((column) => `  perform pg_temp.sluice_index(${literal(id)}, ${literal(column)});`),
      `  perform pg_temp.sluice_index_keys(${literal(id)});`,
    ].join("\n"),
  );
}

/** For one verb. An update sees what it may change by `using`, and leaves it within `with check`. */
export function policy(id: string, verb: keyof TableAccess, condition: string): string {
  const using = verb === "insert" ? "" : `\n  using (${condition})`;
  const check = verb === "insert" || verb === "update" ? `\n  with check (${condition})` : "";
  return `create policy "sluice: ${verb}" on ${id} for ${verb} to authenticated${using}${check};`;
}

function anyOf(who: readonly RowsOf[], table: TableDefinition, tables: ReadonlyMap<string, TableDefinition>): string {
  return who.map((each) => condition(each, table, tables)).join(" or ");
}

function condition(who: RowsOf, table: TableDefinition, tables: ReadonlyMap<string, TableDefinition>): string {
  if (who === "admins") return `${userRole} = 'admin'`;
  if (who === "signed_in") return isSignedIn;
  if ("user" in who) return `${identifier(who.user)} = ${userIdAs(table.columns[who.user])}`;
  const parent = tables.get(who.table);
  // Of the other table only who owns: admins are named where they are meant.
  const owned = (parent?.access ?? adminsAlone).select.filter((each) => typeof each === "object");
  const theirs = parent === undefined || owned.length === 0 ? "false" : anyOf(owned, parent, tables);
  return `${identifier(who.through)} in (select id from ${qualified(who.table)} where ${theirs})`;
}

/** Ids of users are uuids; a column of texts holds them as such. */
function userIdAs(type: string | undefined): string {
  return type === "uuid" ? userId : `${userId}::text`;
}

function indented(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, " ".repeat(by));
}
