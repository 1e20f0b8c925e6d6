/** From a file to a job that is ready to run: kept, recognised, understood, mapped, with every doubt settled. */

import { basename } from "node:path";
import type { DuplicateOptions } from "../core/duplicates.ts";
import { duplicateStrategies } from "../core/duplicates.ts";
import { SluiceError } from "../core/errors.ts";
import type { ImportJob } from "../core/import.ts";
import { completeOptions } from "../core/import-options.ts";
import { checkContext, type Importer } from "../core/importer.ts";
import { keptKey, keyFields, keysOfText } from "../core/keys.ts";
import { knownNames } from "../core/known-names.ts";
import { type Dialect, isSameTable } from "../core/row.ts";
import type { SameFileQuery } from "../core/store/imports.ts";
import type { Engine } from "../engine/engine.ts";
import type { Inspection } from "../engine/inspector.ts";
import type { FreshImport } from "../engine/new-imports.ts";
import { refuseNothingToUpdate } from "../engine/start-check.ts";
import { mapColumns, unfedKey } from "../mapping/map.ts";
import { parseAssignment } from "./assignment.ts";
import { asDecision, NeedsDecision } from "./decision.ts";
import { dialectHints, refuseUnusedFlags } from "./dialect-flags.ts";
import { parseMapping } from "./given-mapping.ts";
import type { ImportFlags } from "./import-flags.ts";
import { settle } from "./mapping.ts";
import { saidByFlags } from "./option-flags.ts";
import type { Run } from "./run.ts";
import { refuseOtherOptions } from "./unfinished-options.ts";

/** The file has been imported before, by this importer for this person in this context. Exit code 4. */
export class AlreadyImported extends SluiceError {
  constructor({ id, completedAt, createdBy, importedRows }: ImportJob) {
    const when = completedAt?.toISOString().slice(0, 16).replace("T", " ");
    super(
      "conflict",
      `This file has been imported already: import ${id} by ${createdBy ?? "?"} on ${when} UTC, ${importedRows === 1 ? "1 record" : `${importedRows} records`}. Pass --again to import it once more.`,
    );
    this.name = "AlreadyImported";
  }
}

/** The job to run: a new one, or the unfinished one of the same file. */
export type Opened = { kind: "new"; job: ImportJob } | { kind: "unfinished"; job: ImportJob };

export async function openImport(
  { app, config, terminal }: Pick<Run, "app" | "config" | "terminal">,
  importerName: string,
  path: string,
  flags: ImportFlags,
): Promise<Opened> {
  const { engine, files } = app;
  const importer = engine.importer(importerName);
  const duplicates = duplicateOptions(importer, flags);
  const given = (flags.map ?? []).map(parseMapping);
  const hints = dialectHints(flags);
  const context = asDecision(() => checkContext(importer, parsePairs(flags.context ?? [])));
  const name = path === "-" ? "stdin" : basename(path);
  const kept = await files.keep(path === "-" ? terminal.stdin : path, { name, signal: terminal.signal });
  let wanted = false;
  try {
    const once = !flags.again && !flags.dryRun;
    const file = { importer: importer.name, fileHash: kept.hash, context, createdBy: terminal.user };
    const takeUp = async (job: ImportJob): Promise<Opened> => {
      await refuseOtherOptions({ app, terminal }, job, {
        importer,
        flags,
        given,
        hints,
        keys: duplicates.keys,
      });
      return { kind: "unfinished", job };
    };
    const inspect = async (): Promise<Inspection> => {
      const source = await files.open(kept.storagePath);
      return engine
        .inspect({ ...source, name }, { ...hints, names: knownNames(importer) }, terminal.signal)
        .finally(() => source.close());
    };
    // Where a table of the file is named, imports of its others are none of it.
    const named = hints.sheet === undefined && hints.entry === undefined ? undefined : await inspect();
    const before = once ? await jobOfSameFile(engine, file, named?.dialect) : undefined;
    if (before !== undefined) return await takeUp(before);
    const { dialect, profiles } = named ?? (await inspect());
    refuseUnusedFlags(hints, dialect);
    const suggested = asDecision(() => mapColumns(importer, profiles, given, { dialect }));
    const mapping = await settle(suggested, importer, flags, config, terminal);
    const unfed = flags.match === undefined ? undefined : unfedKey(duplicates.keys, importer, mapping);
    if (unfed !== undefined)
      throw new NeedsDecision(
        `--match "${unfed}": no column feeds it, so no duplicate would be found by it. Pass --map "Column=${unfed}", or leave it away.`,
      );
    const options = completeOptions(importer, saidByFlags(flags), { duplicates, context, language: config.language });
    asDecision(() => refuseNothingToUpdate(options, importer, mapping));
    const assignment = await parseAssignment(flags.assign ?? "none", importer, mapping, app, {
      context,
      jobId: null,
      createdBy: terminal.user,
    });
    const fresh: FreshImport = {
      importer,
      file: { ...kept, name },
      dialect,
      mapping,
      options: { ...options, assignment },
      createdBy: terminal.user,
      dryRun: flags.dryRun ?? false,
      once,
    };
    const job = await engine.createImport(fresh).catch(async (error: unknown) => {
      // What a lost database has decided is not known: a file that no import has is swept away later.
      wanted = engine.isConnectionLost(error);
      // Another command has started the same file meanwhile: they share one import.
      const theirs = once ? await jobOfSameFile(engine, file, named?.dialect) : undefined;
      if (theirs === undefined) throw error;
      return { theirs };
    });
    if ("theirs" in job) {
      wanted = job.theirs.storagePath === kept.storagePath;
      return await takeUp(job.theirs);
    }
    wanted = true;
    return { kind: "new", job };
  } finally {
    if (!wanted) await files.remove(kept.storagePath);
  }
}

/**
 * The unfinished job of the same file, importer, context and owner; of a dialect's table alone, where there is one.
 *
 * @throws AlreadyImported when it is through.
 */
async function jobOfSameFile(engine: Engine, file: SameFileQuery, table?: Dialect): Promise<ImportJob | undefined> {
  const jobs = await engine.imports.ofSameFile(file);
  const same = table === undefined ? jobs : jobs.filter(({ dialect }) => isSameTable(dialect, table));
  const unfinished = same.find(({ status }) => status !== "completed");
  if (unfinished?.phase === "undo") {
    throw new SluiceError(
      "conflict",
      `Import ${unfinished.id} of this file is being undone (${unfinished.status}). Finish that first: sluice undo ${unfinished.id}`,
    );
  }
  if (unfinished === undefined && same.length > 0) throw new AlreadyImported(same[0]);
  return unfinished;
}

function parsePairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      if (at <= 0) throw new NeedsDecision(`--context "${pair}" must have the form name=value.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function duplicateOptions(importer: Importer, flags: ImportFlags): DuplicateOptions {
  const strategy = duplicateStrategies.find((each) => each === (flags.onDuplicate ?? importer.match.onDuplicate));
  if (strategy === undefined)
    throw new NeedsDecision(`--on-duplicate "${flags.onDuplicate}" is not one of: ${duplicateStrategies.join(", ")}.`);
  const keys = flags.match === undefined ? importer.match.keys.map(keptKey) : keysOfText(flags.match);
  for (const key of keyFields(keys)) {
    if (!Object.hasOwn(importer.fields, key)) {
      throw new NeedsDecision(
        `--match "${key}" is not a field. The fields are: ${Object.keys(importer.fields).join(", ")}.`,
      );
    }
  }
  return { strategy, keys };
}
