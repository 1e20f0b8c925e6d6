/** The table between a record and the one that it is linked to: there, with columns for both ids, and open to the import. */
import { told } from "../../core/errors.ts";
import { mainRecord } from "../../core/records.ts";
import { linkContext } from "../tables/context.ts";
import { mistypedContext } from "./column-types.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";
import { readIndexes } from "./keys.ts";
import { isComparable } from "./relation.ts";
import { missingRights } from "./rights.ts";

export const findUnfitLink: Finder = async (subject) => {
  const { database, importer, target, relationOf } = subject;
  const plan = mainRecord(importer);
  if (plan === undefined || plan.link === null) return [];
  const { table, from, column, to } = plan.link;
  const relation = await relationOf(table);
  if (relation === null)
    return [
      failure(
        told`The database has no table ${table}, which links the record "${plan.name}" of the importer "${importer.name}" to "${from}". Create it, or name another.`,
      ),
    ];
  const findings: Finding[] = [];
  const given = linkContext(plan.link, relation.columns);
  const filled = [column, to, ...given.map((each) => each.column)];
  const missing = filled.filter((name) => !relation.columns.has(name));
  if (missing.length > 0)
    findings.push(
      failure(
        told`The table ${relation.name} has no column ${missing.join(", ")}, which the record "${plan.name}" of the importer "${importer.name}" fills. Add it, or name another column in the record.`,
      ),
    );
  const other = importer.records?.find(({ name }) => name === from);
  const otherTable = other === undefined ? null : await relationOf(other.table);
  const ends = [
    { name: column, id: otherTable?.columns.get(other?.id ?? ""), what: `ref("${from}")` },
    { name: to, id: target.columns.get(plan.id ?? ""), what: `ref("${plan.name}")` },
  ];
  for (const { name, id, what } of ends) {
    const end = relation.columns.get(name);
    if (end === undefined || id === undefined || isComparable(id, end)) continue;
    findings.push(
      failure(
        told`The record "${plan.name}" of the importer "${importer.name}" stores ${what} in ${relation.name}.${end.name} of type ${end.type}, which cannot hold it. Name another column.`,
      ),
    );
  }
  for (const { name, notNull, hasDefault } of relation.columns.values())
    if (notNull && !hasDefault && !filled.includes(name))
      findings.push(
        failure(
          told`${relation.name}.${name} must not be null and has no default, but no field of the importer "${importer.name}" feeds it. Add a field or a default.`,
        ),
      );
  findings.push(...(await mistypedContext(subject, relation, given)));
  findings.push(
    ...(await missingRights(subject, [
      { table, right: "select", columns: [column, to] },
      { table, right: "insert", columns: filled },
      { table, right: "delete", columns: null, only: "undoing imports" },
    ])),
  );
  const both = [column, to].sort().join("\n");
  const indexes = await readIndexes(database, relation.oid);
  if (missing.length === 0 && !indexes.some(({ unique, columns }) => unique && [...columns].sort().join("\n") === both))
    findings.push(
      advice(
        `no unique index on ${relation.name} (${column}, ${to}): a link that the application makes during an import can be there twice. Run: create unique index on ${relation.name} (${column}, ${to})`,
      ),
    );
  return findings;
};
