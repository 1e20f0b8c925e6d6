/** Whether whoever writes may do what an import, and its undo, do to the importer's tables: the role of its `session`, else the connected one. */
import { told } from "../../core/errors.ts";
import { type Importer, targetColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { roleOf, sampleRun } from "../tables/on-target.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";
import { readRelation } from "./relation.ts";

interface Needed {
  table: string;
  right: "select" | "insert" | "update" | "delete";
  /** Null: anything of the table will do. */
  columns: string[] | null;
  /** What cannot be done without it, where an import can. */
  only?: string;
}

/** Rights on the target, on what is looked up, and on the history. */
export const findMissingRights: Finder = async ({ database, importer, target }) => {
  const { table, id, job, updatedAt } = importer.target;
  const { assign, history, context = {} } = importer;
  const isOwn = importer.load !== undefined;
  const fields = Object.keys(importer.fields).map((name) => targetColumn(importer, name));
  const given = [
    ...Object.entries(context).map(([name, { column }]) => column ?? name),
    ...[job, assign?.column].filter((name) => name !== undefined),
  ];
  const filled = isOwn ? null : [...fields, ...given];
  const updated = isOwn ? null : [...fields, ...[updatedAt].filter((name) => name !== undefined)];
  const updates = importer.match.keys.length > 0 && importer.match.onDuplicate === "update";
  const needs: Needed[] = [
    { table, right: "select", columns: isOwn ? null : [id, ...(filled ?? [])] },
    { table, right: "insert", columns: filled },
    { table, right: "update", columns: updated, ...(!updates && { only: "updating and undoing imports" }) },
    { table, right: "delete", columns: null, only: "undoing imports" },
    ...Object.values(importer.fields).flatMap((field): Needed[] =>
      field.kind === "reference"
        ? [{ table: field.table, right: "select", columns: [...field.by, field.id ?? "id"] }]
        : [],
    ),
    ...(assign === undefined
      ? []
      : [{ table: assign.table, right: "select" as const, columns: [...assign.by, assign.id ?? "id"] }]),
    ...(history === undefined ? [] : [{ table: history.table, right: "insert" as const, columns: null }]),
  ];
  const user = userOf(importer);
  const findings: Finding[] = [];
  for (const { table: name, right, columns, only } of needs) {
    const relation = name === table ? target : await readRelation(database, name);
    // That it is not there is found elsewhere.
    if (relation === null) continue;
    const own = columns?.filter((column) => relation.columns.has(column)) ?? null;
    const may =
      own === null
        ? right === "delete"
          ? sql`has_table_privilege(${user}, ${relation.oid}::oid, 'delete')`
          : sql`has_any_column_privilege(${user}, ${relation.oid}::oid, ${right})`
        : sql`has_table_privilege(${user}, ${relation.oid}::oid, ${right}) or coalesce((
            select bool_and(has_column_privilege(${user}, ${relation.oid}::oid, c, ${right})) from unnest(${own}::text[]) c), true)`;
    const [{ allowed, role }] = await database.query<{ allowed: boolean; role: string }>(
      sql`select (${may}) and has_schema_privilege(${user}, ${relation.schema}, 'usage') as allowed, ${user}::text as role`,
    );
    if (allowed) continue;
    const grant = `grant ${right} on ${name} to ${role}`;
    if (only !== undefined) findings.push(advice(`${role} may not ${right} on ${name}: no ${only}. Run: ${grant}`));
    else
      findings.push(
        failure(
          told`The database user ${role} lacks the right to ${right} on ${name}, which the importer "${importer.name}" needs. Run: grant ${right} on ${name} to ${role}`,
          "forbidden",
        ),
      );
  }
  return findings;
};

/** As whom the users' tables are asked. */
function userOf(importer: Importer): Sql {
  const role = roleOf(sampleRun(importer));
  return role === null ? sql`current_user` : sql`${role}::name`;
}

/** Sequences of `serial` columns are granted apart from their table; identity columns are not. */
export const findMissingSequences: Finder = async ({ database, importer, target }) => {
  const user = userOf(importer);
  const missing = await database.query<{ name: string; role: string }>(sql`
    select distinct s.oid::regclass::text as name, ${user}::text as role
    from pg_attrdef d join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = p.refobjid
    -- The planner may ask for the right of a table first, which is an error.
    where d.adrelid = ${target.oid} and case s.relkind when 'S' then not has_sequence_privilege(${user}, s.oid, 'usage, update') end
  `);
  return missing.map(({ name, role }) =>
    failure(
      told`The database user ${role} may not use the sequence ${name}, which numbers new records of the importer "${importer.name}". Run: grant usage on sequence ${name} to ${role}`,
      "forbidden",
    ),
  );
};
