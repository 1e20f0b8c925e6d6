/** The tables beside the target: those that references and owners are looked up in, and the one that keeps the history. */
import { told } from "../../core/errors.ts";
import type { ContextScope } from "../../core/fields/kind.ts";
import { targetColumn } from "../../core/importer.ts";
import { boundsOf } from "../tables/context.ts";
import { type Finder, type Finding, failure } from "./finding.ts";
import { conversions, isComparable } from "./relation.ts";

/** A table in which words of the file are looked up. */
interface LookedUp {
  /** `fields.company`, `assign`. */
  option: string;
  table: string;
  by: readonly string[];
  id: string;
  /** Column of the target that gets the id; null: another record's does. */
  column: string | null;
  /** Columns by which the looked up records are scoped. */
  scope: readonly string[];
}

/** Tables of references and owners: there, with their columns, their ids fit for the target. */
export const findUnfitLookups: Finder = async ({ importer, target, relationOf }) => {
  const findings: Finding[] = [];
  const scopeOf = (scope?: ContextScope): string[] => boundsOf(importer, scope).map(({ column }) => column);
  const lookups: LookedUp[] = Object.entries(importer.fields).flatMap(([name, field]) =>
    field.kind === "reference"
      ? [
          {
            ...field,
            option: `fields.${name}`,
            id: field.id ?? "id",
            column: targetColumn(importer, name),
            scope: scopeOf(field.context),
          },
        ]
      : [],
  );
  const { assign } = importer;
  if (assign !== undefined)
    lookups.push({ ...assign, option: "assign", id: assign.id ?? "id", scope: scopeOf(assign.context) });
  for (const { option, table, by, id, column, scope } of lookups) {
    const relation = await relationOf(table);
    if (relation === null) {
      findings.push(
        failure(
          told`The database has no table ${table}, where \`${option}\` of the importer "${importer.name}" looks up values. Create it, or name another.`,
        ),
      );
      continue;
    }
    const missing = [...new Set([...by, id, ...scope])].filter((name) => !relation.columns.has(name));
    if (missing.length > 0)
      findings.push(
        failure(
          told`The table ${relation.name} has no column ${missing.join(", ")}, by which \`${option}\` of the importer "${importer.name}" looks up values. Add it, or name another.`,
        ),
      );
    const from = relation.columns.get(id);
    const to = target.columns.get(column ?? "");
    if (from === undefined || to === undefined || importer.load !== undefined) continue;
    // An id goes over as text, so the question is whether the values can be the same.
    if (isComparable(from, to) || to.category === "S") continue;
    findings.push(
      failure(
        told`\`${option}\` of the importer "${importer.name}" stores ${relation.name}.${id} of type ${from.type} in ${target.name}.${to.name} of type ${to.type}. Name an \`id\` of a matching type, or another column.`,
      ),
    );
  }
  return findings;
};

/** The history's table, its columns, and their types. */
export const findUnfitHistory: Finder = async ({ database, importer, target, relationOf }) => {
  const { history } = importer;
  if (history === undefined) return [];
  const relation = await relationOf(history.table);
  if (relation === null)
    return [
      failure(
        told`The database has no table ${history.table}, where \`history\` of the importer "${importer.name}" records changes. Create it, or name another.`,
      ),
    ];
  const written: [option: string, column: string | undefined, from: string | number | undefined][] = [
    ["history.record", history.record, target.columns.get(importer.target.id)?.baseOid],
    ["history.event", history.event ?? "event", undefined],
    ["history.oldValues", history.oldValues ?? "old_values", "jsonb"],
    ["history.newValues", history.newValues ?? "new_values", "jsonb"],
    ["history.job", history.job, "bigint"],
    ["history.actor", history.actor, "text"],
  ];
  const named = written.flatMap(([option, column, from]) => (column === undefined ? [] : [{ option, column, from }]));
  const missing = named.filter(({ column }) => !relation.columns.has(column));
  if (missing.length > 0)
    return [
      failure(
        told`The table ${relation.name} has no column ${missing.map(({ column }) => column).join(", ")}, which \`history\` of the importer "${importer.name}" writes. Add it, or name another.`,
      ),
    ];
  const typed = named.flatMap(({ option, column, from }) => {
    const to = relation.columns.get(column);
    return from === undefined || to === undefined ? [] : [{ option, from, to }];
  });
  const known = await conversions(
    database,
    typed.map(({ from, to }) => ({ from, to: to.baseOid })),
  );
  const findings = typed.flatMap(({ option, to }, k) =>
    known[k].assigned
      ? []
      : [
          failure(
            told`\`${option}\` of the importer "${importer.name}" names ${relation.name}.${to.name} of type ${to.type}, which cannot hold the value. Name another column.`,
          ),
        ],
  );
  const event = relation.columns.get(history.event ?? "event");
  const events = importer.match.onDuplicate === "update" ? ["imported", "updated"] : ["imported"];
  if (
    event !== undefined &&
    events.some(
      (word) => event.labels?.includes(word) === false || word.length > (event.maxLength ?? Number.POSITIVE_INFINITY),
    )
  )
    findings.push(
      failure(
        told`\`${"history.event"}\` of the importer "${importer.name}" names ${relation.name}.${event.name} of type ${event.type}, which cannot hold the value. Name another column.`,
      ),
    );
  const fed = new Set(named.map(({ column }) => column));
  const unfed = [...relation.columns.values()].filter(
    ({ name, notNull, hasDefault }) => notNull && !hasDefault && !fed.has(name),
  );
  if (unfed.length > 0 && relation.kind === "r")
    findings.push(
      failure(
        told`${relation.name}.${unfed.map(({ name }) => name).join(", ")} must not be null and has no default, but \`history\` of the importer "${importer.name}" does not fill it. Add a default.`,
      ),
    );
  // Created records have no values before and after.
  const values = named.filter(({ option }) => /Values$/.test(option));
  const demanded = values.filter(({ column }) => {
    const there = relation.columns.get(column);
    return there?.notNull && !there.hasDefault;
  });
  if (demanded.length > 0)
    findings.push(
      failure(
        told`${relation.name}.${demanded.map(({ column }) => column).join(", ")} must not be null, but a new record has no earlier values. Allow it to be null.`,
      ),
    );
  return findings;
};
