/** The keys of the records beside the main one: which index finds a record by its key, and which promises that there is one. */
import { told } from "../../core/errors.ts";
import { contextColumns, type Importer } from "../../core/importer.ts";
import { mainRecord, type PlannedColumn, type RecordPlan } from "../../core/records.ts";
import { plainCondition } from "../tables/records.ts";
import { advice, type Finder, type Finding, failure } from "./finding.ts";
import { bare, type Index, readIndexes } from "./keys.ts";
import type { Relation } from "./relation.ts";

export const findUnindexedRecordKeys: Finder = async ({ database, importer, target }) => {
  const plan = mainRecord(importer);
  if (plan === undefined) return [];
  const indexes = await readIndexes(database, target.oid);
  return plan.keys.flatMap((key): Finding[] => {
    const own = key.map(({ column }) => column);
    const columns = [...own, ...(plan.path === null ? [] : [plan.path.parent])];
    // What is not there is told apart.
    if (columns.some((name) => !target.columns.has(name))) return [];
    const place = `${target.name} (${columns.join(", ")})`;
    const serving = indexes.filter((index) => serves(index, plan, columns));
    if (serving.some((index) => promises(index, plan, columns))) return [];
    const index = (of: readonly string[], more: readonly string[] = []): string =>
      `create unique index on ${target.name} (${indexed(plan, target, of)})${conditionOf(plan, more)}`;
    // To an index over the parent, no two records without one are the same.
    const ofRoots = plan.path === null ? [] : [index(own, [`${quoted(plan.path.parent)} is null`])];
    const run = `Run: ${[index(columns), ...ofRoots].join("; ")}`;
    return [
      advice(
        serving.length === 0
          ? `no index on ${place}: the record "${plan.name}" is found by reading the whole table. ${run}`
          : `no unique index on ${place}: Sluice makes no "${plan.name}" twice, but a row that the application inserts during an import can become a second one. ${run}`,
      ),
    ];
  });
};

/** Whether its first column beside the context's is one of the key's. */
function serves({ columns }: Index, plan: RecordPlan, key: readonly string[]): boolean {
  const first = columns.map(bare).find((column) => !isScope(plan, column));
  return first !== undefined && key.includes(first);
}

/** Whether it allows one record of a key, of those that count. */
function promises({ unique, columns, condition }: Index, plan: RecordPlan, key: readonly string[]): boolean {
  const own = columns.map(bare).filter((column) => !isScope(plan, column));
  const isOverKey = own.length === key.length && key.every((column) => own.includes(column));
  const conditions = [conditionOf(plan).replace(/^ where /, ""), ...key.map((column) => `${column} is not null`)];
  const isOverAll = condition === null || conditions.some((each) => plainCondition(each) === plainCondition(condition));
  return unique && isOverKey && isOverAll;
}

function isScope({ scope }: RecordPlan, name: string): boolean {
  return scope.some(({ column }) => column === name);
}

/** Texts are compared whatever their case, unless an index over the column itself tells them apart. */
function indexed({ scope, columns }: RecordPlan, target: Relation, key: readonly string[]): string {
  const parts = key.map((name) => {
    const column = target.columns.get(name);
    const isText = columns.some((each) => each.column === name && each.source.kind === "field");
    const isFolded = isText && column?.category === "S" && column.base !== "citext";
    return isFolded ? `lower(${quoted(name)})` : quoted(name);
  });
  return [...scope.map(({ column }) => quoted(column)), ...parts].join(", ");
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
}

function conditionOf({ where, versions }: RecordPlan, more: readonly string[] = []): string {
  const said = [where, versions === null ? null : `${versions.to} is null`, ...more].filter((each) => each !== null);
  return said.length === 0 ? "" : ` where ${said.join(" and ")}`;
}

/**
 * Ids that the file itself has, in a record beside the main one, of records that belong to a context: nothing tests there whose they
 * are. `whole`: the importer with its whole context.
 */
export const findUnboundIds =
  (whole: Pick<Importer, "context">): Finder =>
  async ({ importer, target, describedOf }) => {
    const plan = mainRecord(importer);
    const context = contextColumns(whole);
    if (plan === undefined || context.length === 0) return [];
    const isFree = ({ source }: PlannedColumn): boolean => {
      const field = source.kind === "field" ? importer.fields[source.field] : undefined;
      return field !== undefined && field.kind !== "reference" && field.shared !== true;
    };
    const free = plan.columns.filter(isFree);
    if (free.length === 0) return [];
    const { foreignKeys } = await describedOf(target.name);
    return free.flatMap(({ column, source }): Finding[] =>
      foreignKeys
        .filter(
          ({ columns, foreignNames }) =>
            columns.includes(column) && context.some((name) => foreignNames.includes(name)),
        )
        .map(({ foreignTable }) =>
          failure(
            told`The field "${source.kind === "field" ? source.field : column}" of the importer "${importer.name}" holds ids of ${foreignTable}, and in the record "${plan.name}" nothing tests whose they are. Look them up with field.reference, or set shared: true if they are everybody's.`,
          ),
        ),
    );
  };
