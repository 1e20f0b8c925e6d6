/** What a record of several fills besides fields and context: references, constants, versions, the parent of a path. */
import { type Telling, told } from "../../core/errors.ts";
import { mainRecord, type PlannedSource, type RecordPlan } from "../../core/records.ts";
import { type Database, isConnectionLoss } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { type Finder, type Finding, failure } from "./finding.ts";
import { conversions, isComparable, type Relation, type RelationColumn } from "./relation.ts";

/** Every column of its own that a record names, its id aside. */
export function recordColumnsOf({ columns, versions, path, absent, others }: RecordPlan): string[] {
  return [
    ...columns.map(({ column }) => column),
    ...(versions === null ? [] : [versions.from, versions.to]),
    ...(path === null ? [] : [path.parent]),
    ...[absent, others].flatMap((fate) => (typeof fate === "object" ? Object.keys(fate.deactivate) : [])),
  ];
}

export const findMissingRecordColumns: Finder = ({ importer, target }) => {
  const plan = mainRecord(importer);
  if (plan === undefined) return [];
  const own = [...recordColumnsOf(plan), ...(plan.filledByDatabase ?? [])];
  const missing = [...new Set(own)].filter((name) => !target.columns.has(name));
  const findings: Finding[] = [];
  if (plan.id !== null && !target.columns.has(plan.id))
    findings.push(
      failure(
        told`The table ${target.name} has no column ${plan.id}, the id of the record "${plan.name}" of the importer "${importer.name}". Set the record's \`id\` to the primary key, or to null if the key has several columns.`,
      ),
    );
  if (missing.length > 0)
    findings.push(
      failure(
        told`The table ${target.name} has no column ${missing.join(", ")}, which the record "${plan.name}" of the importer "${importer.name}" fills. Add it, or name another column in the record.`,
      ),
    );
  return findings;
};

/** References, times, constants and columns' names whose type their column does not take. */
export const findMistypedRecordColumns: Finder = async ({ database, importer, target, relationOf }) => {
  const plan = mainRecord(importer);
  if (plan === undefined) return [];
  const findings: Finding[] = [];
  const unfit = (what: string, column: RelationColumn): Telling =>
    told`The record "${plan.name}" of the importer "${importer.name}" stores ${what} in ${target.name}.${column.name} of type ${column.type}, which cannot hold it. Name another column.`;
  const filled: { column: string; source: PlannedSource }[] = [...plan.columns];
  for (const fate of [plan.absent, plan.others])
    if (typeof fate === "object")
      for (const [column, value] of Object.entries(fate.deactivate))
        filled.push({ column, source: { kind: "constant", value } });
  for (const { column: name, source } of filled) {
    const column = target.columns.get(name);
    if (column === undefined) continue;
    if (source.kind === "ref") {
      const parent = importer.records?.find((each) => each.name === source.record);
      const table = parent === undefined ? null : await relationOf(parent.table);
      const id = table?.columns.get(parent?.id ?? "");
      if (id !== undefined && !isComparable(id, column))
        findings.push(failure(unfit(`ref("${source.record}")`, column)));
    } else if (source.kind === "now" || source.kind === "name_of") {
      const from = source.kind === "now" ? "timestamptz" : "text";
      const [{ assigned, cast }] = await conversions(database, [{ from, to: column.baseOid }]);
      const what = source.kind === "now" ? "now()" : `nameOf("${source.field}")`;
      if (!(source.kind === "now" ? assigned : cast)) findings.push(failure(unfit(what, column)));
    } else if (source.kind === "constant" && !(await takes(database, column, source.value)))
      findings.push(failure(unfit(`constant(${JSON.stringify(source.value)})`, column)));
  }
  return [...findings, ...versionFindings(importer.name, plan, target), ...pathFindings(importer.name, plan, target)];
};

/** Whether Postgres reads the value as one of the column's type. */
async function takes(
  database: Database,
  column: RelationColumn,
  value: string | number | boolean | null,
): Promise<boolean> {
  if (value === null) return !column.notNull;
  try {
    await database.query(sql`select ${String(value)}::text::${sql.raw(column.type)}`);
    return true;
  } catch (error) {
    if (isConnectionLoss(error)) throw error;
    return false;
  }
}

function versionFindings(importer: string, { name, versions }: RecordPlan, target: Relation): Finding[] {
  if (versions === null) return [];
  const columns = [versions.from, versions.to].flatMap((each) => target.columns.get(each) ?? []);
  const findings = columns
    .filter(({ base }) => base !== "timestamptz" && base !== "timestamp")
    .map((column) =>
      failure(
        told`\`versions\` of the record "${name}" of the importer "${importer}" needs columns of type timestamptz, and ${target.name}.${column.name} is ${column.type}. Change its type, or name another column.`,
      ),
    );
  const end = target.columns.get(versions.to);
  if (end?.notNull)
    findings.push(
      failure(
        told`${target.name}.${end.name} must not be null, but the current version of the record "${name}" of the importer "${importer}" has no end. Allow it to be null.`,
      ),
    );
  return findings;
}

function pathFindings(importer: string, { name, path, id }: RecordPlan, target: Relation): Finding[] {
  const parent = path === null ? undefined : target.columns.get(path.parent);
  const own = id === null ? undefined : target.columns.get(id);
  if (parent === undefined || own === undefined) return [];
  if (!isComparable(own, parent))
    return [
      failure(
        told`The record "${name}" of the importer "${importer}" stores its parent's id of type ${own.type} in ${target.name}.${parent.name} of type ${parent.type}, which cannot hold it. Name another column.`,
      ),
    ];
  if (!parent.notNull) return [];
  return [
    failure(
      told`${target.name}.${parent.name} must not be null, but the first step of a path of the record "${name}" of the importer "${importer}" has no parent. Allow it to be null.`,
    ),
  ];
}
