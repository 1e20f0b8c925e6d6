/** Whether a command's options are those that the unfinished import of its file was started with: it continues with those. */
import { isDeepStrictEqual } from "node:util";
import type { Assignment } from "../core/assignment.ts";
import { type Given, isGivenField } from "../core/given-mapping.ts";
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import { type Key, keyText, sameKeys } from "../core/keys.ts";
import { ownersFor } from "../core/owners.ts";
import { type DialectHints, saidOf } from "../core/row.ts";
import { mapColumns } from "../mapping/map.ts";
import { parseAssignment } from "./assignment.ts";
import { NeedsDecision } from "./decision.ts";
import { dialectFlagNames } from "./dialect-flags.ts";
import { writtenSource } from "./given-mapping.ts";
import type { ImportFlags } from "./import-flags.ts";
import { otherFlags } from "./option-flags.ts";
import type { Run } from "./run.ts";

export interface WantedOptions {
  importer: Importer;
  flags: ImportFlags;
  given: readonly Given[];
  hints: DialectHints;
  /** Keys as `--match` names them. */
  keys: readonly Key[];
}

/**
 * Only what the command says counts; what it leaves out stays as it was.
 *
 * @throws NeedsDecision that names what differs, and the ways on.
 */
export async function refuseOtherOptions(
  { app, terminal }: Pick<Run, "app" | "terminal">,
  job: ImportJob,
  wanted: WantedOptions,
): Promise<void> {
  const { flags, hints, given, keys } = wanted;
  const differs: string[] = [];
  if (flags.onDuplicate !== undefined && flags.onDuplicate !== job.duplicates.strategy)
    differs.push(`--on-duplicate is ${job.duplicates.strategy}`);
  if (flags.match !== undefined && !sameKeys(keys, job.duplicates.keys))
    differs.push(`--match is ${job.duplicates.keys.map(keyText).join(",") || "nothing"}`);
  const looksAt = Object.keys(hints).length > 0 || given.length > 0;
  if (looksAt) differs.push(...(await otherReading({ app, terminal }, job, { ...wanted, hints, given })));
  if (flags.assign !== undefined) {
    const { importer } = wanted;
    const assignment = await parseAssignment(flags.assign, importer, job.mapping, app, ownersFor(job));
    if (!isDeepStrictEqual(assignment, job.assignment)) differs.push(`--assign is ${textOf(job.assignment)}`);
  }
  differs.push(...otherFlags(flags, job));
  if (differs.length === 0) return;
  throw new NeedsDecision(
    `This file is the one of import ${job.id}, which is ${job.status} and was begun with other options: there ${differs.join("; ")}. ` +
      `Go on with those: sluice resume ${job.id}. Or import the file anew with these: --again.`,
  );
}

/** What `--map` and the flags of the dialect say otherwise than the import has it. */
async function otherReading(
  { app, terminal }: Pick<Run, "app" | "terminal">,
  job: ImportJob,
  { importer, hints, given }: WantedOptions,
): Promise<string[]> {
  const present = saidOf(job.dialect);
  const differs: string[] = [];
  const source = await app.files.open(job.storagePath);
  try {
    const file = { ...source, name: job.fileName };
    if (Object.keys(hints).length > 0) {
      // A sheet by its place, an encoding by another of its names: only the file can tell.
      const { dialect } = await app.engine.inspect(file, hints, terminal.signal);
      const asked = saidOf(dialect);
      for (const [name, flag] of Object.entries(dialectFlagNames) as [keyof DialectHints, string][])
        if (hints[name] !== undefined && !isDeepStrictEqual(asked[name], present[name]))
          differs.push(`${flag} is ${present[name] ?? "not said"}`);
    }
    if (given.length > 0) {
      const { profiles } = await app.engine.inspect(file, present, terminal.signal);
      const asked = mapColumns(importer, profiles, given, job);
      for (const column of asked.columns.filter(({ reason }) => reason === "given")) {
        const before = job.mapping.columns.find(({ header }) => header === column.header);
        const said = given.find(
          (each) =>
            each.field === column.field &&
            isName((isGivenField(each) ? each.unlessColumn : each.column) ?? "", column.header),
        );
        const isSame =
          before?.field === column.field &&
          (said?.default === undefined || said.default === before.default) &&
          Object.entries(said?.transform ?? {}).every(([name, value]) =>
            isDeepStrictEqual(value, before.transform?.[name as keyof typeof before.transform]),
          );
        if (!isSame) differs.push(`--map is "${column.header}=${before?.field ?? ""}"`);
      }
      for (const field of asked.fields?.filter(({ reason }) => reason === "given") ?? []) {
        const before = job.mapping.fields?.find((each) => each.field === field.field);
        if (before === undefined) differs.push(`--map of ${field.field} is another`);
        else if (!isDeepStrictEqual([before.source, before.default], [field.source, field.default]))
          differs.push(`--map is "${writtenSource(before, job.mapping)}=${field.field}"`);
      }
    }
  } finally {
    await source.close();
  }
  return differs;
}

function isName(given: string, header: string): boolean {
  return given.trim().toLowerCase() === header.trim().toLowerCase();
}

function textOf(assignment: Assignment): string {
  switch (assignment.mode) {
    case "none":
      return "none";
    case "single":
      return `single:${assignment.owner}`;
    case "round-robin":
      return `round-robin:${assignment.owners.map(({ owner, weight }) => (weight === 1 ? owner : `${owner}:${weight}`)).join(",")}`;
    case "column":
      return `column:${assignment.column}${assignment.fallback === undefined ? "" : `|${assignment.fallback}`}`;
  }
}
