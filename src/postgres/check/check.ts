/**
 * Whether an importer fits the database: what `sluice check` says, and what an import asks before its first row. An error
 * means that an import cannot go in; without one it does not fail on the schema.
 */
import { SluiceError, textOf } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { createTables } from "../tables/tables.ts";
import { noTable, readTable, type TargetTable } from "../tables/target.ts";
import { findLongerWays, findUnfitBounds } from "./bounds.ts";
import { findMistypedContext, findMistypedFields, findMistypedKeys, findMistypedOwn } from "./column-types.ts";
import { findDistributed } from "./distributed.ts";
import { type Finder, type Finding, failure, type Subject } from "./finding.ts";
import { findUnfitId } from "./id.ts";
import { findUnindexedKeys } from "./keys.ts";
import { findUnfitHistory, findUnfitLookups } from "./linked-tables.ts";
import { findUnfitLoad } from "./load.ts";
import { findMissingPolicies } from "./policies.ts";
import { findMissingRecordColumns, findMistypedRecordColumns } from "./record-columns.ts";
import { findUnboundIds, findUnindexedRecordKeys } from "./record-keys.ts";
import { findUnfitLink } from "./record-link.ts";
import { findUnfitOthers } from "./record-others.ts";
import { recordView } from "./record-view.ts";
import { findUnindexedReferences } from "./referring.ts";
import { type Relation, readRelation } from "./relation.ts";
import { findMissingRights, findMissingSequences } from "./rights.ts";
import { findUnfitRole } from "./role.ts";
import { findUnfitSinks } from "./sinks.ts";
import { findRefusedStatements } from "./statements.ts";
import {
  findBrokenDefaults,
  findGeneratedColumns,
  findMissingColumns,
  findOptionalFields,
  findUnfedColumns,
  findUnwritableTarget,
} from "./target.ts";
import { findAsyncValidators } from "./validators.ts";
import { findUnfitWhere } from "./where.ts";

export interface CheckFinding {
  importer: string;
  level: "ok" | "warning" | "error";
  message: string;
}

/** Each idea once, in the order in which it is told. Without the first ones, the others make no sense. */
const finders: readonly [Finder, ...Finder[]] = [
  findUnwritableTarget,
  findUnfitRole,
  findDistributed,
  findMissingColumns,
  findMissingRecordColumns,
  findUnfitId,
  findGeneratedColumns,
  findUnfedColumns,
  findBrokenDefaults,
  findMistypedFields,
  findMistypedKeys,
  findMistypedContext,
  findMistypedOwn,
  findMistypedRecordColumns,
  findUnfitLink,
  findUnfitLookups,
  findUnfitBounds,
  findUnfitHistory,
  findMissingRights,
  findMissingSequences,
  findMissingPolicies,
  findUnfitOthers,
  findRefusedStatements,
  findUnfitLoad,
  findAsyncValidators,
  findOptionalFields,
  findUnfitWhere,
  findUnindexedKeys,
  findUnindexedReferences,
  findLongerWays,
  findUnfitSinks,
];

/** Those that keep no import out: they are for whoever runs `sluice check`. */
const advisers: ReadonlySet<Finder> = new Set([
  findDistributed,
  findOptionalFields,
  findUnindexedKeys,
  findUnindexedReferences,
  findLongerWays,
  findUnfitSinks,
  findUnindexedRecordKeys,
]);

/** What `sluice check` says of an importer. */
export async function checkImporter(database: Database, importer: Importer): Promise<CheckFinding[]> {
  const { target, findings } = await lookAt(database, importer, () => true).catch((error) => {
    if (!(error instanceof SluiceError)) throw error;
    return { target: "", findings: [failure(error.told ?? { template: "{0}", values: [error.message] }, error.code)] };
  });
  const told = findings.map(({ level, message }) => ({
    importer: importer.name,
    level,
    message: typeof message === "string" ? message : textOf(message),
  }));
  if (told.some(({ level }) => level === "error")) return told;
  const fits = target.includes(",")
    ? `the tables ${target} have every column the importer fills`
    : `the table ${target} has every column the importer fills`;
  return [{ importer: importer.name, level: "ok", message: fits }, ...told];
}

/**
 * Makes sure that an import can go in: creates the tables that the importer ships, and looks for what every row would fail on.
 *
 * @throws SluiceError `invalid` or `forbidden` with the first thing that keeps it out.
 */
export async function refuseUnfit(database: Database, importer: Importer): Promise<void> {
  const { findings } = await lookAt(database, importer, (find) => !advisers.has(find));
  const error = findings.find(({ level }) => level === "error");
  if (error !== undefined) throw new SluiceError(error.code ?? "invalid", error.message);
}

async function lookAt(
  database: Database,
  importer: Importer,
  isAsked: (find: Finder) => boolean,
): Promise<{ target: string; findings: Finding[] }> {
  await createTables(database, importer);
  const relations = new Map<string, Promise<Relation | null>>();
  const relationOf = (table: string): Promise<Relation | null> => {
    const read = relations.get(table) ?? readRelation(database, table);
    relations.set(table, read);
    return read;
  };
  const described = new Map<string, Promise<TargetTable>>();
  const describedOf = (table: string): Promise<TargetTable> => {
    const read = described.get(table) ?? readTable(database, table);
    described.set(table, read);
    return read;
  };
  const { records } = importer;
  if (records === undefined)
    return lookAtTarget({ database, importer, relationOf, describedOf }, finders.filter(isAsked));
  const findings = new Map<string, Finding>();
  const tables = new Set<string>();
  for (const plan of records) {
    // The match looks through what goes to the main one.
    const own = plan.isMain ? finders : [...finders, findUnboundIds(importer), findUnindexedRecordKeys];
    const { target, findings: found } = await lookAtTarget(
      { database, importer: recordView(importer, plan), relationOf, describedOf },
      own.filter(isAsked),
    );
    tables.add(target);
    // What several records have in common is told once.
    for (const finding of found) findings.set(JSON.stringify(finding.message), finding);
  }
  return { target: [...tables].join(", "), findings: [...findings.values()] };
}

async function lookAtTarget(
  subject: Omit<Subject, "target">,
  asked: readonly Finder[],
): Promise<{ target: string; findings: Finding[] }> {
  const { table } = subject.importer.target;
  const target = await subject.relationOf(table);
  if (target === null) return { target: table, findings: [failure(noTable(table))] };
  const findings: Finding[] = [];
  for (const find of asked) {
    // It repeats what the others have said of a reason that has a name.
    if (find === findRefusedStatements && findings.some(({ level }) => level === "error")) continue;
    findings.push(...(await find({ ...subject, target })));
    if ((find === findUnwritableTarget || find === findUnfitRole) && findings.some(({ level }) => level === "error"))
      break;
  }
  return { target: target.name, findings };
}
