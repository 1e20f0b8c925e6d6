/** Whether whoever writes may do what an import, and its undo, do to the importer's tables: the role of its `session`, else the connected one. */
import { told } from "../../core/errors.ts";
import { type Importer, targetContext, targetFields } from "../../core/importer.ts";
import { mainRecord } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import { boundsOfKey } from "../match/foreign-keys.ts";
import { filledBeside } from "../tables/filled-beside.ts";
import { roleOf, sampleRun } from "../tables/on-target.ts";
import { advice, type Finder, type Finding, failure, type Subject } from "./finding.ts";
import { recordColumnsOf } from "./record-columns.ts";

/** A right that an import needs. */
export interface Needed {
  table: string;
  right: "select" | "insert" | "update" | "delete";
  /** Null: anything of the table will do. */
  columns: string[] | null;
  /** What cannot be done without it, where an import can. */
  only?: string;
}

/** The columns of what an import writes to its table, of new records and of those there are, and whether it updates these by itself. */
export function writtenBy(importer: Importer): {
  fields: string[];
  filled: string[];
  updated: string[];
  updates: boolean;
} {
  const plan = mainRecord(importer);
  const { job, updatedAt } = importer.target;
  const fields = plan === undefined ? targetFields(importer).map(([, column]) => column) : recordColumnsOf(plan);
  const beside = filledBeside(importer);
  return {
    fields,
    filled: [
      ...fields,
      ...targetContext(importer).map(([, column]) => column),
      ...beside.filter((name) => name !== updatedAt),
      ...(importer.assign === undefined ? [] : [importer.assign.column]),
    ],
    updated: [...fields, ...beside.filter((name) => name !== job)],
    updates:
      plan === undefined
        ? importer.match.keys.length > 0 && importer.match.onDuplicate === "update"
        : plan.keys.length > 0 && plan.onMatch === "update",
  };
}

/** Rights on the target, on what is looked up, and on the history. */
export const findMissingRights: Finder = async (subject) => {
  const { importer } = subject;
  const { table, id } = importer.target;
  const { assign, history } = importer;
  const isOwn = importer.load !== undefined;
  const plan = mainRecord(importer);
  const written = writtenBy(importer);
  const { updates } = written;
  const filled = isOwn ? null : written.filled;
  const updated = isOwn ? null : written.updated;
  const needs: Needed[] = [
    { table, right: "select", columns: isOwn ? null : [id, ...(filled ?? [])] },
    // Who wrote a record last: no column that `grant select (…)` of columns would name.
    { table, right: "select", columns: ["xmin"], ...(!updates && { only: "updating and undoing imports" }) },
    ...(plan?.onMissing === "issue" ? [] : [{ table, right: "insert" as const, columns: filled }]),
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
    ...(await boundTables(subject)),
  ];
  return missingRights(subject, needs);
};

/** Tables that are looked into to see whose the records are that raw ids point at; of other keys Postgres itself sees that they are there. */
async function boundTables({ importer, describedOf }: Subject): Promise<Needed[]> {
  if (importer.context === undefined || importer.records !== undefined) return [];
  const { foreignKeys } = await describedOf(importer.target.table);
  const fields = targetFields(importer).filter(([name]) => importer.fields[name].kind !== "reference");
  const context = new Set(Object.entries(importer.context).map(([name, { column = name }]) => column));
  return foreignKeys.flatMap((key) => {
    const fedBy = fields.flatMap(([name, column]) => (key.columns.includes(column) ? [name] : []));
    // What the key itself takes from the context is bounded.
    const given = key.foreignColumns.filter((_, k) => context.has(key.columns[k]));
    const bounds = boundsOfKey(importer, key, fedBy).filter(({ column }) => !given.includes(column));
    const columns = [...key.foreignColumns, ...bounds.map(({ column }) => column)];
    return fedBy.length === 0 || bounds.length === 0
      ? []
      : [{ table: key.foreignTable, right: "select" as const, columns }];
  });
}

/** Those of the needed rights that whoever writes lacks. */
export async function missingRights(
  { database, importer, relationOf }: Subject,
  needs: readonly Needed[],
): Promise<Finding[]> {
  const user = userOf(importer);
  const findings: Finding[] = [];
  for (const { table: name, right, columns, only } of needs) {
    const relation = await relationOf(name);
    // That it is not there is found elsewhere.
    if (relation === null) continue;
    const isStored = relation.kind === "r" || relation.kind === "p";
    const own = columns?.filter((column) => relation.columns.has(column) || (column === "xmin" && isStored)) ?? null;
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
}

/** As whom the users' tables are asked. */
export function userOf(importer: Importer): Sql {
  const role = roleOf(sampleRun(importer));
  return role === null ? sql`current_user` : sql`${role}::name`;
}

/** Sequences of `serial` columns are granted apart from their table; identity columns are not. */
export const findMissingSequences: Finder = async ({ database, importer, target, relationOf }) => {
  const user = userOf(importer);
  const history = importer.history === undefined ? null : await relationOf(importer.history.table);
  const numbered = [target, history].flatMap((table) => (table === null ? [] : [table.oid]));
  const missing = await database.query<{ name: string; role: string }>(sql`
    select distinct s.oid::regclass::text as name, ${user}::text as role
    from pg_attrdef d join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = p.refobjid
    -- The planner may ask for the right of a table first, which is an error.
    where d.adrelid = any (${numbered}::oid[]) and case s.relkind when 'S' then not has_sequence_privilege(${user}, s.oid, 'usage, update') end
  `);
  return missing.map(({ name, role }) =>
    failure(
      told`The database user ${role} may not use the sequence ${name}, which numbers new records of the importer "${importer.name}". Run: grant usage on sequence ${name} to ${role}`,
      "forbidden",
    ),
  );
};
