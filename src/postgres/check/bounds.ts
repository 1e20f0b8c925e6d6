/** Fields that hold ids themselves: whether what they say of the other table's context can be kept to. */
import { told } from "../../core/errors.ts";
import { contextColumns, targetFields } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { boundsOf } from "../tables/context.ts";
import { quotedName } from "../tables/target.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";

export const findUnfitBounds: Finder = async ({ importer, describedOf }) => {
  const bounded = targetFields(importer).flatMap(([name, column]) => {
    const field = importer.fields[name];
    return field.kind !== "reference" && field.context !== undefined ? [{ name, field, column }] : [];
  });
  if (bounded.length === 0) return [];
  const { foreignKeys } = await describedOf(importer.target.table);
  return bounded.flatMap(({ name, field, column }): Finding[] => {
    const keys = foreignKeys.filter(({ columns }) => columns.includes(column));
    if (keys.length === 0)
      return [
        failure(
          told`The field "${name}" of the importer "${importer.name}" has a \`context\`, but its column ${column} has no foreign key that says which table it points to. Use field.reference, or omit \`context\`.`,
        ),
      ];
    return keys.flatMap(({ foreignTable, foreignNames }) => {
      const missing = boundsOf(importer, field.context)
        .map((bound) => bound.column)
        .filter((each) => !foreignNames.includes(each));
      return missing.length === 0
        ? []
        : [
            failure(
              told`The table ${foreignTable} has no column ${missing.join(", ")}, which the \`context\` of the field "${name}" of the importer "${importer.name}" names. Name the column that holds it, or set shared: true.`,
            ),
          ];
    });
  });
};

/**
 * Ids of a table that has no column of the context, and leads to one that has: order lines → orders → customers with a tenant.
 * What nothing leads to a tenant from, such as countries, is everybody's.
 */
export const findLongerWays: Finder = async ({ database, importer, describedOf }) => {
  const context = contextColumns(importer);
  const unsaid = targetFields(importer).filter(([name]) => {
    const { kind, context: said, shared } = importer.fields[name];
    return kind !== "reference" && said === undefined && shared !== true;
  });
  if (context.length === 0 || unsaid.length === 0) return [];
  const { foreignKeys } = await describedOf(importer.target.table);
  const findings: Finding[] = [];
  for (const [name, column] of unsaid) {
    for (const { columns, foreignTable, foreignNames } of foreignKeys) {
      if (!columns.includes(column)) continue;
      // What the key itself takes from the context is bounded.
      for (const bound of context.filter((each) => !columns.includes(each) && !foreignNames.includes(each))) {
        const owner = await nearestWith(database, foreignTable, bound);
        if (owner === null) continue;
        findings.push(
          advice(
            `the field "${name}" takes any id of ${foreignTable}, which has no column ${bound}; its records belong to those of ${owner}, which has one. So whoever imports can point at another ${bound}'s records. Add ${bound} to ${foreignTable}; or look ids up with field.reference in a view that has it; or say shared: true if they are everybody's`,
          ),
        );
      }
    }
  }
  return findings;
};

/** The nearest table with that column to which foreign keys lead, in a few steps; null where none does. */
async function nearestWith(database: Database, table: string, column: string): Promise<string | null> {
  const [nearest] = await database.query<{ name: string }>(sql`
    with recursive ways (oid, steps) as (
      select to_regclass(${quotedName(table)})::oid, 0
      union
      select c.confrelid, w.steps + 1 from ways w join pg_constraint c on c.conrelid = w.oid
      where c.contype = 'f' and c.conparentid = 0 and w.steps < 5
    )
    select n.nspname || '.' || r.relname as name
    from ways w
      join pg_class r on r.oid = w.oid
      join pg_namespace n on n.oid = r.relnamespace
    where exists (select from pg_attribute a where a.attrelid = w.oid and a.attname = ${column} and a.attnum > 0 and not a.attisdropped)
    order by w.steps, name
    limit 1
  `);
  return nearest?.name ?? null;
}
